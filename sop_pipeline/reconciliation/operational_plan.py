"""The one plan that allots people, money and time, and a commitment sheet of it for every department.

Every line is taken from the other plans: units from the deliverables, heads and hours from the people and capacity
plans, materials from theirs, money from the chosen strategy's costs and cash. Zero commitments are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.config import WHOLE, Company
from sop_pipeline.reconciliation.units import unit_factors

PARTS = ("people", "units", "materials", "money")
_OWNERS = pa.schema([("department", pa.string()), ("site_id", pa.string()), ("owner", pa.string())])


@dataclass(frozen=True)
class CommitmentInputs:
    """The tables that commitments are taken from."""

    sales_plan: pa.Table
    production_plan: pa.Table
    site_schedule: pa.Table
    inventory_plan: pa.Table
    new_product_plan: pa.Table
    workforce_plan: pa.Table
    capacity_plan: pa.Table
    material_plan: pa.Table
    plan_costs: pa.Table
    plan_money: pa.Table
    plan_summary: pa.Table
    opening_state: pa.Table
    planned_features: pa.Table
    planning_calendar: pa.Table
    planning_demand: pa.Table
    planning_resources: pa.Table
    resources: pa.Table
    products: pa.Table
    product_lifecycle: pa.Table


@dataclass(frozen=True)
class Commitments:
    """The plan's lines, and the sheets cut from them."""

    operational_plan: pa.Table
    commitment_sheets: pa.Table


def operational_plan(inputs: CommitmentInputs, *, company: Company) -> Commitments:
    """Return ``operational_plan`` and ``commitment_sheets``: by month, department and site, what is allotted.

    People: whole heads, hires, layoffs, temporary heads by resource. Time: working days, machines, regular and
    overtime hours. Units: to sell, make, subcontract and keep by family, output by product, materials to take and to
    order. Money: revenue, spending by kind, receipts, payments, cash. Each beside what there is of it, with the owner
    that the company names for the department or for its site.
    """
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    params = {"strategy": strategy, "scenario": scenario, "currency": company.currency, "company": company.company}
    given = {
        **vars(inputs),
        "unit_factors": unit_factors(inputs.products, inputs.product_lifecycle),
        "owners": owners(company),
    }
    with sql.session(given) as connection:
        connection.register("site_days", sql.run(connection, "reconciliation/site_days"))
        for part in PARTS:
            name = f"operational_{part}"
            connection.register(name, _run(connection, f"reconciliation/{name}", params))
        plan = tables.conform("operational_plan", sql.run(connection, "reconciliation/operational_plan"))
        connection.register("operational_plan", plan)
        sheets = sql.run(connection, "reconciliation/commitment_sheets")
    return Commitments(plan, tables.conform("commitment_sheets", sheets))


def owners(company: Company) -> pa.Table:
    """Return one row per department, and per site of it, for which ``sop.yaml`` names who answers."""
    rows = [
        {"department": department, "site_id": None if site == WHOLE else site, "owner": owner}
        for department, named in company.owners.items()
        for site, owner in ({WHOLE: named} if isinstance(named, str) else named).items()
    ]
    return pa.Table.from_pylist(rows, schema=_OWNERS)


def _run(connection: Any, statement: str, params: dict[str, Any]) -> pa.Table:
    """Run a statement with those of the parameters that it binds."""
    wanted = sql.parameters(sql.text(statement))
    return sql.run(connection, statement, {key: value for key, value in params.items() if key in wanted})
