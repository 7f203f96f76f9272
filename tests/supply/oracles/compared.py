"""How a plan is compared with the independent model, which knows targets of stock as rules and no second stage."""

from dataclasses import replace

import pytest

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from tests.supply.oracles.independent_model import best_objective


def without_targets(problem: PlanningProblem) -> PlanningProblem:
    """The same problem with safety stock and cover at zero; closing stock and a month's least stay."""
    return replace(
        problem,
        products=problem.products.drop(columns="cover_days_min", errors="ignore"),
        product_state=problem.product_state.drop(columns="safety_stock", errors="ignore"),
    )


def agree(problem: PlanningProblem, strategy: str, *, integer: bool, profit: bool) -> None:
    """Same optimum to 1e-6, or both find that the rules cannot be kept.

    Where targets of stock gave way to customers, the plan without targets is compared: it decides whom to serve.
    """
    objective = "profit" if profit else "cost"
    try:
        result = plan(problem, strategy, integer=integer, objective=objective)
        if result.solved.draft.service is not None:
            problem = without_targets(problem)
            result = plan(problem, strategy, integer=integer, objective=objective)
    except Infeasible:
        result = None
    status, expected = best_objective(problem, integer=integer, profit=profit, level=strategy == "level")
    if result is None or status == "Infeasible":
        assert status == "Infeasible"
        assert result is None or result.summary["shortfalls"] or result.summary["deviations"]
        return
    assert {row["rule"] for row in result.summary["shortfalls"]} <= {"stock_below_target"}
    assert priced(result, profit=profit) == pytest.approx(expected, rel=1e-6, abs=0.05)


def priced(result: PlanResult, *, profit: bool) -> float:
    """Cost, or what is left of profit, before stock served who waits: that is priced at what it saves."""
    summary = result.summary
    found = -summary["total_profit"] if profit else summary["total_cost"]
    return float(found + summary["shortfall_cost"])
