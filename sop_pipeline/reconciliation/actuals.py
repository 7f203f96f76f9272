"""What really happened: history by product and month, in units and in the reporting currency.

Here: adding up transactions, converting money, valuing stock. Not here: cleansing, which is the demand step's, and
which never changes what was sold.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.exchange import refuse_missing_rates
from sop_pipeline.room_settings import Reporting


@dataclass(frozen=True)
class Records:
    """What was booked: sold, made, counted."""

    sales: pa.Table
    production: pa.Table
    inventory: pa.Table


@dataclass(frozen=True)
class History:
    """What demand is taken to have been, and how far the data reach."""

    demand_history: pa.Table
    data_freshness: pa.Table


def actuals(
    records: Records,
    products: pa.Table,
    exchange_rates: pa.Table,
    product_lifecycle: pa.Table,
    history: History | None = None,
    *,
    company: Reporting,
    cycle: Cycle,
) -> pa.Table:
    """Return ``actuals``: units sold, made and kept, revenue, margin at standard cost, stock at standard cost.

    Where sales end before the cut-off, the days without data are forecast (``sales_estimated`` of ``sales``), as demand
    is cleansed to and at the last year's price, so that a month whose file did not come is no loss of sales (METHODS
    2). Output and stock are null from the month on in which their data end early.

    Revenue in another currency converts at its month's rate; BadInput names every month and currency without one
    (METHODS 1). A sale without revenue counts at the list price; without a price the month's revenue is null. A product
    that has no sales at all takes its production, less the change of its stock, as sales (METHODS 2).
    """
    refuse_missing_rates(records.sales, exchange_rates, company, cycle)
    cutoff = {"cutoff": cycle.cutoff}
    sold = sql.query(
        "reconciliation/sold_by_month",
        {"sales": records.sales, "exchange_rates": exchange_rates, "products": products},
        {**cutoff, "currency": company.currency},
    )
    stock = sql.query("reconciliation/stock_by_month", {"inventory": records.inventory}, cutoff)
    inputs = {
        "sold": sold,
        "stock": stock,
        "production": records.production,
        "products": products,
        "product_lifecycle": product_lifecycle,
        "demand_history": history.demand_history if history else tables.empty("demand_history"),
        "data_freshness": history.data_freshness if history else tables.empty("data_freshness"),
    }
    return tables.conform("actuals", sql.query("reconciliation/actuals", inputs, cutoff))
