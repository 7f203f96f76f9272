"""Every configured strategy planned on one problem, and the results side by side in the lake's tables.

Here: which strategies are run, with which options, and how the planner's frames become registry tables. Not here: the
planner itself (``plan``, ``frontier``), figures derived from its plans (``figures``), or the products of a
planned family (``schedule``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.paths.sample import sampled_rows
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.comparison.figures import Figures, other_resources, summary
from sop_pipeline.supply.strategies.comparison.netting import serve_waiting
from sop_pipeline.supply.strategies.frontier import Weights, frontier, instability
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from sop_pipeline.supply.strategies.results.routes import route_plan

BASE = "base"
STOCHASTIC = "stochastic"
COST_KINDS = {
    "overtime_pay": "overtime",
    "temporary_pay": "temporary",
    "layoffs": "layoff",
    "set_up": "setup",
}
_FOLDER_NAMES = {
    "planning_products": "products",
    "planning_resources": "resources",
    "planning_resource_months": "resource_months",
    "planning_features": "product_features",
    "planning_calendar": "calendar",
    "planning_materials": "materials",
    "planning_demand": "demand_plan",
    "planning_state": "product_state",
    "planning_months": "product_months",
    "planning_feature_months": "product_feature_months",
}
RESULT_TABLES = (
    "aggregate_plan",
    "resource_plan",
    "plan_costs",
    "plan_summary",
    "plan_shortfalls",
    "shadow_prices",
    "route_plan",
)


def problem_of(planning: Mapping[str, pa.Table], *, company: Company, shortage: str = "rules") -> PlanningProblem:
    """Return the cycle's problem for the planner; ``shortage`` as in ``PlanOptions``."""
    supply = company.supply
    options = PlanOptions(
        stretch_months=supply.level_stretch_months,
        level_of="hours" if supply.level_of == "hours" else "items",
        shortage=shortage,
        mip_gap=supply.mip_gap,
    )
    frames = {ours: tables.frame(planning[name]) for name, ours in _FOLDER_NAMES.items() if name in planning}
    return PlanningProblem(**frames, options=options)


def compare_strategies(
    planning_products: pa.Table,
    planning_resources: pa.Table,
    planning_resource_months: pa.Table,
    planning_features: pa.Table,
    planning_calendar: pa.Table,
    planning_materials: pa.Table,
    planning_demand: pa.Table,
    planning_state: pa.Table,
    planning_months: pa.Table,
    planning_feature_months: pa.Table,
    opening_state: pa.Table,
    demand_distribution: pa.Table | None = None,
    *,
    company: Company,
    scenario: str = BASE,
) -> dict[str, pa.Table]:
    """Plan every strategy of ``company.supply`` and the frontier; return their eight registry tables.

    ``aggregate_plan``, ``resource_plan``, ``plan_costs``, ``plan_summary``, ``plan_shortfalls``, ``shadow_prices``,
    ``route_plan``, ``plan_frontier``; amounts as the planner rounded them, every stock balance exact. ``opening_state``
    tells which items are products, ``demand_distribution`` what a stochastic strategy is made for. Shadow prices are
    those of the strategy that the operational plan uses.

    Always an answer (METHODS 5): rules are kept while any plan can keep them; where none can, policies and demand, and
    where that is not enough limits of resources too, give way at a price, alike for every strategy. No plan holds and
    owes the same item: what is owed is served from stock, and the target that gives way is named (``netting``).
    """
    planning = {
        "planning_products": planning_products,
        "planning_resources": planning_resources,
        "planning_resource_months": planning_resource_months,
        "planning_features": planning_features,
        "planning_calendar": planning_calendar,
        "planning_materials": planning_materials,
        "planning_demand": planning_demand,
        "planning_state": planning_state,
        "planning_months": planning_months,
        "planning_feature_months": planning_feature_months,
    }
    if demand_distribution is not None:
        planning["demand_distribution"] = demand_distribution
    figures = Figures.of(planning, opening_state)
    problem, results = _plans(planning, company)
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in RESULT_TABLES}
    for strategy, result in results.items():
        for name, frame in _result_frames(result, figures, strategy, scenario, company).items():
            parts[name].append(frame)
    points = frontier(
        problem,
        points=company.supply.frontier_points,
        limit=company.supply.max_instability,
        integer=company.supply.whole_workers,
        known={strategy: result.solved for strategy, result in results.items()},
    )
    made = {name: _conform(name, frames) for name, frames in parts.items()}
    return {**made, "plan_frontier": tables.conform("plan_frontier", points)}


def _plans(planning: Mapping[str, pa.Table], company: Company) -> tuple[PlanningProblem, dict[str, PlanResult]]:
    """Plan every strategy by the rules; all of them with priced limits when the rules leave one without a plan."""
    problem = problem_of(planning, company=company)
    try:
        return problem, _planned(problem, planning, company)
    except Infeasible:
        priced = problem_of(planning, company=company, shortage="priced")
        return priced, _planned(priced, planning, company)


def _planned(problem: PlanningProblem, planning: Mapping[str, pa.Table], company: Company) -> dict[str, PlanResult]:
    results = {}
    for strategy in _strategies(company):
        options = replace(problem.options, shadow_prices=strategy == company.supply.strategy, paths_worth=False)
        own = replace(problem, options=options)
        if STOCHASTIC in strategy and "demand_distribution" in planning:
            paths = sampled_rows(planning["demand_distribution"], company.supply.stochastic_samples)
            own = replace(own, demand_samples=paths)
        results[strategy] = plan(own, strategy, integer=company.supply.whole_workers)
    return results


def _strategies(company: Company) -> list[str]:
    """Strategies in the order given; the one the operational plan uses is among them."""
    asked = [STOCHASTIC] if company.supply.stochastic else []
    return list(dict.fromkeys([*company.supply.strategies, *asked, company.supply.strategy]))


def _result_frames(
    result: PlanResult, figures: Figures, strategy: str, scenario: str, company: Company
) -> dict[str, pd.DataFrame]:
    plans = _dated(result.aggregate_plan).rename(columns={"product_id": "item_id"})
    plans["item_level"] = plans["item_id"].map(figures.level)
    plans = plans.merge(figures.target, on=["item_id", "month"], how="left").fillna({"target_stock": 0.0})
    costs = _dated(result.costs)
    costs = costs[costs["kind"] != "revenue"].assign(kind=costs["kind"].replace(COST_KINDS))
    routes = _dated(route_plan(result.solved, result.aggregate_plan)).rename(columns={"product_id": "item_id"})
    netted = serve_waiting(plans, costs, _shortfalls(result.summary["shortfalls"]), figures.rates)
    others = other_resources(netted.plans, netted.costs, replace(figures, routes=routes))
    resources = pd.concat([_hours(result, figures), others], ignore_index=True)
    row = summary(result.summary, netted, resources, figures) | {
        "instability": instability(result.solved, Weights()),
        "chosen": strategy == company.supply.strategy,
    }
    frames = {
        "aggregate_plan": netted.plans,
        "resource_plan": resources,
        "plan_costs": netted.costs,
        "plan_shortfalls": netted.shortfalls,
        "shadow_prices": _dated(result.shadow_prices),
        "plan_summary": pd.DataFrame([row]),
        "route_plan": routes,
    }
    return {name: frame.assign(strategy=strategy, scenario=scenario) for name, frame in frames.items()}


def _hours(result: PlanResult, figures: Figures) -> pd.DataFrame:
    frame = _dated(result.resource_plan)
    frame["kind"] = frame["resource_id"].map(figures.kind)
    frame["available"] = frame["regular_hours"] + frame["idle_hours"]
    worked = frame["regular_hours"] + frame["overtime_hours"]
    frame["utilisation"] = worked / frame["available"].where(frame["available"] > 0)
    return frame


def _shortfalls(found: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["rule", "item", "month", "quantity", "unit", "cost"]
    if not found:
        return pd.DataFrame(columns=columns)
    return _dated(pd.DataFrame(found).rename(columns={"amount": "quantity"}))[columns]


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Months as dates; rows about the whole horizon stand in no month and are left out."""
    if frame.empty:
        return frame.copy()
    out = frame[frame["month"].astype(str).str.match(r"^\d{4}-\d{2}$")].copy()
    out["month"] = pd.to_datetime(out["month"] + "-01")
    return out


def _conform(name: str, frames: list[pd.DataFrame]) -> pa.Table:
    filled = [frame for frame in frames if len(frame)]
    return tables.conform(name, pd.concat(filled, ignore_index=True)) if filled else tables.empty(name)
