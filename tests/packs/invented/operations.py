"""People, capacity, materials and the operational plan: what the library makes of the invented plans."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.reconciliation.operational_plan import CommitmentInputs, operational_plan
from sop_pipeline.reconciliation.resource_plans import ResourceInputs, resource_plans
from tests.packs.invented.firm import Firm, company
from tests.packs.invented.inputs import resources

Inputs = TypeVar("Inputs")


def planning_resources(firm: Firm) -> list[dict[str, Any]]:
    return resources(firm)


def planning_demand(firm: Firm) -> list[dict[str, Any]]:
    return [{"product_id": "P0101", "month": month, "quantity": 1} for month in firm.ahead]


def planning_calendar(firm: Firm) -> list[dict[str, Any]]:
    shut = {"shutdown": "Summer shutdown"}
    return [{"month": month, "working_days": 21, **(shut if month.month == 8 else {})} for month in firm.ahead]


def site_schedule(firm: Firm) -> Any:
    return firm.plan.assign(site_id="North")[["product_id", "family", "site_id", "month", "output"]]


def material_orders(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "material_id": "Sugar",
            "month": month,
            "requirement": 41_000.0 + 300 * n,
            "receipt": 42_000.0,
            "stock": 1_000.0 + n,
            "order_by": firm.ahead[max(n - 1, 0)],
            "needed_on": month,
            "late": n == 0,
            "cost": 25_620.0,
        }
        for n, month in enumerate(firm.ahead)
    ]


def supply_allotment(firm: Firm) -> list[dict[str, Any]]:
    """One product is short in one month, by channel."""
    first = firm.products.iloc[0]
    key = {"product_id": first.product_id, "family": first.family, "month": firm.ahead[1], "dimension": "channel"}
    return [
        key | {"market": "Retail", "priority": 1, "demand": 900.0, "allotted": 900.0},
        key | {"market": "Online", "priority": 2, "demand": 400.0, "allotted": 100.0},
    ]


def planned_features(firm: Firm) -> list[dict[str, Any]]:
    return [{"product_id": key, "feature": "Sugar", "quantity": 0.3} for key in firm.products["product_id"]]


def deliverables(made: dict[str, pa.Table], firm: Company | None = None) -> dict[str, pa.Table]:
    """The tables that follow from the others."""
    firm = firm or company()
    people = vars(resource_plans(_of(ResourceInputs, made), company=firm))
    return people | vars(operational_plan(_of(CommitmentInputs, made | people), company=firm))


def _of(kind: type[Inputs], made: dict[str, pa.Table]) -> Inputs:
    names = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]  # a dataclass of tables
    return kind(**{name: made.get(name, tables.empty(name)) for name in names})
