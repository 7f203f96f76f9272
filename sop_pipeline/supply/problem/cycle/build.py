"""The planning problem of a cycle: the company's tables and the demand plan in the form of a planning folder.

Here: which parts are put together, and in what order. Every gap is filled by the stated default and counted in
``supply_defaults``; what comes out needs no default any more. Not here: the defaults themselves (``products``,
``stock``, ``requirements.capacity``), families (``items``), the planner that takes the problem (``compare``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.supply.defaults import Defaults
from sop_pipeline.supply.problem.cycle.items import (
    item_feature_months,
    item_features,
    item_products,
    item_sums,
    planned_items,
)
from sop_pipeline.supply.problem.cycle.products import planned_products, price_products, price_resources
from sop_pipeline.supply.problem.cycle.stock import opening_state, stock_targets
from sop_pipeline.supply.requirements.capacity import Capacity, capacity, planning_calendar
from sop_pipeline.supply.requirements.requirements import bill_of_resources, reference_mix
from sop_pipeline.supply.strategies.frozen import freeze, frozen_rows

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Members:
    """Planned products with their figures by month: demand and stock band (P, T), infinite where nothing limits."""

    products: pd.DataFrame
    state: pd.DataFrame
    months: list[pd.Timestamp]
    demand: Floats
    low: Floats
    high: Floats


def planning_problem(
    products: pa.Table,
    resources: pa.Table,
    resource_months: pa.Table,
    product_features: pa.Table,
    materials: pa.Table,
    calendar: pa.Table,
    inventory: pa.Table,
    production: pa.Table,
    demand_plan: pa.Table,
    demand_history: pa.Table,
    forecast_backtest: pa.Table,
    forecast_approach: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    planning_approach: pa.Table,
    *,
    company: Company,
    cycle: Cycle,
    last_production: pa.Table | None = None,
) -> dict[str, pa.Table]:
    """Return the ten ``planning_*`` tables, and where products start, what they take and what is frozen.

    Beside the problem: ``opening_state``, ``stock_targets``, ``planned_features``, ``frozen_plan``,
    ``supply_defaults``.

    Planned items are families where ``planning_approach`` says top_down, else products; above
    ``company.supply.max_products`` every family is planned as one, each month's factors from its own products' planned
    totals (METHODS 5). Backlog may not be open at the end of the horizon. ``last_production`` is the
    ``production_plan`` of the cycle before, which the first ``company.supply.frozen_months`` stay equal to.
    """
    defaults = Defaults()
    held = capacity(
        resources,
        resource_months,
        product_features,
        products,
        demand_plan,
        demand_history,
        production,
        working_calendar,
        product_lifecycle,
        cycle=cycle,
        defaults=defaults,
    )
    frame = planned_products(products, demand_plan, product_lifecycle, defaults)
    state = opening_state(
        frame,
        demand_plan,
        inventory,
        forecast_backtest,
        product_lifecycle,
        approach=_chosen(forecast_approach, company),
        cycle=cycle,
        defaults=defaults,
    )
    months, demand = _demand(demand_plan, frame)
    low, high = stock_targets(state, frame, demand, months, defaults)
    priced, hours = _priced(frame, held, materials, demand, defaults)
    members = _Members(priced, state, months, demand, low.round(4), high.round(4))
    items, by_month = _items(members, demand_plan, demand_history, planning_approach, company, cycle, defaults)
    planning = {
        **_item_tables(members, held, items, by_month, company, defaults),
        "planning_resources": tables.conform("planning_resources", hours),
        "planning_resource_months": tables.conform("planning_resource_months", held.resource_months),
        "planning_calendar": planning_calendar(working_calendar, calendar, [month.date() for month in months]),
        "planning_materials": tables.conform("planning_materials", materials),
    }
    frozen = frozen_rows(last_production, items, months, priced, company=company, defaults=defaults)
    planning, kept = freeze(planning, frozen, company=company, defaults=defaults)
    return {
        **planning,
        "frozen_plan": kept,
        "planned_features": _planned_features(held, demand_plan),
        "opening_state": tables.conform("opening_state", state),
        "stock_targets": _band(members),
        "supply_defaults": defaults.table(),
    }


def _chosen(forecast_approach: pa.Table, company: Company) -> str:
    for row in forecast_approach.to_pylist():
        if row["chosen"]:
            return str(row["approach"])
    return company.forecasts_by


def _demand(demand_plan: pa.Table, products: pd.DataFrame) -> tuple[list[pd.Timestamp], Floats]:
    frame = tables.frame(demand_plan.select(["product_id", "month", "quantity"]))
    wide = frame.pivot(index="product_id", columns="month", values="quantity").reindex(products["product_id"])
    return [pd.Timestamp(month) for month in wide.columns], wide.fillna(0.0).clip(lower=0.0).to_numpy(float)


def _priced(
    products: pd.DataFrame, held: Capacity, materials: pa.Table, demand: Floats, defaults: Defaults
) -> tuple[pd.DataFrame, pd.DataFrame]:
    weight = pd.Series(demand.sum(axis=1), index=products.index)
    hours = price_resources(
        tables.frame(held.resources), products, weight, is_default=held.is_default, defaults=defaults
    )
    bill = tables.frame(bill_of_resources(held.product_features))
    return price_products(products, hours, bill, tables.frame(materials), defaults), hours


def _items(
    members: _Members,
    demand_plan: pa.Table,
    demand_history: pa.Table,
    planning_approach: pa.Table,
    company: Company,
    cycle: Cycle,
    defaults: Defaults,
) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """What is planned, and which products' families take each month's factors from their own products' totals."""
    approach = dict(
        zip(planning_approach["family"].to_pylist(), planning_approach["approach"].to_pylist(), strict=True)
    )
    singles = int((members.products["family"].map(approach) != "top_down").sum())
    too_many = singles > company.supply.max_products
    if too_many:
        defaults.use(
            "planned_by_family",
            f"a plan product by product of at most {company.supply.max_products} products",
            "families planned as one, with each month's factors from their own products' planned totals, then taken "
            "down to products; loads recomputed from the products",
            singles,
        )
    top_down = members.products["family"].map(approach).eq("top_down").to_numpy()
    mix = tables.frame(reference_mix(demand_plan, demand_history, cycle=cycle))
    if too_many:
        own = tables.frame(reference_mix(demand_plan, demand_history, cycle=cycle, use_history=False))
        by_mix = mix["family"].map(approach).eq("top_down")
        mix = pd.concat([mix[by_mix], own[~own["family"].map(approach).eq("top_down")]])
    return planned_items(members.products, approach, mix, by_family=too_many), ~top_down & too_many


def _item_tables(
    members: _Members,
    held: Capacity,
    items: pd.DataFrame,
    by_month: npt.NDArray[np.bool_],
    company: Company,
    defaults: Defaults,
) -> dict[str, pa.Table]:
    lots = company.supply.lots
    asked = members.products[["min_lot", "setup_cost"]].fillna(0.0).gt(0.0).any(axis=1)
    if not lots:
        defaults.use(
            "lots",
            "supply.lots: true in sop.yaml",
            "set-ups and least lots left to the schedule; the aggregate plan is made without them",
            int(asked.sum()),
        )
    features = tables.frame(held.product_features).drop(columns=["recorded_on"])
    return {
        "planning_products": tables.conform("planning_products", item_products(members.products, items, lots=lots)),
        "planning_features": tables.conform("planning_features", item_features(features, items, lots=lots)),
        "planning_feature_months": _feature_months(members, features, held, items[by_month], by_month),
        "planning_demand": _item_demand(members, items),
        "planning_state": _item_state(members, items),
        "planning_months": _item_months(members, items),
    }


def _feature_months(
    members: _Members,
    features: pd.DataFrame,
    held: Capacity,
    items: pd.DataFrame,
    chosen: npt.NDArray[np.bool_],
) -> pa.Table:
    """Each month's factors of the families chosen; storage is taken by stock, whose mix is not the month's demand."""
    stores = held.resources.filter(pc.equal(held.resources["kind"], "storage"))["resource_id"].to_pylist()
    taken = features[~features["feature"].isin(stores)]
    found = item_feature_months(taken, items.reset_index(drop=True), members.demand[chosen], members.months)
    return tables.conform("planning_feature_months", found) if len(found) else tables.empty("planning_feature_months")


def _planned_features(held: Capacity, demand_plan: pa.Table) -> pa.Table:
    """What a unit of every planned product takes, with what a new product takes after its like product."""
    planned = pc.unique(demand_plan["product_id"])
    chosen = held.product_features.filter(pc.is_in(held.product_features["product_id"], planned))
    return tables.conform("planned_features", chosen)


def _order(items: pd.DataFrame) -> list[str]:
    return sorted(set(items["item_id"]))


def _long(order: list[str], months: list[pd.Timestamp], **columns: Floats) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([order, months], names=["product_id", "month"])
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index).reset_index()


def _item_demand(members: _Members, items: pd.DataFrame) -> pa.Table:
    """Demand of each item; a family's price is what its products' demand of the month is worth on average."""
    order = _order(items)
    demand = item_sums(members.demand, items, order)
    price = members.products["unit_price"].to_numpy(float)[:, None]
    worth = item_sums(np.nan_to_num(price) * members.demand, items, order)
    pooled = ~np.isin(order, items.loc[items["item_level"] == "product", "item_id"])
    known = pooled[:, None] & (demand > 0) & (worth > 0)
    average = np.where(known, worth / np.where(demand > 0, demand, 1.0), np.nan)
    return tables.conform("planning_demand", _long(order, members.months, quantity=demand, price=average))


def _item_state(members: _Members, items: pd.DataFrame) -> pa.Table:
    summed = (
        members.state[["opening_stock", "opening_backlog"]]
        .round(4)
        .groupby(items["item_id"], sort=True)
        .sum()
        .rename_axis("product_id")
        .reset_index()
    )
    return tables.conform("planning_state", summed.assign(closing_backlog=0.0))


def _item_months(members: _Members, items: pd.DataFrame) -> pa.Table:
    """Stock band of each item and month: the sum of its products' bands, without a limit where one has none."""
    order = _order(items)
    low = item_sums(members.low, items, order)
    high = item_sums(members.high, items, order)
    frame = _long(order, members.months, min_stock=low, max_stock=np.where(np.isfinite(high), high, np.nan))
    return tables.conform("planning_months", frame[(frame["min_stock"] > 0) | frame["max_stock"].notna()])


def _band(members: _Members) -> pa.Table:
    high = np.where(np.isfinite(members.high), members.high, np.nan)
    frame = _long(list(members.products["product_id"]), members.months, target_low=members.low, target_high=high)
    family = members.products.set_index("product_id")["family"]
    return tables.conform("stock_targets", frame.assign(family=frame["product_id"].map(family)))
