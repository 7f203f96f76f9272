"""The deliverables in units first: what will be sold, made, kept, launched and phased out.

All of them read the chosen strategy's schedule by product; money is units at price or standard cost, rounded once for
each product and month, so that every total above is a plain sum. Not here: totals by family (``financial_plan``).
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle


def sales_plan(
    production_schedule: pa.Table, demand_plan: pa.Table, products: pa.Table, planned_prices: pa.Table | None = None
) -> pa.Table:
    """Return ``sales_plan``: constrained sales = demand + backlog before - backlog after - lost sales (METHODS 5, 6).

    Revenue is sales x the price planned for the month (list price where ``planned_prices`` has none), cost of goods
    sold is sales x standard cost; null where the product has none.
    """
    inputs = {
        "production_schedule": production_schedule,
        "demand_plan": demand_plan,
        "products": products,
        "planned_prices": tables.empty("planned_prices") if planned_prices is None else planned_prices,
    }
    return tables.conform("sales_plan", sql.query("reconciliation/sales_plan", inputs))


def production_plan(production_schedule: pa.Table, working_calendar: pa.Table, site_schedule: pa.Table) -> pa.Table:
    """Return ``production_plan``: units made and subcontracted, and the rate per working day (null in a month of none).

    The site is the one that makes a month's output, null where several do: ``site_schedule`` has each one's part.
    """
    inputs = {
        "production_schedule": production_schedule,
        "working_calendar": working_calendar,
        "site_schedule": site_schedule,
    }
    return tables.conform("production_plan", sql.query("reconciliation/production_plan", inputs))


def inventory_plan(production_schedule: pa.Table, demand_plan: pa.Table, products: pa.Table) -> pa.Table:
    """Return ``inventory_plan``: stock at month end, its band, calendar days of supply, value at standard cost.

    The band runs from the target stock to the smaller of the product's most stock and most cover (null where neither
    is given). Days of supply are calendar days by forward depletion of the demand plan (METHODS 6); beyond the horizon
    the last month's demand a day repeats, and stock that outlives this by two years has none.
    """
    inputs = {"production_schedule": production_schedule, "demand_plan": demand_plan, "products": products}
    with sql.session(inputs) as connection:
        for name in ("demand_path", "days_of_supply", "cover_stock"):
            connection.register(name, sql.run(connection, f"reconciliation/{name}"))
        return tables.conform("inventory_plan", sql.run(connection, "reconciliation/inventory_plan"))


TAIL_SHARE = Decimal("0.05")
"""Share of the year's margin that the long tail brings together."""


def portfolio_review(
    product_lifecycle: pa.Table, actuals: pa.Table, new_product_plan: pa.Table, products: pa.Table, *, cycle: Cycle
) -> pa.Table:
    """Return ``portfolio_review``: what every product brought in twelve months, its stock, and what of it is at risk.

    At risk is all stock of what has ended, and what a phase-out leaves after its last month of sale, at standard cost.
    """
    inputs = {
        "product_lifecycle": product_lifecycle,
        "actuals": actuals,
        "new_product_plan": new_product_plan,
        "products": products,
    }
    params = {"cutoff": cycle.cutoff, "tail_share": TAIL_SHARE}
    return tables.conform("portfolio_review", sql.query("reconciliation/portfolio_review", inputs, params))


def new_product_plan(product_lifecycle: pa.Table, sales_plan: pa.Table, inventory_plan: pa.Table) -> pa.Table:
    """Return ``new_product_plan``: launches with ramp and cannibalisation, phase-outs with their run-down (METHODS 6).

    ``cannibalised`` is the launch's demand x the stated percentage; ``expected_revenue`` is revenue x probability.
    """
    inputs = {"product_lifecycle": product_lifecycle, "sales_plan": sales_plan, "inventory_plan": inventory_plan}
    return tables.conform("new_product_plan", sql.query("reconciliation/new_product_plan", inputs))
