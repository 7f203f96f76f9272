"""Plans with more whole numbers than are solved at once: what is left open is stated, and the plan still holds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.supply.model import lexicographic
from sop_pipeline.supply.model.solver import GAP_BEYOND, WHOLE_NUMBERS_EXACT
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from sop_pipeline.validation.plan_checker import check_frames
from tests.supply.strategies.test_strategies import workshop


def with_lots() -> PlanningProblem:
    """The workshop with least lots and set-up costs, stock free to build."""
    problem = workshop(mip_gap=0.0)
    lots = problem.products.assign(min_lot=[60.0, 30.0], setup_cost=[150.0, 40.0], backlog_cost=[5.0, 3.0])
    return replace(problem, products=lots)


def deviations(result: PlanResult, problem: PlanningProblem) -> np.ndarray:
    """What chase makes least, by month: stock away from its target, and what is owed."""
    target = problem.product_state.set_index("product_id")["safety_stock"]
    plans = result.aggregate_plan
    off = (plans["inventory"] - plans["product_id"].map(target) - plans["backlog"]).abs() + plans["backlog"]
    return off.groupby(plans["month"]).sum().to_numpy()


def test_chase_month_by_month_is_as_close_to_demand_as_chase_solved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = with_lots()
    exact = plan(problem, "chase")
    monkeypatch.setattr(lexicographic, "WHOLE_NUMBERS_EXACT", 0)
    settled = plan(problem, "chase")
    np.testing.assert_allclose(deviations(settled, problem), deviations(exact, problem), atol=1e-3)
    assert settled.summary["total_cost"] >= exact.summary["total_cost"] - 1e-6
    assert settled.summary["mip_gap"] >= 0
    tables = {name: frame for name, frame in problem.frames().items() if name != "fixed_plan"}
    made = {
        "aggregate_plan": settled.aggregate_plan,
        "resource_plan": settled.resource_plan,
        "costs": settled.costs,
        "shortfalls": pd.DataFrame(settled.summary["shortfalls"]),
    }
    assert check_frames(tables, made) == []


def test_gap_is_stated_and_kept() -> None:
    """Beyond 500 whole numbers a plan may end within 0.1% of the best there can be, and says by how much."""
    rng = np.random.default_rng(3)
    months = [str(month) for month in pd.period_range("2026-01", periods=12, freq="M")]
    names = [f"P{number:02d}" for number in range(WHOLE_NUMBERS_EXACT // 12 + 1)]
    problem = PlanningProblem(
        pd.DataFrame(
            {
                "product_id": np.repeat(names, 12),
                "month": months * len(names),
                "quantity": rng.integers(20, 90, 12 * len(names)),
            }
        ),
        products=pd.DataFrame(
            {"product_id": names, "holding_cost": 1.0, "setup_cost": rng.integers(40, 120, len(names))}
        ),
        options=PlanOptions(shadow_prices=False),
    )
    loose = plan(problem).summary
    assert 0 <= loose["mip_gap"] <= GAP_BEYOND + 1e-9
    exact = plan(replace(problem, options=PlanOptions(shadow_prices=False, mip_gap=0.0))).summary
    assert exact["mip_gap"] == pytest.approx(0, abs=1e-9)
    assert exact["total_cost"] <= loose["total_cost"] + 1e-6
    assert loose["total_cost"] <= exact["total_cost"] * (1 + GAP_BEYOND + 1e-9)
