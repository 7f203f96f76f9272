"""From the reference to the latest view, by family and cause, exactly to the cent."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.fiscal_months import fiscal_months
from sop_pipeline.reconciliation.units import unit_factors


def bridge(
    actuals: pa.Table,
    sales_plan: pa.Table,
    financial_plan: pa.Table,
    business_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
    *,
    company: Company,
    cycle: Cycle,
) -> pa.Table:
    """Return ``bridge``: what moves revenue and margin of a fiscal year from business plan to latest view (METHODS 6).

    The causes of a family add up to its whole difference to the cent: volume and mix are computed, price (exchange
    included) takes what is left of revenue, cost what is left of margin. The business plan has families alone, so mix
    is measured against the year before at today's prices, and a family absent from one side is one bar. A fiscal year
    without a business plan is compared with the year before, where products absent from one side are bars of their own.
    A family whose units cannot be added is one bar, ``units``; one that nothing plans in units another, ``family``.
    """
    inputs = {
        "actuals": actuals,
        "sales_plan": sales_plan,
        "business_plan": business_plan,
        "products": products,
        "unit_factors": unit_factors(products, product_lifecycle),
        "fiscal_months": fiscal_months(financial_plan, business_plan, company=company, cycle=cycle),
    }
    with sql.session(inputs) as connection:
        for statement in ("product_view", "year_products"):
            connection.register(statement, sql.run(connection, f"reconciliation/{statement}"))
        parts = []
        for reference in ("business_plan", "last_year"):
            connection.register("bridge_sides", sql.run(connection, f"reconciliation/bridge_sides_{reference}"))
            parts.append(tables.conform("bridge", sql.run(connection, "reconciliation/bridge")))
    return tables.concat("bridge", parts)
