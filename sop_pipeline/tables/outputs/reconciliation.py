"""The tables of the reconciliation step beside the deliverables: actuals, gaps, bridge, decisions."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import FAMILY, MONTH, PRODUCT, defaults_table
from sop_pipeline.tables.schema import Table, count, day, flag, money, quantity, rate, text

LAST_PLAN = Table(
    "last_plan",
    "one row per product and month of the cycle before",
    "reconciliation",
    "the last cycle's plan, which this one is compared with; empty in a first cycle",
    (
        text("cycle", "cycle it was made in", required=True),
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("demand", "consensus demand", required=True),
        quantity("sales", "sales planned", required=True),
        quantity("output", "output and subcontracting planned", required=True),
        quantity("inventory", "stock planned", required=True),
        money("revenue", "revenue planned"),
        money("margin", "margin planned"),
        money("inventory_value", "stock value planned"),
    ),
    ("product_id", "month"),
)

ACTUALS = Table(
    "actuals",
    "one row per product and month of history",
    "reconciliation",
    "what really happened, in units and money",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("sales", "sold", required=True),
        quantity("output", "made"),
        quantity("inventory", "stock at month end"),
        money("revenue", "revenue in the reporting currency"),
        money("margin", "revenue less standard cost"),
        money("inventory_value", "stock at standard cost"),
    ),
    ("product_id", "month"),
)


PLAN_ATTAINMENT = Table(
    "plan_attainment",
    "one row per measure, family and month",
    "reconciliation",
    "plan against actual of the last approved cycle",
    (
        text("measure", "what is compared", required=True, one_of=("sales", "production", "inventory")),
        FAMILY,
        MONTH,
        text("cycle", "cycle of the plan", required=True),
        quantity("plan", "planned", required=True),
        quantity("actual", "what came", required=True),
        rate("attainment", "1 - |actual - plan| / plan", "share"),
    ),
    ("measure", "family", "month"),
)

PLAN_GAP = Table(
    "plan_gap",
    "one row per measure, family and month",
    "reconciliation",
    "latest view (actual or plan) against business plan, last cycle and last year",
    (
        text("measure", "what is compared", required=True, one_of=("units", "revenue", "margin", "inventory_value")),
        FAMILY,
        MONTH,
        text("basis", "actual or plan", required=True, one_of=("actual", "plan")),
        quantity("latest", "latest view"),
        quantity("business_plan", "business plan"),
        quantity("last_plan", "last cycle's plan"),
        quantity("last_year", "same month a year before"),
        quantity("gap", "latest less business plan; without one, less last year"),
    ),
    ("measure", "family", "month"),
)

BRIDGE = Table(
    "bridge",
    "one row per measure, fiscal year, family and cause",
    "reconciliation",
    "from business plan to latest view; parts add up to the whole exactly",
    (
        text("measure", "revenue or margin", required=True, one_of=("revenue", "margin")),
        count("fiscal_year", "fiscal year, named by the year it ends in", required=True),
        FAMILY,
        text(
            "cause",
            "cause",
            required=True,
            one_of=("volume", "mix", "price", "cost", "exchange", "new", "ended", "family"),
        ),
        money("amount", "effect", required=True),
    ),
    ("measure", "fiscal_year", "family", "cause"),
)

KEY_FIGURES = Table(
    "key_figures",
    "one row per measure and fiscal year",
    "reconciliation",
    "full-year landing of revenue, margin, inventory and service against plan and last cycle",
    (
        text("measure", "revenue, margin, margin_pct, inventory_value, service", required=True),
        count("fiscal_year", "fiscal year, named by the year it ends in", required=True),
        text("unit", "currency, share", required=True),
        quantity("latest", "actual to date plus plan"),
        quantity("p10", "one in ten below"),
        quantity("p90", "nine in ten below"),
        quantity("business_plan", "business plan"),
        quantity("last_plan", "last cycle's landing"),
        quantity("last_year", "year before"),
        text("note", "how it is measured"),
    ),
    ("measure", "fiscal_year"),
)

PLAN_CHANGES = Table(
    "plan_changes",
    "one row per product changed since the last cycle",
    "reconciliation",
    "what moved since last month and why, over the months both cycles plan",
    (
        PRODUCT,
        FAMILY,
        quantity("demand_change", "units, consensus demand", required=True),
        quantity("statistical_change", "part due to the statistical forecast", required=True),
        quantity("streams_change", "part due to what people said", required=True),
        money("revenue_change", "change of revenue"),
        text("cause", "largest cause in words", required=True),
    ),
    ("product_id",),
)

DECISIONS_WANTED = Table(
    "decisions_wanted",
    "one row per decision and option",
    "reconciliation",
    "decisions put up to the meeting: options with their effect, recommendation, last safe date, owner",
    (
        text("decision_id", "identifier", required=True),
        count("rank", "order of importance", required=True),
        text("question", "what is asked", required=True),
        text("context", "the facts behind it", required=True),
        text("option", "letter of the option", required=True),
        text("option_text", "the option", required=True),
        money("effect", "effect on margin over the horizon"),
        flag("recommended", "whether it is recommended", required=True),
        text("why", "why it is recommended"),
        day("last_safe_date", "last day on which deciding still helps"),
        text("owner", "who carries it out"),
    ),
    ("decision_id", "option"),
)

MONEY_DEFAULTS = defaults_table("money_defaults", "reconciliation", "defaults the reconciliation step used")
DEFAULTS_USED = defaults_table(
    "defaults_used", "reconciliation", "every default in use, listed in the pack as an assumption"
)

TABLES: tuple[Table, ...] = (
    LAST_PLAN,
    ACTUALS,
    PLAN_ATTAINMENT,
    PLAN_GAP,
    BRIDGE,
    KEY_FIGURES,
    PLAN_CHANGES,
    DECISIONS_WANTED,
    MONEY_DEFAULTS,
    DEFAULTS_USED,
)
