"""The cycle's tables in the form the planner takes, the same as a planning folder's."""

from __future__ import annotations

from sop_pipeline import tables
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions


def problem_of(planning: PlanningTables, *, company: SupplySettings, shortage: str = "rules") -> PlanningProblem:
    """Return the cycle's problem for the planner; ``shortage`` as in ``PlanOptions``."""
    supply = company.supply
    return PlanningProblem(
        demand_plan=tables.frame(planning.planning_demand),
        products=tables.frame(planning.planning_products),
        resources=tables.frame(planning.planning_resources),
        resource_months=tables.frame(planning.planning_resource_months),
        product_features=tables.frame(planning.planning_features),
        calendar=tables.frame(planning.planning_calendar),
        materials=tables.frame(planning.planning_materials),
        product_state=tables.frame(planning.planning_state),
        product_months=tables.frame(planning.planning_months),
        product_feature_months=tables.frame(planning.planning_feature_months),
        raised_limits=tables.frame(planning.planning_raised_limits),
        options=PlanOptions(
            stretch_months=supply.level_stretch_months,
            level_of=supply.level_of,
            min_stock="target",
            shortage=shortage,
            mip_gap=supply.mip_gap,
        ),
    )
