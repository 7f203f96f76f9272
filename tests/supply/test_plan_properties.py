"""What must hold of every plan, on random problems over all features (METHODS 5, "Properties")."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.plan import PlanResult, plan
from sop_pipeline.supply.problem import PlanningProblem
from sop_pipeline.validation.plan_checker import check_frames
from tests.supply import random_problems

MONEY = ("unit_price", "unit_material_cost", "standard_cost", "holding_cost", "backlog_cost", "lost_sales_cost",
         "subcontract_cost", "setup_cost", "price", "unit_cost", "regular_rate", "overtime_rate", "temporary_rate",
         "hire_cost", "layoff_cost", "rate_up_cost", "rate_down_cost")  # fmt: skip
UPPER = {
    "products": ("subcontract_limit", "max_stock"),
    "resources": ("overtime_limit_pct", "overtime_hours_per_unit", "temporary_max", "max_hires", "max_layoffs"),
    "product_months": ("max_production", "max_stock"),
}
SHORTFALL = ["rule", "item", "month", "amount", "unit", "price", "cost"]
SEEDS = st.integers(0, 100_000)
FAST = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FULL = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def random_problem(seed: int, *, whole: bool = True) -> PlanningProblem:
    """A random problem without shadow prices, of which no property here speaks and which cost half the time."""
    made = random_problems.random_problem(seed, whole=whole)
    return replace(made, options=replace(made.options, shadow_prices=False))


def total(result: PlanResult) -> float:
    """Real cost and priced shortfalls, the strategy's own deviation left out."""
    return float(result.summary["total_cost"]) + float(result.summary["shortfall_cost"])


def tolerance(*values: float) -> float:
    return 0.05 + 1e-6 * max(abs(value) for value in values)


def or_none(problem: PlanningProblem, strategy: str) -> PlanResult | None:
    """The plan, or None where hard rules conflict."""
    try:
        return plan(problem, strategy)
    except Infeasible:
        return None


def blended_is_cheapest(seed: int) -> None:
    problem = random_problem(seed, whole=seed % 4 == 0)
    results = {name: or_none(problem, name) for name in ("blended", "level", "chase")}
    if results["blended"] is None:
        assert results["level"] is None
        assert results["chase"] is None
        return
    best = total(results["blended"])
    for name in ("level", "chase"):
        other = results[name]
        assert other is not None, f"{name} has no plan where blended has one"
        assert best <= total(other) + tolerance(best)


def stock_balances(seed: int) -> None:
    problem = random_problem(seed)
    state = problem.product_state.set_index("product_id").reindex(columns=["opening_stock", "opening_backlog"])
    for strategy in ("blended", "chase"):
        result = or_none(problem, strategy)
        if result is None:
            continue
        for product, rows in result.aggregate_plan.groupby("product_id"):
            opening = state.loc[product].fillna(0)
            net = opening["opening_stock"] - opening["opening_backlog"]
            flow = rows["output"] + rows["subcontract"] + rows["lost_sales"] - rows["demand"]
            expected = net + flow.cumsum()
            np.testing.assert_allclose(rows["inventory"] - rows["backlog"], expected, atol=1e-9)
            assert (rows[["output", "subcontract", "inventory", "backlog", "lost_sales"]] >= 0).all().all()
            assert (rows["lost_sales"] <= rows["demand"] + 1e-4).all()


def money_scales(seed: int) -> None:
    problem = random_problem(seed, whole=False)
    factor = 8.0
    scaled = {
        name: frame.assign(**{column: frame[column] * factor for column in MONEY if column in frame})
        for name, frame in problem.frames().items()
    }
    cash = problem.resources["kind"] == "cash"
    if cash.any():
        scaled["resources"].loc[cash, "capacity"] *= factor
    for strategy in ("blended", "level"):
        one, many = or_none(problem, strategy), or_none(replace(problem, **scaled), strategy)  # type: ignore[arg-type]
        if one is None or many is None:
            assert one is many
            continue
        assert total(many) == pytest.approx(factor * total(one), rel=1e-6, abs=0.5)


def order_changes_nothing(seed: int) -> None:
    problem = random_problem(seed)
    mixed = {
        name: frame.sample(frac=1, random_state=seed % 1000).reset_index(drop=True)
        for name, frame in problem.frames().items()
        if len(frame) > 1
    }
    one, two = or_none(problem, "blended"), or_none(replace(problem, **mixed), "blended")  # type: ignore[arg-type]
    if one is None or two is None:
        assert one is two
        return
    pd.testing.assert_frame_equal(one.aggregate_plan, two.aggregate_plan)
    pd.testing.assert_frame_equal(one.costs, two.costs)


def more_room_never_costs_more(seed: int) -> None:
    problem = random_problem(seed, whole=False)
    for table, columns in UPPER.items():
        frame = problem.frames()[table]
        for column in columns:
            if column not in frame or frame[column].isna().all():
                continue
            wider = replace(problem, **{table: frame.assign(**{column: frame[column] * 1.5 + 1})})  # type: ignore[arg-type]
            for strategy in ("blended", "level"):
                before, after = or_none(problem, strategy), or_none(wider, strategy)
                if before is not None:
                    assert after is not None
                    if strategy == "level" and (before.summary["deviations"] or after.summary["deviations"]):
                        continue
                    assert total(after) <= total(before) + tolerance(total(before)), f"{strategy} {column}"


def checker_accepts(seed: int) -> None:
    """The checker shares no code with the planner and recomputes every identity and cost from the tables."""
    problem, whole, profit = random_problem(seed), seed % 2 == 0, seed % 5 == 0
    tables = {name: frame for name, frame in problem.frames().items() if name != "fixed_plan"}
    for strategy in ("blended", "level", "chase"):
        try:
            result = plan(problem, strategy, integer=whole, objective="profit" if profit else "cost")
        except Infeasible:
            continue
        made = {
            "aggregate_plan": result.aggregate_plan,
            "resource_plan": result.resource_plan,
            "costs": result.costs,
            "shortfalls": pd.DataFrame(result.summary["shortfalls"], columns=SHORTFALL),
        }
        assert check_frames(tables, made, whole_workers=whole, profit=profit) == []


PROPERTIES = [
    checker_accepts,
    blended_is_cheapest,
    stock_balances,
    money_scales,
    order_changes_nothing,
    more_room_never_costs_more,
]


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_property(holds: Callable[[int], None]) -> None:
    FAST(given(SEEDS)(lambda seed: holds(seed)))()


@pytest.mark.slow
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_property_on_many_problems(holds: Callable[[int], None]) -> None:
    FULL(given(SEEDS)(lambda seed: holds(seed)))()
