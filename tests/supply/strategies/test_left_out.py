"""What only compares never costs the plan: what the solver does not find is left out, named, and told on its page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.language.supply import unsolved_words
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.strategies.comparison.compare import StrategyInputs, StrategyPlans, compared
from sop_pipeline.supply.strategies.frontier import frontier
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from tests.supply.cycle import approach_of, pick, with_problem


def no_frontier(*_: Any, **__: Any) -> pd.DataFrame:
    raise SolverError("no rung found it")


def plans_but(*unfound: str):
    """A planner to whom the solver finds no plan of these strategies."""

    def make(problem: Any, strategy: str, **options: Any) -> PlanResult:
        if strategy in unfound:
            raise SolverError("no rung found it")
        return plan(problem, strategy, **options)

    return make


@pytest.fixture
def compare(small_company, cycle):
    def run(supply: Supply, make=plan, draw=frontier) -> StrategyPlans:
        company = Company(company="Small", sources={}, horizon_months=6, supply=supply)
        given = small_company()
        known = with_problem({**given, "planning_approach": approach_of(given, "bottom_up")}, company, cycle)
        empty = tables.empty("demand_distribution")
        inputs = pick(StrategyInputs, {"demand_distribution": empty, **known})
        return compared(inputs, company=company, make=make, draw=draw)

    return run


def missing(found: StrategyPlans) -> list[tuple[str, str]]:
    return [(row["part"], row["strategy"]) for row in found.unsolved.to_pylist()]


def test_nothing_is_left_out_where_all_is_found_and_the_rung_is_known(compare):
    found = compare(Supply())
    assert missing(found) == []
    assert {row["rung"] for row in found.plan_summary.to_pylist()} == {"cold"}
    rungs = [row["rung"] for row in found.plan_frontier.to_pylist() if row["on_frontier"]]
    assert set(rungs) <= {"warm", "cold"}
    assert len(rungs) >= 9


def test_a_frontier_that_is_not_found_costs_its_figure_alone(compare):
    whole, without = compare(Supply()), compare(Supply(), draw=no_frontier)
    assert missing(without) == [("frontier", "blended")]
    assert without.plan_frontier.num_rows == 0
    for name in ("aggregate_plan", "resource_plan", "plan_costs", "plan_summary", "shadow_prices"):
        assert getattr(without, name).equals(getattr(whole, name)), name


def test_a_strategy_beside_the_chosen_one_is_left_out(compare):
    found = compare(Supply(strategies=["blended", "level"]), plans_but("level"), no_frontier)
    assert missing(found) == [("frontier", "blended"), ("strategy", "level")]
    assert [row["strategy"] for row in found.plan_summary.to_pylist()] == ["blended"]


def test_blended_takes_the_place_of_a_chosen_stochastic_plan(compare):
    supply = Supply(strategy="stochastic", strategies=["level"])
    found = compare(supply, plans_but("stochastic"), no_frontier)
    assert ("strategy", "stochastic") in missing(found)
    assert [row["strategy"] for row in found.plan_summary.to_pylist() if row["chosen"]] == ["blended"]
    assert {row["strategy"] for row in found.shadow_prices.to_pylist()} == {"blended"}


def test_the_chosen_plan_itself_has_to_be_found(compare):
    with pytest.raises(SolverError):
        compare(Supply(), plans_but("blended"))


@pytest.mark.parametrize("part", ["strategy", "shadow_prices", "frontier"])
def test_what_is_left_out_is_told(part):
    assert "could not be found" in unsolved_words({"part": part, "strategy": "level"})


def test_a_limit_has_one_last_safe_day(small_company, cycle):
    """Heads take two months to hire, so hours of September have to be decided on by the end of June."""
    given = small_company()
    crew = {"resource_id": "crew", "hire_lead_months": 2, "opening_units": 1, "hire_cost": None, "layoff_cost": None}
    resources = [row | crew if row["resource_id"] == "crew" else row for row in given["resources"].to_pylist()]
    company = Company(company="Small", sources={}, horizon_months=6, supply=Supply(strategies=["blended"]))
    known = with_problem(
        {**small_company(resources=resources), "planning_approach": approach_of(given, "bottom_up")}, company, cycle
    )
    inputs = pick(StrategyInputs, {"demand_distribution": tables.empty("demand_distribution"), **known})
    prices = compared(inputs, company=company).shadow_prices.to_pylist()
    by = {(row["item"], row["month"]): row["decide_by"] for row in prices if row["constraint"] == "regular_hours"}
    assert by["crew", date(2026, 9, 1)] == date(2026, 6, 30)
    lines = {day for (item, month), day in by.items() if item != "crew" and month == date(2026, 9, 1)}
    assert lines <= {date(2026, 8, 31)}
