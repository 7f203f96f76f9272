"""The planning folder of ``sop plan``: the input tables that bear on supply, and five of its own.

The same frames are what the aggregate planner takes from the monthly pipeline, so a planner's folder and a company's
cycle are one problem in one form.
"""

from __future__ import annotations

from sop_pipeline.tables import inputs
from sop_pipeline.tables.schema import Column, Table, count, day, flag, money, month, quantity, rate, text


def _planning(name: str, grain: str, key: tuple[str, ...], meaning: str, *columns: Column) -> Table:
    return Table(name, grain, "supply", meaning, columns, key, role="planning")


def _result(name: str, grain: str, key: tuple[str, ...], meaning: str, *columns: Column) -> Table:
    return Table(name, grain, "supply", meaning, columns, key, role="planning_result")


_PER_UNIT = "currency per unit"
_OWN_MONTH = "in this month, instead of the product's own figure"

DEMAND = _planning(
    "demand_plan",
    "one row per product and month",
    ("product_id", "month"),
    "the demand to be planned for; its months, in order, are the horizon",
    text("product_id", "product or family", required=True),
    month("month", "month", required=True),
    quantity("quantity", "demand, or the market's limit when profit is maximised", required=True, minimum=0),
    quantity("min_quantity", "part of the demand that must be served", minimum=0),
    rate("price", "price of this month, instead of the product's", "currency per unit", minimum=0),
)

PRODUCT_STATE = _planning(
    "product_state",
    "one row per product",
    ("product_id",),
    "where each product starts and has to end",
    text("product_id", "product or family", required=True),
    quantity("opening_stock", "stock at the start", minimum=0),
    quantity("opening_backlog", "backlog at the start", minimum=0),
    quantity("safety_stock", "least stock at each month end", minimum=0),
    quantity("closing_stock", "least stock at the end of the horizon", minimum=0),
    quantity("closing_backlog", "most backlog at the end of the horizon", minimum=0),
    quantity(
        "opening_rate",
        "output per working day of the month before; blank: the first month's rate is free of charge",
        minimum=0,
    ),
)

PRODUCT_MONTHS = _planning(
    "product_months",
    "one row per product and month",
    ("product_id", "month"),
    "months in which a product has limits of its own",
    text("product_id", "product or family", required=True),
    month("month", "month", required=True),
    quantity("max_stock", "most stock at the month's end", minimum=0),
    quantity("min_stock", "least stock at the month's end", minimum=0),
    quantity("max_production", "most output", minimum=0),
    quantity("fixed_production", "output given", minimum=0),
    flag("frozen", "whether fixed_production may not be changed at any price"),
    quantity("fixed_subcontract", "units subcontracted, given", minimum=0),
    rate("unit_material_cost", f"material of a unit made {_OWN_MONTH}", _PER_UNIT, minimum=0),
    rate("holding_cost", f"holding a unit at this month's end {_OWN_MONTH}", _PER_UNIT, minimum=0),
    rate("backlog_cost", f"owing a unit at this month's end {_OWN_MONTH}", _PER_UNIT, minimum=0),
    rate("lost_sales_cost", f"not serving a unit {_OWN_MONTH}", _PER_UNIT, minimum=0),
    rate("subcontract_cost", f"a subcontracted unit {_OWN_MONTH}", _PER_UNIT, minimum=0),
    quantity("subcontract_limit", f"most subcontracted {_OWN_MONTH}", minimum=0),
    rate("setup_cost", f"a set-up {_OWN_MONTH}", "currency per lot", minimum=0),
)

FEATURE_MONTHS = _planning(
    "product_feature_months",
    "one row per product, feature, lead, option group and month",
    ("product_id", "feature", "lead_months", "option_group", "month"),
    "months in which a unit takes another amount of a feature than product_features says",
    text("product_id", "product or family", required=True),
    text("feature", "a feature of product_features", required=True),
    count("lead_months", "as in product_features; blank is 0", "months", minimum=0),
    text("option_group", "as in product_features"),
    month("month", "month the unit is completed in", required=True),
    rate("quantity", "amount per unit in that month", "feature units per unit", required=True, minimum=0),
)

RAISED_LIMITS = _planning(
    "raised_limits",
    "one row per limit, resource and month",
    ("limit", "resource_id", "month"),
    "months in which a limit of hours or heads is raised beside what the other tables have, as a meeting decided",
    text(
        "limit",
        "limit that is raised, as shadow prices name it; overtime is raised by each of its limits",
        required=True,
        one_of=(
            *("regular_hours", "overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit"),
            *("max_units", "max_hires", "temporary_max"),
        ),
    ),
    text("resource_id", "labour or machine", required=True),
    month("month", "month", required=True),
    quantity(
        "more",
        "by how much; regular hours are paid whether used or not, unless pay_basis is worked",
        "hours or heads",
        required=True,
        minimum=0,
    ),
    quantity(
        "heads", "heads hired in this month for the hours that are added, beside those of the plan", "heads", minimum=0
    ),
)

FIXED_PLAN = _planning(
    "fixed_plan",
    "one row per month and item",
    (),
    "a planner's own plan, to be priced",
    month("month", "month", required=True),
    text("product_id", "product, when the row is about output"),
    text("resource_id", "resource, when the row is about hours or heads"),
    quantity("output", "units made", minimum=0),
    quantity("subcontract", "units subcontracted", minimum=0),
    quantity("overtime_hours", "overtime", "hours", minimum=0),
    quantity("units", "heads or machines", "heads", minimum=0),
)

DEMAND_SAMPLES = _planning(
    "demand_samples",
    "one row per sampled path, product and month",
    ("sample", "product_id", "month"),
    "paths that demand may take instead of the demand plan, each as likely as the others; a plan is run against them, "
    "and the strategy stochastic is made for them",
    count("sample", "number of the path", required=True, minimum=0),
    text("product_id", "product or family", required=True),
    month("month", "month", required=True),
    quantity("quantity", "demand on this path", required=True, minimum=0),
)

AGGREGATE_PLAN_RESULT = _result(
    "aggregate_plan",
    "one row per month and product",
    ("month", "product_id"),
    "what is made, subcontracted, kept and owed",
    month("month", "month", required=True),
    text("product_id", "product or family", required=True),
    quantity("demand", "demand, at most the market's limit", required=True),
    quantity("output", "made in house", required=True),
    quantity("subcontract", "subcontracted", required=True),
    quantity("inventory", "stock at the month's end", required=True),
    quantity("backlog", "owed at the month's end", required=True),
    quantity("lost_sales", "never served", required=True),
    count("set_up", "1 where a lot is started"),
)

RESOURCE_PLAN_RESULT = _result(
    "resource_plan",
    "one row per month and resource",
    ("month", "resource_id"),
    "what each resource has and does",
    month("month", "month", required=True),
    text("resource_id", "resource", required=True),
    quantity("units", "heads or machines", "heads", required=True),
    quantity("hires", "taken on", "heads", required=True),
    quantity("layoffs", "let go", "heads", required=True),
    quantity("temporary", "temporary workers", "heads", required=True),
    quantity("regular_hours", "regular hours worked", "hours", required=True),
    quantity("overtime_hours", "overtime worked", "hours", required=True),
    quantity("idle_hours", "regular hours not used", "hours", required=True),
    quantity("units_down", "not available", "heads", required=True),
)

SHADOW_PRICES_RESULT = _result(
    "shadow_prices",
    "one row per binding constraint, item and month",
    ("constraint", "item", "month"),
    "what one more unit of a binding limit is worth",
    text("constraint", "name of the constraint family", required=True),
    text("item", "product or resource", required=True),
    month("month", "month"),
    rate("price_per_unit", "saving from one unit more", "currency per unit", required=True),
    text("unit", "what one unit is: hour, head, unit, storage unit"),
    rate("valid_from", "smallest limit for which the price holds", "its unit"),
    rate("valid_to", "largest limit for which the price holds", "its unit"),
    flag("verified", "whether re-solves inside the range and just beyond its ends bear it out"),
    rate("current_limit", "the limit as the plan has it, counted as the range is", "its unit"),
    rate(
        "pay_per_unit",
        "pay due for one more, used or not: what it is worth is the price less this",
        "currency per unit",
    ),
)

COSTS_RESULT = _result(
    "costs",
    "one row per month, item and kind of cost",
    ("month", "item", "kind"),
    "every cost of the plan",
    month("month", "month", required=True),
    text("item", "product or resource", required=True),
    text("kind", "kind of cost", required=True),
    money("amount", "amount, negative for revenue", required=True),
)

ROUTES_RESULT = _result(
    "routes",
    "one row per month, product, option group and choice",
    ("month", "product_id", "option_group", "choice"),
    "which alternative made what",
    month("month", "month", required=True),
    text("product_id", "product or family", required=True),
    text("option_group", "the group of alternatives, without the choice", required=True),
    text("choice", "the alternative: what stands after the group's slash, else the feature", required=True),
    text("site_id", "site of the alternative's labour and machines, where they have one"),
    quantity("output", "made by this alternative", required=True),
)

MATERIAL_ORDERS_RESULT = _result(
    "material_orders",
    "one row per material and month",
    ("material_id", "month"),
    "what the plan takes of each material, and what has to be ordered for it",
    text("material_id", "material", required=True),
    month("month", "month it is taken, and receipts arrive", required=True),
    quantity("requirement", "taken by the plan", "material units", required=True),
    quantity("receipt", "to arrive: what is short, at least the smallest order", "material units", required=True),
    quantity("stock", "left at the month's end", "material units", required=True),
    day("needed_on", "day of the month on which stock is used up, or down to the safety stock"),
    day("order_by", "day by which it has to be ordered: its lead time before it is needed"),
    flag("late", "whether that day is past when the plan is decided, or the material runs out", required=True),
    money("cost", "price of the receipt"),
)

PLANNING: tuple[Table, ...] = (
    inputs.PRODUCTS,
    inputs.RESOURCES,
    inputs.RESOURCE_MONTHS,
    inputs.PRODUCT_FEATURES,
    inputs.CALENDAR,
    inputs.MATERIALS,
    DEMAND,
    PRODUCT_STATE,
    PRODUCT_MONTHS,
    FEATURE_MONTHS,
    RAISED_LIMITS,
    FIXED_PLAN,
    DEMAND_SAMPLES,
)

RESULTS: tuple[Table, ...] = (
    AGGREGATE_PLAN_RESULT,
    RESOURCE_PLAN_RESULT,
    SHADOW_PRICES_RESULT,
    COSTS_RESULT,
    ROUTES_RESULT,
    MATERIAL_ORDERS_RESULT,
)
