"""The table of the portfolio step: where each product stands in its life."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import FAMILY, PRODUCT
from sop_pipeline.tables.schema import Table, count, day, month, rate, text

PRODUCT_LIFECYCLE = Table(
    "product_lifecycle",
    "one row per product",
    "portfolio",
    "where each product stands in its life, and what a new one takes after",
    (
        PRODUCT,
        text("product_name", "name", required=True),
        FAMILY,
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

TABLES: tuple[Table, ...] = (PRODUCT_LIFECYCLE,)
