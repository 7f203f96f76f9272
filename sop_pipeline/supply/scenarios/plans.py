"""Every strategy's plan of a scenario's problem.

A strategy that finds no plan costs itself alone, and is named. Not here: the problem (``problem``), money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.errors import Infeasible
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.raised import Raise, raised
from sop_pipeline.supply.scenarios.problem import ScenarioProblem
from sop_pipeline.supply.strategies.comparison.figures import Figures
from sop_pipeline.supply.strategies.comparison.registry_form import plan_tables
from sop_pipeline.supply.strategies.plan import PlanResult, planned, prepared

SAMPLED = "stochastic"
"""A strategy made for sampled demand, of which a scenario has none."""
PLANS = (
    "aggregate_plan",
    "resource_plan",
    "plan_costs",
    "plan_shortfalls",
    "route_plan",
    "material_flows",
    "plan_summary",
)
"""Tables of a plan that a scenario has too; prices of limits and frontiers are the plan's alone."""


@dataclass(frozen=True)
class ScenarioPlans:
    """A scenario's plans by table, and the strategies that have none."""

    tables: Mapping[str, pa.Table]
    missing: tuple[str, ...]


def strategies_of(company: SupplySettings) -> list[str]:
    """Strategies that scenarios are planned with: those of the comparison that need no sampled demand."""
    asked = [*company.supply.strategies, company.supply.strategy]
    return [name for name in dict.fromkeys(asked) if SAMPLED not in name]


def scenario_plans(
    problem: ScenarioProblem,
    scenario: str,
    strategies: Sequence[str],
    *,
    company: SupplySettings,
    raises: Sequence[Raise] = (),
) -> ScenarioPlans:
    """Plan every strategy by the rules; all of them with priced limits where the rules leave one without a plan."""
    results, missing = scenario_results(problem, strategies, company=company, raises=raises)
    if not results:
        return ScenarioPlans({name: tables.empty(name) for name in PLANS}, missing)
    figures = Figures.of(problem.planning, problem.opening_state)
    made = plan_tables(results, figures, scenario=scenario, chosen="")
    return ScenarioPlans({name: made[name] for name in PLANS}, missing)


def scenario_results(
    problem: ScenarioProblem, strategies: Sequence[str], *, company: SupplySettings, raises: Sequence[Raise] = ()
) -> tuple[dict[str, PlanResult], tuple[str, ...]]:
    """What the planner says of every strategy, with some limits raised, and the strategies that have no plan."""
    try:
        return _results(problem, strategies, company, raises, "rules")
    except Infeasible:
        return _results(problem, strategies, company, raises, "priced")


def _results(
    problem: ScenarioProblem, strategies: Sequence[str], company: SupplySettings, raises: Sequence[Raise], shortage: str
) -> tuple[dict[str, PlanResult], tuple[str, ...]]:
    data = scenario_data(problem, company, shortage)
    for limit in raises:
        data = raised(data, limit)
    results: dict[str, PlanResult] = {}
    for strategy in strategies:
        try:
            results[strategy] = planned(data, strategy, integer=company.supply.whole_workers)
        except SolverError:
            continue
    return results, tuple(name for name in strategies if name not in results)


def scenario_data(problem: ScenarioProblem, company: SupplySettings, shortage: str = "rules") -> PlanData:
    """The problem as arrays, without shadow prices and sampled demand."""
    form = problem_of(problem.planning, company=company, shortage=shortage)
    return prepared(replace(form, options=replace(form.options, shadow_prices=False, paths_worth=False)))
