"""Where each product stands in its life: launching, new, active, phased out, ended, or never sold.

Here: status, age, launch and succession, from the product list and the history. Not here: volumes of launches and
phase-outs (the demand step's portfolio stream), nor the history itself (``demand_history``).
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import PortfolioSettings

DEFAULT_FAMILY = "All products"
NEW_MONTHS = 6
"""Months of history below which a product is new (METHODS 2)."""
ENDED_AFTER_MONTHS = 12
"""Whole months without a sale after which a product counts as ended although nobody said so."""
HANDED_OVER_AFTER_MONTHS = 3
"""The same, where its successor sells already."""
_LONGEST_CHAIN = 20
_STATEMENTS = ["portfolio/product_activity", "portfolio/known_products", "portfolio/product_lifecycle"]


def product_lifecycle(
    products: pa.Table,
    sales: pa.Table,
    production: pa.Table,
    new_products: pa.Table,
    *,
    company: PortfolioSettings,
    cycle: Cycle,
) -> pa.Table:
    """Return ``product_lifecycle``: one row per product of the list and per launch on the way.

    A product is *new* in its first six months, unless the company's own data starts with it; *ended* after its last day
    of sale, or after a year without a sale (three months where its successor sells). A successor inherits the history
    of a predecessor that has ended (METHODS 3), so its first month and its months of history are the predecessor's.
    Raises BadInput for a launch within the horizon that has neither history nor a like product, by name.
    """
    params = {
        "cutoff": cycle.cutoff,
        "signal": company.forecast.signal,
        "input_deadline": cycle.input_deadline,
        "default_family": DEFAULT_FAMILY,
        "new_months": NEW_MONTHS,
        "ended_after_months": ENDED_AFTER_MONTHS,
        "handed_over_after_months": HANDED_OVER_AFTER_MONTHS,
        "longest_chain": _LONGEST_CHAIN,
    }
    inputs = {"products": products, "sales": sales, "production": production, "new_products": new_products}
    results = sql.chain(_STATEMENTS, inputs, params)
    lifecycle = tables.conform("product_lifecycle", results["product_lifecycle"])
    _refuse_launches_without_a_model(lifecycle, company, cycle)
    return lifecycle


def _refuse_launches_without_a_model(lifecycle: pa.Table, company: PortfolioSettings, cycle: Cycle) -> None:
    rows = {row["product_id"]: row for row in tables.rows(lifecycle)}
    end = add_months(cycle.month, company.horizon_months)
    for row in rows.values():
        if row["status"] != "launching" or row["history_months"] or row["launch_month"] >= end:
            continue
        like = row["like_product_id"]
        if like is None or like not in rows or not rows[like]["history_months"]:
            raise _no_model(row, like, rows)


def _no_model(row: dict[str, Any], like: str | None, rows: dict[str, dict[str, Any]]) -> BadInput:
    name = row["product_id"]
    description = f"product {name}, to be launched in {row['launch_month']:%Y-%m}, with 0 months of history and "
    if like is None:
        description += "no like product"
    elif like not in rows:
        description += f"like product {like}, which is not in the product list"
    else:
        description += f"like product {like}, which has no history either"
    return BadInput(
        found=description,
        needed="a product with history whose profile it takes",
        where="table new_products, column like_product_id",
        mend=f"Name one in the row of {name}, or leave the launch out until one is known.",
    )
