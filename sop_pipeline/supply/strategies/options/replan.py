"""What raising a limit brings: the chosen strategy planned anew with it, on the same model, beside the plan as it is.

Here: the plans of the options in the tables of a plan, and what changed in units and service. Not here: what they are
in money (reconciliation), which are put up to the meeting, or the limits themselves (``candidates``, ``raised``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput, Infeasible
from sop_pipeline.meeting import meeting_day
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.data.own_limits import HOURS, own_limit
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.raised import raised
from sop_pipeline.supply.strategies.comparison.compare import StrategyInputs, problem_for
from sop_pipeline.supply.strategies.comparison.figures import Figures
from sop_pipeline.supply.strategies.comparison.last_safe_days import Leads
from sop_pipeline.supply.strategies.comparison.registry_form import plan_tables
from sop_pipeline.supply.strategies.options.candidates import Option, options
from sop_pipeline.supply.strategies.options.lost_units import lost_unit_options
from sop_pipeline.supply.strategies.plan import PlanResult, planned, prepared

NO_PLAN = (SolverError, Infeasible, BadInput)
PLANS = {
    "aggregate_plan": "option_plan",
    "plan_costs": "option_costs",
    "plan_shortfalls": "option_shortfalls",
    "material_flows": "option_materials",
}
"""Tables of an option's plan, by those of a strategy's."""
Row = dict[str, Any]


@dataclass(frozen=True)
class OptionInputs(StrategyInputs):
    """The cycle's problem, and the plans as they stand, with their shadow prices and what they lose."""

    plan_summary: pa.Table
    shadow_prices: pa.Table
    aggregate_plan: pa.Table


@dataclass(frozen=True)
class OptionPlans:
    """Options with what they change, by how much each raises its limit in which month, and their plans."""

    limit_options: pa.Table
    limit_option_months: pa.Table
    option_plan: pa.Table
    option_costs: pa.Table
    option_shortfalls: pa.Table
    option_materials: pa.Table


def limit_options(inputs: OptionInputs, *, company: SupplySettings, cycle: Cycle) -> OptionPlans:
    """Plan the chosen strategy anew with the limits raised that are worth most, and with what it loses bought in.

    Limits are chosen by their shadow prices (METHODS 5), and raised as far as these hold, in the months that a decision
    of the meeting still reaches, and in the best of them alone; subcontracting also by what is lost. An option without
    a plan is named, and costs nothing but itself.
    """
    return replanned(inputs, company=company, cycle=cycle)


def replanned(
    inputs: OptionInputs, *, company: SupplySettings, cycle: Cycle, make: Callable[..., PlanResult] = planned
) -> OptionPlans:
    """``limit_options`` with the planner that makes the plans."""
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    rows = tables.rows(inputs.plan_summary)
    base = next((row for row in rows if (row["strategy"], row["scenario"]) == (strategy, scenario)), None)
    prices = [row for row in tables.rows(inputs.shadow_prices) if row["strategy"] == strategy]
    plan = tables.rows(tables.where(inputs.aggregate_plan, strategy=strategy, scenario=scenario))
    if base is None or not (prices or any(row["lost_sales"] > 0 for row in plan)):
        return OptionPlans(
            **{name: tables.empty(name) for name in ("limit_options", "limit_option_months")}, **_plans({})
        )
    data = _prepared(inputs, company, base)
    earliest = meeting_day(company, cycle)
    found = [
        *options(prices, data, earliest=earliest),
        *lost_unit_options(plan, data, leads=Leads.of(inputs), earliest=earliest),
    ]
    results = {option.name: _planned(data, option, strategy, company, make) for option in found}
    figures = Figures.of(inputs, inputs.opening_state)
    made = {name: result for name, result in results.items() if result is not None}
    by_option = {
        name: plan_tables({strategy: result}, figures, scenario=name, chosen="") for name, result in made.items()
    }
    changed = {name: _changed(tables.rows(plans["plan_summary"])[0], base) for name, plans in by_option.items()}
    facts = [_facts(option, strategy) | changed.get(option.name, {"found": False}) for option in found]
    return OptionPlans(
        limit_options=_table("limit_options", facts),
        limit_option_months=_table(
            "limit_option_months", [row for option in found for row in _months(option, strategy, data)]
        ),
        **_plans(by_option),
    )


def _prepared(inputs: OptionInputs, company: SupplySettings, base: Row) -> PlanData:
    """The problem that the chosen plan was made from, without what only compares."""
    problem = problem_of(inputs, company=company, shortage=base["shortage"])
    return prepared(problem_for(problem, base["strategy"], inputs.demand_distribution, company, chosen=False))


def _planned(
    data: PlanData, option: Option, strategy: str, company: SupplySettings, make: Callable[..., PlanResult]
) -> PlanResult | None:
    try:
        return make(raised(data, option.limit()), strategy, integer=company.supply.whole_workers)
    except NO_PLAN:
        return None


def _facts(option: Option, strategy: str) -> Row:
    """A row of ``limit_options`` but for what it changes."""
    cost = None if option.cost is None else sum(option.cost.values())
    return {
        "strategy": strategy,
        "scenario": option.name,
        "constraint": option.constraint,
        "item": option.item,
        "scope": option.scope,
        "month_from": option.months[0].month,
        "month_to": option.months[-1].month,
        "months": len(option.months),
        "quantity": sum(month.room for month in option.months),
        "unit": option.unit,
        "relief_cost": cost,
        "promised": option.promised,
        "decide_by": option.months[0].decide_by,
    }


def _months(option: Option, strategy: str, data: PlanData) -> list[Row]:
    """Rows of ``limit_option_months``."""
    at_start = (
        dict(zip(data.months, own_limit(data, option.constraint, option.item), strict=True))
        if option.constraint in HOURS
        else {}
    )
    first = option.months[0].month
    return [
        {
            "strategy": strategy,
            "scenario": option.name,
            "month": month.month,
            "quantity": month.room,
            "relief_cost": None if option.cost is None else option.cost[month.month],
            "heads": option.heads if option.heads and month.month == first else None,
            "at_start": at_start.get(f"{month.month:%Y-%m}"),
        }
        for month in option.months
    ]


def _changed(summary: Row, base: Row) -> Row:
    """What a plan changes against the plan as it stands: service, units not served in time, cost as planned."""

    def change(column: str) -> Any:
        return None if summary[column] is None or base[column] is None else summary[column] - base[column]

    return {
        "found": True,
        "service_change": change("service"),
        "lost_units_change": change("lost_units"),
        "late_units_change": change("late_units"),
        "cost_change": change("total_cost"),
        "shortfall_change": change("shortfall_cost"),
    }


def _plans(by_option: dict[str, dict[str, pa.Table]]) -> dict[str, pa.Table]:
    """The plans of all options in one table each."""
    return {
        table: _table(table, [row for plans in by_option.values() for row in tables.rows(plans[plan])])
        for plan, table in PLANS.items()
    }


def _table(name: str, rows: list[Row]) -> pa.Table:
    return tables.conform(name, pd.DataFrame(rows)) if rows else tables.empty(name)
