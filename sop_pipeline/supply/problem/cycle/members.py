"""Planned products with their figures by month, before they are put together into items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.supply.arrays import Floats


@dataclass(frozen=True)
class Members:
    """Planned products with figures by month (P, T): demand, stock band (infinite where nothing limits), money."""

    products: pd.DataFrame
    state: pd.DataFrame
    months: list[pd.Timestamp]
    demand: Floats
    low: Floats
    high: Floats
    price: Floats
    material: Floats


def demand_by_month(demand_plan: pa.Table, products: pd.DataFrame) -> tuple[list[pd.Timestamp], Floats]:
    """Return the planned months and demand by product and month (P, T), nothing below zero."""
    frame = tables.frame(demand_plan.select(["product_id", "month", "quantity"]))
    wide = frame.pivot(index="product_id", columns="month", values="quantity").reindex(products["product_id"])
    return [pd.Timestamp(month) for month in wide.columns], wide.fillna(0.0).clip(lower=0.0).to_numpy(float)


def long_frame(names: list[str], months: list[pd.Timestamp], **columns: Floats) -> pd.DataFrame:
    """Return arrays (names, months) as columns of a frame with product_id and month."""
    index = pd.MultiIndex.from_product([names, months], names=["product_id", "month"])
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index).reset_index()


def stock_band(members: Members) -> pa.Table:
    """Return table ``stock_targets``; blank where nothing limits the stock."""
    high = np.where(np.isfinite(members.high), members.high, np.nan)
    frame = long_frame(list(members.products["product_id"]), members.months, target_low=members.low, target_high=high)
    family = members.products.set_index("product_id")["family"]
    return tables.conform("stock_targets", frame.assign(family=frame["product_id"].map(family)))
