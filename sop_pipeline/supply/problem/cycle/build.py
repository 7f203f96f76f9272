"""The planning problem of a cycle: the company's tables and the demand plan in the form of a planning folder.

Here: which parts are put together, and in what order. Every gap is filled by the stated default and counted in
``Defaults``; what comes out needs no default any more. Not here: the defaults themselves (``products``, ``stock``,
``requirements.capacity``), families (``items``), what the last plan froze (``frozen``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.choice import chosen_approach
from sop_pipeline.cycle import Cycle
from sop_pipeline.defaults import Defaults
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.arrays import Flags, Floats
from sop_pipeline.supply.problem.cycle.item_tables import item_tables
from sop_pipeline.supply.problem.cycle.items import planned_items
from sop_pipeline.supply.problem.cycle.made_to_order import made_to_order
from sop_pipeline.supply.problem.cycle.members import Members, demand_by_month, stock_band
from sop_pipeline.supply.problem.cycle.planned_money import month_materials, month_prices, with_pay_changes
from sop_pipeline.supply.problem.cycle.products import planned_products, price_products, price_resources
from sop_pipeline.supply.problem.cycle.stock import StockPolicy, opening_state, stock_targets
from sop_pipeline.supply.problem.cycle.tables import PlanningTables, ProblemInputs
from sop_pipeline.supply.requirements.capacity import Capacity, capacity, note_public_holidays, planning_calendar
from sop_pipeline.supply.requirements.load import bill_of_resources, reference_mix


@dataclass(frozen=True)
class FreeProblem:
    """The problem before anything is frozen, with its products, the items they are planned in, and the months."""

    planning: PlanningTables
    opening_state: pa.Table
    stock_targets: pa.Table
    planned_features: pa.Table
    products: pd.DataFrame
    items: pd.DataFrame
    months: list[pd.Timestamp]


@dataclass(frozen=True)
class Known:
    """What is known of a problem beforehand: that it is planned by family, where products start, what is ordered."""

    by_family: bool = False
    opening_state: pa.Table | None = None
    order_book: pa.Table | None = None


def free_problem(
    inputs: ProblemInputs, *, company: SupplySettings, cycle: Cycle, defaults: Defaults, known: Known | None = None
) -> FreeProblem:
    """Put the problem together; ``defaults`` collects what had to be assumed.

    Planned items are families where ``planning_approach`` says top_down, else products; above
    ``company.supply.max_products`` every family is planned as one, each month's factors from its own products' planned
    totals (METHODS 5). Backlog may not be open at the end of the horizon. ``known`` spares a scenario what its base
    has found out.
    """
    known = known or Known()
    limits = capacity(inputs, cycle=cycle, defaults=defaults)
    products = planned_products(
        inputs.products, inputs.demand_plan, inputs.product_lifecycle, inputs.demand_units, defaults
    )
    state = (
        made_to_order(_state(products, inputs, company, cycle, defaults), known.order_book, company.make_to_order)
        if known.opening_state is None
        else _of_table(known.opening_state)
    )
    members, resources = _members(products, state, inputs, limits, defaults)
    items, by_month = _items(members, inputs, company, cycle, defaults, by_family=known.by_family)
    calendar = [month.date() for month in members.months]
    note_public_holidays(inputs.working_calendar, calendar, company=company, cycle=cycle, defaults=defaults)
    return FreeProblem(
        planning=PlanningTables(
            **item_tables(members, limits, items, by_month, company, defaults),
            planning_resources=tables.conform("planning_resources", resources),
            planning_resource_months=_resource_months(limits, inputs),
            planning_calendar=planning_calendar(inputs.working_calendar, inputs.calendar, calendar),
            planning_materials=tables.conform("planning_materials", inputs.materials),
            planning_raised_limits=tables.empty("planning_raised_limits"),
        ),
        opening_state=tables.conform("opening_state", members.state.assign(item_id=items["item_id"].to_numpy(object))),
        stock_targets=stock_band(members),
        planned_features=_planned_features(limits, inputs.demand_plan),
        products=members.products,
        items=items,
        months=members.months,
    )


def _state(
    products: pd.DataFrame, inputs: ProblemInputs, company: SupplySettings, cycle: Cycle, defaults: Defaults
) -> pd.DataFrame:
    return opening_state(
        products,
        inputs.demand_plan,
        inputs.inventory,
        inputs.forecast_backtest,
        inputs.product_lifecycle,
        policy=StockPolicy(chosen_approach(inputs.forecast_approach, company), company.supply.service_level_of),
        cycle=cycle,
        defaults=defaults,
    )


def _of_table(opening_state: pa.Table) -> pd.DataFrame:
    """Table ``opening_state`` without its items; its key is the order of the planned products."""
    return tables.frame(opening_state).drop(columns="item_id")


def _members(
    products: pd.DataFrame, state: pd.DataFrame, inputs: ProblemInputs, limits: Capacity, defaults: Defaults
) -> tuple[Members, pd.DataFrame]:
    """The planned products, priced and with their stock bands, and the resources, priced."""
    months, demand = demand_by_month(inputs.demand_plan, products)
    low, high = stock_targets(state, products, demand, months, defaults)
    priced, resources = _priced(products, limits, inputs.materials, demand, defaults)
    price = month_prices(inputs.planned_prices, priced, months)
    bill = tables.frame(bill_of_resources(limits.product_features))
    material = month_materials(inputs.planned_costs, priced, bill, tables.frame(inputs.materials), months)
    return Members(priced, state, months, demand, low.round(4), high.round(4), price, material), resources


def _priced(
    products: pd.DataFrame, limits: Capacity, materials: pa.Table, demand: Floats, defaults: Defaults
) -> tuple[pd.DataFrame, pd.DataFrame]:
    weight = pd.Series(demand.sum(axis=1), index=products.index)
    resources = price_resources(
        tables.frame(limits.resources), products, weight, is_default=limits.is_default, defaults=defaults
    )
    bill = tables.frame(bill_of_resources(limits.product_features))
    return price_products(products, resources, bill, tables.frame(materials), defaults), resources


def _items(
    members: Members,
    inputs: ProblemInputs,
    company: SupplySettings,
    cycle: Cycle,
    defaults: Defaults,
    *,
    by_family: bool,
) -> tuple[pd.DataFrame, Flags]:
    """What is planned, and which products' families take each month's factors from their own products' totals."""
    families = inputs.planning_approach
    approach = dict(zip(tables.texts(families, "family"), tables.texts(families, "approach"), strict=True))
    top_down = members.products["family"].map(approach).eq("top_down").to_numpy()
    singles = int((~top_down).sum())
    too_many = by_family or singles > company.supply.max_products
    if too_many:
        defaults.use("planned_by_family", singles, amount=company.supply.max_products, unit="products")
    else:
        by_unit = tables.texts(tables.where(families, basis="units"), "family")
        defaults.use("family_units", len(by_unit), subject=", ".join(by_unit))
    mix = _mix(inputs, approach, cycle, planned_totals=too_many)
    return planned_items(members.products, approach, mix, by_family=too_many), ~top_down & too_many


def _mix(inputs: ProblemInputs, approach: dict[str, str], cycle: Cycle, *, planned_totals: bool) -> pd.DataFrame:
    """The volumes behind an item's shares; ``planned_totals`` takes the plan's own where a family is bottom-up."""
    mix = tables.frame(reference_mix(inputs.demand_plan, inputs.demand_history, cycle=cycle))
    if not planned_totals:
        return mix
    plan_mix = tables.frame(reference_mix(inputs.demand_plan, inputs.demand_history, cycle=cycle, use_history=False))
    return pd.concat(
        [
            mix[mix["family"].map(approach).eq("top_down")],
            plan_mix[~plan_mix["family"].map(approach).eq("top_down")],
        ]
    )


def _resource_months(limits: Capacity, inputs: ProblemInputs) -> pa.Table:
    """Months in which a resource differs from its rule, with its pay."""
    given = tables.frame(tables.conform("planning_resource_months", limits.resource_months))
    known = given[given["resource_id"].isin(tables.texts(limits.resources, "resource_id"))]
    changed = with_pay_changes(known, inputs.planned_costs)
    return tables.conform("planning_resource_months", changed)


def _planned_features(limits: Capacity, demand_plan: pa.Table) -> pa.Table:
    """What a unit of every planned product takes, with what a new product takes after its like product."""
    planned = pc.unique(demand_plan["product_id"])
    chosen = limits.product_features.filter(pc.is_in(limits.product_features["product_id"], planned))
    return tables.conform("planned_features", chosen)
