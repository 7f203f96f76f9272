"""Paths that demand may take, as a planner states them: the table ``demand_samples`` of a planning folder.

Here: reading them into an array, whole or refused. Not here: what a plan does with them (``stochastic``,
``robustness.simulation``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.arrays import Floats

WHERE = "demand_samples"


def demand_paths(samples: pd.DataFrame, products: list[str], months: list[str]) -> Floats:
    """Return demand by path, product and month (S, P, T) in units, paths in order of their number; none without rows.

    Every path names every product and month of the plan, or BadInput says which is missing.
    """
    if samples.empty:
        return np.zeros((0, len(products), len(months)))
    numbers = sorted(samples["sample"].unique())
    places = [
        samples[column].map({name: index for index, name in enumerate(names)})
        for column, names in (("sample", numbers), ("product_id", products), ("month", months))
    ]
    unknown = samples[places[1].isna() | places[2].isna()]
    if len(unknown):
        row = unknown.iloc[0]
        _refuse(f"{row['product_id']} in {row['month']}", "products and months of the demand plan alone", row["sample"])
    out = np.full((len(numbers), len(products), len(months)), np.nan)
    out[tuple(place.to_numpy(np.int64) for place in places)] = samples["quantity"].to_numpy(float)
    missing = np.argwhere(np.isnan(out))
    if len(missing):
        path, product, month = missing[0]
        _refuse(f"no row of {products[product]} in {months[month]}", "every product and month", numbers[path])
    return out


def _refuse(found: str, needed: str, path: float) -> None:
    raise BadInput(
        found=found, needed=needed, where=f"{WHERE}, sample {path:g}", mend="Complete the path, or delete it."
    )
