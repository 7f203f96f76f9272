"""The deliverables that S&OP owes the company: each a table, a page, a sheet and an export file.

Those in units and money; people, hours, materials and the one plan that allots them are in ``operations``.
"""

from __future__ import annotations

from sop_pipeline.tables.outputs import operations
from sop_pipeline.tables.outputs.columns import FAMILY, MONTH, PRODUCT, UNIT_PRICE
from sop_pipeline.tables.schema import Table, count, money, quantity, rate, text

SALES_PLAN = Table(
    "sales_plan",
    "one row per product and month",
    "reconciliation",
    "what will be sold, given demand and supply",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("demand", "consensus demand", required=True),
        quantity("sales", "constrained sales: what supply can serve", required=True),
        UNIT_PRICE,
        money("revenue", "sales x price"),
        money("cogs", "sales x standard cost"),
        money("margin", "revenue less cost of goods sold"),
    ),
    ("product_id", "month"),
)

SUPPLY_ALLOTMENT = Table(
    "supply_allotment",
    "one row per dimension, market, product and month in which less is sold than asked for",
    "reconciliation",
    "who gets what where supply is short; the markets of a dimension add up to the sales plan",
    (
        text("dimension", "channel, region or customer", required=True, one_of=("channel", "region", "customer")),
        text("market", "the channel, region or customer", required=True),
        PRODUCT,
        FAMILY,
        MONTH,
        count("priority", "its turn by sop.yaml, 1 is first; blank: after all that have one"),
        rate("least_share_pct", "percent of what there is that it gets before all others", "%"),
        quantity("demand", "asked for by the market", required=True),
        quantity("allotted", "what it gets", required=True),
    ),
    ("dimension", "market", "product_id", "month"),
)

PRODUCTION_PLAN = Table(
    "production_plan",
    "one row per product and month",
    "reconciliation",
    "what will be made and subcontracted",
    (
        PRODUCT,
        FAMILY,
        text("site_id", "where it is made; blank where several sites make it (site_schedule)"),
        MONTH,
        quantity("output", "made in house", required=True),
        quantity("subcontract", "subcontracted", required=True),
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
        PRODUCT,
        FAMILY,
        MONTH,
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
        PRODUCT,
        text("product_name", "name", required=True),
        FAMILY,
        text("kind", "launch or phase_out", required=True, one_of=("launch", "phase_out")),
        text("stage", "stage of development"),
        rate("probability", "chance of launch", "share"),
        MONTH,
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
        FAMILY,
        MONTH,
        text(
            "basis",
            "actual, partial (the days after the data end are forecast) or plan",
            required=True,
            one_of=("actual", "partial", "plan"),
        ),
        quantity("units", "sales"),
        money("revenue", "revenue"),
        money("cogs", "cost of goods sold at standard"),
        money("margin", "gross margin"),
        money("inventory_value", "stock at standard cost"),
        money("receivables", "revenue not yet received"),
        money("payables", "purchases not yet paid"),
        money("working_capital", "inventory + receivables - payables"),
        money("cash_flow", "receipts less payments of a planned month, with the family's share of pay and fixed cost"),
    ),
    ("family", "month"),
)

TABLES: tuple[Table, ...] = (
    SALES_PLAN,
    SUPPLY_ALLOTMENT,
    PRODUCTION_PLAN,
    INVENTORY_PLAN,
    NEW_PRODUCT_PLAN,
    FINANCIAL_PLAN,
    *operations.TABLES,
)
