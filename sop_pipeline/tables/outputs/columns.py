"""Columns and table shapes that several output tables share."""

from __future__ import annotations

from sop_pipeline.tables.schema import Table, count, month, rate, text

LEVEL = text("level", "level of the hierarchy", required=True, one_of=("company", "family", "product"))
ITEM = text("item_id", "the item at that level; the company's own name at the top", required=True)
MONTH = month("month", "month", required=True)
UNIT = text("unit_of_measure", "unit the quantities are in; several units are added in a stated equivalent")
PRODUCT = text("product_id", "product", required=True)
FAMILY = text("family", "product family", required=True)
STRATEGY = text("strategy", "level, chase, blended or a planner's own mix", required=True)
SCENARIO = text("scenario", "scenario the plan answers; 'base' is the consensus", required=True)
UNIT_PRICE = rate("unit_price", "net price", "currency per unit")


def defaults_table(name: str, step: str, meaning: str) -> Table:
    """Return a table of the defaults a step used."""
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
