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

    The last cycle's own ``plan_attainment`` is carried on so that a year of months can be seen. Null where
    nothing was planned; no row where nothing was recorded that month.
    """
    inputs = {
        "actuals": actuals,
        "last_plan": last_plan,
        "unit_factors": unit_factors(products, product_lifecycle),
    }
    fresh = tables.conform(
        "plan_attainment", sql.query("reconciliation/plan_attainment", inputs, {"cycle_month": cycle.month})
    )
    if before is None or not before.plan_attainment.num_rows:
        return fresh
    given = {"fresh": fresh, "earlier": before.plan_attainment}
    return tables.conform("plan_attainment", sql.query("reconciliation/attainment_so_far", given))


def plan_gap(
    financial_plan: pa.Table,
    business_plan: pa.Table,
    last_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
    *,
    cycle: Cycle,
) -> pa.Table:
    """Return ``plan_gap``: units, revenue, margin and stock value by family and month, twelve months back and onward.

    A family of the business plan that nothing is sold of counts as 0. Without a business plan for a measure its gap is
    against the year before.
    """
    inputs = {
        "financial_plan": financial_plan,
        "business_plan": business_plan,
        "last_plan": last_plan,
        "unit_factors": unit_factors(products, product_lifecycle),
    }
    params = {"first_month": add_months(cycle.month, -GAP_MONTHS_BACK)}
    return tables.conform("plan_gap", sql.query("reconciliation/plan_gap", inputs, params))
