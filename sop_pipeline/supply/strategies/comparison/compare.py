"""Every configured strategy planned on one problem, and the results side by side in the lake's tables.

Here: which strategies are run, with which options. Not here: the planner itself (``plan``, ``frontier``), its frames as
registry tables (``registry_form``), or the products of a planned family (``schedule``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.errors import Infeasible
from sop_pipeline.plan_change import BASE
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.paths.sample import sampled_rows
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.comparison.figures import Figures
from sop_pipeline.supply.strategies.comparison.registry_form import plan_tables
from sop_pipeline.supply.strategies.frontier import frontier
from sop_pipeline.supply.strategies.plan import PlanResult, plan

STOCHASTIC = "stochastic"
BLENDED = "blended"


@dataclass(frozen=True)
class StrategyInputs(PlanningTables):
    """The cycle's problem; ``opening_state`` tells which items are products.

    ``demand_distribution`` is what a stochastic strategy is made for.
    """

    opening_state: pa.Table
    demand_distribution: pa.Table


@dataclass(frozen=True)
class StrategyPlans:
    """Every strategy's plan in ten tables; amounts as the planner rounded them, every stock balance exact."""

    aggregate_plan: pa.Table
    resource_plan: pa.Table
    plan_costs: pa.Table
    plan_summary: pa.Table
    plan_shortfalls: pa.Table
    shadow_prices: pa.Table
    route_plan: pa.Table
    material_flows: pa.Table
    plan_frontier: pa.Table
    unsolved: pa.Table


def compare_strategies(
    inputs: StrategyInputs, decisions_in_force: pa.Table | None = None, *, company: SupplySettings
) -> StrategyPlans:
    """Plan every strategy of the company on one model, price it, and draw cost against stability.

    Shadow prices are those of the strategy that the operational plan uses: the one decided for the cycle, else that of
    ``sop.yaml``.

    Always an answer (METHODS 5): rules are kept while any plan can keep them; where none can, policies and demand, and
    where that is not enough limits of resources too, give way at a price, alike for every strategy. No plan holds and
    owes the same item: what is owed is served from stock, and the target that gives way is named (``from_stock``).

    What only compares never costs the plan: a strategy beside the chosen one, shadow prices or a frontier that no rung
    of the solver's ladder finds is left out and named in ``unsolved``.
    """
    decided = _decided_strategy(decisions_in_force)
    return compared(inputs, company=company.working_to(decided) if decided else company)


def _decided_strategy(decisions_in_force: pa.Table | None) -> str | None:
    """The strategy that was decided for the cycle; None where nobody has."""
    found = None if decisions_in_force is None else tables.where(decisions_in_force, changes="strategy")
    return str(tables.texts(found, "subject")[-1]) if found is not None and found.num_rows else None


def compared(
    inputs: StrategyInputs,
    *,
    company: SupplySettings,
    make: Callable[..., PlanResult] = plan,
    draw: Callable[..., pd.DataFrame] = frontier,
) -> StrategyPlans:
    """``compare_strategies`` with the planner that makes plans and the one that draws the frontier."""
    problem, plans = _plans(inputs, company, make)
    points, missing = _frontier(problem, plans, company, draw)
    figures = Figures.of(inputs, inputs.opening_state)
    return StrategyPlans(
        **plan_tables(plans.results, figures, scenario=BASE, chosen=plans.chosen),
        plan_frontier=points,
        unsolved=_unsolved([*plans.missing, *missing]),
    )


@dataclass(frozen=True)
class _Plans:
    """Plans by strategy, the one that the operational plan uses, and what was not found: kinds with a strategy each."""

    results: Mapping[str, PlanResult]
    chosen: str
    missing: list[tuple[str, str]]


def _plans(
    inputs: StrategyInputs, company: SupplySettings, make: Callable[..., PlanResult]
) -> tuple[PlanningProblem, _Plans]:
    """Plan every strategy by the rules; all of them with priced limits when the rules leave one without a plan."""
    problem = problem_of(inputs, company=company)
    try:
        return problem, _planned(problem, inputs.demand_distribution, company, make)
    except Infeasible:
        priced = problem_of(inputs, company=company, shortage="priced")
        return priced, _planned(priced, inputs.demand_distribution, company, make)


def _planned(
    problem: PlanningProblem, demand_distribution: pa.Table, company: SupplySettings, make: Callable[..., PlanResult]
) -> _Plans:
    """Plan every strategy; blended takes the place of a chosen stochastic plan that cannot be found."""
    results: dict[str, PlanResult] = {}
    chosen, missing = company.supply.strategy, []
    wanted = _strategies(company)
    while wanted:
        strategy = wanted.pop(0)
        try:
            results[strategy] = make(
                problem_for(problem, strategy, demand_distribution, company, chosen=strategy == chosen),
                strategy,
                integer=company.supply.whole_workers,
            )
        except SolverError:
            if strategy == chosen and STOCHASTIC not in strategy:
                raise
            missing.append(("strategy", strategy))
            if strategy == chosen:
                chosen, wanted = BLENDED, [*(name for name in wanted if name != BLENDED), BLENDED]
    missing += [(part, chosen) for part in results[chosen].summary["not_found"]]
    return _Plans(results, chosen, missing)


def problem_for(
    problem: PlanningProblem, strategy: str, demand_distribution: pa.Table, company: SupplySettings, *, chosen: bool
) -> PlanningProblem:
    """The problem as a strategy needs it: with shadow prices the chosen one, with sampled demand a stochastic one."""
    options = replace(problem.options, shadow_prices=chosen, paths_worth=False)
    if STOCHASTIC not in strategy or not demand_distribution.num_rows:
        return replace(problem, options=options)
    paths = sampled_rows(demand_distribution, company.supply.stochastic_samples)
    return replace(problem, options=options, demand_samples=paths)


def _frontier(
    problem: PlanningProblem, plans: _Plans, company: SupplySettings, draw: Callable[..., pd.DataFrame]
) -> tuple[pa.Table, list[tuple[str, str]]]:
    """The frontier, or none and its name where a point of it cannot be found."""
    try:
        points = draw(
            problem,
            points=company.supply.frontier_points,
            limit=company.supply.max_instability,
            integer=company.supply.whole_workers,
            known={strategy: result.solved for strategy, result in plans.results.items()},
        )
    except (SolverError, Infeasible):
        return tables.empty("plan_frontier"), [("frontier", plans.chosen)]
    return tables.conform("plan_frontier", points), []


def _unsolved(missing: list[tuple[str, str]]) -> pa.Table:
    rows = [{"part": part, "strategy": strategy} for part, strategy in missing]
    return tables.conform("unsolved", rows) if rows else tables.empty("unsolved")


def _strategies(company: SupplySettings) -> list[str]:
    """Strategies in the order given; the one the operational plan uses is among them."""
    asked = [STOCHASTIC] if company.supply.stochastic else []
    return list(dict.fromkeys([*company.supply.strategies, *asked, company.supply.strategy]))
