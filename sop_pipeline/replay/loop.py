"""One loop: month after month planned from where it stands, its first month carried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sop_pipeline.errors import Infeasible
from sop_pipeline.replay.happened import Happened, by_item
from sop_pipeline.replay.month import carry_out
from sop_pipeline.replay.policy import Course
from sop_pipeline.replay.problems import Problem
from sop_pipeline.replay.standing import Standing, standing_on, start
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.common_units import unit_weights
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.strategies.comparison.compare import problem_for
from sop_pipeline.supply.strategies.plan import PlanResult, plan

AHEAD = 3
"""Months ahead whose plan is compared with that of the cycle before."""


@dataclass(frozen=True)
class Loop:
    """What became of a loop: a row an item and month, a row a kind of cost and month, stability, and where it ended.

    ``moved`` is by cycle: units that the months ahead differ by from what the last plan had for them, and those units.
    """

    course: Course
    items: list[dict[str, Any]]
    costs: list[dict[str, Any]]
    exceeded: list[dict[str, Any]]
    people: dict[str, float]
    moved: list[tuple[float, float]]
    end: Standing


def run_loop(course: Course, months: Sequence[Problem], came: Happened, *, company: SupplySettings) -> Loop:
    """Run one loop over cycles in a row; a last cycle whose month is not over is planned and not carried out."""
    standing = start(months[0].planning)
    items: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    exceeded: list[dict[str, Any]] = []
    people: dict[str, float] = {}
    moved: list[tuple[float, float]] = []
    for problem in months:
        result = _planned(course, problem, standing, company)
        moved += _moved(standing.planned, result)
        if not came.is_over(problem.cycle.month):
            standing = replace(standing, planned=result.aggregate_plan)
            continue
        demand, _ = by_item(came.demand_in(problem.cycle.month), problem.members)
        done = carry_out(result, demand, standing)
        key = {**course.key, "month": problem.cycle.month}
        items += [{**key, **row} for row in done.items]
        costs += [{**key, "kind": kind, "amount": round(amount, 2)} for kind, amount in sorted(done.costs.items())]
        exceeded += [{**row, **key} for row in done.exceeded]
        people = {name: people.get(name, 0.0) + amount for name, amount in done.people.items()}
        standing = done.standing
    return Loop(course, items, costs, exceeded, people, moved, standing)


def _planned(course: Course, problem: Problem, standing: Standing, company: SupplySettings) -> PlanResult:
    """The strategy's plan by the rules, with priced limits where these leave none."""
    planning = standing_on(problem.planning, standing, company=company)
    for shortage in ("rules", "priced"):
        whole = problem_of(planning, company=company, shortage=shortage)
        asked = problem_for(whole, course.policy.strategy, problem.demand_distribution, company, chosen=False)
        try:
            return plan(asked, course.policy.strategy, integer=company.supply.whole_workers)
        except Infeasible:
            if shortage == "priced":
                raise
    raise AssertionError("one of the two returned or raised")


def _moved(before: pd.DataFrame | None, result: PlanResult) -> Iterator[tuple[float, float]]:
    """How far the next months' output differs from what the last plan had for them, in common units."""
    if before is None:
        return
    months = result.solved.draft.data.months[:AHEAD]
    weights = unit_weights(_products(result))
    last, now = (_supplied(each, months) for each in (before, result.aggregate_plan))
    weight = pd.Series(weights).reindex(now.index.union(last.index).get_level_values(0)).fillna(0.0).to_numpy()
    both = now.index.union(last.index)
    change = (now.reindex(both).fillna(0.0) - last.reindex(both).fillna(0.0)).abs()
    yield float((change * weight).sum()), float((last.reindex(both).fillna(0.0) * weight).sum())


def _products(result: PlanResult) -> pd.DataFrame:
    products = result.solved.draft.data.products
    columns = {"product_id": products.names, "unit_of_measure": products.unit, "equivalent_units": products.equivalent}
    return pd.DataFrame(columns)


def _supplied(plan_rows: pd.DataFrame, months: Sequence[str]) -> pd.Series:
    rows = plan_rows[plan_rows["month"].isin(months)].set_index(["product_id", "month"])
    supplied: pd.Series = rows["output"] + rows["subcontract"]
    return supplied
