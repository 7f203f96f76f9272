"""The plan in money, by family and month, past and planned."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.reconciliation.units import unit_factors

PAST_MONTHS = 24
"""Months of history shown: enough for the fiscal year so far and the whole one before it."""


def financial_plan(
    actuals: pa.Table,
    sales_plan: pa.Table,
    production_plan: pa.Table,
    inventory_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
    *,
    company: Company,
    cycle: Cycle,
) -> pa.Table:
    """Return ``financial_plan``: revenue, cost, margin, stock, receivables, payables, cash (METHODS 6).

    Rows run from two years back (as far as history goes) to the end of the plan, a row for every family and month. The
    first two lines foot with the products to the cent. Customers pay ``receipt_lag_months`` after the sale, suppliers
    are paid ``payment_lag_months`` after the purchase; material and bought-in units are purchases, the rest of the
    standard cost is paid in the month it is made; fixed cost is shared over families by their revenue.
    """
    inputs = {
        "actuals": actuals,
        "sales_plan": sales_plan,
        "production_plan": production_plan,
        "inventory_plan": inventory_plan,
        "products": products,
        "unit_factors": unit_factors(products, product_lifecycle),
    }
    flows = sql.query("reconciliation/family_flows", inputs, {"cycle_month": cycle.month})
    params = {
        "receipt_lag": company.finance.receipt_lag_months,
        "payment_lag": company.finance.payment_lag_months,
        "fixed_cost": round(Decimal(str(company.finance.fixed_cost_month)), 2),
        "first_month": add_months(cycle.month, -PAST_MONTHS),
    }
    result = sql.query("reconciliation/financial_plan", {"family_flows": flows}, params)
    return tables.conform("financial_plan", result)
