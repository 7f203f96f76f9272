"""Units of planned items in common units, where they are counted in different ones (METHODS 1)."""

from __future__ import annotations

import pandas as pd


def unit_weights(products: pd.DataFrame) -> dict[str, float]:
    """Return what turns an item's units into common units: 1 where all are counted alike (METHODS 1)."""
    one_unit = products["unit_of_measure"].fillna("").nunique() <= 1
    weight = pd.Series(1.0, index=products.index) if one_unit else products["equivalent_units"].fillna(1.0)
    return dict(zip(products["product_id"], weight, strict=True))
