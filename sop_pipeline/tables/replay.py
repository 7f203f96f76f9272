"""What ``sop backtest`` writes: past cycles replayed, in units and money, and their regret.

Results of a replay, not of a cycle: they lie beside the packs and in no lake.
"""

from __future__ import annotations

from sop_pipeline.tables.schema import Column, Table, count, flag, kind, money, month, quantity, rate, text

_APPROACH = text(
    "approach",
    "forecast approach; foreseen: demand was known; naive: last year's sales; as_made: what the company made",
    required=True,
)
_STRATEGY = text("strategy", "strategy; as_made: what the company made", required=True)
_KNOWLEDGE = text(
    "knowledge",
    "what was known of demand: the consensus, the forecast without planners' inputs, or what then came",
    required=True,
    one_of=("consensus", "statistical", "foreseen"),
)
_MONTH = month("month", "month that was planned and carried out", required=True)
_LOOP = ("approach", "strategy", "knowledge", "month")


def _result(name: str, grain: str, key: tuple[str, ...], meaning: str, *columns: Column) -> Table:
    return Table(name, grain, "replay", meaning, columns, key, role="replay")


SUMMARY = _result(
    "replay_summary",
    "one row per approach and strategy",
    ("approach", "strategy"),
    "what every policy came to over the months replayed: service, stock, cost, stability, and its regret",
    _APPROACH,
    _STRATEGY,
    flag("in_use", "whether the company works to it", required=True),
    count("months", "months carried out", "months", required=True),
    rate("service", "share of demand served in its month", "share"),
    quantity("late_units", "units owed at month ends, in common units; blank where units do not add up"),
    quantity("lost_units", "units never served, likewise"),
    money("mean_inventory_value", "mean of month ends, at standard cost"),
    rate("stability", "1 - change of the next three months' plan from cycle to cycle / that plan", "share"),
    quantity("hires", "heads taken on", "heads", required=True),
    quantity("layoffs", "heads let go", "heads", required=True),
    quantity("overtime_hours", "overtime", "hours", required=True),
    count("beyond_limits", "times a limit of hours, material or cash was exceeded", required=True),
    money("cost", "material, pay, hiring, layoffs, subcontracting, holding, backlog, lost sales", required=True),
    money("least_cost", "least cost of the same months with demand known, ending with the same stock", required=True),
    money("regret", "cost less least cost", required=True),
    money("forecast_regret", "of it: from not knowing demand", required=True),
    money(
        "policy_regret", "of it: from the strategy, and from planning by the month, with demand known", required=True
    ),
    money("override_regret", "of it: from what people changed, in the forecast or on the floor", required=True),
)

MONTHS = _result(
    "replay_months",
    "one row per loop, month and planned item",
    (*_LOOP, "item_id"),
    "what was made, and what the demand that came left of it; stock - backlog = before + output + subcontract - "
    "demand + lost sales",
    _APPROACH,
    _STRATEGY,
    _KNOWLEDGE,
    _MONTH,
    text("item_id", "planned item: a product, or a family planned as one", required=True),
    quantity("planned_demand", "demand as planned", required=True),
    quantity("demand", "demand that came", required=True),
    quantity("output", "made in house", required=True),
    quantity("subcontract", "subcontracted", required=True),
    quantity("inventory", "stock at month end", required=True),
    quantity("backlog", "owed at month end", required=True),
    quantity("lost_sales", "never served", required=True),
    quantity("on_time", "served in its month", required=True),
)

COSTS = _result(
    "replay_costs",
    "one row per loop, month and kind",
    (*_LOOP, "kind"),
    "what the months cost",
    _APPROACH,
    _STRATEGY,
    _KNOWLEDGE,
    _MONTH,
    text("kind", "kind of cost, as the planner names it", required=True),
    money("amount", "amount", required=True),
)

LIMITS = _result(
    "replay_limits",
    "one row per loop, month, rule and item that was exceeded",
    (*_LOOP, "rule", "item"),
    "limits of hours, material and cash that no plan could keep; what is beyond them is in no cost",
    _APPROACH,
    _STRATEGY,
    _KNOWLEDGE,
    _MONTH,
    text("rule", "rule that gave way", required=True),
    text("item", "resource", required=True),
    quantity("quantity", "by how much", required=True),
    text("unit", "its unit"),
)

CYCLES = _result(
    "replay_cycles",
    "one row per cycle",
    ("month",),
    "the cycles replayed: where what they knew comes from, and whether their month is over",
    _MONTH,
    text(
        "source",
        "the cycle's copies of the files, or today's cut at its cut-off",
        one_of=("snapshot", "files"),
    ),
    flag("carried_out", "whether the month's demand is known to its end", required=True),
    quantity("unplanned_demand", "units asked for of products that the cycle did not plan; in no plan", required=True),
)

INPUTS = _result(
    "replay_inputs",
    "one row per input table with rows",
    ("table",),
    "by what each input table tells a past cycle what it knew (docs/decisions/0003)",
    text("table", "input table", required=True),
    count("rows", "rows of it", required=True),
    count("recorded", "of them with recorded_on", required=True),
    kind(
        "basis",
        "recorded_on: by the day a row became known; own_date: by the day it happened; undated: as it is today",
        ("recorded_on", "own_date", "undated"),
        required=True,
        words="replay_basis",
    ),
)

REPLAY: dict[str, Table] = {table.name: table for table in (SUMMARY, MONTHS, COSTS, LIMITS, CYCLES, INPUTS)}
