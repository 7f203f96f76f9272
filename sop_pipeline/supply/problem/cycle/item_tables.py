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
from sop_pipeline.supply.arrays import Flags
from sop_pipeline.supply.problem.cycle.items import item_feature_months, item_features, item_products, item_sums
from sop_pipeline.supply.problem.cycle.members import Members, long_frame
from sop_pipeline.supply.requirements.capacity import Capacity


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
    """Demand of each item; a family's price is what its products' demand of the month is worth on average."""
    order = _order(items)
    demand = item_sums(members.demand, items, order)
    price = members.products["unit_price"].to_numpy(float)[:, None]
    worth = item_sums(np.nan_to_num(price) * members.demand, items, order)
    pooled = ~np.isin(order, items.loc[items["item_level"] == "product", "item_id"])
    priced = pooled[:, None] & (demand > 0) & (worth > 0)
    average = np.where(priced, worth / np.where(demand > 0, demand, 1.0), np.nan)
    return tables.conform("planning_demand", long_frame(order, members.months, quantity=demand, price=average))


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
    """Stock band of each item and month: the sum of its products' bands, without a limit where one has none."""
    order = _order(items)
    low = item_sums(members.low, items, order)
    high = item_sums(members.high, items, order)
    frame = long_frame(order, members.months, min_stock=low, max_stock=np.where(np.isfinite(high), high, np.nan))
    return tables.conform("planning_months", frame[(frame["min_stock"] > 0) | frame["max_stock"].notna()])
