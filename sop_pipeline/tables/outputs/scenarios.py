"""The tables of scenarios: every strategy's plan of each, in units, money and side by side.

Plans have the columns of the month's own, and the scenario ``base`` among them: the consensus planned as they are, by
family, which is what they are compared with.
"""

from __future__ import annotations

from sop_pipeline.plan_change import Measure, Way
from sop_pipeline.tables.outputs.columns import SCENARIO, STRATEGY
from sop_pipeline.tables.outputs.reconciliation import PLAN_MONEY
from sop_pipeline.tables.outputs.supply import AGGREGATE_PLAN, PLAN_COSTS, PLAN_SHORTFALLS, RESOURCE_PLAN, ROUTE_PLAN
from sop_pipeline.tables.schema import Table, count, kind, money, month, quantity, rate, text

_OF_MONTH = ("chosen",)
"""Columns that only the month's own plans have."""

EFFECTS = (
    "revenue",
    "contribution",
    "cash_flow",
    "total_cost",
    "shortfall_cost",
    "inventory_value",
    "lost_units",
    "hires",
    "overtime_hours",
)
"""Measures of the comparison that are explained change by change."""


def _of_scenarios(name: str, of: Table) -> Table:
    columns = tuple(column for column in of.columns if column.name not in _OF_MONTH)
    return Table(name, of.grain, "reconciliation", f"scenarios, planned by family: {of.meaning}", columns, of.key)


SCENARIO_CHANGES = Table(
    "scenario_changes",
    "one row per scenario and change",
    "reconciliation",
    "what each scenario changes, in the order in which it is applied",
    (
        SCENARIO,
        count("place", "1 is applied first", required=True, minimum=1),
        text("change", "the change as sop.yaml may write it", required=True),
        text("measure", "what is changed", required=True, one_of=tuple(Measure)),
        text("subject", "whom it is about; all is everything", required=True),
        text("way", "how the amount is meant", required=True, one_of=tuple(Way)),
        rate("amount", "percent, what is added, or what takes its place", "by way", required=True),
        month("month_from", "first month; blank from the first planned"),
        month("month_to", "last month; blank to the last planned"),
    ),
    ("scenario", "place"),
)

SCENARIO_COMPARISON = Table(
    "scenario_comparison",
    "one row per scenario and strategy",
    "reconciliation",
    "scenarios and strategies side by side, over the months of the plan",
    (
        SCENARIO,
        STRATEGY,
        text("status", "what the solver says", required=True),
        money("revenue", "revenue"),
        money("gross_margin", "revenue less cost at standard"),
        money("contribution", "revenue less what the plan spends because of it, plus the change of stock"),
        money("operating_result", "contribution less fixed cost"),
        money("cash_flow", "change of cash from the first month to the last"),
        money("lowest_cash", "lowest change of cash since the start at a month end"),
        money("total_cost", "cost of the plan, priced shortfalls left out", required=True),
        money("shortfall_cost", "price of what could not be kept", required=True),
        rate("service", "share of demand served in its month", "share"),
        quantity("lost_units", "units never served; blank where units differ and do not add up"),
        quantity("late_units", "unit months of backlog; blank likewise"),
        money("inventory_value", "finished stock at standard cost at the end"),
        money("mean_inventory_value", "mean of its month ends"),
        quantity("peak_inventory", "highest stock over the months, in common units"),
        quantity("hires", "heads taken on", "heads", required=True),
        quantity("layoffs", "heads let go", "heads", required=True),
        quantity("overtime_hours", "overtime", "hours", required=True),
        rate("worst_utilisation", "highest utilisation of a resource in a month", "share"),
        text("busiest_resource", "that resource"),
        month("busiest_month", "that month"),
    ),
    ("scenario", "strategy"),
)

SCENARIO_EFFECTS = Table(
    "scenario_effects",
    "one row per scenario, strategy, measure and change",
    "reconciliation",
    "what each change of a scenario brings against base, applied after those before it; the parts add up to the whole",
    (
        SCENARIO,
        STRATEGY,
        kind("measure", "measure of the comparison", EFFECTS, required=True, words="scenario_measure"),
        count("place", "the change, as in scenario_changes", required=True, minimum=1),
        quantity("amount", "the measure after the change less before it", "that of the measure", required=True),
    ),
    ("scenario", "strategy", "measure", "place"),
)

SCENARIO_UNSOLVED = Table(
    "scenario_unsolved",
    "one row per scenario, number of changes applied, and strategy",
    "reconciliation",
    "what could not be planned of a scenario, and why; everything else stands without it",
    (
        SCENARIO,
        count("place", "changes applied", required=True, minimum=0),
        text("strategy", "strategy; blank is every one"),
        kind("reason", "why", ("refused", "no_plan"), required=True, words="scenario_unsolved"),
        text("found", "what was found"),
        text("needed", "what is needed"),
        text("mend", "what mends it"),
    ),
    ("scenario", "place", "strategy"),
)

SCENARIO_PLAN = _of_scenarios("scenario_plan", AGGREGATE_PLAN)
SCENARIO_RESOURCES = _of_scenarios("scenario_resources", RESOURCE_PLAN)
SCENARIO_COSTS = _of_scenarios("scenario_costs", PLAN_COSTS)
SCENARIO_SHORTFALLS = _of_scenarios("scenario_shortfalls", PLAN_SHORTFALLS)
SCENARIO_ROUTES = _of_scenarios("scenario_routes", ROUTE_PLAN)
SCENARIO_MONEY = _of_scenarios("scenario_money", PLAN_MONEY)

TABLES: tuple[Table, ...] = (
    SCENARIO_CHANGES,
    SCENARIO_PLAN,
    SCENARIO_RESOURCES,
    SCENARIO_COSTS,
    SCENARIO_SHORTFALLS,
    SCENARIO_ROUTES,
    SCENARIO_MONEY,
    SCENARIO_COMPARISON,
    SCENARIO_EFFECTS,
    SCENARIO_UNSOLVED,
)
