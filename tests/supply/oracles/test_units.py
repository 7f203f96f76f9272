"""The same company counted in other units has the same plan at the same cost, over all features."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import plan
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import few_fast

UNITS = {
    "demand_plan": ("quantity", "min_quantity"),
    "products": ("subcontract_limit", "max_stock", "min_lot"),
    "product_state": (
        *("opening_stock", "opening_backlog", "safety_stock"),
        *("closing_stock", "closing_backlog", "opening_rate"),
    ),
    "product_months": ("fixed_production", "max_production", "max_stock", "min_stock", "subcontract_limit"),
}
PER_UNIT = {
    "demand_plan": ("price",),
    "products": (
        *("unit_price", "unit_material_cost", "standard_cost", "holding_cost"),
        *("backlog_cost", "lost_sales_cost", "subcontract_cost"),
    ),
    "product_months": ("holding_cost", "unit_material_cost", "backlog_cost", "lost_sales_cost", "subcontract_cost"),
    "product_features": ("quantity",),
    "product_feature_months": ("quantity",),
}


def counted(problem: PlanningProblem, many: float) -> PlanningProblem:
    """The problem with products counted in units of which ``many`` make one; heads, hours and money as they were."""
    frames = {}
    for name, frame in problem.frames().items():
        factors = {column: many for column in UNITS.get(name, ()) if column in frame}
        factors |= {column: 1 / many for column in PER_UNIT.get(name, ()) if column in frame}
        frames[name] = frame.assign(**{column: frame[column] * factor for column, factor in factors.items()})
    resources = frames["resources"]
    for column in ("rate_up_cost", "rate_down_cost"):
        if column in resources:
            frames["resources"] = resources = resources.assign(**{column: resources[column] / many})
    return replace(problem, **frames)  # type: ignore[arg-type]


def cost(problem: PlanningProblem, seed: int) -> tuple[float, pd.DataFrame] | None:
    try:
        result = plan(problem, integer=seed % 2 == 0)
    except Infeasible:
        return None
    if result.summary["shortfalls"]:
        return None
    return float(result.summary["total_cost"]), result.aggregate_plan


SEEDS = range(300, 312)


def test_most_of_the_instances_have_a_plan() -> None:
    assert sum(cost(random_problem(seed, whole=seed % 4 == 0), seed) is not None for seed in SEEDS) >= 6


@pytest.mark.parametrize("seed", few_fast(SEEDS, 4))
@pytest.mark.parametrize("many", [1e-3, 1e10])
def test_other_units_change_no_plan(seed: int, many: float) -> None:
    problem = random_problem(seed, whole=seed % 4 == 0)
    one, other = cost(problem, seed), cost(counted(problem, many), seed)
    if one is None or other is None:
        assert one is other
        return
    assert other[0] == pytest.approx(one[0], rel=1e-6, abs=1e-2)
