"""A column of a long frame as an array by item and month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats


def spread(
    frame: pd.DataFrame, item: str, value: str, items: list[str], months: list[str], blank: float = np.nan
) -> Floats:
    """Return one column of a long frame as (items, months), ``blank`` where it has no value."""
    out = np.full((len(items), len(months)), blank)
    if frame.empty:
        return out
    row = frame[item].map({name: index for index, name in enumerate(items)})
    column = frame["month"].map({name: index for index, name in enumerate(months)})
    present = row.notna() & column.notna() & frame[value].notna()
    out[row[present].astype(int), column[present].astype(int)] = frame.loc[present, value].astype(float)
    return out
