"""Columns and table shapes that several output tables share."""

from __future__ import annotations

from sop_pipeline.tables.schema import kind, month, rate, text

LEVEL = text("level", "level of the hierarchy", required=True, one_of=("company", "family", "product"))
ITEM = text("item_id", "the item at that level; the company's own name at the top", required=True)
MONTH = month("month", "month", required=True)
UNIT = text("unit_of_measure", "unit the quantities are in; several units are added in a stated equivalent")
PRODUCT = text("product_id", "product", required=True)
FAMILY = text("family", "product family", required=True)
STRATEGY = text("strategy", "level, chase, blended or a planner's own mix", required=True)
SCENARIO = text("scenario", "scenario the plan answers; 'base' is the consensus", required=True)
DEPARTMENTS = (
    *("sales", "production", "purchasing", "logistics", "human_resources", "finance", "product_development"),
    "supply_chain",
)
"""Who carries out a plan; the head of a department answers for it, and a site's production has a head of its own."""
DEPARTMENT = kind("department", "who carries it out", DEPARTMENTS, required=True)
UNIT_PRICE = rate("unit_price", "net price", "currency per unit")
ADJUSTMENT_EFFECT = kind(
    "effect",
    "largest effect of the portfolio, where it is the portfolio's change",
    ("launch", "cannibalised", "phased_out", "taken_over"),
    words="portfolio_effect",
)
