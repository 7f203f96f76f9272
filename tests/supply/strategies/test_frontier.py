"""The frontier falls in cost as change is allowed, ends at level, and recommends a point with a reason."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.language.supply import frontier_words
from sop_pipeline.supply.folder import read_folder
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.frontier import frontier, recommend
from sop_pipeline.supply.strategies.plan import plan
from tests.supply.strategies import test_strategies

HERE = Path(__file__).parents[1]


def workshop() -> PlanningProblem:
    """The workshop with stock so dear that least cost follows demand rather than keeping hours level."""
    problem = test_strategies.workshop()
    return replace(problem, products=problem.products.assign(holding_cost=[40.0, 20.0]))


def test_frontier_runs_from_least_cost_to_level_with_chase_beside_it() -> None:
    problem = workshop()
    table = frontier(problem)
    curve = table[table["on_frontier"]]
    assert len(curve) >= 9
    assert curve["instability"].is_monotonic_decreasing
    assert curve["cost"].is_monotonic_increasing
    assert curve["cost"].iloc[0] == pytest.approx(plan(problem).summary["total_cost"], abs=0.01)
    beside = table[~table["on_frontier"]].set_index("label")
    assert beside.loc["chase", "cost"] == pytest.approx(plan(problem, "chase").summary["total_cost"], abs=0.01)
    level = table.set_index("label").loc["level"]
    assert curve["instability"].iloc[-1] == pytest.approx(level["instability"], abs=1e-3)
    assert curve["cost"].iloc[-1] <= level["cost"] + 0.01
    assert table["recommended"].sum() == 1
    assert table["reason"].notna().equals(table["recommended"].astype(bool))


def test_frontier_is_convex() -> None:
    curve = frontier(workshop())
    curve = curve[curve["on_frontier"]]
    slope = np.diff(curve["cost"]) / -np.diff(curve["instability"])
    assert (np.diff(slope) >= -1e-3 * slope[1:]).all()


def test_limit_of_the_planner_is_kept() -> None:
    free = frontier(workshop())
    middle = float(free["instability"].iloc[4]) + 1e-4
    table = frontier(workshop(), limit=middle)
    chosen = table[table["recommended"]].iloc[0]
    assert chosen["instability"] <= middle
    assert (chosen["reason"], chosen["change_limit"]) == ("limit_kept", middle)
    assert chosen["point"] == 4


def test_recommendation_stops_where_saving_falls_below_average() -> None:
    table = pd.DataFrame({"instability": [10.0, 8, 6, 4, 2, 0], "cost": [100.0, 101, 102, 110, 150, 200]})
    chosen, reason = recommend(table, None)
    assert chosen == 3
    assert reason == {
        "reason": "saving",
        "saving_share": pytest.approx(0.9),
        "change_share": pytest.approx(0.4),
        "average_saving": pytest.approx(10),
    }
    assert frontier_words(reason, currency="EUR") == (
        "brings 90% of the saving for 40% of the change; "
        "beyond it a unit of change saves less than the average of €10.00"
    )


def test_a_saving_under_half_a_percent_of_cost_is_no_reason_for_change() -> None:
    table = pd.DataFrame({"instability": [10.0, 5, 0], "cost": [1000.0, 1001, 1004.9]})
    chosen, reason = recommend(table, None)
    assert (chosen, reason) == (2, {"reason": "negligible", "cost_share": pytest.approx(0.0049)})
    assert frontier_words(reason) == "the most stable plan costs 0.49% more than the cheapest"
    table.loc[2, "cost"] = 1005.0
    assert recommend(table, None)[1]["reason"] == "saving"


def test_red_tomato_can_be_steadier_than_its_level_plan() -> None:
    table = frontier(read_folder(HERE / "red_tomato"))
    assert table.loc[0, "cost"] == pytest.approx(422275)
    assert table.loc[table["on_frontier"], "instability"].iloc[-1] == pytest.approx(0, abs=1e-4)
