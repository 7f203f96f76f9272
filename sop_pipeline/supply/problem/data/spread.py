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
    row, column = _places(frame[item], items), _places(frame["month"], months)
    values = frame[value].to_numpy(float)
    present = (row >= 0) & (column >= 0) & ~np.isnan(values)
    out[row[present], column[present]] = values[present]
    return out


def _places(given: pd.Series, names: list[str]) -> np.ndarray:
    """Where each name stands in ``names``; -1 where it does not."""
    return pd.Index(names, dtype=object).get_indexer(pd.Index(given))
