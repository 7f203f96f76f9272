"""Every configured strategy planned on one problem, and the results side by side in the lake's tables.

Here: which strategies are run, with which options. Not here: the planner itself (``plan``, ``frontier``), its frames as
registry tables (``registry_form``), or the products of a planned family (``schedule``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import BASE
from sop_pipeline.errors import Infeasible
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.paths.sample import sampled_rows
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.comparison.figures import Figures
from sop_pipeline.supply.strategies.comparison.registry_form import plan_tables
from sop_pipeline.supply.strategies.frontier import frontier
from sop_pipeline.supply.strategies.plan import PlanResult, plan

STOCHASTIC = "stochastic"


@dataclass(frozen=True)
class StrategyInputs(PlanningTables):
    """The cycle's problem; ``opening_state`` tells which items are products.

    ``demand_distribution`` is what a stochastic strategy is made for.
    """

    opening_state: pa.Table
    demand_distribution: pa.Table


@dataclass(frozen=True)
class StrategyPlans:
    """Every strategy's plan in nine tables; amounts as the planner rounded them, every stock balance exact."""

    aggregate_plan: pa.Table
    resource_plan: pa.Table
    plan_costs: pa.Table
    plan_summary: pa.Table
    plan_shortfalls: pa.Table
    shadow_prices: pa.Table
    route_plan: pa.Table
    material_plan: pa.Table
    plan_frontier: pa.Table


def compare_strategies(inputs: StrategyInputs, *, company: SupplySettings) -> StrategyPlans:
    """Plan every strategy of the company on one model, price it, and draw cost against stability.

    Shadow prices are those of the strategy that the operational plan uses.

    Always an answer (METHODS 5): rules are kept while any plan can keep them; where none can, policies and demand, and
    where that is not enough limits of resources too, give way at a price, alike for every strategy. No plan holds and
    owes the same item: what is owed is served from stock, and the target that gives way is named (``netting``).
    """
    problem, results = _plans(inputs, company)
    points = frontier(
        problem,
        points=company.supply.frontier_points,
        limit=company.supply.max_instability,
        integer=company.supply.whole_workers,
        known={strategy: result.solved for strategy, result in results.items()},
    )
    figures = Figures.of(inputs, inputs.opening_state)
    return StrategyPlans(
        **plan_tables(results, figures, scenario=BASE, chosen=company.supply.strategy),
        plan_frontier=tables.conform("plan_frontier", points),
    )


def _plans(inputs: StrategyInputs, company: SupplySettings) -> tuple[PlanningProblem, Mapping[str, PlanResult]]:
    """Plan every strategy by the rules; all of them with priced limits when the rules leave one without a plan."""
    problem = problem_of(inputs, company=company)
    try:
        return problem, _planned(problem, inputs.demand_distribution, company)
    except Infeasible:
        priced = problem_of(inputs, company=company, shortage="priced")
        return priced, _planned(priced, inputs.demand_distribution, company)


def _planned(problem: PlanningProblem, demand_distribution: pa.Table, company: SupplySettings) -> dict[str, PlanResult]:
    results = {}
    for strategy in _strategies(company):
        options = replace(problem.options, shadow_prices=strategy == company.supply.strategy, paths_worth=False)
        wanted = replace(problem, options=options)
        if STOCHASTIC in strategy and demand_distribution.num_rows:
            paths = sampled_rows(demand_distribution, company.supply.stochastic_samples)
            wanted = replace(wanted, demand_samples=paths)
        results[strategy] = plan(wanted, strategy, integer=company.supply.whole_workers)
    return results


def _strategies(company: SupplySettings) -> list[str]:
    """Strategies in the order given; the one the operational plan uses is among them."""
    asked = [STOCHASTIC] if company.supply.stochastic else []
    return list(dict.fromkeys([*company.supply.strategies, *asked, company.supply.strategy]))
