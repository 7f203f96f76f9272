"""The planner against the same problems written independently in PuLP and solved by CBC, over all features."""

import pytest

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.strategies.plan import plan
from tests.supply.oracles.independent_model import best_objective
from tests.supply.oracles.random_problems import random_problem

FAST = range(20)
ALL = range(20, 220)


def agree(seed: int) -> None:
    """Same optimum to 1e-6, or both find that the rules cannot be kept."""
    problem, integer, profit = random_problem(seed), seed % 2 == 0, seed % 3 == 0
    status, expected = best_objective(problem, integer=integer, profit=profit)
    try:
        result = plan(problem, integer=integer, objective="profit" if profit else "cost")
    except Infeasible:
        assert status == "Infeasible"
        return
    if status == "Infeasible":
        assert result.summary["shortfalls"], "the rules cannot be kept, and no shortfall is named"
        return
    assert result.summary["shortfalls"] == []
    found = -result.summary["total_profit"] if profit else result.summary["total_cost"]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", FAST)
def test_same_optimum_as_an_independent_model(seed: int) -> None:
    agree(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_same_optimum_on_two_hundred_instances(seed: int) -> None:
    agree(seed)
