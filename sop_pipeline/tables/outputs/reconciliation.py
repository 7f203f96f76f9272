"""The tables of the reconciliation step beside the deliverables: actuals, gaps, bridge, decisions."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import (
    ADJUSTMENT_EFFECT,
    DEPARTMENT,
    FAMILY,
    MONTH,
    PRODUCT,
    SCENARIO,
    STRATEGY,
)
from sop_pipeline.tables.outputs.defaults import DEFAULTS_USED, MONEY_DEFAULTS
from sop_pipeline.tables.schema import Table, count, day, figure, flag, kind, money, month, quantity, rate, text

LAST_PLAN = Table(
    "last_plan",
    "one row per product and month of the cycle before",
    "reconciliation",
    "the last cycle's plan, which this one is compared with; empty in a first cycle",
    (
        text("cycle", "cycle it was made in", required=True),
        text("release", "release of that cycle it was read from; none: its draft"),
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
    "what really happened, in units and money; the days after the data end are forecast",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("sales", "sold, and forecast for days without data", required=True),
        quantity("sales_estimated", "of that forecast for days after the data end", minimum=0),
        quantity("output", "made"),
        quantity("inventory", "stock at month end"),
        money("revenue", "revenue in the reporting currency"),
        money("margin", "revenue less standard cost"),
        money("inventory_value", "stock at standard cost"),
    ),
    ("product_id", "month"),
)


PLAN_MONEY = Table(
    "plan_money",
    "one row per strategy, scenario and month",
    "reconciliation",
    "every strategy in money: gross margin, contribution, operating result, cash, and the balances between them",
    (
        STRATEGY,
        SCENARIO,
        MONTH,
        flag("chosen", "whether the operational plan uses it", required=True),
        money("revenue", "sales x price"),
        money("cogs", "sales x standard cost"),
        money("gross_margin", "revenue less cost at standard, of products that have both"),
        money("material", "material of what is made"),
        money("regular_pay", "regular pay"),
        money("overtime", "overtime pay"),
        money("temporary", "pay of temporary heads"),
        money("hiring", "cost of hiring"),
        money("layoff", "cost of layoffs"),
        money("subcontracting", "subcontracted units"),
        money("setup", "set-ups"),
        money("rate_change", "changes of rate"),
        money("stock_change", "change of finished stock at variable cost"),
        money("contribution", "revenue less material to changes of rate, plus the change of stock at variable cost"),
        money("fixed_cost", "fixed cost"),
        money("operating_result", "contribution less fixed cost"),
        money("overhead_in_stock", "change of stock at standard cost beyond that at variable cost"),
        money("spending_over_standard", "gross margin less overhead in stock less operating result"),
        money("holding", "holding cost, notional: in no result"),
        money("backlog", "backlog cost, a penalty: in no result"),
        money("lost_sales", "price of lost sales: missing in the revenue already, in no result"),
        money("shortfall", "price of what could not be kept: in no result"),
        money("inventory_value", "finished stock at standard cost"),
        money("material_stock", "stock of materials at unit cost"),
        money("material_change", "change of that stock"),
        money("purchases", "material that arrives, and subcontracting"),
        money("receipts", "paid by customers"),
        money("purchases_paid", "paid to suppliers"),
        money(
            "cash_flow", "receipts less purchases paid, pay, hiring, layoffs, set-ups, changes of rate and fixed cost"
        ),
        money("cash_change", "cash flow since the start of the plan"),
        money("cash", "cash at month end; null without the opening balance"),
        money("receivables", "owed by customers at month end"),
        money("payables", "owed to suppliers at month end"),
    ),
    ("strategy", "scenario", "month"),
)

LIMIT_OPTION_EFFECTS = Table(
    "limit_option_effects",
    "one row per option and month",
    "reconciliation",
    "what an option of limit_options changes in money: its own plan less the chosen one, both by planned items",
    (
        STRATEGY,
        text("scenario", "option", required=True),
        MONTH,
        money("revenue", "revenue more than in the chosen plan"),
        money("spending", "material, pay, hiring, layoffs, subcontracting, set-ups and changes of rate, likewise"),
        money("stock_change", "change of finished stock at variable cost, likewise"),
        money("relief_cost", "pay and hiring of what is added, in the spending; blank: no table has its price"),
        money("effect", "contribution more than in the chosen plan, after the relief's cost where that is known"),
        money("notional", "price of holding, backlog and shortfalls, more than in the chosen plan: in no effect"),
        money("inventory_value", "finished stock at standard cost, more than in the chosen plan"),
        money("cash_flow", "cash flow more than in the chosen plan, after the relief's cost where that is known"),
    ),
    ("scenario", "month"),
)

LIMIT_OPTION_SALES = Table(
    "limit_option_sales",
    "one row per option, planned item and month",
    "reconciliation",
    "what an option of limit_options sells of the items whose sales it changes, from the first month to the last",
    (
        STRATEGY,
        text("scenario", "option", required=True),
        text("item_id", "planned item", required=True),
        MONTH,
        quantity("sales_without", "sold in the chosen plan", required=True),
        quantity("sales_with", "sold in the option's own", required=True),
        money("gain", "revenue of what is sold more, less its variable cost", required=True),
    ),
    ("scenario", "item_id", "month"),
)

GOAL_MEASURES = (
    *("revenue", "gross_margin", "gross_margin_share", "contribution", "operating_result"),
    *("service", "inventory_value", "lowest_cash", "growth"),
)

GOAL_RESULTS = Table(
    "goal_results",
    "one row per goal, strategy and scenario",
    "reconciliation",
    "every plan against the goals of sop.yaml, and by how much it misses one",
    (
        count("goal", "its place in sop.yaml", required=True),
        kind("measure", "what is measured", GOAL_MEASURES, required=True, words="goal"),
        count("months", "first months of the plan that count", "months", required=True),
        STRATEGY,
        SCENARIO,
        flag("chosen", "whether the operational plan uses it", required=True),
        figure("at_least", "least wanted", "money, or share"),
        figure("at_most", "most wanted", "money, or share"),
        figure("value", "what the plan reaches; blank: not known", "money, or share"),
        figure("missed_by", "how far it is from the goal; 0 where it is met", "money, or share"),
        flag("met", "whether the goal is met"),
    ),
    ("goal", "strategy", "scenario"),
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
        rate("attainment", "1 - |actual - plan| / plan, at least 0; by today's actuals", "share", minimum=0, maximum=1),
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
        text(
            "basis",
            "actual, partial (the days after the data end are forecast) or plan",
            required=True,
            one_of=("actual", "partial", "plan"),
        ),
        quantity("latest", "latest view"),
        quantity("business_plan", "business plan"),
        quantity("last_plan", "what the last cycle's pack said: an actual as it knew it, or its plan"),
        text("last_basis", "actual or plan, as the last cycle saw the month", one_of=("actual", "partial", "plan")),
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
            one_of=("volume", "mix", "price", "cost", "exchange", "new", "ended", "family", "units"),
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
        kind(
            "basis",
            "how it is measured",
            ("landing", "margin_share", "stock", "on_time_in_full", "fill_rate"),
            required=True,
            words="key_figure",
        ),
        month("actual_from", "first month that has come"),
        month("actual_to", "last month that has come"),
        month("plan_from", "first month planned"),
        month("plan_to", "last month planned"),
        count("months_known", "months of the year behind it", "months"),
        count("order_lines", "order lines due so far, where service is measured by them"),
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
        quantity(
            "beyond_forecast", "demand of the months that ended since, less the last cycle's statistical forecast"
        ),
        quantity("history_correction", "how much the past that both cycles know was corrected by"),
        money("revenue_change", "change of revenue"),
        kind(
            "cause",
            "largest cause",
            (
                *(
                    "new",
                    "gone",
                    "price_gone",
                    "price_new",
                    "history_corrected",
                    "external",
                    "sold_more",
                    "sold_less",
                    "statistical",
                ),
                *("stream", "stream_withdrawn", "supply_or_price"),
            ),
            required=True,
            words="plan_change",
        ),
        text("stream", "the stream that moved demand most, where it is the cause"),
        quantity("stream_change", "what it moved"),
        ADJUSTMENT_EFFECT,
        text("other_product_id", "the other product of the effect"),
        rate("effect_share", "scale of the launch, or share of its volume taken", "share"),
        day("effective_on", "first month of the launch, or last day of sale"),
        text("reason", "what people wrote of it"),
    ),
    ("product_id",),
)

LIMITS = (
    *("regular_hours", "overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit", "max_units", "max_hires"),
    *("temporary_max", "capacity", "subcontract_limit", "max_stock", "cover_days_max"),
)
"""Limits of the plan that the meeting may be asked to raise; shadow prices name them so."""

DECISIONS_WANTED = Table(
    "decisions_wanted",
    "one row per decision and option",
    "reconciliation",
    "decisions put up to the meeting: options with their effect, recommendation, last safe date, owner; the numbers "
    "behind each are in decision_facts",
    (
        text("decision_id", "identifier", required=True),
        count("rank", "order of importance", required=True),
        kind(
            "kind", "what is to be decided", ("strategy", "limit", "unserved", "gap"), required=True, words="decision"
        ),
        text("subject", "strategy recommended, resource or product, or the fiscal year of the gap", required=True),
        kind("limit", "the limit that may be raised", LIMITS, words="limit.more"),
        month("month_from", "first month concerned"),
        month("month_to", "last month concerned"),
        text("option", "letter of the option", required=True),
        kind(
            "choice",
            "what the option is",
            (
                *("work_to", "keep_limit", "raise_limit", "raise_one_month"),
                *("accept_loss", "subcontract", "subcontract_half", "no_action", "pursue_first", "pursue_all"),
            ),
            required=True,
            words="decision.choice",
        ),
        text("choice_subject", "strategy or opportunity of the option"),
        month("choice_month", "month of the option, where it is one alone"),
        quantity("quantity", "how much the option adds or gives up", "hours, heads or units"),
        money("effect", "effect on contribution, after what the option costs; of an opportunity, on margin"),
        flag("recommended", "whether it is recommended", required=True),
        kind(
            "reason",
            "why it is recommended",
            (
                *("leaves_most", "configured", "planned_anew", "planned_anew_free"),
                *("unpriced", "expected_margin"),
            ),
            words="decision.reason",
        ),
        day("last_safe_date", "last day on which deciding still helps"),
        DEPARTMENT,
        text("site_id", "site of the department"),
        text("owner", "who carries it out, where the company's files name a person"),
    ),
    ("decision_id", "option"),
)

UNITS = ("currency", "share", "hours", "heads", "units", "months", "point", "products")

DECISION_FACTS = Table(
    "decision_facts",
    "one row per decision, fact and subject",
    "reconciliation",
    "the numbers behind each decision",
    (
        text("decision_id", "identifier", required=True),
        text(
            "fact",
            "what the number is",
            required=True,
            one_of=(
                *("total_cost", "contribution", "shortfall_cost", "hires", "layoffs", "service", "left", "instability"),
                *("stopped", "swinging"),
                *(
                    "frontier_point",
                    "frontier_saving",
                    "frontier_change",
                    "frontier_negligible",
                    "frontier_limit_kept",
                    "frontier_limit_missed",
                ),
                *("binding_months", "utilisation", "worth_of_one", "room"),
                *("relief_cost", "stock_change", "service_change"),
                *("lost", "demanded", "out_of_reach"),
                *("landing", "gap_to_business_plan", "gap_to_last_year", "probability"),
                *("expected", "expected_in_year", "closed"),
            ),
        ),
        text("subject", "strategy, resource, product, opportunity or fiscal year it is of", required=True),
        month("month", "month it holds in, where it is one"),
        quantity("amount", "the number; null where it is not known", "as the unit says"),
        text(
            "unit",
            "its unit",
            required=True,
            one_of=UNITS,
        ),
    ),
    ("decision_id", "fact", "subject"),
)


ASSUMPTION_EFFECTS = Table(
    "assumption_effects",
    "one row per assumption",
    "reconciliation",
    "whether the plan's numbers hold what the company assumes, and what they would change by if they did",
    (
        text("assumption_id", "assumption", required=True),
        kind(
            "status",
            "whether the numbers hold it",
            ("in_numbers", "not_in_numbers", "not_measured"),
            required=True,
            words="assumption",
        ),
        rate("planned_pct", "what the plan has changed by from its month on", "%"),
        money("effect", "what result would change by over the horizon if the rest of it were in the numbers"),
    ),
    ("assumption_id",),
)

GAP_CLOSING = Table(
    "gap_closing",
    "one row per fiscal year, and decision, risk or opportunity that falls into it",
    "reconciliation",
    "what would close the gap of a year: recommended decisions, then risks and opportunities outside the numbers that "
    "none of them takes up, weighted by probability; each amount once, and only what falls into the year",
    (
        count("fiscal_year", "fiscal year, named by the year it ends in", required=True),
        text("source", "what it is", required=True, one_of=("decision", "risk", "opportunity")),
        text("subject", "decision, or item of risks_opportunities", required=True),
        money("amount", "what falls into the year", required=True),
    ),
    ("fiscal_year", "source", "subject"),
)


PORTFOLIO_REVIEW = Table(
    "portfolio_review",
    "one row per product",
    "reconciliation",
    "what each product brought in twelve months, the long tail, and stock at risk, of ended products too",
    (
        PRODUCT,
        text("product_name", "name", required=True),
        FAMILY,
        text("status", "stage of life", required=True),
        quantity("units_year", "sold in the last twelve months"),
        money("revenue_year", "revenue of these"),
        money("margin_year", "gross margin of these"),
        quantity("stock", "at the newest count"),
        money("stock_value", "at standard cost"),
        quantity("stock_at_risk", "all stock of an ended product; of a phase-out what its last month of sale leaves"),
        money("value_at_risk", "at standard cost"),
        flag(
            "is_tail",
            "among the least products, which together bring a twentieth of all margin",
            required=True,
        ),
    ),
    ("product_id",),
)

TABLES: tuple[Table, ...] = (
    PORTFOLIO_REVIEW,
    LAST_PLAN,
    ACTUALS,
    PLAN_MONEY,
    LIMIT_OPTION_EFFECTS,
    LIMIT_OPTION_SALES,
    GOAL_RESULTS,
    PLAN_ATTAINMENT,
    PLAN_GAP,
    BRIDGE,
    KEY_FIGURES,
    PLAN_CHANGES,
    DECISIONS_WANTED,
    DECISION_FACTS,
    GAP_CLOSING,
    ASSUMPTION_EFFECTS,
    MONEY_DEFAULTS,
    DEFAULTS_USED,
)
