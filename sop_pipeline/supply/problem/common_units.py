"""What units of products and planned items count for beside one another (METHODS 1)."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from sop_pipeline import sql


def common_units(demand_units: pa.Table, products: pa.Table) -> pa.Table:
    """Return product_id, unit_of_measure, common_units: what one unit counts for beside other products' units.

    Equivalent units where they are stated, money where units differ without them, null where nothing serves.
    """
    return sql.query("supply/common_units", {"demand_units": demand_units, "products": products})


def unit_weights(products: pd.DataFrame) -> dict[str, float]:
    """Return what turns an item's units into common units: 1 where all are counted alike (METHODS 1).

    ``products`` are planned items with their common units as ``equivalent_units``. Where units differ and one of them
    counts for nothing known, every weight is NaN: such a total does not exist.
    """
    one_unit = products["unit_of_measure"].fillna("").str.lower().nunique() <= 1
    weight = pd.Series(1.0, index=products.index) if one_unit else products["equivalent_units"].astype(float)
    known = weight if weight.notna().all() else weight.mask(weight.notna())
    return dict(zip(products["product_id"], known, strict=True))
