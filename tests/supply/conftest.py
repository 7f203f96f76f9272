"""A company small enough to compute by hand: two families, four products, two machines, one crew, one material.

``small_company`` is a function: call it with tables to replace, and every input of the supply step comes back by name.
"""

from __future__ import annotations

from datetime import date

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.units import demand_units
from sop_pipeline.supply.requirements.inputs import RequirementInputs
from sop_pipeline.supply.requirements.load import Load, load
from tests.supply.cycle import approach_of, pick, with_plans, with_problem, with_schedule

MONTHS = 6
CYCLE = Cycle(date(2026, 7, 1))
DEMAND = {"A1": 100, "A2": 300, "B1": 50, "B2": 50}
FAMILY = {"A1": "Alpha", "A2": "Alpha", "B1": "Beta", "B2": "Beta"}


def _products() -> list[dict]:
    shared = {"unit_price": 20, "unit_material_cost": 5, "standard_cost": 9, "unit_of_measure": "piece"}
    return [
        {"product_id": name, "product_name": f"Product {name}", "family": FAMILY[name], **shared} for name in DEMAND
    ]


def _features() -> list[dict]:
    hours = {"A1": ("line 1", 1.0), "A2": ("line 1", 2.0), "B1": ("line 2", 1.0), "B2": ("line 2", 1.0)}
    rows = [{"product_id": name, "feature": line, "quantity": amount} for name, (line, amount) in hours.items()]
    rows += [{"product_id": name, "feature": "crew", "quantity": 0.5} for name in DEMAND]
    rows += [{"product_id": name, "feature": "resin", "quantity": 2, "lead_months": 1} for name in ("A1", "A2")]
    return rows


def _resources() -> list[dict]:
    return [
        {"resource_id": "line 1", "kind": "machine", "opening_units": 4, "hours_per_day": 10},
        {"resource_id": "line 2", "kind": "machine", "opening_units": 1, "hours_per_day": 10},
        {
            "resource_id": "crew",
            "kind": "labour",
            "opening_units": 2,
            "hours_per_day": 8,
            "regular_rate": 10,
            "overtime_limit_pct": 20,
            "hire_cost": 500,
            "layoff_cost": 800,
        },
    ]


def demand_rows(demand: dict[str, list[float]] | None = None) -> list[dict]:
    """Demand plan rows; the constant demand of every product unless given."""
    plan = demand or {name: [amount] * MONTHS for name, amount in DEMAND.items()}
    return [
        {
            "product_id": name,
            "family": FAMILY.get(name, "Alpha"),
            "month": add_months(CYCLE.month, lag),
            "lag": lag,
            "statistical": amount,
            "adjustment": 0,
            "quantity": amount,
            "p10": amount * 0.8,
            "p50": amount,
            "p90": amount * 1.2,
        }
        for name, amounts in plan.items()
        for lag, amount in enumerate(amounts)
    ]


def history_rows(mix: dict[str, float] | None = None) -> list[dict]:
    """Twelve months of demand history at the constant demand, or at the amounts given."""
    return [
        {
            "product_id": name,
            "family": FAMILY[name],
            "month": add_months(CYCLE.month, -back),
            "quantity": amount,
            "cleansed": amount,
            "returns": 0,
            "signal": "sales",
        }
        for name, amount in (mix or DEMAND).items()
        for back in range(1, 13)
    ]


def _calendar() -> list[dict]:
    return [
        {"month": add_months(CYCLE.month, lag), "working_days": 20, "source": "calendar"} for lag in range(-24, MONTHS)
    ]


def _lifecycle() -> list[dict]:
    return [
        {
            "product_id": name,
            "product_name": name,
            "family": FAMILY[name],
            "status": "active",
            "history_months": 12,
        }
        for name in DEMAND
    ]


@pytest.fixture
def company() -> Company:
    return Company(company="Small", sources={}, horizon_months=MONTHS)


@pytest.fixture
def cycle() -> Cycle:
    return CYCLE


@pytest.fixture
def small_company():
    def build(**replaced: list[dict]) -> dict:
        rows = {
            "products": _products(),
            "resources": _resources(),
            "resource_months": [],
            "product_features": _features(),
            "materials": [{"material_id": "resin", "unit_cost": 1.5}],
            "calendar": [],
            "inventory": [{"date": date(2026, 6, 30), "product_id": name, "on_hand": 80} for name in DEMAND],
            "production": [],
            "demand_plan": demand_rows(),
            "demand_history": history_rows(),
            "forecast_backtest": [],
            "forecast_approach": [],
            "product_lifecycle": _lifecycle(),
            "working_calendar": _calendar(),
            "sales": [],
            "exchange_rates": [],
            "price_list": [],
            "cost_changes": [],
        }
        unknown = set(replaced) - set(rows)
        assert not unknown, unknown
        made = {
            name: tables.conform(name, value) if value else tables.empty(name)
            for name, value in (rows | replaced).items()
        }
        company = Company(company="Small", sources={})
        return made | {"demand_units": demand_units(made["products"], made["product_lifecycle"], company=company)}

    return build


@pytest.fixture
def demand_plan_rows():
    return demand_rows


@pytest.fixture
def demand_history_rows():
    return history_rows


@pytest.fixture
def loaded():
    """What requirements and rough-cut capacity are computed from, of a company's tables."""

    def bring_together(given: dict, company: Company, cycle: Cycle) -> Load:
        return load(pick(RequirementInputs, given), company=company, cycle=cycle)

    return bring_together


@pytest.fixture
def planned_cycle():
    """Plan a company's tables as the monthly cycle does: problem, strategies, schedule, loads, by name of the table."""

    def run(given: dict, company: Company, cycle: Cycle, approach: str, last_production=None) -> dict:
        known = {**given, "planning_approach": approach_of(given, approach)}
        known = with_problem(known, company, cycle, last_production)
        return with_schedule(with_plans(known, company), company)

    return run
