"""Plan against actual, and the latest view against business plan, last cycle and last year."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.past import PastCycle
from sop_pipeline.reconciliation.units import unit_factors

GAP_MONTHS_BACK = 12


@dataclass(frozen=True)
class AttainmentBefore(PastCycle):
    """What the last cycle had found of the plans before it."""

    plan_attainment: pa.Table


@dataclass(frozen=True)
class ViewBefore(PastCycle):
    """The full view, past and planned, that the last cycle's pack showed."""

    financial_plan: pa.Table


def plan_attainment(
    actuals: pa.Table,
    last_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
    *,
    cycle: Cycle,
    before: AttainmentBefore | None = None,
) -> pa.Table:
    """Return ``plan_attainment``: 1 - |actual - plan| / plan by family, for months the last cycle planned (METHODS 6).

    At least 0. The plans that the last cycle had judged are carried on, so that a year of months can be seen, each held
    against today's actuals. Null where nothing was planned; no row where nothing was recorded that month.
    """
    inputs = {
        "actuals": actuals,
        "last_plan": last_plan,
        "unit_factors": unit_factors(products, product_lifecycle),
        "earlier": tables.empty("plan_attainment") if before is None else before.plan_attainment,
    }
    with sql.session(inputs) as connection:
        plans = sql.run(connection, "reconciliation/attainment_plans", {"cycle_month": cycle.month})
        connection.register("attainment_plans", plans)
        return tables.conform("plan_attainment", sql.run(connection, "reconciliation/plan_attainment"))


def plan_gap(
    financial_plan: pa.Table, business_plan: pa.Table, *, cycle: Cycle, before: ViewBefore | None = None
) -> pa.Table:
    """Return ``plan_gap``: units, revenue, margin and stock value by family and month, twelve months back and onward.

    A family of the business plan that nothing is sold of counts as 0. Without a business plan for a measure its gap is
    against the year before. ``last_plan`` is what the last cycle's pack said of the month, actual or plan
    (``last_basis``); where both views are actual, the difference is a restatement.
    """
    inputs = {
        "financial_plan": financial_plan,
        "business_plan": business_plan,
        "last_view": tables.empty("financial_plan") if before is None else before.financial_plan,
    }
    params = {"first_month": add_months(cycle.month, -GAP_MONTHS_BACK)}
    return tables.conform("plan_gap", sql.query("reconciliation/plan_gap", inputs, params))
