"""What planned units earn and cost in each month: realised or stated prices, changes of pay and of material costs.

Here: the company's price list, cost changes and past sales as figures by month. Not here: how a plan uses them
(``item_tables``, ``planner_form``), default prices (``products``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.arrays import Floats


@dataclass(frozen=True)
class PriceInputs:
    """What prices and costs by month come from."""

    demand_plan: pa.Table
    products: pa.Table
    sales: pa.Table
    exchange_rates: pa.Table
    price_list: pa.Table
    cost_changes: pa.Table
    resources: pa.Table
    materials: pa.Table


@dataclass(frozen=True)
class PlannedMoney:
    """Prices of every planned product and month, and costs that differ from the company's own figures."""

    planned_prices: pa.Table
    planned_costs: pa.Table


def planned_money(inputs: PriceInputs, *, company: SupplySettings, cycle: Cycle) -> PlannedMoney:
    """Return ``planned_prices`` and ``planned_costs`` by month (METHODS 6).

    A price is that of the price list where there is one, else list price x what was realised of it in the last 12
    months; pay and material costs are those that ``cost_changes`` states.
    """
    given = vars(inputs)
    params = {"cutoff": cycle.cutoff, "currency": company.currency}
    return PlannedMoney(
        tables.conform("planned_prices", sql.query("supply/planned_prices", given, params)),
        tables.conform("planned_costs", sql.query("supply/planned_costs", given)),
    )


def month_prices(planned_prices: pa.Table, products: pd.DataFrame, months: list[pd.Timestamp]) -> Floats:
    """Return the price of every product and month (P, T): the one planned, else the product's own; NaN without any."""
    wide = _wide(tables.frame(planned_prices), "product_id", "unit_price", products["product_id"], months)
    return np.where(np.isnan(wide), products["unit_price"].to_numpy(float)[:, None], wide)


def month_materials(
    planned_costs: pa.Table,
    products: pd.DataFrame,
    bill: pd.DataFrame,
    materials: pd.DataFrame,
    months: list[pd.Timestamp],
) -> Floats:
    """Return material money per unit of every product and month (P, T), with the month's changes.

    ``bill`` has product_id, feature, quantity: a material that changes takes with it what the product takes of it.
    """
    changes = tables.frame(planned_costs)
    own = products["unit_material_cost"].fillna(0.0).to_numpy(float)[:, None]
    share = _wide(changes[changes["kind"] == "product"], "subject", "change_pct", products["product_id"], months)
    moved = np.nan_to_num(share) / 100 * own
    cost = materials.set_index("material_id")["unit_cost"].astype(float)
    by_material = changes[changes["kind"] == "material"]
    listed = bill[bill["feature"].isin(by_material["subject"])]
    place = {name: index for index, name in enumerate(products["product_id"])}
    names = sorted(set(listed["feature"]))
    pct = np.nan_to_num(_wide(by_material, "subject", "change_pct", pd.Series(names, dtype=object), months)) / 100
    for row in listed.to_dict("records"):
        if row["product_id"] in place:
            worth = float(row["quantity"]) * float(cost.get(row["feature"], 0.0))
            moved[place[row["product_id"]]] += worth * pct[names.index(row["feature"])]
    return np.maximum(own + moved, 0.0)


def with_pay_changes(resource_months: pd.DataFrame, planned_costs: pa.Table) -> pd.DataFrame:
    """Return ``resource_months`` with the pay changes of ``planned_costs``; a month's own stated change stands."""
    changes = tables.frame(planned_costs)
    pay = changes[changes["kind"] == "resource"].rename(columns={"subject": "resource_id", "change_pct": "of_list"})
    if pay.empty:
        return resource_months
    merged = resource_months.merge(pay[["resource_id", "month", "of_list"]], on=["resource_id", "month"], how="outer")
    merged["pay_change_pct"] = merged["pay_change_pct"].astype(float).fillna(merged["of_list"].astype(float))
    return merged.drop(columns="of_list")


def _wide(rows: pd.DataFrame, key: str, column: str, names: pd.Series, months: list[pd.Timestamp]) -> Floats:
    if rows.empty:
        return np.full((len(names), len(months)), np.nan)
    wide = rows.assign(month=pd.to_datetime(rows["month"])).pivot(index=key, columns="month", values=column)
    result: Floats = wide.reindex(index=list(names), columns=months).to_numpy(float)
    return result
