"""People, capacity and materials of the plan in use: what there is, what is used, what has to be hired or ordered.

Heads, hours and pay are the chosen strategy's (``resource_plan``, ``plan_costs``), materials the schedule's
(``material_orders``). Not here: who answers for them (``operational_plan``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.room_settings import PlanChoice


@dataclass(frozen=True)
class ResourceInputs:
    """What the plan in use takes of every resource and material, and what there is of it."""

    resource_plan: pa.Table
    plan_costs: pa.Table
    plan_summary: pa.Table
    material_orders: pa.Table
    site_schedule: pa.Table
    planning_demand: pa.Table
    planning_calendar: pa.Table
    planning_resources: pa.Table
    planning_resource_months: pa.Table
    planning_raised_limits: pa.Table
    resources: pa.Table
    materials: pa.Table


@dataclass(frozen=True)
class ResourcePlans:
    """The deliverables of people, of capacity and of materials."""

    workforce_plan: pa.Table
    capacity_plan: pa.Table
    material_plan: pa.Table


def resource_plans(inputs: ResourceInputs, *, company: PlanChoice) -> ResourcePlans:
    """Return ``workforce_plan``, ``capacity_plan`` and ``material_plan`` of the chosen strategy.

    Heads are whole, rounded up, and ``W(t) = W(t-1) + hires - layoffs`` holds of them; the heads as planned and paid
    stand beside. Hours, limits and pay are the plan's; material is what the schedule's products take.
    """
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    which = {"strategy": strategy, "scenario": scenario}
    with sql.session(vars(inputs)) as connection:
        connection.register("site_days", sql.run(connection, "reconciliation/site_days"))
        connection.register("used_resources", sql.run(connection, "reconciliation/used_resources", which))
        people = sql.run(connection, "reconciliation/workforce_plan", which)
        capacity = sql.run(connection, "reconciliation/capacity_plan")
        material = sql.run(connection, "reconciliation/material_plan")
    return ResourcePlans(
        tables.conform("workforce_plan", people),
        tables.conform("capacity_plan", capacity),
        tables.conform("material_plan", material),
    )
