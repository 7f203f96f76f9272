"""Published planning and lot-sizing cases as planning folders, reached to the unit; nothing in the planner knows them.

A value stands here where the book's own figure and an independent computation agree. Cases of our own, for what books
state without an answer (shelf life, set-up times, crews with overtime of their own), are compared with a second model.
"""

from pathlib import Path

import pytest

from sop_pipeline.supply.folder import plan_folder, read_folder
from sop_pipeline.supply.strategies.plan import plan
from tests.supply.oracles.independent_model import best_objective

HERE = Path(__file__).parents[1]


def test_factory_planning_two_chooses_the_months_of_maintenance() -> None:
    """Williams, Model Building in Mathematical Programming: 108,855."""
    result = plan_folder(HERE / "factory_planning_2", objective="profit")
    assert result.summary["total_profit"] == pytest.approx(108855, abs=1e-4)
    assert result.summary["mip_gap"] == pytest.approx(0, abs=1e-9)
    down = result.resource_plan.groupby("resource_id")["units_down"].sum()
    assert down.to_dict() == {"borer": 1, "grinder": 2, "hdrill": 3, "planer": 1, "vdrill": 2}


def test_wagner_whitin_with_a_set_up_cost_of_each_month() -> None:
    """Wagner and Whitin 1958, twelve months: 864; and what dynamic programming over the same tables finds."""
    result = plan_folder(HERE / "wagner_whitin")
    assert result.summary["total_cost"] == pytest.approx(864, abs=1e-6)
    assert result.summary["total_cost"] == pytest.approx(least_lot_cost("wagner_whitin", None))


def test_lot_sizes_with_one_set_up_cost() -> None:
    """Silver, Pyke and Peterson's twelve months: 501.20 by Wagner-Whitin."""
    result = plan_folder(HERE / "silver_lots")
    assert result.summary["total_cost"] == pytest.approx(501.2, abs=1e-6)
    assert result.summary["total_cost"] == pytest.approx(least_lot_cost("silver_lots", 54.0))


def least_lot_cost(name: str, setup: float | None) -> float:
    """Wagner and Whitin's recursion: ``F(t) = min_s F(s) + setup(s) + holding of what s makes ahead``."""
    problem = read_folder(HERE / name)
    demand = problem.demand_plan["quantity"].tolist()
    setups = [setup] * len(demand) if setup is not None else problem.product_months["setup_cost"].tolist()
    holding = float(problem.products["holding_cost"].iloc[0])
    best = [0.0]
    for end in range(1, len(demand) + 1):
        best.append(
            min(
                best[start] + setups[start] + holding * sum((t - start) * demand[t] for t in range(start, end))
                for start in range(end)
            )
        )
    return best[-1]


def test_densepack_works_every_hour_it_has() -> None:
    """Nahmias, Production and Operations Analysis: linear programme 379,320.90, drives a worker rounded as printed."""
    result = plan_folder(HERE / "densepack")
    assert result.summary["total_cost"] == pytest.approx(379320.90, abs=0.005)
    assert result.resource_plan["idle_hours"].sum() == pytest.approx(0, abs=1e-3)


def test_costs_of_each_month() -> None:
    """Hillier and Lieberman, Northern Airplane: production costs and capacity by month, 77.3 million."""
    assert plan_folder(HERE / "northern_airplane").summary["total_cost"] == pytest.approx(77.3, abs=1e-9)


def test_sailco() -> None:
    """Winston, Operations Research: regular labour, overtime and stock, 78,450."""
    result = plan_folder(HERE / "sailco")
    assert result.summary["total_cost"] == pytest.approx(78450)
    assert result.aggregate_plan["inventory"].tolist() == [10, 0, 0, 0]


@pytest.mark.parametrize(("name", "cost"), [("surestep", 692820), ("surestep_late", 690180)])
def test_surestep_whole_workers(name: str, cost: float) -> None:
    """Winston and Albright, Practical Management Science: without and with backlog."""
    assert plan_folder(HERE / name, integer=True).summary["total_cost"] == pytest.approx(cost, abs=1e-4)


@pytest.mark.parametrize(("strategy", "cost"), [("level", 870000), ("chase", 835000), ("blended", 832000)])
def test_candy_by_strategy(strategy: str, cost: float) -> None:
    """Russell and Taylor, Good and Rich Candy: level, chase, and the linear programme."""
    result = plan_folder(HERE / "candy", strategy)
    assert result.summary["total_cost"] == pytest.approx(cost, abs=1e-4)
    assert result.summary["deviations"] == []


@pytest.mark.parametrize(("given", "cost"), [("plan_level", 4700), ("plan_overtime", 4640)])
def test_stevenson_given_plans(given: str, cost: float) -> None:
    """Stevenson, Operations Management: 300 a month, and 280 with overtime in months 3 to 5."""
    folder = HERE / "stevenson"
    result = plan_folder(folder, fix=folder / f"{given}.csv")
    assert result.summary["total_cost"] == pytest.approx(cost, abs=1e-6)
    assert result.summary["shortfalls"] == []


def test_farnsworth_transportation_method() -> None:
    """Limits of regular hours, overtime and subcontracting by month; the least cost and a plan 200 dearer.

    Buying 150 in March in place of April keeps 100 tyres a month longer.
    """
    folder = HERE / "farnsworth"
    best = plan_folder(folder)
    assert best.summary["total_cost"] == pytest.approx(105700)
    given = plan_folder(folder, fix=folder / "plan_early.csv")
    assert given.summary["total_cost"] == pytest.approx(105900)
    assert given.summary["shortfalls"] == []
    assert best_objective(read_folder(folder), integer=False, profit=False)[1] == pytest.approx(105700)


@pytest.mark.parametrize("name", ["bakery", "setup_times"])
@pytest.mark.parametrize("whole", [False, True])
def test_against_a_second_model(name: str, whole: bool) -> None:
    """Shelf life, cold store, crews with overtime of their own, temporary workers, lots, set-up times.

    The second model holds safety stock of cake while it owes cake; here it is shipped, and priced at what that saves.
    """
    problem = read_folder(HERE / name)
    status, cost = best_objective(problem, integer=whole, profit=False)
    assert status == "Optimal"
    result = plan(problem, integer=whole)
    assert result.summary["total_cost"] + result.summary["shortfall_cost"] == pytest.approx(cost, rel=1e-6)
    assert {row["rule"] for row in result.summary["shortfalls"]} <= {"stock_below_target"}
    both = result.aggregate_plan[["inventory", "backlog"]].min(axis=1)
    assert both.max() < 1e-3


def test_given_plan_over_two_crews_names_each_limit_and_by_how_much() -> None:
    folder = HERE / "bakery"
    result = plan_folder(folder, fix=folder / "plan_own.csv")
    named = {(row["rule"], row["item"], row["month"]): row["amount"] for row in result.summary["shortfalls"]}
    assert named["overtime limit", "packers", "2026-10"] == pytest.approx(18)
    assert named["overtime limit", "packers", "2026-11"] == pytest.approx(18)
    made = result.aggregate_plan.set_index(["product_id", "month"])["output"]
    assert made[[("cake", "2026-10"), ("cake", "2026-11")]].tolist() == [600, 600]
    assert all(row["amount"] > 0 and row["unit"] for row in result.summary["shortfalls"])
