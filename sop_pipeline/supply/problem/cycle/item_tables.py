"""Tables of the planned items: what products and families are, take, are asked for and have to keep in stock.

Not here: which products make up an item and how figures are added (``items``), prices and stock bands of products.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.defaults import Defaults
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.arrays import Flags, Floats
from sop_pipeline.supply.problem.cycle.items import item_feature_months, item_features, item_products, item_sums
from sop_pipeline.supply.problem.cycle.members import Members, long_frame
from sop_pipeline.supply.requirements.capacity import Capacity

CHANGED = 1e-9
"""Money per unit from which a month's material counts as changed."""


def item_tables(
    members: Members,
    limits: Capacity,
    items: pd.DataFrame,
    by_month: Flags,
    company: SupplySettings,
    defaults: Defaults,
) -> dict[str, pa.Table]:
    """Return the tables of the problem that are about items; ``by_month`` are products whose factors vary by month."""
    lots = company.supply.lots
    asked = members.products[["min_lot", "setup_cost"]].fillna(0.0).gt(0.0).any(axis=1)
    if not lots:
        defaults.use("lots", int(asked.sum()))
    features = tables.frame(limits.product_features).drop(columns=["recorded_on"])
    return {
        "planning_products": tables.conform("planning_products", item_products(members.products, items, lots=lots)),
        "planning_features": tables.conform("planning_features", item_features(features, items, lots=lots)),
        "planning_feature_months": _feature_months(members, features, limits, items[by_month], by_month),
        "planning_demand": _item_demand(members, items),
        "planning_state": _item_state(members, items),
        "planning_months": _item_months(members, items),
    }


def _feature_months(
    members: Members,
    features: pd.DataFrame,
    limits: Capacity,
    items: pd.DataFrame,
    chosen: Flags,
) -> pa.Table:
    """Each month's factors of the families chosen; storage is taken by stock, whose mix is not the month's demand."""
    stores = tables.texts(tables.where(limits.resources, kind="storage"), "resource_id")
    used = features[~features["feature"].isin(stores)]
    factors = item_feature_months(used, items.reset_index(drop=True), members.demand[chosen], members.months)
    return (
        tables.conform("planning_feature_months", factors) if len(factors) else tables.empty("planning_feature_months")
    )


def _order(items: pd.DataFrame) -> list[str]:
    return sorted(set(items["item_id"]))


def _item_demand(members: Members, items: pd.DataFrame) -> pa.Table:
    """Demand of each item and its price of the month; a family's is what its products' demand is worth on average."""
    order = _order(items)
    demand = item_sums(members.demand, items, order)
    average = _weighed(members.price, members, items)
    return tables.conform("planning_demand", long_frame(order, members.months, quantity=demand, price=average))


def _weighed(values: Floats, members: Members, items: pd.DataFrame) -> Floats:
    """Money per unit of each item and month (I, T), by its products' demand; NaN where nothing is asked or known."""
    order = _order(items)
    known = ~np.isnan(values)
    single = {
        name: index for index, name in enumerate(items["item_id"]) if items["item_level"].iloc[index] == "product"
    }
    demand = item_sums(members.demand * known, items, order)
    worth = item_sums(np.nan_to_num(values) * members.demand, items, order)
    average = np.where((demand > 0) & (worth > 0), worth / np.where(demand > 0, demand, 1.0), np.nan)
    for place, name in enumerate(order):
        if name in single:
            average[place] = values[single[name]]
    return average


def _item_state(members: Members, items: pd.DataFrame) -> pa.Table:
    summed = (
        members.state[["opening_stock", "opening_backlog"]]
        .round(4)
        .groupby(items["item_id"], sort=True)
        .sum()
        .rename_axis("product_id")
        .reset_index()
    )
    return tables.conform("planning_state", summed.assign(closing_backlog=0.0))


def _item_months(members: Members, items: pd.DataFrame) -> pa.Table:
    """Stock band of each item and month: the sum of its products' bands, without a limit where one has none.

    A month whose material costs otherwise than the item's own figure has its own.
    """
    order = _order(items)
    low = item_sums(members.low, items, order)
    high = item_sums(members.high, items, order)
    frame = long_frame(
        order,
        members.months,
        min_stock=low,
        max_stock=np.where(np.isfinite(high), high, np.nan),
        unit_material_cost=_changed_material(members, items),
    )
    kept = (frame["min_stock"] > 0) | frame["max_stock"].notna() | frame["unit_material_cost"].notna()
    return tables.conform("planning_months", frame[kept])


def _changed_material(members: Members, items: pd.DataFrame) -> Floats:
    """Material money of each item and month where it changes (I, T): the item's own, moved as its products' is."""
    own = members.products["unit_material_cost"].fillna(0.0).to_numpy(float)[:, None]
    before = _weighed(np.broadcast_to(own, members.material.shape), members, items)
    after = _weighed(members.material, members, items)
    order = _order(items)
    share = (items["share"].to_numpy(float)[:, None] * own)[:, 0]
    standing = pd.Series(share).groupby(items["item_id"].to_numpy()).sum().reindex(order).to_numpy()[:, None]
    single = np.isin(order, items.loc[items["item_level"] == "product", "item_id"])[:, None]
    moved = np.where(single, after, standing * after / np.where(before > 0, before, 1.0))
    changed: Floats = np.where(np.abs(after - before) > CHANGED, moved, np.nan)
    return changed
