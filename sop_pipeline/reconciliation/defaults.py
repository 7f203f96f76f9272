"""What was assumed where the company's files say nothing, with its numbers (METHODS 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.defaults import Defaults
from sop_pipeline.reconciliation.units import unit_factors

Found = dict[str, Any]


@dataclass(frozen=True)
class MoneyInputs:
    """The tables in which reconciliation may have found gaps."""

    sales_plan: pa.Table
    sales: pa.Table
    production: pa.Table
    orders: pa.Table
    business_plan: pa.Table
    last_plan: pa.Table
    products: pa.Table
    product_lifecycle: pa.Table
    operational_plan: pa.Table
    workforce_plan: pa.Table


def money_defaults(inputs: MoneyInputs, *, company: Company, cycle: Cycle) -> pa.Table:
    """Return ``money_defaults``: every default and simplification that reconciliation used, with how often."""
    given = {**vars(inputs), "unit_factors": unit_factors(inputs.products, inputs.product_lifecycle)}
    found: Found = sql.query("reconciliation/money_gaps", given, {"cutoff": cycle.cutoff}).to_pylist()[0]
    notes = Defaults()
    _of_products(notes, found, company)
    _of_history(notes, found)
    _of_comparisons(notes, found)
    _of_company(notes, found, company)
    _of_people(notes, found)
    return notes.table("money_defaults")


def _of_products(notes: Defaults, found: Found, company: Company) -> None:
    planned = found["planned_products"]
    notes.use("no_price", found["without_price"], among=planned)
    notes.use("no_cost", found["without_cost"], among=planned)
    lag = company.finance.payment_lag_months
    notes.use("no_material_cost", found["without_material_cost"], among=planned, amount=lag, unit="months")
    notes.use("no_most_stock", found["without_most_stock"], among=planned)
    notes.use("units_not_added", found["families_not_added"])


def _of_history(notes: Defaults, found: Found) -> None:
    notes.use("revenue_at_list_price", found["sold_without_revenue"])
    notes.use("sales_from_production", found["sold_as_made"])
    notes.use("no_orders", 0 if found["orders_due"] else 1)


def _of_comparisons(notes: Defaults, found: Found) -> None:
    notes.use("bridge_mix" if found["business_plan_rows"] else "no_business_plan", 1)
    without, names = found["families_unplanned"], found["unplanned"]
    notes.use("business_plan_families", without, among=found["planned_families"], subject=names)
    notes.use("no_last_cycle", 0 if found["last_plan_rows"] else 1)


def _of_company(notes: Defaults, found: Found, company: Company) -> None:
    """Cash of a company that prices something."""
    priced = 1 if found["planned_products"] > found["without_price"] else 0
    notes.use("shared_by_revenue", priced, amount=company.finance.fixed_cost_month, unit="currency")
    notes.use("no_opening_cash", priced if company.finance.opening_cash is None else 0)


def defaults_used(
    demand_defaults: pa.Table,
    supply_defaults: pa.Table,
    money_defaults: pa.Table,
    schedule_defaults: pa.Table | None = None,
    ingest_defaults: pa.Table | None = None,
) -> pa.Table:
    """Return ``defaults_used``: the defaults of all steps."""
    parts = {"demand": demand_defaults, "supply": supply_defaults, "money": money_defaults}
    others = {"ingest": ingest_defaults, "schedule": schedule_defaults}
    parts |= {step: part for step, part in others.items() if part is not None}
    rows = [{"step": step, **row} for step, part in parts.items() for row in tables.rows(part)]
    return tables.conform("defaults_used", rows)


def _of_people(notes: Defaults, found: Found) -> None:
    notes.use("owners_not_named", found["departments_without_owner"], among=found["departments"])
    notes.use("whole_heads", found["head_months_rounded"], among=found["head_months"])
