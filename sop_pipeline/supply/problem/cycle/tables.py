"""Registry tables that go into a cycle's planning problem, and those it consists of."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline.supply.requirements.inputs import RequirementInputs


@dataclass(frozen=True)
class ProblemInputs(RequirementInputs):
    """What the problem is made from: requirements' tables, stock, and what the forecast and its families came to."""

    inventory: pa.Table
    forecast_backtest: pa.Table
    forecast_approach: pa.Table
    planning_approach: pa.Table
    planned_prices: pa.Table
    planned_costs: pa.Table


@dataclass(frozen=True)
class PlanningTables:
    """A planning folder as registry tables: planned items, resources, what items take, demand, limits by month."""

    planning_products: pa.Table
    planning_resources: pa.Table
    planning_resource_months: pa.Table
    planning_features: pa.Table
    planning_calendar: pa.Table
    planning_materials: pa.Table
    planning_demand: pa.Table
    planning_state: pa.Table
    planning_months: pa.Table
    planning_feature_months: pa.Table
    planning_raised_limits: pa.Table


@dataclass(frozen=True)
class CycleProblem(PlanningTables):
    """The cycle's problem, with where its products start, what they take, what is frozen, and defaults used."""

    opening_state: pa.Table
    stock_targets: pa.Table
    planned_features: pa.Table
    frozen_plan: pa.Table
    supply_defaults: pa.Table
