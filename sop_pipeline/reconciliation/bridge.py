"""From the reference to the latest view, by family and cause, exactly to the cent."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.fiscal_months import fiscal_months
from sop_pipeline.reconciliation.units import unit_factors


@dataclass(frozen=True)
class BridgeInputs:
    """What came and what is planned, in what currencies, and what the business plan says."""

    actuals: pa.Table
    sales_plan: pa.Table
    financial_plan: pa.Table
    business_plan: pa.Table
    products: pa.Table
    product_lifecycle: pa.Table
    sales: pa.Table
    exchange_rates: pa.Table
    planned_prices: pa.Table


def bridge(inputs: BridgeInputs, *, company: Company, cycle: Cycle) -> pa.Table:
    """Return ``bridge``: what moves revenue and margin of a fiscal year from business plan to latest view (METHODS 6).

    The causes of a family add up to its whole difference to the cent: volume, mix and exchange are computed, price
    takes what is left of revenue, cost what is left of margin. Exchange is what rates other than the reference's bring
    of sales in other currencies: the plan's rates where they are given, else those of the year before. The business
    plan has families alone, so mix is measured against the year before at today's prices, and a family absent from one
    side is one bar. A fiscal year without a business plan is compared with the year before, where products absent from
    one side are bars of their own. A family whose units cannot be added is one bar, ``units``; one that nothing plans
    in units another, ``family``.
    """
    made = {
        "unit_factors": unit_factors(inputs.products, inputs.product_lifecycle),
        "fiscal_months": fiscal_months(inputs.financial_plan, inputs.business_plan, company=company, cycle=cycle),
    }
    rates = {"currency": company.currency, "cutoff": cycle.cutoff}
    with sql.session({**vars(inputs), **made}) as connection:
        for statement, params in (("product_view", {}), ("year_products", {}), ("exchange_effects", rates)):
            connection.register(statement, sql.run(connection, f"reconciliation/{statement}", params))
        parts = []
        for reference in ("business_plan", "last_year"):
            connection.register("bridge_sides", sql.run(connection, f"reconciliation/bridge_sides_{reference}"))
            found = sql.run(connection, "reconciliation/bridge", {"reference": reference})
            parts.append(tables.conform("bridge", found))
    return tables.concat("bridge", parts)
