"""The tables of the product review: launches with their gates and cost, and their ramp against what was planned."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import FAMILY, MONTH, PRODUCT
from sop_pipeline.tables.schema import Table, count, day, flag, money, month, quantity, rate, text

LAUNCH_RAMPS = Table(
    "launch_ramps",
    "one row per launch and month, from its launch on",
    "reconciliation",
    "the first year of each launch: planned in the last cycle before it, and what came",
    (
        PRODUCT,
        FAMILY,
        month("launch_month", "month of launch", required=True),
        MONTH,
        text("planned_in", "cycle whose plan it is; none: launched before any plan"),
        quantity("planned", "sales planned"),
        quantity("actual", "sold; none: the month has not come"),
        quantity("planned_total", "planned since the launch"),
        quantity("actual_total", "sold since the launch"),
    ),
    ("product_id", "month"),
)

LAUNCH_REVIEW = Table(
    "launch_review",
    "one row per launch",
    "reconciliation",
    "launches on the way and of the last year: stage, gates passed and due, cost, ramp so far",
    (
        PRODUCT,
        text("product_name", "name", required=True),
        FAMILY,
        month("launch_month", "month of launch"),
        text("stage", "stage of development"),
        rate("probability", "chance of launch", "share"),
        text("owner", "who answers for it"),
        money("development_cost", "cost of development"),
        money("launch_cost", "cost of the launch"),
        count("gates", "gates it has to pass", required=True),
        count("gates_passed", "gates passed", required=True),
        text("last_gate", "the last gate passed"),
        day("last_passed_on", "day it passed that"),
        text("next_gate", "the gate due next"),
        day("next_due", "day that is due"),
        text("next_owner", "who answers for that gate"),
        flag("overdue", "whether that day is before the cut-off", required=True),
        text("planned_in", "cycle whose plan the ramp is held against"),
        month("actual_to", "last month of the ramp that has come"),
        quantity("planned_to_date", "planned from the launch to then"),
        quantity("actual_to_date", "sold from the launch to then"),
    ),
    ("product_id",),
)

TABLES: tuple[Table, ...] = (LAUNCH_RAMPS, LAUNCH_REVIEW)
