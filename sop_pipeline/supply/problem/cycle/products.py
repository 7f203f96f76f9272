"""Products with every price and cost that the planner needs, gaps filled by the defaults of METHODS 7.

Here: money per unit. Each gap that was filled is counted. Not here: stock (``stock``), resources
(``requirements.capacity``), families (``items``).
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.defaults import Defaults
from sop_pipeline.supply.problem.common_units import common_units
from sop_pipeline.supply.problem.usual_costs import BACKLOG_SHARE, HOLDING_SHARE, OVERTIME_PREMIUM, SUBCONTRACT_PREMIUM

PRICES = (
    "unit_price",
    "unit_material_cost",
    "standard_cost",
    "holding_cost",
    "backlog_cost",
    "lost_sales_cost",
    "subcontract_cost",
    "equivalent_units",
)


def planned_products(
    products: pa.Table, demand_plan: pa.Table, product_lifecycle: pa.Table, demand_units: pa.Table, defaults: Defaults
) -> pd.DataFrame:
    """Return one row per product of the demand plan: its row of ``products``, the plan's family, in order of name.

    A product without any price or cost that takes after another takes the other's. ``unit_of_measure`` is filled, and
    ``equivalent_units`` are the common units (``common_units``).
    """
    family = tables.frame(demand_plan.select(["product_id", "family"])).drop_duplicates("product_id")
    listed = tables.frame(products).drop(columns=["family", "recorded_on"])
    merged = family.merge(listed, on="product_id", how="left").sort_values("product_id").reset_index(drop=True)
    merged["product_name"] = merged["product_name"].fillna(merged["product_id"])
    like = dict(
        zip(
            product_lifecycle["product_id"].to_pylist(),
            product_lifecycle["like_product_id"].to_pylist(),
            strict=True,
        )
    )
    blank = merged[list(PRICES)].isna().all(axis=1)
    source = merged["product_id"].map(like).where(blank)
    prices = listed.set_index("product_id")[list(PRICES)]
    borrowed = source.isin(prices.index)
    merged.loc[borrowed, list(PRICES)] = prices.loc[source[borrowed]].to_numpy()
    defaults.use("like_product_money", int(borrowed.sum()))
    return _measured(merged, demand_units)


def _measured(products: pd.DataFrame, demand_units: pa.Table) -> pd.DataFrame:
    own = pa.Table.from_pandas(products[["product_id", "equivalent_units"]], preserve_index=False)
    known = tables.frame(common_units(demand_units, own)).set_index("product_id").reindex(products["product_id"])
    unit = pd.Series(known["unit_of_measure"].to_numpy(object), index=products.index)
    common = known["common_units"].to_numpy(float)
    return products.assign(unit_of_measure=unit.fillna(products["unit_of_measure"]), equivalent_units=common)


def price_resources(
    resources: pd.DataFrame, products: pd.DataFrame, weight: pd.Series, *, is_default: bool, defaults: Defaults
) -> pd.DataFrame:
    """Return resources with overtime priced at 1.5 times regular pay where a limit is stated without a price.

    The default capacity costs what a common unit costs beyond its material, on the average of the demand plan, and is
    paid for what is worked alone.
    """
    out = resources.copy()
    if is_default:
        cost = unit_value(products) - products["unit_material_cost"].fillna(0.0)
        equivalent = products["equivalent_units"].fillna(1.0)
        total = float((weight * equivalent).sum())
        rate = float((weight * cost.clip(lower=0.0)).sum()) / total if total > 0 else 1.0
        out.loc[out["resource_id"] == "capacity", "regular_rate"] = round(rate, 6)
    allowed = out[["overtime_limit_pct", "overtime_hours_per_unit"]].notna().any(axis=1)
    missing = allowed & out["overtime_rate"].isna()
    out.loc[missing, "overtime_rate"] = OVERTIME_PREMIUM * out.loc[missing, "regular_rate"].fillna(0.0)
    defaults.use("overtime_rate", int(missing.sum()))
    return out


def unit_value(products: pd.DataFrame) -> pd.Series:
    """What a unit is worth in stock: standard cost, else material cost, else price, else 1."""
    value = products["standard_cost"].fillna(products["unit_material_cost"]).fillna(products["unit_price"])
    return value.fillna(1.0).astype(float)


def price_products(
    products: pd.DataFrame, resources: pd.DataFrame, bill: pd.DataFrame, materials: pd.DataFrame, defaults: Defaults
) -> pd.DataFrame:
    """Return products with material, holding, backlog, lost-sales and subcontracting money filled in.

    ``bill`` has product_id, feature, quantity. Holding 2% of unit value a month; backlog 10% of price (of value without
    one); subcontracting, where a limit allows it, 20% above the dearest own unit; lost sales the price, at least what
    the unit costs subcontracted: a lost sale saves the cost of making the unit, so that on balance it costs its margin.
    """
    out = products.copy()
    valueless = out[["unit_price", "standard_cost", "unit_material_cost"]].isna().all(axis=1)
    defaults.use("unit_value", int(valueless.sum()))
    value = unit_value(out)
    out["unit_material_cost"] = out["unit_material_cost"].fillna(_listed_material(out, bill, materials)).fillna(0.0)
    dearest = _dearest_own_unit(out, resources, bill, value)
    subcontracted = (SUBCONTRACT_PREMIUM * dearest).round(6)
    limited = out["subcontract_limit"].notna() & out["subcontract_cost"].isna()
    _fill(out, "subcontract_cost", subcontracted.where(limited), defaults)
    _fill(out, "holding_cost", HOLDING_SHARE * value, defaults)
    late = BACKLOG_SHARE * out["unit_price"].fillna(value)
    _fill(out, "backlog_cost", late, defaults)
    served = out["unit_price"].fillna(0.0).clip(lower=out["subcontract_cost"].fillna(subcontracted))
    _fill(out, "lost_sales_cost", served, defaults)
    return out


def _fill(out: pd.DataFrame, column: str, value: pd.Series, defaults: Defaults) -> None:
    missing = out[column].isna() & value.notna()
    out[column] = out[column].where(~missing, value)
    defaults.use(column, int(missing.sum()))


def _listed_material(products: pd.DataFrame, bill: pd.DataFrame, materials: pd.DataFrame) -> pd.Series:
    cost = materials.set_index("material_id")["unit_cost"]
    listed = bill.assign(cost=bill["quantity"] * bill["feature"].map(cost)).dropna(subset=["cost"])
    return products["product_id"].map(listed.groupby("product_id")["cost"].sum())


def _dearest_own_unit(
    products: pd.DataFrame, resources: pd.DataFrame, bill: pd.DataFrame, value: pd.Series
) -> pd.Series:
    """Material and the dearest hours of one unit; its value where it takes no paid hours."""
    rate = resources.set_index("resource_id")[["regular_rate", "overtime_rate"]].max(axis=1)
    paid = bill.assign(pay=bill["quantity"] * bill["feature"].map(rate)).dropna(subset=["pay"])
    pay = products["product_id"].map(paid.groupby("product_id")["pay"].sum()).fillna(0.0)
    return (products["unit_material_cost"] + pay).clip(lower=value)
