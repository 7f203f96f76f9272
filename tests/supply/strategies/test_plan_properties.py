"""What must hold of every plan, on random problems over all features (METHODS 5, "Properties").

The properties of one problem share its plans: what costs time is reading and solving, not looking.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import PlanResult, planned, prepared
from sop_pipeline.validation.plan_checker import check_frames
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import SOAK, some

MONEY = ("unit_price", "unit_material_cost", "standard_cost", "holding_cost", "backlog_cost", "lost_sales_cost",
         "subcontract_cost", "setup_cost", "price", "unit_cost", "regular_rate", "overtime_rate", "temporary_rate",
         "hire_cost", "layoff_cost", "rate_up_cost", "rate_down_cost")  # fmt: skip
UPPER = {
    "products": ("subcontract_limit", "max_stock"),
    "resources": ("overtime_limit_pct", "overtime_hours_per_unit", "temporary_max", "max_hires", "max_layoffs"),
    "product_months": ("max_production", "max_stock", "subcontract_limit"),
}
SHORTFALL = ["rule", "item", "month", "amount", "unit", "price", "cost"]
SEEDS = st.integers(0, 100_000)
FAST = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
HALF = settings(
    max_examples=250 if SOAK else 20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


class Case:
    """A random problem with its plans, each made once; whole heads and profit come with the seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.problem = random_problem(seed, whole=seed % 4 == 0)
        self.integer, self.profit = seed % 8 == 0, seed % 5 == 0
        self._plans: dict[str, PlanResult | None] = {}

    @cached_property
    def data(self) -> PlanData:
        return prepared(self.problem)

    def plan(self, strategy: str) -> PlanResult | None:
        """The plan, or None where hard rules conflict."""
        if strategy not in self._plans:
            self._plans[strategy] = self.of(self.data, strategy)
        return self._plans[strategy]

    def other(self, problem: PlanningProblem, strategies: tuple[str, ...]) -> list[PlanResult | None]:
        """Plans of another problem under the same objective."""
        data = prepared(problem)
        return [self.of(data, strategy) for strategy in strategies]

    def of(self, data: PlanData, strategy: str) -> PlanResult | None:
        try:
            return planned(data, strategy, integer=self.integer, objective="profit" if self.profit else "cost")
        except Infeasible:
            return None

    def total(self, result: PlanResult) -> float:
        """Real cost and priced shortfalls, less revenue for profit; the strategy's own deviation left out."""
        summary = result.summary
        earned = float(summary["total_revenue"] or 0.0) if self.profit else 0.0
        return float(summary["total_cost"]) + float(summary["shortfall_cost"]) - earned


def tolerance(*values: float) -> float:
    return 0.05 + 1e-6 * max(abs(value) for value in values)


def blended_is_cheapest(case: Case) -> None:
    results = {name: case.plan(name) for name in ("blended", "level", "chase")}
    if results["blended"] is None:
        assert results["level"] is None
        assert results["chase"] is None
        return
    best = case.total(results["blended"])
    for name in ("level", "chase"):
        other = results[name]
        assert other is not None, f"{name} has no plan where blended has one"
        if keeps_targets_alike(other, results["blended"]) and not serves_less(other, results["blended"]):
            assert best <= case.total(other) + tolerance(best, case.total(other))


def keeps_targets_alike(plan: PlanResult, other: PlanResult) -> bool:
    """Whether targets of stock are rules in both, or have a price in both because customers need the stock."""
    return (plan.solved.draft.service is None) == (other.solved.draft.service is None)


def serves_less(plan: PlanResult, other: PlanResult) -> bool:
    """Whether it leaves more of some product unserved in some month: customers come before what stock is short of."""
    lost, owed = (
        [each.aggregate_plan.set_index(["product_id", "month"])[name] for each in (plan, other)]
        for name in ("lost_sales", "backlog")
    )
    more = [each[0] - each[1].reindex(each[0].index) for each in (lost, owed)]
    return any((difference > 1e-4).any() for difference in more)


def stock_balances(case: Case) -> None:
    state = case.problem.product_state.set_index("product_id").reindex(columns=["opening_stock", "opening_backlog"])
    for strategy in ("blended", "level", "chase"):
        result = case.plan(strategy)
        if result is None:
            continue
        for product, rows in result.aggregate_plan.groupby("product_id"):
            opening = state.loc[product].fillna(0)
            net = opening["opening_stock"] - opening["opening_backlog"]
            flow = rows["output"] + rows["subcontract"] + rows["lost_sales"] - rows["demand"]
            expected = net + flow.cumsum()
            np.testing.assert_allclose(rows["inventory"] - rows["backlog"], expected, atol=1e-9)
            assert (rows[["output", "subcontract", "inventory", "backlog", "lost_sales"]].to_numpy() >= 0).all()
            assert (rows["lost_sales"] <= rows["demand"] + 1e-4).all()


def money_scales(case: Case) -> None:
    factor = 8.0
    scaled = {
        name: frame.assign(**{column: frame[column] * factor for column in MONEY if column in frame})
        for name, frame in case.problem.frames().items()
    }
    cash = case.problem.resources["kind"] == "cash"
    if cash.any():
        scaled["resources"].loc[cash, "capacity"] *= factor
    strategies = ("blended", "level")
    many = case.other(replace(case.problem, **scaled), strategies)  # type: ignore[arg-type]
    for strategy, result in zip(strategies, many, strict=True):
        one = case.plan(strategy)
        if one is None or result is None:
            assert one is result
            continue
        assert case.total(result) == pytest.approx(factor * case.total(one), rel=1e-6, abs=0.5)


def order_changes_nothing(case: Case) -> None:
    mixed = {
        name: frame.sample(frac=1, random_state=case.seed % 1000).reset_index(drop=True)
        for name, frame in case.problem.frames().items()
        if len(frame) > 1
    }
    one, (two,) = case.plan("blended"), case.other(replace(case.problem, **mixed), ("blended",))  # type: ignore[arg-type]
    if one is None or two is None:
        assert one is two
        return
    pd.testing.assert_frame_equal(one.aggregate_plan, two.aggregate_plan)
    pd.testing.assert_frame_equal(one.costs, two.costs)


def limits_of(problem: PlanningProblem) -> list[tuple[str, str]]:
    """Upper limits that the problem states and that carry no fixed pay."""
    frames = problem.frames()
    return [
        (table, column)
        for table, columns in UPPER.items()
        for column in columns
        if column in frames[table] and frames[table][column].notna().any()
    ]


def more_room_never_costs_more(case: Case) -> None:
    """One of the problem's limits, a different one from example to example, half as high again and one."""
    stated = limits_of(case.problem)
    if not stated:
        return
    table, column = stated[case.seed // 7 % len(stated)]
    frame = case.problem.frames()[table]
    wider = replace(case.problem, **{table: frame.assign(**{column: frame[column] * 1.5 + 1})})  # type: ignore[arg-type]
    strategies = ("blended", "level")
    for strategy, after in zip(strategies, case.other(wider, strategies), strict=True):
        before = case.plan(strategy)
        if before is None:
            continue
        assert after is not None
        if strategy == "level" and (before.summary["deviations"] or after.summary["deviations"]):
            continue
        if keeps_targets_alike(before, after) and not serves_less(before, after):
            assert case.total(after) <= case.total(before) + tolerance(case.total(before)), f"{strategy} {column}"


def checker_accepts(case: Case) -> None:
    """The checker shares no code with the planner and recomputes every identity and cost from the tables."""
    tables = {name: frame for name, frame in case.problem.frames().items() if name != "fixed_plan"}
    for strategy in ("blended", "level", "chase"):
        result = case.plan(strategy)
        if result is None:
            continue
        made = {
            "aggregate_plan": result.aggregate_plan,
            "resource_plan": result.resource_plan,
            "costs": result.costs,
            "shortfalls": pd.DataFrame(result.summary["shortfalls"], columns=SHORTFALL),
        }
        assert check_frames(tables, made, whole_workers=case.integer, profit=case.profit) == []


PROPERTIES = [
    checker_accepts,
    blended_is_cheapest,
    stock_balances,
    money_scales,
    order_changes_nothing,
    more_room_never_costs_more,
]


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_property(holds: Callable[[Case], None]) -> None:
    FAST(given(SEEDS)(lambda seed: holds(Case(seed))))()


def hold_all(seed: int) -> None:
    case = Case(seed)
    for holds in PROPERTIES:
        holds(case)


@pytest.mark.slow
@pytest.mark.parametrize("half", some([0, 1], 2))
def test_properties_on_more_problems(half: int) -> None:
    """Every property on the same problems, five hundred of them in a soak, in two halves that run beside each other."""
    HALF(given(SEEDS.map(lambda seed: 2 * seed + half))(hold_all))()
