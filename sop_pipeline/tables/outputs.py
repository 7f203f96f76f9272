"""The tables a cycle produces, step by step, each with its grain.

Who reads a table knows it from here alone: steps never import each other's code. The six deliverables that S&OP owes
the company (``DELIVERABLES``) are ordinary tables that also become a page, a sheet and an export file.
"""

from __future__ import annotations

from sop_pipeline.tables.schema import Table, count, day, flag, money, month, quantity, rate, text

_LEVEL = text("level", "level of the hierarchy", required=True, one_of=("company", "family", "product"))
_ITEM = text("item_id", "the item at that level; the company's own name at the top", required=True)
_MONTH = month("month", "month", required=True)
_PRODUCT = text("product_id", "product", required=True)
_FAMILY = text("family", "product family", required=True)
_STRATEGY = text("strategy", "level, chase, blended or a planner's own mix", required=True)
_SCENARIO = text("scenario", "scenario the plan answers; 'base' is the consensus", required=True)
_UNIT_PRICE = rate("unit_price", "net price", "currency per unit")


def _defaults(name: str, step: str, meaning: str) -> Table:
    return Table(
        name,
        "one row per default used",
        step,
        meaning,
        (
            text("default_id", "short name of the default", required=True),
            text("missing", "what the company's files did not give", required=True),
            text("assumed", "what was taken instead, in words with its numbers", required=True),
            count("items", "products, resources or months it was used for", required=True),
        ),
        ("default_id",),
    )


# -- ingest ------------------------------------------------------------------------------------------------------------

SOURCE_FILES = Table(
    "source_files",
    "one row per source file and table",
    "ingest",
    "every file of the cycle's snapshot: what was read, counted once, set aside",
    (
        text("table", "input table it feeds", required=True),
        text("file", "path inside the company folder", required=True),
        text("sha256", "hash of the file's bytes", required=True),
        count("rows_read", "data rows in the file", required=True),
        count("rows_used", "rows that reached the table", required=True),
        count("rows_duplicate", "rows already counted, in this file or an earlier one", required=True),
        count("rows_superseded", "rows replaced by a later correction", required=True),
        count("rows_later", "rows dated or recorded on or after the cut-off", required=True),
        count("rows_quarantined", "rows that could not be used", required=True),
        text("note", "what was detected or assumed when reading: delimiter, encoding, decimal mark, dates"),
    ),
    ("table", "file"),
)

QUARANTINE = Table(
    "quarantine",
    "one row per rejected source row; of a wide file, per rejected cell",
    "ingest",
    "rows that could not be used, with the reason, so that nothing is lost or passes in silence",
    (
        text("table", "input table it was meant for", required=True),
        text("file", "file it stands in", required=True),
        count("row", "row in the file, the header being row 1", required=True),
        text("column", "column at fault"),
        text("value", "value found"),
        text("reason", "what was needed, and how to mend it", required=True),
        text("content", "the whole row as JSON", required=True),
    ),
    ("table", "file", "row", "column"),
)

WORKING_CALENDAR = Table(
    "working_calendar",
    "one row per month, past and planned",
    "ingest",
    "working days of the company, from its calendar or the stated default",
    (
        _MONTH,
        rate("working_days", "days worked", "days", required=True, minimum=0, maximum=31),
        text("shutdown", "name of a shutdown in the month"),
        text("source", "calendar, or the default that was used", required=True),
    ),
    ("month",),
)

# -- portfolio ---------------------------------------------------------------------------------------------------------

PRODUCT_LIFECYCLE = Table(
    "product_lifecycle",
    "one row per product",
    "portfolio",
    "where each product stands in its life, and what a new one takes after",
    (
        _PRODUCT,
        text("product_name", "name", required=True),
        _FAMILY,
        text(
            "status",
            "stage of life",
            required=True,
            one_of=("active", "new", "launching", "phase_out", "ended", "never_sold"),
        ),
        month("first_month", "first month with a sale or output"),
        month("last_month", "last month with a sale or output"),
        count("history_months", "months from the first to the last actual month", "months", required=True, minimum=0),
        month("launch_month", "planned launch"),
        text("stage", "stage of development"),
        rate("probability", "chance of launch", "share"),
        text("like_product_id", "the product whose profile it takes"),
        rate("scale_pct", "volume against the like product", "%"),
        count("ramp_months", "months to full volume", "months"),
        text("cannibalises", "product it takes demand from"),
        rate("cannibalisation_pct", "share of its volume taken", "%"),
        day("discontinued_on", "last day of sale"),
        text("successor_id", "product that takes over its demand"),
    ),
    ("product_id",),
)

# -- demand ------------------------------------------------------------------------------------------------------------

DEMAND_HISTORY = Table(
    "demand_history",
    "one row per product and month of history",
    "demand",
    "monthly demand, raw and cleansed side by side, never silently changed",
    (
        _PRODUCT,
        _FAMILY,
        _MONTH,
        quantity("quantity", "demand as recorded, returns netted", required=True),
        quantity("cleansed", "demand after cleansing, which forecasts are made from", required=True),
        quantity("returns", "returned units, as a positive number", required=True),
        text("signal", "where it comes from", required=True, one_of=("sales", "production")),
        text("flag", "what was found", one_of=("stock_out", "outlier", "partial_month", "promotion", "negative")),
        text("reason", "the finding in words with its numbers"),
    ),
    ("product_id", "month"),
)

FORECAST = Table(
    "forecast",
    "one row per approach, level, item and month",
    "demand",
    "statistical forecast of every approach; `mean` adds up exactly, quantiles are marginal at each level",
    (
        text(
            "approach",
            "bottom_up, middle_out, reconciled, top_down_ with average_proportions, proportion_of_averages or "
            "forecast_proportions",
            required=True,
        ),
        _LEVEL,
        _ITEM,
        _MONTH,
        count("lag", "months after the cycle month", "months", required=True, minimum=0),
        quantity("mean", "forecast that plans use; parent equals the sum of its children", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
        text("model", "model or combination behind it", required=True),
        flag("chosen", "whether the plan uses this approach", required=True),
    ),
    ("approach", "level", "item_id", "month"),
)

FORECAST_BACKTEST = Table(
    "forecast_backtest",
    "one row per approach, level, item, origin and lag",
    "demand",
    "rolling-origin forecasts beside what came",
    (
        text("approach", "forecasting approach, or naive", required=True),
        _LEVEL,
        _ITEM,
        month("origin", "cycle month the forecast is made in, knowing only earlier months", required=True),
        count("lag", "months after the origin", "months", required=True, minimum=0),
        _MONTH,
        quantity("forecast", "forecast", required=True),
        quantity("actual", "what came", required=True),
    ),
    ("approach", "level", "item_id", "origin", "lag"),
)

FORECAST_ACCURACY = Table(
    "forecast_accuracy",
    "one row per approach, level, item and lag",
    "demand",
    "accuracy of the statistical forecasts in the backtest; null where a denominator is zero",
    (
        text("approach", "forecasting approach, or naive", required=True),
        _LEVEL,
        text("item_id", "item; 'all' is the whole level", required=True),
        count("lag", "months after the origin", "months", required=True),
        count("n", "forecasts compared", required=True),
        rate("wmape", "sum of absolute errors / sum of actuals", "share"),
        rate("bias", "sum of errors / sum of actuals; positive is over-forecasting", "share"),
        rate("tracking_signal", "sum of errors / mean absolute error", "ratio"),
        rate("mase", "mean absolute error / in-sample error of the lag-12 naive", "ratio"),
        rate("rmsse", "the same squared", "ratio"),
        rate("coverage", "share of actuals between P10 and P90", "share"),
    ),
    ("approach", "level", "item_id", "lag"),
)

FORECAST_APPROACH = Table(
    "forecast_approach",
    "one row per approach",
    "demand",
    "how the approach was chosen",
    (
        text("approach", "forecasting approach", required=True),
        rate("wmape", "backtest error over products at the planning lags", "share"),
        rate("bias", "backtest bias", "share"),
        flag("chosen", "whether the plan uses it", required=True),
        text("reason", "why, in one sentence", required=True),
    ),
    ("approach",),
)

DEMAND_PLAN = Table(
    "demand_plan",
    "one row per product and month",
    "demand",
    "consensus demand: the statistical forecast, what people know, and the agreed number",
    (
        _PRODUCT,
        _FAMILY,
        _MONTH,
        count("lag", "months after the cycle month", "months", required=True, minimum=0),
        quantity("statistical", "statistical forecast of the chosen approach", required=True),
        quantity("adjustment", "sum of all streams' changes", required=True),
        quantity("quantity", "consensus demand", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
    ),
    ("product_id", "month"),
)

DEMAND_RANGE = Table(
    "demand_range",
    "one row per level, item and month",
    "demand",
    "consensus demand with its range at every level; `mean` adds up, quantiles do not",
    (
        _LEVEL,
        _ITEM,
        _MONTH,
        quantity("mean", "consensus demand", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
    ),
    ("level", "item_id", "month"),
)

DEMAND_ADJUSTMENTS = Table(
    "demand_adjustments",
    "one row per stream, product and month",
    "demand",
    "what each stream changed, in order of precedence, spread to products",
    (
        text("stream", "portfolio, sales, marketing, finance, customers", required=True),
        _PRODUCT,
        _FAMILY,
        _MONTH,
        count("precedence", "order in which streams are applied", required=True),
        quantity("before", "units before the stream", required=True),
        quantity("change", "units it added", required=True),
        text("reason", "why"),
        text("owner", "who answers for it"),
    ),
    ("stream", "product_id", "month"),
)

FORECAST_VALUE_ADDED = Table(
    "forecast_value_added",
    "one row per step, level, item and lag",
    "demand",
    "accuracy of what was really planned in earlier cycles, and what each step added",
    (
        text("step", "naive, statistical, a stream, consensus", required=True),
        count("position", "order of the steps", required=True),
        _LEVEL,
        text("item_id", "item; 'all' is the whole level", required=True),
        count("lag", "months after the cycle", "months", required=True),
        count("n", "forecasts compared", required=True),
        rate("wmape", "error of the forecast after this step", "share"),
        rate("bias", "bias after this step", "share"),
        rate("tracking_signal", "tracking signal after this step", "ratio"),
        rate("value_added", "points of WMAPE won against the step before", "points"),
        money("value_added_money", "the same in money at standard cost"),
    ),
    ("step", "level", "item_id", "lag"),
)

DEMAND_DEFAULTS = _defaults("demand_defaults", "demand", "defaults the demand step used")

# -- supply ------------------------------------------------------------------------------------------------------------

SUPPLY_DEFAULTS = _defaults("supply_defaults", "supply", "defaults the supply step used")

OPENING_STATE = Table(
    "opening_state",
    "one row per planned product",
    "supply",
    "where each product starts: stock, backlog and the safety stock its forecast error asks for",
    (
        _PRODUCT,
        _FAMILY,
        quantity("opening_stock", "stock at the cut-off", required=True),
        quantity("opening_backlog", "owed at the cut-off", required=True),
        day("counted_on", "day of the count; blank where none is known"),
        quantity("safety_stock", "least stock wanted at month end", required=True),
        count("lead_months", "months of forecast error it has to bear", "months", required=True),
        rate("service_level", "share of months to be served from stock", "share", required=True),
        text("method", "how it was found", required=True, one_of=("empirical", "normal", "range")),
    ),
    ("product_id",),
)

STOCK_TARGETS = Table(
    "stock_targets",
    "one row per planned product and month",
    "supply",
    "the band each product's stock has to stay in: safety stock and cover from below, limits from above",
    (
        _PRODUCT,
        _FAMILY,
        _MONTH,
        quantity("target_low", "least stock wanted at month end", required=True),
        quantity("target_high", "most stock wanted at month end; blank means no limit"),
    ),
    ("product_id", "month"),
)

FEATURE_REQUIREMENTS = Table(
    "feature_requirements",
    "one row per feature and month",
    "supply",
    "total feature requirements: what the demand plan takes of every resource, material and option",
    (
        text("feature", "resource, material or option", required=True),
        text("kind", "labour, machine, storage, cash, material, option", required=True),
        text("unit", "unit of the requirement"),
        _MONTH,
        quantity("requirement", "bottom-up: sum over products", "feature units", required=True),
        quantity("top_down", "top-down: family demand x reference mix", "feature units", required=True),
        rate("mix_drift", "how far the mix moves the load", "share"),
        quantity("available", "what there is", "feature units"),
        money("cost", "cost of the requirement"),
    ),
    ("feature", "month"),
)

PLANNING_APPROACH = Table(
    "planning_approach",
    "one row per family",
    "supply",
    "whether a family is planned top-down or bottom-up, and why",
    (
        _FAMILY,
        text("approach", "planning approach", required=True, one_of=("top_down", "bottom_up")),
        rate("worst_mix_drift", "largest mix drift over resources and months", "share"),
        text("reason", "why, in one sentence", required=True),
    ),
    ("family",),
)

ROUGH_CUT_CAPACITY = Table(
    "rough_cut_capacity",
    "one row per method, resource and month",
    "supply",
    "load against capacity by the three rough-cut methods",
    (
        text("method", "method", required=True, one_of=("overall_factors", "bill_of_resources", "resource_profile")),
        text("resource_id", "resource", required=True),
        _MONTH,
        quantity("load", "hours needed", "hours", required=True),
        quantity("available", "regular hours there are", "hours"),
        rate("utilisation", "load / available", "share"),
    ),
    ("method", "resource_id", "month"),
)

AGGREGATE_PLAN = Table(
    "aggregate_plan",
    "one row per strategy, scenario, item and month",
    "supply",
    "every strategy's plan by planned item: a family top-down, a product bottom-up",
    (
        _STRATEGY,
        _SCENARIO,
        text("item_id", "planned item", required=True),
        text("item_level", "family or product", required=True),
        _MONTH,
        quantity("demand", "demand", required=True),
        quantity("output", "made in house", required=True),
        quantity("subcontract", "bought in", required=True),
        quantity("inventory", "stock at month end", required=True),
        quantity("backlog", "owed at month end", required=True),
        quantity("lost_sales", "never served", required=True),
        count("set_up", "1 where a lot is started"),
        quantity("target_stock", "safety stock or cover to be kept", required=True),
    ),
    ("strategy", "scenario", "item_id", "month"),
)

RESOURCE_PLAN = Table(
    "resource_plan",
    "one row per strategy, scenario, resource and month",
    "supply",
    "people, machines and hours of every strategy",
    (
        _STRATEGY,
        _SCENARIO,
        text("resource_id", "resource", required=True),
        text("kind", "labour, machine, storage, material, cash", required=True),
        _MONTH,
        quantity("units", "heads or machines", "heads", required=True),
        quantity("hires", "taken on", "heads", required=True),
        quantity("layoffs", "let go", "heads", required=True),
        quantity("temporary", "temporary workers", "heads", required=True),
        quantity(
            "regular_hours", "regular hours worked (for storage, material, cash: amount used)", "hours", required=True
        ),
        quantity("overtime_hours", "overtime", "hours", required=True),
        quantity("idle_hours", "regular hours not used", "hours", required=True),
        quantity("units_down", "not available", "heads", required=True),
        quantity("available", "regular hours, or capacity", "hours"),
        rate("utilisation", "hours worked / regular hours", "share"),
    ),
    ("strategy", "scenario", "resource_id", "month"),
)

PLAN_COSTS = Table(
    "plan_costs",
    "one row per strategy, scenario, month, item and kind",
    "supply",
    "every cost of every strategy",
    (
        _STRATEGY,
        _SCENARIO,
        _MONTH,
        text("item", "planned item or resource", required=True),
        text(
            "kind",
            "material, regular_pay, overtime, hiring, layoff, holding, backlog, lost_sales, subcontracting, setup, "
            "rate_change, shortfall",
            required=True,
        ),
        money("amount", "amount", required=True),
    ),
    ("strategy", "scenario", "month", "item", "kind"),
)

PLAN_SUMMARY = Table(
    "plan_summary",
    "one row per strategy and scenario",
    "supply",
    "the strategies side by side",
    (
        _STRATEGY,
        _SCENARIO,
        text("status", "what the solver says", required=True),
        money("total_cost", "cost of the plan, priced shortfalls left out", required=True),
        money("shortfall_cost", "price of what could not be kept", required=True),
        money("total_revenue", "revenue of what is sold", required=True),
        money("total_profit", "revenue less cost", required=True),
        quantity("lost_units", "units never served", required=True),
        quantity("late_units", "unit months of backlog", required=True),
        rate("service", "share of demand served in its month", "share"),
        quantity("peak_inventory", "highest stock over the months", required=True),
        quantity("hires", "heads taken on", "heads", required=True),
        quantity("layoffs", "heads let go", "heads", required=True),
        quantity("overtime_hours", "overtime", "hours", required=True),
        rate("worst_utilisation", "highest utilisation of a resource in a month", "share"),
        quantity("instability", "sum of changes of hours a working day and of heads", "hours and heads"),
        rate("mip_gap", "gap left open", "share"),
        flag("chosen", "whether the operational plan uses it", required=True),
    ),
    ("strategy", "scenario"),
)

PLAN_SHORTFALLS = Table(
    "plan_shortfalls",
    "one row per strategy, rule, item and month that could not be kept",
    "supply",
    "what no plan could keep, named and priced",
    (
        _STRATEGY,
        _SCENARIO,
        text("rule", "rule that gave way", required=True),
        text("item", "product, family or resource", required=True),
        _MONTH,
        quantity("quantity", "by how much", required=True),
        text("unit", "its unit"),
        money("cost", "its price", required=True),
    ),
    ("strategy", "scenario", "rule", "item", "month"),
)

SHADOW_PRICES = Table(
    "shadow_prices",
    "one row per strategy, scenario, binding constraint, item and month",
    "supply",
    "what one more unit of each binding limit is worth, and how far",
    (
        _STRATEGY,
        _SCENARIO,
        text("constraint", "constraint family", required=True),
        text("item", "product, family or resource", required=True),
        _MONTH,
        rate("price_per_unit", "saving from one unit more", "currency per unit", required=True),
        text("unit", "hour, head, unit"),
        rate("valid_from", "smallest limit for which it holds", "its unit"),
        rate("valid_to", "largest limit for which it holds", "its unit"),
    ),
    ("strategy", "scenario", "constraint", "item", "month"),
)

PLAN_FRONTIER = Table(
    "plan_frontier",
    "one row per point of the frontier",
    "supply",
    "cost against stability, from least cost to most stable, with chase beside it",
    (
        count("point", "position, 0 is least cost", required=True),
        text("label", "blended, level, chase or the point's number", required=True),
        quantity("instability", "sum of changes of hours a working day and of heads", "hours and heads", required=True),
        money("cost", "cost of the plan, shortfalls included", required=True),
        flag("on_frontier", "false for chase, which is drawn beside it", required=True),
        flag("recommended", "the recommended point", required=True),
        text("reason", "why it is recommended"),
    ),
    ("point",),
)

PRODUCTION_SCHEDULE = Table(
    "production_schedule",
    "one row per product and month",
    "supply",
    "the chosen strategy taken down to products by equal run-out time",
    (
        _PRODUCT,
        _FAMILY,
        text("site_id", "where it is made"),
        _MONTH,
        quantity("demand", "consensus demand", required=True),
        quantity("output", "made in house", required=True),
        quantity("subcontract", "bought in", required=True),
        quantity("inventory", "stock at month end", required=True),
        quantity("backlog", "owed at month end", required=True),
        quantity("lost_sales", "never served", required=True),
        quantity("target_stock", "stock to be kept", required=True),
        quantity("opening_stock", "stock at the month's start", required=True),
        quantity("opening_backlog", "owed at the month's start", required=True),
    ),
    ("product_id", "month"),
)

# -- reconciliation ----------------------------------------------------------------------------------------------------

LAST_PLAN = Table(
    "last_plan",
    "one row per product and month of the cycle before",
    "reconciliation",
    "the last cycle's plan, which this one is compared with; empty in a first cycle",
    (
        text("cycle", "cycle it was made in", required=True),
        _PRODUCT,
        _FAMILY,
        _MONTH,
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
        _PRODUCT,
        _FAMILY,
        _MONTH,
        quantity("sales", "sold", required=True),
        quantity("output", "made"),
        quantity("inventory", "stock at month end"),
        money("revenue", "revenue in the reporting currency"),
        money("margin", "revenue less standard cost"),
        money("inventory_value", "stock at standard cost"),
    ),
    ("product_id", "month"),
)

SALES_PLAN = Table(
    "sales_plan",
    "one row per product and month",
    "reconciliation",
    "what will be sold, given demand and supply",
    (
        _PRODUCT,
        _FAMILY,
        _MONTH,
        quantity("demand", "consensus demand", required=True),
        quantity("sales", "constrained sales: what supply can serve", required=True),
        _UNIT_PRICE,
        money("revenue", "sales x price"),
        money("cogs", "sales x standard cost"),
        money("margin", "revenue less cost of goods sold"),
    ),
    ("product_id", "month"),
)

PRODUCTION_PLAN = Table(
    "production_plan",
    "one row per product and month",
    "reconciliation",
    "what will be made and bought in",
    (
        _PRODUCT,
        _FAMILY,
        text("site_id", "where it is made"),
        _MONTH,
        quantity("output", "made in house", required=True),
        quantity("subcontract", "bought in", required=True),
        rate("output_per_working_day", "rate of output", "units per day"),
    ),
    ("product_id", "month"),
)

INVENTORY_PLAN = Table(
    "inventory_plan",
    "one row per product and month",
    "reconciliation",
    "stock at month end against its band",
    (
        _PRODUCT,
        _FAMILY,
        _MONTH,
        quantity("inventory", "stock at month end", required=True),
        quantity("backlog", "owed at month end", required=True),
        quantity("target_low", "least stock wanted", required=True),
        quantity("target_high", "most stock wanted"),
        rate("days_of_supply", "days of the demand plan the stock covers", "days"),
        money("inventory_value", "at standard cost"),
    ),
    ("product_id", "month"),
)

NEW_PRODUCT_PLAN = Table(
    "new_product_plan",
    "one row per product launched or phased out, and month",
    "reconciliation",
    "launches with ramp and cannibalisation, phase-outs with their run-down",
    (
        _PRODUCT,
        text("product_name", "name", required=True),
        _FAMILY,
        text("kind", "launch or phase_out", required=True, one_of=("launch", "phase_out")),
        text("stage", "stage of development"),
        rate("probability", "chance of launch", "share"),
        _MONTH,
        quantity("units", "planned sales", required=True),
        quantity("cannibalised", "units taken off other products", required=True),
        money("revenue", "planned revenue"),
        money("expected_revenue", "revenue x probability"),
        quantity("inventory", "stock at month end"),
    ),
    ("product_id", "month"),
)

FINANCIAL_PLAN = Table(
    "financial_plan",
    "one row per family and month, past and planned",
    "reconciliation",
    "the plan in money: revenue, margin, inventory, working capital, cash",
    (
        _FAMILY,
        _MONTH,
        text("basis", "actual or plan", required=True, one_of=("actual", "plan")),
        quantity("units", "sales"),
        money("revenue", "revenue"),
        money("cogs", "cost of goods sold at standard"),
        money("margin", "gross margin"),
        money("inventory_value", "stock at standard cost"),
        money("receivables", "revenue not yet received"),
        money("payables", "purchases not yet paid"),
        money("working_capital", "inventory + receivables - payables"),
        money("cash_flow", "receipts less payments"),
    ),
    ("family", "month"),
)

OPERATIONAL_PLAN = Table(
    "operational_plan",
    "one row per month, department and commitment",
    "reconciliation",
    "the one plan that allots people, money and time: who does what, how much, when",
    (
        _MONTH,
        text("department", "who", required=True),
        text("commitment", "what", required=True),
        text("item", "family, resource, product or material", required=True),
        text("allots", "what is allotted", required=True, one_of=("people", "money", "time", "units")),
        quantity("quantity", "how much", required=True),
        text("unit", "its unit", required=True),
        text("owner", "who answers for it"),
    ),
    ("month", "department", "commitment", "item"),
)

PLAN_ATTAINMENT = Table(
    "plan_attainment",
    "one row per measure, family and month",
    "reconciliation",
    "plan against actual of the last approved cycle",
    (
        text("measure", "what is compared", required=True, one_of=("sales", "production", "inventory")),
        _FAMILY,
        _MONTH,
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
        _FAMILY,
        _MONTH,
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
        _FAMILY,
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
        _PRODUCT,
        _FAMILY,
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

MONEY_DEFAULTS = _defaults("money_defaults", "reconciliation", "defaults the reconciliation step used")
DEFAULTS_USED = _defaults(
    "defaults_used", "reconciliation", "every default in use, listed in the pack as an assumption"
)

DELIVERABLES: tuple[Table, ...] = (
    SALES_PLAN,
    PRODUCTION_PLAN,
    INVENTORY_PLAN,
    NEW_PRODUCT_PLAN,
    FINANCIAL_PLAN,
    OPERATIONAL_PLAN,
)


def _problem(name: str, of: Table) -> Table:
    """A planning-folder table as the cycle's own lake table."""
    return Table(name, of.grain, "supply", f"the planning problem of the cycle: {of.meaning}", of.columns, of.key)


def _problem_tables() -> tuple[Table, ...]:
    from sop_pipeline.tables import inputs, planning

    return (
        _problem("planning_products", inputs.PRODUCTS),
        _problem("planning_resources", inputs.RESOURCES),
        _problem("planning_resource_months", inputs.RESOURCE_MONTHS),
        _problem("planning_features", inputs.PRODUCT_FEATURES),
        _problem("planning_calendar", inputs.CALENDAR),
        _problem("planning_materials", inputs.MATERIALS),
        _problem("planning_demand", planning.DEMAND),
        _problem("planning_state", planning.PRODUCT_STATE),
        _problem("planning_months", planning.PRODUCT_MONTHS),
    )


PROBLEM: tuple[Table, ...] = _problem_tables()

OUTPUTS: tuple[Table, ...] = (
    SOURCE_FILES,
    QUARANTINE,
    WORKING_CALENDAR,
    PRODUCT_LIFECYCLE,
    DEMAND_HISTORY,
    FORECAST,
    FORECAST_BACKTEST,
    FORECAST_ACCURACY,
    FORECAST_APPROACH,
    DEMAND_PLAN,
    DEMAND_RANGE,
    DEMAND_ADJUSTMENTS,
    FORECAST_VALUE_ADDED,
    DEMAND_DEFAULTS,
    *PROBLEM,
    SUPPLY_DEFAULTS,
    OPENING_STATE,
    STOCK_TARGETS,
    FEATURE_REQUIREMENTS,
    PLANNING_APPROACH,
    ROUGH_CUT_CAPACITY,
    AGGREGATE_PLAN,
    RESOURCE_PLAN,
    PLAN_COSTS,
    PLAN_SUMMARY,
    PLAN_SHORTFALLS,
    SHADOW_PRICES,
    PLAN_FRONTIER,
    PRODUCTION_SCHEDULE,
    LAST_PLAN,
    ACTUALS,
    *DELIVERABLES,
    PLAN_ATTAINMENT,
    PLAN_GAP,
    BRIDGE,
    KEY_FIGURES,
    PLAN_CHANGES,
    DECISIONS_WANTED,
    MONEY_DEFAULTS,
    DEFAULTS_USED,
)
