"""The aggregate planner's Python interface: plain tables in, plain tables out.

``plan(problem, strategy)`` is what ``sop plan`` and the monthly cycle both call. Not here: reading folders
(``folder``), how a plan is found (``planner``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.problem.checks import check
from sop_pipeline.supply.problem.data.plan_data import PlanData, plan_data
from sop_pipeline.supply.problem.data.raised import with_raised_limits
from sop_pipeline.supply.problem.definition import PlanningProblem, canonical
from sop_pipeline.supply.robustness.over_paths import over_paths
from sop_pipeline.supply.strategies.customers_first import solve_strategy
from sop_pipeline.supply.strategies.planner import Solved
from sop_pipeline.supply.strategies.results import plan_tables
from sop_pipeline.supply.strategies.results.from_stock import missing_targets, serve_waiting
from sop_pipeline.supply.strategies.results.given import broken_limits
from sop_pipeline.supply.strategies.results.shadow_prices import no_prices, shadow_prices
from sop_pipeline.supply.strategies.rules import parse_strategy
from sop_pipeline.supply.strategies.stochastic_value import worth

OBJECTIVES = ("cost", "profit")


@dataclass(frozen=True)
class PlanResult:
    """A plan: frames with the columns of TABLES.md (months as text), and what happened as ``summary``.

    ``summary`` holds status, strategy, total_cost, total_revenue, total_profit (revenue null without prices), cost by
    kind, shortfall_cost, shortfalls, deviations of the strategy, assumptions, mip_gap, seconds, the rung that solved
    it and what was not_found beside it. ``total_cost`` is real cost; shortfalls are priced beside it. ``total_profit``
    is revenue less what is paid: a lost sale is in no revenue, so what it costs is not taken off again (METHODS 6);
    holding and backlog are paid as stated, holding at the default by nobody.
    """

    aggregate_plan: pd.DataFrame
    resource_plan: pd.DataFrame
    shadow_prices: pd.DataFrame
    costs: pd.DataFrame
    summary: dict[str, Any]
    solved: Solved


def plan(
    problem: PlanningProblem,
    strategy: str = "blended",
    *,
    integer: bool = False,
    objective: str = "cost",
    fixed: pd.DataFrame | None = None,
) -> PlanResult:
    """Make the plan of a strategy (METHODS 5).

    ``integer`` makes heads whole; ``objective`` is ``cost`` or ``profit``; ``fixed`` is a planner's own plan in the
    form of ``fixed_plan``, whose figures are kept and priced. Raises BadInput for input that contradicts itself and
    Infeasible for hard rules that no plan can keep, both naming where.
    """
    started = time.perf_counter()
    data = prepared(problem, fixed)
    return planned(data, strategy, integer=integer, objective=objective, started=started)


def planned(
    data: PlanData,
    strategy: str = "blended",
    *,
    integer: bool = False,
    objective: str = "cost",
    started: float | None = None,
) -> PlanResult:
    """Make the plan of a strategy from a problem that is ``prepared``: several strategies share its preparation."""
    started = time.perf_counter() if started is None else started
    if objective not in OBJECTIVES:
        raise BadInput(found=repr(objective), needed="cost or profit", where="objective", mend="Choose one of the two.")
    parts = parse_strategy(strategy, data.month_count)
    solved = solve_strategy(data, parts, integer=integer, profit=objective == "profit")
    shipped = serve_waiting(solved)
    table = plan_tables.costs(shipped)
    rung = solved.solver.highest_rung
    prices, missing = _prices(solved)
    short = missing_targets(solved, shipped, plan_tables.shortfalls(solved)) + broken_limits(solved)
    seconds = round(time.perf_counter() - started, 3)
    summary = _summary(shipped, table, short, strategy, objective) | {"seconds": seconds, "rung": rung}
    rounded = table.assign(amount=table["amount"].round(2))
    flows = plan_tables.aggregate_plan(shipped)
    if len(data.paths) and data.options.paths_worth:
        summary |= _sampled(solved, flows, table, strategy, integer=integer, profit=objective == "profit")
    summary["not_found"] = missing + summary.pop("not_found", [])
    resources = plan_tables.resource_plan(solved)
    return PlanResult(flows, resources, prices, rounded, summary, solved)


def _prices(solved: Solved) -> tuple[pd.DataFrame, list[str]]:
    """Shadow prices where they are asked for; that they cannot be found costs them alone, never the plan.

    Of a plan in two stages they are those of the first: what more is worth to customers and cost. The second holds
    what customers get, so its prices say what more is worth to stock alone; but a plan with more serves customers.
    """
    if not solved.draft.data.options.shadow_prices:
        return no_prices(), []
    try:
        return shadow_prices(solved.first or solved), []
    except SolverError:
        return no_prices(), ["shadow_prices"]


def prepared(problem: PlanningProblem, fixed: pd.DataFrame | None = None) -> PlanData:
    """Bring a problem into canonical form, refuse contradictions, fill in defaults, raise what is raised."""
    given = problem if fixed is None else replace(problem, fixed_plan=fixed)
    clean = canonical(given)
    check(clean)
    return with_raised_limits(plan_data(clean), clean.raised_limits)


def _sampled(
    solved: Solved, flows: pd.DataFrame, costs: pd.DataFrame, strategy: str, *, integer: bool, profit: bool
) -> dict[str, Any]:
    """What the paths of ``demand_samples`` make of the plan; of a stochastic one also what it is worth (objective)."""
    data = solved.draft.data
    summary: dict[str, Any] = {"samples": len(data.paths), "robustness": over_paths(data, flows, costs, profit=profit)}
    if strategy == "stochastic" and not solved.draft.elastic and solved.draft.service is None:
        try:
            value = worth(solved, integer=integer, profit=profit)
        except SolverError:
            return summary | {"not_found": ["vss"]}
        summary |= {"expected_cost": round(value.expected_cost, 6), "vss": round(value.vss, 6)}
    return summary


def _summary(
    solved: Solved, costs: pd.DataFrame, short: list[dict[str, Any]], strategy: str, objective: str
) -> dict[str, Any]:
    data = solved.draft.data
    spent = costs[costs["kind"] != "revenue"]
    cost = float(spent["amount"].sum())
    priced = bool((data.products.price > 0).any())
    revenue = float(plan_tables.revenue(solved).sum()) if priced else None
    missed = plan_tables.deviations(solved)
    by_kind = spent.groupby("kind")["amount"].sum()
    return {
        "status": "shortfalls" if short else ("deviations" if missed else "optimal"),
        "strategy": strategy,
        "objective": objective,
        "total_cost": round(cost, 6),
        "total_revenue": None if revenue is None else round(revenue, 6),
        "total_profit": None if revenue is None else round(revenue - plan_tables.paid(solved, costs), 6),
        "cost_by_kind": {str(kind): round(float(amount), 6) for kind, amount in sorted(by_kind.items())},
        "shortfall_cost": round(sum(entry["cost"] for entry in short), 2),
        "shortfalls": short,
        "deviations": missed,
        "assumptions": data.assumptions,
        "mip_gap": solved.solution.gap,
        "shortage": data.options.shortage,
    }
