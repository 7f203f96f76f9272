"""The tables of gap closing: what each gap asks for, the cheapest levers that bring it, and what binds."""

from __future__ import annotations

from sop_pipeline.tables.inputs import LEVER_KINDS
from sop_pipeline.tables.outputs.columns import MONTH, STRATEGY
from sop_pipeline.tables.outputs.reconciliation import GOAL_MEASURES
from sop_pipeline.tables.schema import Table, count, day, figure, kind, money, month, quantity, rate, text

MARGIN = "margin"
"""The target of a fiscal year: the business plan's margin. The others are the company's goals."""
STATES = (
    *("used", "not_needed", "too_late", "outside", "no_effect"),
    *("no_resource", "no_elasticity", "nothing_to_raise", "unknown"),
)
STATUSES = ("closed", "nearest", "nothing_helps", "no_plan")
_TARGET = text(
    "target",
    "what is to be reached: margin_2027: of a fiscal year; goal_1: the goal of that place",
    required=True,
)
_LEVER = text("lever_id", "lever", required=True)
_UNIT = "as its measure: money, or share"

GAP_SETS = Table(
    "gap_sets",
    "one row per gap",
    "reconciliation",
    "each year's gap of margin to the business plan and each goal that the plan misses: what the cheapest levers "
    "bring, planned again by family, and what stays open",
    (
        _TARGET,
        kind("measure", "what is measured", (MARGIN, *GOAL_MEASURES), required=True, words="goal"),
        count("fiscal_year", "fiscal year of a gap to the business plan"),
        count("goal", "place of the goal in sop.yaml"),
        month("month_from", "first month of the plan that counts", required=True),
        month("month_to", "last month that counts", required=True),
        STRATEGY,
        kind("status", "what was found", STATUSES, required=True, words="gap_status"),
        figure("gap", "what is missing", _UNIT, required=True),
        figure("brings", "what the levers bring of it, planned again", _UNIT),
        figure("open", "what stays open", _UNIT),
        money("outlay", "paid for the levers in these months"),
        money("margin_change", "gross margin with the levers less without, in these months"),
        money("contribution_change", "contribution likewise, before the outlay"),
        money("result_change", "contribution likewise, after the outlay"),
        money(
            "cost",
            "paid beside material in these months: the outlay, and pay, overtime, hiring, subcontracting, set-ups",
        ),
        money("lowest_cash_change", "change of the lowest cash since the start, after the outlay"),
        rate("service_change", "change of the share served in its month", "share"),
    ),
    ("target",),
)

GAP_LEVERS = Table(
    "gap_levers",
    "one row per gap and lever",
    "reconciliation",
    "how far each lever is pulled to close a gap, what that brings on top of those before it, and by when to decide",
    (
        _TARGET,
        _LEVER,
        count("pull_order", "order in which they are pulled one on top of the other; what they bring adds up"),
        kind("kind", "what is pulled", LEVER_KINDS, required=True, words="lever"),
        text("subject", "product, family or resource; all is everything", required=True),
        kind("state", "whether it is used, and why not", STATES, required=True, words="lever_state"),
        quantity(
            "used",
            "how far it is pulled: percent of a price, heads or stock at most, units and hours in all",
            "of its kind",
        ),
        quantity("limit", "how far it may be pulled likewise", "of its kind"),
        month("month_from", "first month in which it is pulled"),
        month("month_to", "last month"),
        figure("brings", "what it brings", _UNIT),
        money("outlay", "what is paid for it in the months that count"),
        day("decide_by", "last day on which a decision still takes effect"),
        text("changes", "its changes of demand, price and safety stock, as sop what-if takes them"),
    ),
    ("target", "lever_id"),
)

GAP_LEVER_MONTHS = Table(
    "gap_lever_months",
    "one row per gap, lever that is pulled, and month",
    "reconciliation",
    "how far a lever is pulled in a month",
    (_TARGET, _LEVER, MONTH, quantity("amount", "how far", "of its kind", required=True)),
    ("target", "lever_id", "month"),
)

GAP_LIMITS = Table(
    "gap_limits",
    "one row per gap that stays open, and limit that binds",
    "reconciliation",
    "what keeps more of a gap from being closed",
    (
        _TARGET,
        text("constraint", "limit: lever, or a limit of the plan as shadow_prices names it", required=True),
        text("item", "lever, resource or planned item", required=True),
        count("months", "months in which it binds", "months", required=True),
        rate(
            "worth",
            "what one more of it would bring at most; 0 of a price, which goes by steps",
            "of the measure, per unit",
        ),
    ),
    ("target", "constraint", "item"),
)

TABLES: tuple[Table, ...] = (GAP_SETS, GAP_LEVERS, GAP_LEVER_MONTHS, GAP_LIMITS)
