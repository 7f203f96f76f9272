"""The input tables of a company folder: what its files map onto.

This module is the contract with the outside as code. Every table may carry ``recorded_on``; extra columns of a file are
kept by the snapshot and ignored by the steps.
"""

from __future__ import annotations

from sop_pipeline.resource_kinds import KINDS
from sop_pipeline.tables.schema import Column, Table, count, day, flag, money, month, quantity, rate, text

_RECORDED = day("recorded_on", "day the row became known; a cycle uses only rows recorded before its cut-off")
_TYPED = (
    text("cell", "cell of the planner's book that it was typed into"),
    text("cycle", "cycle of that book, the only one it counts in"),
)
_CLOSED = day("closed_on", "day it was closed: it counts nowhere any more")
_PER_UNIT = "currency per unit"
_PER_HOUR = "currency per hour"
LEVER_KINDS = ("price", "promotion", "overtime", "capacity", "hiring", "subcontract", "stock")


def _input(name: str, grain: str, key: tuple[str, ...], meaning: str, *columns: Column, step: str = "ingest") -> Table:
    return Table(name, grain, step, meaning, (*columns, _RECORDED), key, role="input")


PRODUCTS = _input(
    "products",
    "one row per product",
    ("product_id",),
    "what the company makes and sells, with prices, costs and stock policies",
    text("product_id", "the product's identifier", required=True),
    text("product_name", "name as people say it", required=True),
    text("family", "product family, the level executives discuss"),
    text("unit_of_measure", "unit the quantities are in"),
    rate(
        "equivalent_units", "common units per unit, for adding across units of measure", "equivalent units", minimum=0
    ),
    rate("unit_price", "net selling price", _PER_UNIT, minimum=0),
    rate("unit_material_cost", "material in one unit", _PER_UNIT, minimum=0),
    rate("standard_cost", "full standard cost of one unit", _PER_UNIT, minimum=0),
    rate("holding_cost", "cost of keeping one unit for a month", "currency per unit and month", minimum=0),
    rate("backlog_cost", "cost of one unit late by a month", "currency per unit and month", minimum=0),
    rate("lost_sales_cost", "cost of one unit never served", _PER_UNIT, minimum=0),
    rate("subcontract_cost", "price of one subcontracted unit", _PER_UNIT, minimum=0),
    quantity("subcontract_limit", "most units subcontracted in a month", minimum=0),
    count("shelf_life_months", "months a unit keeps", "months", minimum=0),
    quantity("min_lot", "smallest amount made when made at all", minimum=0),
    rate("setup_cost", "cost of one set-up", "currency per lot", minimum=0),
    count("campaign_months", "fewest months a run lasts once it is started", "months", minimum=0),
    rate("max_rate_change_pct", "most change of output per working day from month to month", "%", minimum=0),
    rate(
        "service_level",
        "least share wanted, of months or units (setting service_level_of)",
        "share",
        minimum=0,
        maximum=1,
    ),
    rate("cover_days_min", "least days of demand kept in stock", "days", minimum=0),
    rate("cover_days_max", "most days of demand kept in stock", "days", minimum=0),
    quantity("max_stock", "most units stored", minimum=0),
    count("replenishment_lead_days", "days from order to stock", "days", minimum=0),
    text("site_id", "where it is made"),
    day("launched_on", "first day of sale"),
    day("discontinued_on", "last day of sale"),
    text("successor_id", "the product that takes over its demand", references="products.product_id"),
)

SALES = _input(
    "sales",
    "one row per sales transaction",
    (),
    "what was sold, day by day; a negative quantity is a return",
    day("date", "day of the sale", required=True),
    text("product_id", "product sold", required=True, references="products.product_id"),
    quantity("quantity", "units sold, negative for a return", required=True),
    money("revenue", "net revenue of the row", "transaction currency"),
    text("currency", "currency of the revenue; blank is the reporting currency"),
    text("region", "sales region"),
    text("channel", "sales channel"),
    text("customer_id", "customer"),
)

ORDERS = _input(
    "orders",
    "one row per order line",
    ("order_id", "line"),
    "customer orders with requested and shipped dates, from which service is measured",
    text("order_id", "order", required=True),
    text("line", "line of the order", required=True),
    text("product_id", "product ordered", required=True, references="products.product_id"),
    day("ordered_on", "day of the order"),
    day("requested_on", "day the customer asked for", required=True),
    day("shipped_on", "day it left; blank while open"),
    quantity("quantity", "units ordered", required=True, minimum=0),
    quantity("quantity_shipped", "units shipped", minimum=0),
)

PRODUCTION = _input(
    "production",
    "one row per production transaction",
    (),
    "what was made, day by day",
    day("date", "day of production", required=True),
    text("product_id", "product made", required=True, references="products.product_id"),
    quantity("quantity", "units made", required=True),
    text("site_id", "where"),
    quantity("hours", "hours it took", "hours", minimum=0),
)

INVENTORY = _input(
    "inventory",
    "one row per product, day and site",
    ("product_id", "date", "site_id"),
    "stock on hand at the end of a day, month ends at least",
    day("date", "day of the count", required=True),
    text("product_id", "product counted", required=True, references="products.product_id"),
    quantity("on_hand", "units in stock", required=True),
    quantity("backlog", "units owed to customers", minimum=0),
    text("site_id", "where"),
)

RESOURCES = _input(
    "resources",
    "one row per resource",
    ("resource_id",),
    "labour, machines, storage, materials and cash that limit the plan",
    text("resource_id", "the resource's identifier", required=True),
    text("resource_name", "its name on the pages; blank is the identifier"),
    text("kind", "what it is; blank is a machine", one_of=KINDS),
    text("site_id", "where it stands"),
    text("unit", "what its capacity counts"),
    quantity("opening_units", "heads or machines at the start", "heads or machines", minimum=0),
    rate("hours_per_day", "hours a unit works in a working day", "hours", minimum=0),
    rate("hours_per_month", "hours a unit works in a month, instead of hours per day", "hours", minimum=0),
    rate("regular_rate", "pay of a regular hour", _PER_HOUR, minimum=0),
    text("pay_basis", "whether regular hours are paid or only worked ones; blank is paid", one_of=("paid", "worked")),
    rate("overtime_rate", "pay of an overtime hour", _PER_HOUR, minimum=0),
    rate("overtime_limit_pct", "most overtime as a percentage of regular hours", "%", minimum=0),
    rate("overtime_hours_per_unit", "most overtime of one head or machine in a month", "hours", minimum=0),
    rate("hire_cost", "cost of taking one on", "currency per head", minimum=0),
    rate("layoff_cost", "cost of letting one go", "currency per head", minimum=0),
    quantity("max_hires", "most taken on in a month", "heads", minimum=0),
    quantity("max_layoffs", "most let go in a month", "heads", minimum=0),
    quantity("min_units", "fewest heads or machines", "heads or machines", minimum=0),
    quantity("max_units", "most heads or machines", "heads or machines", minimum=0),
    quantity("temporary_max", "most temporary workers in a month", "heads", minimum=0),
    rate("temporary_rate", "pay of a temporary worker's hour", _PER_HOUR, minimum=0),
    count("hire_lead_months", "months from decision to a working head", "months", minimum=0),
    quantity("capacity", "capacity of a month, for storage, material and cash", "its unit", minimum=0),
    rate(
        "rate_up_cost",
        "cost of raising the rate of output by one unit a working day",
        "currency per unit a day",
        minimum=0,
    ),
    rate(
        "rate_down_cost",
        "cost of lowering the rate of output by one unit a working day",
        "currency per unit a day",
        minimum=0,
    ),
    quantity(
        "maintenance_units_required", "machine months of maintenance the plan must place", "machine months", minimum=0
    ),
    rate("min_utilisation_pct", "least share of its regular hours that has to be used", "%", minimum=0, maximum=100),
)

RESOURCE_MONTHS = _input(
    "resource_months",
    "one row per resource and month",
    ("resource_id", "month"),
    "months in which a resource differs from its rule",
    text("resource_id", "resource", required=True, references="resources.resource_id"),
    month("month", "month", required=True),
    quantity("units_down", "heads or machines not available", "heads or machines", minimum=0),
    quantity("capacity", "capacity of this month", "its unit", minimum=0),
    quantity("overtime_hours", "most overtime of this month", "hours", minimum=0),
    rate("pay_change_pct", "pay of this month's hours above the resource's own rates", "%", minimum=-100),
)

PRODUCT_FEATURES = _input(
    "product_features",
    "one row per product, feature and option group",
    ("product_id", "feature", "lead_months", "option_group"),
    "what one unit of a product takes: hours of a resource, material, an option",
    text("product_id", "product", required=True, references="products.product_id"),
    text("feature", "a resource, a material or an option", required=True),
    rate("quantity", "amount per unit", "feature units per unit", required=True, minimum=0),
    count("lead_months", "months before completion that it is taken", "months", minimum=0),
    text("option_group", "alternatives: one of the group serves"),
    rate("setup", "amount taken by each lot", "feature units per lot", minimum=0),
)

MATERIALS = _input(
    "materials",
    "one row per material",
    ("material_id",),
    "bought materials",
    text("material_id", "the material's identifier", required=True),
    text("material_name", "its name on the pages; blank is the identifier"),
    rate("unit_cost", "price of one unit", _PER_UNIT, minimum=0),
    quantity("on_hand", "stock at the cut-off", minimum=0),
    quantity("on_order", "ordered and not yet received", minimum=0),
    count("lead_days", "days from order to receipt", "days", minimum=0),
    quantity("min_order", "smallest order", minimum=0),
    quantity("max_receipt", "most the supplier delivers in a month; blank: no limit", minimum=0),
    quantity("safety_stock", "stock that orders keep; gives way before a product does", minimum=0),
)

CALENDAR = _input(
    "calendar",
    "one row per month and site",
    ("month", "site_id"),
    "working days",
    month("month", "month", required=True),
    rate("working_days", "days worked in the month", "days", minimum=0, maximum=31),
    text("site_id", "site; blank is every site"),
    text("shutdown", "name of a shutdown in the month"),
)

BUSINESS_PLAN = _input(
    "business_plan",
    "one row per month and family",
    ("month", "family"),
    "the annual plan the executives signed",
    month("month", "month", required=True),
    text("family", "product family", required=True),
    quantity("units", "planned sales"),
    money("revenue", "planned revenue"),
    money("margin", "planned gross margin"),
    money("inventory_value", "planned inventory at month end"),
    rate("service_level", "planned service: lines on time in full, else fill rate", "share", minimum=0, maximum=1),
)

DEMAND_INPUTS = _input(
    "demand_inputs",
    "one row per entry of a stream",
    (),
    "what sales, marketing, finance and customers know that history does not",
    text("stream", "who says so: sales, marketing, finance, customers", required=True),
    text("product_id", "product; blank with a blank family is the company", references="products.product_id"),
    text("family", "family"),
    month("month_from", "first month changed", required=True),
    month("month_to", "last month changed; blank is month_from"),
    quantity("change_units", "units added a month, for the whole of what is named"),
    rate("change_pct", "percentage added", "%"),
    quantity("replace_units", "units that replace the forecast", minimum=0),
    text("reason", "why"),
    text("owner", "who answers for it"),
    *_TYPED,
)

EXTERNAL_FORECASTS = _input(
    "external_forecasts",
    "one row per model, cycle, product or family, and month, and day it was recorded",
    ("model", "cycle", "product_id", "family", "month", "recorded_on"),
    "forecasts made elsewhere: by sales, a customer or another model, each as it was made",
    text("model", "who made it: a name for each forecaster", required=True),
    month("cycle", "cycle it was made in; it counts for this month and later ones", required=True),
    text(
        "product_id",
        "product; blank with a blank family is what the company sells today, without launches",
        references="products.product_id",
    ),
    text("family", "family, where no product is named"),
    month("month", "month forecast", required=True),
    quantity("mean", "expected demand, for the whole of what is named, in its unit", required=True, minimum=0),
    quantity("p10", "one in ten below", minimum=0),
    quantity("p50", "half below", minimum=0),
    quantity("p90", "nine in ten below", minimum=0),
)

DEMAND_EVENTS = _input(
    "demand_events",
    "one row per product or family, kind and first month, and day it was recorded",
    ("product_id", "family", "kind", "month_from", "recorded_on"),
    "what moves demand in some months and is known beforehand: promotions, price changes, holidays; past and planned",
    text("product_id", "product; blank with a blank family is the company", references="products.product_id"),
    text("family", "family, where no product is named"),
    month("month_from", "first month it is in", required=True),
    month("month_to", "last month it is in; blank is month_from"),
    text("kind", "what it is, in a word of yours; equal kinds are compared", required=True),
    rate(
        "size",
        "how much of it, in a unit of yours: % off, % of price, days, share of the month; blank is 1",
        "own unit",
    ),
)

PRICE_LIST = _input(
    "price_list",
    "one row per product or family, and month",
    ("product_id", "family", "month"),
    "net prices that hold from a month on, until the next; a product's row counts before its family's",
    text("product_id", "product; blank where the price is its family's", references="products.product_id"),
    text("family", "family, where no product is named"),
    month("month", "first month it holds in", required=True),
    rate("unit_price", "net price", "currency per unit", required=True, minimum=0),
)

COST_CHANGES = _input(
    "cost_changes",
    "one row per resource, material or product, and month",
    ("resource_id", "material_id", "product_id", "month_from"),
    "pay and material costs that hold from a month on, until the next; each against the resource's, material's or "
    "product's own figure",
    text("resource_id", "resource whose pay changes", references="resources.resource_id"),
    text("material_id", "material whose unit cost changes", references="materials.material_id"),
    text("product_id", "product whose material cost changes", references="products.product_id"),
    month("month_from", "first month it holds in", required=True),
    rate("change_pct", "percentage above today's figure", "%", minimum=-100),
    rate("replace_rate", "rate an hour, or cost a unit, that takes its place", "currency", minimum=0),
    text("reason", "why"),
)

NEW_PRODUCTS = _input(
    "new_products",
    "one row per new product",
    ("product_id",),
    "launches on the way",
    text("product_id", "new product", required=True),
    text("stage", "stage of development"),
    rate("probability", "chance that it launches", "share", minimum=0, maximum=1),
    month("launch_month", "first month of sale", required=True),
    text("like_product_id", "the product whose profile it takes", references="products.product_id"),
    rate("scale_pct", "its volume as a percentage of the like product's", "%", minimum=0),
    count("ramp_months", "months until full volume", "months", minimum=0),
    text("cannibalises", "product whose demand it takes", references="products.product_id"),
    rate("cannibalisation_pct", "percentage of its volume taken from that product", "%", minimum=0, maximum=100),
    text("owner", "who answers for it"),
    money("development_cost", "cost of development"),
    money("launch_cost", "cost of the launch"),
)

LAUNCH_GATES = _input(
    "launch_gates",
    "one row per launch and gate",
    ("product_id", "gate"),
    "gates and milestones that launches have to pass",
    text("product_id", "new product", required=True, references="products.product_id"),
    text("gate", "gate or milestone", required=True),
    day("due", "day it is due"),
    day("passed_on", "day it was passed"),
    text("owner", "who answers for it"),
)

ASSUMPTIONS = _input(
    "assumptions",
    "one row per assumption",
    ("assumption_id",),
    "what the plan takes for granted",
    text("assumption_id", "identifier", required=True),
    text("text", "the assumption", required=True),
    text("value", "its value"),
    text("driver", "what it moves, to be held against the numbers", one_of=("price", "pay", "material")),
    text("subject", "product or family whose price, resource whose pay, material or product whose cost; blank: all"),
    month("month_from", "first month it holds in"),
    rate("change_pct", "by how much, in percent", "%"),
    text("owner", "who answers for it"),
    text("reason", "why it was last changed"),
    day("changed_on", "day it last changed"),
    _CLOSED,
    text("cell", "cell of the planner's book that it was typed into"),
    text("cycle", "cycle of that book; it is carried into later ones"),
)

RISKS_OPPORTUNITIES = _input(
    "risks_opportunities",
    "one row per risk or opportunity",
    ("item_id",),
    "what could move the plan",
    text("item_id", "identifier", required=True),
    text("kind", "risk or opportunity", one_of=("risk", "opportunity")),
    text("description", "what it is", required=True),
    rate("probability", "chance that it happens", "share", minimum=0, maximum=1),
    month("month_from", "first month affected"),
    month("month_to", "last month affected"),
    quantity("units", "effect on units"),
    money("revenue", "effect on revenue"),
    money("margin", "effect on margin"),
    text("family", "family affected"),
    text("owner", "who answers for it"),
    day("trigger_on", "day it will be known"),
    flag("included", "whether the numbers contain it"),
    _CLOSED,
)

LEVERS = _input(
    "levers",
    "one row per lever",
    ("lever_id",),
    "what may be pulled to close a gap: of whom, how far, at what cost, how fast",
    text("lever_id", "identifier", required=True),
    text("description", "what is done"),
    text(
        "kind",
        "price (limit in percent), promotion (units a month), overtime or capacity (hours a month of a resource), "
        "hiring (heads a month), subcontract (units a month, of each planned item), stock (units of safety stock)",
        required=True,
        one_of=LEVER_KINDS,
    ),
    text("product_id", "product it is of", references="products.product_id"),
    text("family", "family it is of; with neither, all products"),
    text("resource_id", "resource, of overtime, capacity and hiring", references="resources.resource_id"),
    quantity(
        "limit", "how far it may be pulled, in the unit of its kind", "as the kind says", required=True, minimum=0
    ),
    rate(
        "unit_cost",
        "what is paid for it beside what the plan pays anyway: a unit, hour, head, or percent and month",
        "currency per unit of the limit",
        minimum=0,
    ),
    rate("elasticity", "percent by which demand changes for a percent of price, such as -1.5", "% per %"),
    count("lead_months", "months from the decision to its effect", "months", minimum=0),
    month("month_from", "first month in which it may be pulled"),
    month("month_to", "last month in which it may be pulled"),
    text("owner", "who answers for it"),
)

DECISIONS = _input(
    "decisions",
    "one row per decision",
    ("decision_id",),
    "what was decided, and what came of it",
    text("decision_id", "identifier", required=True),
    text("cycle", "cycle it was put up in"),
    text("question", "what was asked", required=True),
    text("chosen", "what was chosen"),
    text("by", "who decided"),
    day("on", "day of the decision"),
    text("owner", "who carries it out"),
    day("due", "day it is due"),
    text("status", "open, done, late, dropped"),
    money("promised_value", "margin promised"),
    money("realised_value", "margin realised so far"),
)

EXCHANGE_RATES = _input(
    "exchange_rates",
    "one row per month and currency",
    ("month", "currency"),
    "rates to the reporting currency",
    month("month", "month", required=True),
    text("currency", "currency", required=True),
    rate("rate", "reporting currency for one unit", "reporting currency per unit", required=True, minimum=0),
    rate(
        "plan_rate",
        "rate that the business plan was made with; blank: that of the same month a year before",
        "reporting currency per unit",
        minimum=0,
    ),
)

INPUTS: tuple[Table, ...] = (
    PRODUCTS,
    SALES,
    ORDERS,
    PRODUCTION,
    INVENTORY,
    RESOURCES,
    RESOURCE_MONTHS,
    PRODUCT_FEATURES,
    MATERIALS,
    CALENDAR,
    BUSINESS_PLAN,
    DEMAND_INPUTS,
    NEW_PRODUCTS,
    LAUNCH_GATES,
    ASSUMPTIONS,
    RISKS_OPPORTUNITIES,
    LEVERS,
    DECISIONS,
    EXCHANGE_RATES,
    PRICE_LIST,
    COST_CHANGES,
    EXTERNAL_FORECASTS,
    DEMAND_EVENTS,
)
