"""The planning problem as arrays: products, resources and months in order, every default filled in.

Here: defaults of METHODS 7 as they hold for a plan, and which limit of several holds. Every default that was used is
named in ``PlanData.assumptions``. Not here: equations (``model.constraints``) or contradictions (``problem.checks``).
Shapes: P products, T months, H resources with hours (labour, machine), S others; blank limits are infinite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sop_pipeline.resource_kinds import has_hours
from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.paths.stated import demand_paths
from sop_pipeline.supply.problem.data.features import FeatureData, feature_data
from sop_pipeline.supply.problem.data.products import ProductData, product_data
from sop_pipeline.supply.problem.data.resources import ResourceData, resource_data
from sop_pipeline.supply.problem.data.spread import spread
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions


@dataclass(frozen=True)
class GivenPlan:
    """A planner's own figures, (P, T) and (H, T); NaN where the planner left the choice open."""

    output: Floats
    subcontract: Floats
    overtime: Floats
    units: Floats

    @property
    def empty(self) -> bool:
        """Whether nothing at all is given."""
        return all(bool(np.isnan(part).all()) for part in (self.output, self.subcontract, self.overtime, self.units))


@dataclass(frozen=True)
class PlanData:
    """Everything the constraints need."""

    months: list[str]
    products: ProductData
    resources: ResourceData
    features: FeatureData
    others: pd.DataFrame
    other_capacity: Floats
    materials: pd.DataFrame
    given: GivenPlan
    options: PlanOptions
    assumptions: list[str]
    paths: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))
    materials_raised: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def month_count(self) -> int:
        """Number of months T."""
        return len(self.months)

    def more_material(self, limit: str) -> Floats:
        """What a limit of materials is raised by, by material and month; ``materials_raised`` holds it by limit."""
        return self.materials_raised.get(limit, np.zeros((len(self.materials), self.month_count)))


def plan_data(problem: PlanningProblem) -> PlanData:
    """Turn a canonical, checked problem into arrays."""
    assumptions: list[str] = []
    months = problem.months
    resources = resource_data(problem, months, assumptions)
    features = feature_data(problem, months, assumptions)
    others = problem.resources[~has_hours(problem.resources)].reset_index(drop=True)
    capacity = spread(problem.resource_months, "resource_id", "capacity", list(others["resource_id"]), months)
    standing = np.repeat(others["capacity"].to_numpy(float)[:, None], len(months), axis=1)
    capacity = np.where(np.isnan(capacity), standing, capacity)
    products = product_data(problem, months, resources, features, assumptions)
    return PlanData(
        months,
        products,
        resources,
        features,
        others,
        np.where(np.isnan(capacity), INF, capacity),
        problem.materials,
        _given_plan(problem.fixed_plan, products.names, resources.names, months),
        problem.options,
        assumptions,
        demand_paths(problem.demand_samples, products.names, months),
    )


def _given_plan(table: pd.DataFrame, products: list[str], resources: list[str], months: list[str]) -> GivenPlan:
    return GivenPlan(
        spread(table, "product_id", "output", products, months),
        spread(table, "product_id", "subcontract", products, months),
        spread(table, "resource_id", "overtime_hours", resources, months),
        spread(table, "resource_id", "units", resources, months),
    )
