"""The one plan that allots people, money and time: a commitment sheet for every department.

Every line is taken from the other plans: units from the deliverables, heads and hours from the chosen strategy's
resource plan, money from its costs. Zero commitments are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.reconciliation.units import unit_factors


@dataclass(frozen=True)
class CommitmentInputs:
    """The tables that commitments are taken from."""

    sales_plan: pa.Table
    production_plan: pa.Table
    site_schedule: pa.Table
    inventory_plan: pa.Table
    resource_plan: pa.Table
    plan_costs: pa.Table
    plan_summary: pa.Table
    resources: pa.Table
    products: pa.Table
    product_lifecycle: pa.Table


def operational_plan(inputs: CommitmentInputs, *, company: Company) -> pa.Table:
    """Return ``operational_plan``: by month and department, what is allotted and who answers for it.

    People: heads, hires, layoffs, temporary heads by resource. Time: regular and overtime hours by resource. Units: to
    sell, make, subcontract, keep, by family; material by material. Money: revenue, purchases, pay. Production is one
    department a site, with what that site makes; the owner is the head of the department.
    """
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    which = {"strategy": strategy, "scenario": scenario}
    factors = unit_factors(inputs.products, inputs.product_lifecycle)
    with sql.session({**vars(inputs), "unit_factors": factors}) as connection:
        parts = [
            sql.run(connection, "reconciliation/operational_people", which),
            sql.run(connection, "reconciliation/operational_units", which),
            sql.run(connection, "reconciliation/operational_money", {**which, "currency": company.currency}),
        ]
    rows = [row for part in parts for row in part.to_pylist()]
    return tables.conform("operational_plan", rows)
