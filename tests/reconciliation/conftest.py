"""A company small enough to be computed by hand: two families, three products, a cycle in March 2026."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.financial_plan import MoneyTables
from sop_pipeline.reconciliation.volume_plans import inventory_plan, sales_plan

Rows = list[dict[str, Any]]


def month(text: str) -> date:
    return date(int(text[:4]), int(text[5:7]), 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def make(name: str, *rows: dict[str, Any]) -> pa.Table:
    """A registry table from rows whose dates are text and whose numbers are what they look like."""
    spec = tables.get(name)
    return tables.conform(name, [{key: _value(spec[key].kind, value) for key, value in row.items()} for row in rows])


def _value(kind: tables.Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind is tables.Kind.MONTH:
        return month(value) if isinstance(value, str) else value
    if kind is tables.Kind.DATE:
        return day(value) if isinstance(value, str) else value
    return Decimal(str(value)) if kind.is_decimal else value


def by(table: pa.Table, *names: str) -> dict[Any, dict[str, Any]]:
    """Rows by key: a single name, or a tuple of names; months as text."""
    found = {}
    for row in tables.rows(table):
        key = tuple(f"{row[name]:%Y-%m}" if isinstance(row[name], date) else row[name] for name in names)
        found[key if len(names) > 1 else key[0]] = row
    return found


def sites(schedule: pa.Table) -> pa.Table:
    """``site_schedule`` of a company whose products are each made at the one site they name."""
    names = ("product_id", "family", "site_id", "month", "output")
    return make("site_schedule", *[{name: row[name] for name in names} for row in tables.rows(schedule)])


@pytest.fixture
def empty() -> Callable[[str], pa.Table]:
    return tables.empty


@pytest.fixture
def cycle() -> Cycle:
    return Cycle.parse("2026-03")


@pytest.fixture
def company() -> Company:
    return Company(company="Two Families", currency="EUR", sources={}, horizon_months=3)


PRODUCTS: Rows = [
    {
        "product_id": "bar",
        "product_name": "Bar",
        "family": "Snacks",
        "unit_of_measure": "kg",
        "unit_price": 10,
        "standard_cost": 6,
        "unit_material_cost": 4,
        "max_stock": 500,
    },
    {
        "product_id": "nut",
        "product_name": "Nut",
        "family": "Snacks",
        "unit_of_measure": "kg",
        "unit_price": 20,
        "standard_cost": 15,
        "unit_material_cost": 10,
    },
    {
        "product_id": "oil",
        "product_name": "Oil",
        "family": "Oils",
        "unit_of_measure": "l",
        "unit_price": 3,
        "standard_cost": 2,
        "unit_material_cost": 2,
    },
]


@pytest.fixture
def products() -> pa.Table:
    return make("products", *PRODUCTS)


@pytest.fixture
def products_without_money() -> pa.Table:
    keep = ("product_id", "product_name", "family", "unit_of_measure")
    return make("products", *[{name: row[name] for name in keep} for row in PRODUCTS])


@pytest.fixture
def lifecycle() -> pa.Table:
    return make(
        "product_lifecycle",
        *[
            {
                "product_id": row["product_id"],
                "product_name": row["product_name"],
                "family": row["family"],
                "status": "active",
                "history_months": 24,
            }
            for row in PRODUCTS
        ],
    )


@pytest.fixture
def calendar() -> pa.Table:
    days = {"2026-03": 22, "2026-04": 20, "2026-05": 0}
    return make(
        "working_calendar",
        *[{"month": name, "working_days": count, "source": "calendar"} for name, count in days.items()],
    )


@pytest.fixture
def schedule() -> pa.Table:
    """Bar runs short in April and catches up in May; nut and oil are steady."""
    return make(
        "production_schedule",
        _scheduled("bar", "Snacks", "2026-03", demand=100, output=80, opening=50),
        _scheduled("bar", "Snacks", "2026-04", demand=120, output=60, opening=30, backlog=20, lost=10, inventory=0),
        _scheduled("bar", "Snacks", "2026-05", demand=90, output=150, opening=0, opening_backlog=20, inventory=40),
        _scheduled("nut", "Snacks", "2026-03", demand=10, output=10, opening=5),
        _scheduled("nut", "Snacks", "2026-04", demand=10, output=10, opening=5),
        _scheduled("nut", "Snacks", "2026-05", demand=10, output=10, opening=5),
        _scheduled("oil", "Oils", "2026-03", demand=30, output=20, subcontract=10, opening=60),
        _scheduled("oil", "Oils", "2026-04", demand=30, output=20, subcontract=10, opening=60),
        _scheduled("oil", "Oils", "2026-05", demand=30, output=20, subcontract=10, opening=60),
    )


def _scheduled(
    product: str,
    family: str,
    when: str,
    *,
    demand: float,
    output: float,
    opening: float,
    subcontract: float = 0,
    backlog: float = 0,
    lost: float = 0,
    opening_backlog: float = 0,
    inventory: float | None = None,
) -> dict[str, Any]:
    closing = opening - opening_backlog + output + subcontract - demand + lost + backlog
    assert inventory is None or inventory == closing
    return {
        "product_id": product,
        "family": family,
        "site_id": "north" if family == "Snacks" else None,
        "month": when,
        "demand": demand,
        "output": output,
        "subcontract": subcontract,
        "inventory": closing,
        "backlog": backlog,
        "lost_sales": lost,
        "target_stock": 5,
        "opening_stock": opening,
        "opening_backlog": opening_backlog,
    }


@pytest.fixture
def demand_plan(schedule: pa.Table) -> pa.Table:
    return planned_demand(schedule, "2026-03")


def planned_demand(schedule: pa.Table, cycle: str) -> pa.Table:
    start = month(cycle)
    rows = []
    for row in tables.rows(schedule):
        lag = (row["month"].year - start.year) * 12 + row["month"].month - start.month
        quantity = row["demand"]
        rows.append(
            {
                "product_id": row["product_id"],
                "family": row["family"],
                "month": row["month"],
                "lag": lag,
                "statistical": quantity,
                "adjustment": 0,
                "quantity": quantity,
                "p10": quantity * Decimal("0.9"),
                "p50": quantity,
                "p90": quantity * Decimal("1.2"),
            }
        )
    return make("demand_plan", *rows)


@pytest.fixture
def history() -> pa.Table:
    """Actuals of 26 months: bar 100, nut 10 and oil 30 a month, with stock and output to match."""
    rows = []
    for number in range(26):
        when = f"{2024 + number // 12}-{number % 12 + 1:02d}"
        for product, family, sold, price, cost in (
            ("bar", "Snacks", 100, 10, 6),
            ("nut", "Snacks", 10, 20, 15),
            ("oil", "Oils", 30, 3, 2),
        ):
            rows.append(
                {
                    "product_id": product,
                    "family": family,
                    "month": when,
                    "sales": sold,
                    "output": sold,
                    "inventory": 50,
                    "revenue": sold * price,
                    "margin": sold * (price - cost),
                    "inventory_value": 50 * cost,
                }
            )
    return make("actuals", *rows)


@pytest.fixture
def money_tables(
    schedule: pa.Table, demand_plan: pa.Table, products: pa.Table, lifecycle: pa.Table, history: pa.Table
) -> Callable[..., MoneyTables]:
    """What ``financial_plan`` reads, of the schedule and the tables that take another's place."""
    from tests.reconciliation import plans

    def made(catalogue: pa.Table = products, **given: pa.Table) -> MoneyTables:
        known = {
            "actuals": history,
            "sales_plan": sales_plan(schedule, demand_plan, catalogue),
            "inventory_plan": inventory_plan(schedule, demand_plan, catalogue),
            "production_schedule": schedule,
            "aggregate_plan": plans.aggregate_plan(schedule),
            "plan_costs": plans.plan_costs(schedule),
            "plan_summary": plans.summary("blended"),
            "planning_products": make("planning_products", *tables.rows(catalogue)),
            "planning_features": make("planning_features", *plans.FEATURES),
            "planning_resources": make("planning_resources", plans.CREW),
            "planning_state": plans.opening(schedule),
            "products": catalogue,
            "resources": make("resources", plans.CREW),
            "product_lifecycle": lifecycle,
        }
        names = [field.name for field in dataclasses.fields(MoneyTables)]
        return MoneyTables(**{name: given.get(name, known.get(name, tables.empty(name))) for name in names})

    return made
