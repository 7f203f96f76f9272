"""Customers before safety stock: no strategy loses or owes more than it would if no safety stock were asked."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies import customers_first
from sop_pipeline.supply.strategies.frontier import frontier
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from tests.supply.oracles.compared import without_targets
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import SOAK

MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]
STRATEGIES = ("blended", "level", "chase")
FAST = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY = settings(
    max_examples=250 if SOAK else 20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def mill(capacity: float = 95.0, **columns: float) -> PlanningProblem:
    """Flour: stock 40 and 40 of it safety stock, 100 asked a month; what the mill cannot make comes from stock."""
    state = {"opening_stock": 40.0, "safety_stock": 40.0} | columns
    return PlanningProblem(
        pd.DataFrame({"product_id": "flour", "month": MONTHS, "quantity": 100.0}),
        products=pd.DataFrame([{"product_id": "flour", "unit_material_cost": 4.0, "holding_cost": 0.1,
                                "lost_sales_cost": 10.0}]),
        product_state=pd.DataFrame([{"product_id": "flour"} | state]),
        product_features=pd.DataFrame([{"product_id": "flour", "feature": "mill", "quantity": 1.0}]),
        resources=pd.DataFrame([{"resource_id": "mill", "kind": "machine", "capacity": capacity}]),
        calendar=pd.DataFrame({"month": MONTHS, "working_days": 20.0}),
    )  # fmt: skip


def column(result: PlanResult, name: str) -> list[float]:
    return result.aggregate_plan[name].tolist()


def test_safety_stock_serves_customers_and_its_use_is_named_and_priced() -> None:
    """Five a month are short: the stock of 40 serves all of them. Half of what losing the sale costs on balance: 3."""
    result = plan(mill())
    assert column(result, "lost_sales") == [0] * 6
    assert column(result, "inventory") == pytest.approx([35, 30, 25, 20, 15, 10])
    assert result.summary["status"] == "shortfalls"
    short = pd.DataFrame(result.summary["shortfalls"])
    assert short["rule"].unique().tolist() == ["stock_below_target"]
    assert short["amount"].tolist() == pytest.approx([5, 10, 15, 20, 25, 30])
    assert short["price"].tolist()[:5] == pytest.approx([3] * 5)


@pytest.mark.parametrize("off", [5e-7, 5e-6])
def test_what_is_left_unserved_is_known_as_well_as_it_is_solved(monkeypatch: pytest.MonkeyPatch, off: float) -> None:
    """A bound that lies a solver's noise under what can be served leaves a plan all the same, with as much lost."""
    exact = customers_first._units
    monkeypatch.setattr(customers_first, "_units", lambda solved, name: np.maximum(exact(solved, name) - off, 0.0))
    result = plan(mill(90.0))
    assert column(result, "lost_sales") == pytest.approx([0, 0, 0, 0, 10, 10], abs=1e-4)
    assert result.summary["status"] == "shortfalls"


def test_who_waits_is_served_from_stock_before_the_target() -> None:
    """Of 20 in stock 15 are owed and 18 are the target: 5 are left, 13 short, at holding and backlog cost."""
    problem = PlanningProblem(
        pd.DataFrame({"product_id": ["A1"], "month": MONTHS[:1], "quantity": 0.0}),
        products=pd.DataFrame([{"product_id": "A1", "holding_cost": 1.0, "backlog_cost": 3.0}]),
        product_state=pd.DataFrame(
            [{"product_id": "A1", "opening_stock": 20.0, "opening_backlog": 15.0, "safety_stock": 18.0}]
        ),
        product_months=pd.DataFrame([{"product_id": "A1", "month": MONTHS[0], "max_production": 0.0}]),
        calendar=pd.DataFrame({"month": MONTHS[:1], "working_days": 20.0}),
    )
    result = plan(problem)
    assert result.aggregate_plan[["inventory", "backlog"]].to_numpy().tolist() == [[5.0, 0.0]]
    paid = result.costs[result.costs["amount"] != 0]
    assert dict(zip(paid["kind"], paid["amount"], strict=True)) == {"holding": 5.0}
    short = pd.DataFrame(result.summary["shortfalls"])
    assert short[["rule", "amount", "cost"]].to_numpy().tolist() == [["stock_below_target", 13.0, 52.0]]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("lost", [4.5, 10.0, 1000.0])
def test_what_a_lost_sale_costs_does_not_decide_it(strategy: str, lost: float) -> None:
    problem = mill()
    result = plan(replace(problem, products=problem.products.assign(lost_sales_cost=lost)), strategy)
    assert sum(column(result, "lost_sales")) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("strategy", ["blended", "level"])
def test_what_is_lost_without_targets_is_lost_with_them(strategy: str) -> None:
    """The mill makes 540 of 600 and 40 are there: 20 are lost, whatever safety stock is asked."""
    with_target, free = plan(mill(90.0), strategy), plan(mill(90.0, safety_stock=0.0), strategy)
    assert sum(column(with_target, "lost_sales")) == pytest.approx(20, abs=1e-3)
    assert sum(column(free, "lost_sales")) == pytest.approx(20, abs=1e-3)
    held = with_target.aggregate_plan
    assert held.loc[held["lost_sales"] > 1e-3, "inventory"].max() == pytest.approx(0, abs=1e-3)


def test_closing_stock_is_kept_before_customers() -> None:
    """570 made and 40 there, 25 to be left: 15 of 600 are lost, with safety stock and without."""
    for safety in (40.0, 0.0):
        result = plan(mill(closing_stock=25.0, safety_stock=safety))
        assert sum(column(result, "lost_sales")) == pytest.approx(15, abs=1e-3)
        assert column(result, "inventory")[-1] == pytest.approx(25)


@pytest.mark.parametrize(("min_stock", "lost"), [("rule", 20.0), ("target", 0.0)])
def test_a_months_least_stock_is_a_rule_in_a_folder_and_a_target_in_a_cycle(min_stock: str, lost: float) -> None:
    """30 in the last month: 570 made and 40 there leave 10 when everybody is served."""
    least = pd.DataFrame([{"product_id": "flour", "month": MONTHS[-1], "min_stock": 30.0}])
    problem = replace(mill(safety_stock=0.0), product_months=least, options=PlanOptions(min_stock=min_stock))
    assert sum(column(plan(problem), "lost_sales")) == pytest.approx(lost, abs=1e-3)


def test_late_deliveries_come_before_safety_stock_too() -> None:
    """The first month makes 60 of 100: the 40 in stock serve the rest, though waiting a month costs only 1."""
    problem = mill(120.0, closing_backlog=0.0)
    weak = pd.DataFrame([{"resource_id": "mill", "month": MONTHS[0], "capacity": 60.0}])
    waits = problem.products.assign(backlog_cost=1.0, lost_sales_cost=np.nan)
    late = replace(problem, products=waits, resource_months=weak)
    assert sum(column(plan(without_targets(late)), "backlog")) == pytest.approx(0, abs=1e-3)
    result = plan(late)
    assert sum(column(result, "backlog")) == pytest.approx(0, abs=1e-3)
    assert column(result, "inventory") == pytest.approx([0, 20, 40, 40, 40, 40])


def test_a_plan_that_keeps_targets_and_serves_everybody_is_left_alone() -> None:
    result = plan(mill(100.0))
    assert result.summary["status"] == "optimal"
    assert column(result, "inventory") == pytest.approx([40] * 6)


def test_the_frontier_serves_whom_least_cost_serves() -> None:
    """Every point of it is a plan without lost sales, level's among them."""
    points = frontier(mill())
    line = points[points["on_frontier"]]
    assert line["cost"].notna().all()
    blended = plan(mill()).summary
    assert line["cost"].iloc[0] == pytest.approx(blended["total_cost"] + blended["shortfall_cost"], abs=0.01)


def no_more_unserved(seed: int) -> None:
    """Of every product, lost units and unit-months late are at most those of the same plan without targets."""
    problem, integer, profit = random_problem(seed, whole=False), seed % 8 == 0, seed % 5 == 0
    for strategy in STRATEGIES:
        try:
            plans = [
                plan(each, strategy, integer=integer, objective="profit" if profit else "cost").aggregate_plan
                for each in (problem, without_targets(problem))
            ]
        except Infeasible:
            continue
        asked, free = (table.groupby("product_id")[["lost_sales", "backlog"]].sum() for table in plans)
        assert ((asked - free).to_numpy() <= 1e-2).all(), f"{strategy}: {asked} against {free}"


def test_no_strategy_leaves_more_unserved_than_without_targets() -> None:
    FAST(given(st.integers(0, 100_000))(no_more_unserved))()


@pytest.mark.slow
def test_no_strategy_leaves_more_unserved_on_many_problems() -> None:
    MANY(given(st.integers(0, 100_000))(no_more_unserved))()


def test_a_cycle_serves_from_safety_stock_and_names_what_is_missing(small_company, company, cycle, planned_cycle):
    """Line 2 makes 95 of B a month and 100 are asked: of the 100 in stock 30 are drawn, below a cover of 30 days."""
    given_tables = small_company(
        inventory=[{"date": date(2026, 6, 30), "product_id": name, "on_hand": 50} for name in ("A1", "A2", "B1", "B2")],
        products=[
            {"product_id": name, "product_name": name, "family": family, "unit_price": 20, "unit_material_cost": 5,
             "standard_cost": 9, "unit_of_measure": "piece", "cover_days_min": 30}
            for name, family in (("A1", "Alpha"), ("A2", "Alpha"), ("B1", "Beta"), ("B2", "Beta"))
        ],
        resources=[
            {"resource_id": "line 1", "kind": "machine", "capacity": 2000},
            {"resource_id": "line 2", "kind": "machine", "capacity": 95},
            {"resource_id": "crew", "kind": "labour", "opening_units": 4, "hours_per_day": 8, "regular_rate": 10},
        ],
    )  # fmt: skip
    made = planned_cycle(given_tables, company, cycle, "bottom_up")
    plans = made["aggregate_plan"].to_pandas()
    beta = plans[plans["item_id"].isin(["B1", "B2"])].astype(
        {"lost_sales": float, "backlog": float, "inventory": float}
    )
    for strategy in STRATEGIES:
        rows = beta[beta["strategy"] == strategy]
        assert rows["lost_sales"].sum() == pytest.approx(0, abs=1e-3), strategy
        assert rows["backlog"].sum() == pytest.approx(0, abs=1e-3), strategy
        stock = rows.groupby("month")["inventory"].sum().tolist()
        assert stock[-1] == pytest.approx(100 - 6 * 5, abs=0.1), strategy
    short = made["plan_shortfalls"].to_pandas()
    assert set(short.loc[short["item"].isin(["B1", "B2"]), "rule"]) == {"stock_below_target"}
