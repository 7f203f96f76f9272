"""Whether the plan's numbers hold what the company assumes, and what they would change by if they did."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.config import Company


@dataclass(frozen=True)
class AssumptionInputs:
    """What assumptions are held against: the chosen plan's prices, pay and material."""

    assumptions: pa.Table
    sales_plan: pa.Table
    planned_prices: pa.Table
    plan_costs: pa.Table
    planned_costs: pa.Table
    aggregate_plan: pa.Table
    planning_products: pa.Table
    material_flows: pa.Table
    materials: pa.Table
    plan_summary: pa.Table


def assumption_effects(inputs: AssumptionInputs, *, company: Company) -> pa.Table:
    """Return ``assumption_effects``: one that names a driver, a month and a percentage is measured, others are text.

    ``planned_pct`` is what prices, pay or material of the plan have changed by from that month on, weighed by the
    plan's volumes; ``effect`` is money over the horizon of what is still missing, costs counting against the result.
    """
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    found = sql.query("reconciliation/assumption_effects", vars(inputs), {"strategy": strategy, "scenario": scenario})
    return tables.conform("assumption_effects", found)
