"""Money per unit where a planner left it out: material, subcontracting, holding (METHODS 7)."""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.data.features import FeatureData
from sop_pipeline.supply.problem.data.resources import ResourceData
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.problem.usual_costs import HOLDING_SHARE, SUBCONTRACT_PREMIUM


def material_cost(problem: PlanningProblem, features: FeatureData) -> Floats:
    """Material money per unit: the product's own figure, else its listed materials at their unit cost."""
    listed = np.zeros(len(problem.products))
    plain = features.alternative < 0
    np.add.at(listed, features.product[plain], (features.quantity * features.unit_cost)[plain])
    stated = problem.products["unit_material_cost"].to_numpy(float)
    return np.where(np.isnan(stated), listed, stated)


def subcontract_cost(
    problem: PlanningProblem, material: Floats, resources: ResourceData, features: FeatureData, assumptions: list[str]
) -> Floats:
    """Price of a subcontracted unit; NaN where neither a price nor a limit allows it (METHODS 7)."""
    table = problem.products
    cost = table["subcontract_cost"].to_numpy(float)
    monthly = problem.product_months.dropna(subset=["subcontract_limit"])["product_id"]
    missing = np.isnan(cost) & (table["subcontract_limit"].notna() | table["product_id"].isin(monthly)).to_numpy()
    if missing.any():
        place = {name: index for index, name in enumerate(resources.names)}
        dearest = np.fmax(resources.overtime_rate, resources.regular_rate)
        rate = np.array([np.nan_to_num(dearest[place[name]]) if name in place else 0.0 for name in features.feature])
        cost_of_making = material.copy()
        np.add.at(cost_of_making, features.product, features.quantity * rate)
        cost = np.where(missing, SUBCONTRACT_PREMIUM * cost_of_making, cost)
        named = ", ".join(table.loc[missing, "product_id"])
        assumptions.append(f"subcontract_cost of {named}: 20% above the dearest own unit")
    return cost


def holding_cost(problem: PlanningProblem, material: Floats, assumptions: list[str]) -> Floats:
    """Money per unit and month: given, else 2% of standard or material cost; unit value 1 without any money."""
    table = problem.products
    given = table["holding_cost"].to_numpy(float)
    unit_cost = np.where(table["standard_cost"].notna(), table["standard_cost"], material)
    if np.isnan(given).any() and not _any_money(problem):
        assumptions.append("no price or cost is given: every unit is valued at 1, and holding it costs 2% a month")
        unit_cost = np.ones(len(table))
    missing = np.isnan(given) & (unit_cost > 0)
    if missing.any():
        named = ", ".join(table.loc[missing, "product_id"])
        assumptions.append(f"holding_cost of {named}: 2% of unit cost a month")
    return np.where(np.isnan(given), HOLDING_SHARE * unit_cost, given)


def _any_money(problem: PlanningProblem) -> bool:
    product = [str(name) for name in problem.products if str(name).endswith(("_cost", "_price"))]
    resource = [str(name) for name in problem.resources if str(name).endswith(("_cost", "_rate"))]
    given = (problem.products[product], problem.resources[resource], problem.materials[["unit_cost"]])
    return any(bool((frame.fillna(0.0) > 0).to_numpy().any()) for frame in given)
