"""Scenarios: every strategy's plan of each, compared with base and explained change by change.

A scenario that names what there is not, or that no solve ends for, costs itself alone: the month stands without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, parse_month
from sop_pipeline.errors import BadInput, SopError
from sop_pipeline.plan_change import BASE, PlanChange, read_changes
from sop_pipeline.reconciliation.scenarios.comparison import effects
from sop_pipeline.reconciliation.scenarios.money import PastInputs
from sop_pipeline.room_settings import ScenarioSettings
from sop_pipeline.scenarios.stages import Stage, Stages
from sop_pipeline.steps.step import Check, step
from sop_pipeline.supply.scenarios.plans import strategies_of
from sop_pipeline.supply.scenarios.problem import ScenarioInputs, scenario_problem
from sop_pipeline.validation import Finding, identities, plan_checker

KEPT = {
    "scenario_plan": "aggregate_plan",
    "scenario_resources": "resource_plan",
    "scenario_costs": "plan_costs",
    "scenario_shortfalls": "plan_shortfalls",
    "scenario_routes": "route_plan",
}
"""Tables of scenarios, and those of a plan whose rows they hold."""


@dataclass(frozen=True)
class ScenarioTables:
    """Every scenario and strategy; all empty where the company states no scenario."""

    scenario_changes: pa.Table
    scenario_plan: pa.Table
    scenario_resources: pa.Table
    scenario_costs: pa.Table
    scenario_shortfalls: pa.Table
    scenario_routes: pa.Table
    scenario_money: pa.Table
    scenario_comparison: pa.Table
    scenario_effects: pa.Table
    scenario_unsolved: pa.Table


@dataclass
class _Found:
    """What was planned so far."""

    stages: list[Stage] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    unsolved: list[dict[str, Any]] = field(default_factory=list)


def scenarios(inputs: ScenarioInputs, past: PastInputs, *, company: ScenarioSettings, cycle: Cycle) -> ScenarioTables:
    """Plan base and every scenario of the company by family, with every strategy, and compare them."""
    stated = {each.name: read_changes(each.changes, f"scenario {each.name}") for each in company.scenarios}
    found = _Found()
    if stated:
        stages = Stages(inputs, past, company, cycle, strategies_of(company))
        base = _stages(BASE, [()], stages, found)
        for name, changes in stated.items():
            planned = _stages(name, [changes[:count] for count in range(1, len(changes) + 1)], stages, found)
            if base and planned and len(planned) == len(changes):
                found.effects += effects(name, [stage.figures for stage in (*base, *planned)])
    return ScenarioTables(
        scenario_changes=_table("scenario_changes", _changes(stated)),
        **{name: _together(name, (stage.plans[of] for stage in found.stages)) for name, of in KEPT.items()},
        scenario_money=_together("scenario_money", (stage.money for stage in found.stages)),
        scenario_comparison=_together("scenario_comparison", (stage.figures for stage in found.stages)),
        scenario_effects=_table("scenario_effects", found.effects),
        scenario_unsolved=_table("scenario_unsolved", found.unsolved),
    )


def _stages(name: str, of: list[tuple[PlanChange, ...]], stages: Stages, found: _Found) -> list[Stage]:
    """Plan the stages of a scenario; the last is the scenario itself and is kept, a failure is noted and ends it."""
    planned: list[Stage] = []
    for changes in of:
        try:
            planned.append(stages.plan(changes, name))
        except SopError as fault:
            told = {"found": fault.found, "needed": fault.needed, "mend": fault.mend}
            reason = "refused" if isinstance(fault, BadInput) else "no_plan"
            found.unsolved.append({"scenario": name, "place": len(changes), "strategy": "", "reason": reason, **told})
            return []
        missing = planned[-1].missing
        found.unsolved += [
            {"scenario": name, "place": len(changes), "strategy": strategy, "reason": "no_plan"} for strategy in missing
        ]
    found.stages.append(planned[-1])
    return planned


def _changes(stated: Mapping[str, Iterable[PlanChange]]) -> list[dict[str, Any]]:
    return [
        {
            "scenario": name,
            "place": place,
            "change": str(change),
            "measure": change.measure.value,
            "subject": change.subject,
            "way": change.way.value,
            "amount": change.amount,
            "month_from": _month(change.first),
            "month_to": _month(change.last),
        }
        for name, changes in stated.items()
        for place, change in enumerate(changes, start=1)
    ]


def _month(label: str | None) -> date | None:
    return None if label is None else parse_month(label)


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return tables.conform(name, rows) if rows else tables.empty(name)


def _together(name: str, parts: Iterable[pa.Table]) -> pa.Table:
    conforming = [tables.conform(name, part) for part in parts if part.num_rows]
    return tables.concat(name, conforming)


def plans_hold(
    made: Mapping[str, pa.Table],
    inputs: ScenarioInputs,
    scenario_changes: pa.Table,
    company: ScenarioSettings,
    cycle: Cycle,
) -> Finding:
    """Recompute every identity and every cost of every scenario's plans, on the problem its stated changes make."""
    violations = [
        str(violation)
        for name, own in _by_scenario(made)
        for violation in plan_checker.check_plan(
            {**vars(_problem(name, inputs, scenario_changes, company, cycle)), **own},
            whole_workers=company.supply.whole_workers,
        )
    ]
    told = f"{len(violations)} violations, the first: {violations[0]}" if violations else "every scenario's plans hold"
    return Finding(
        check="plan_checker",
        table="scenario_plan",
        passed=not violations,
        summary=told,
        sample=[{"violation": each} for each in violations[:5]],
    )


def _problem(
    name: str, inputs: ScenarioInputs, scenario_changes: pa.Table, company: ScenarioSettings, cycle: Cycle
) -> Any:
    stated = [row["change"] for row in tables.rows(tables.where(scenario_changes, scenario=name))]
    return scenario_problem(inputs, read_changes(stated, f"scenario {name}"), company=company, cycle=cycle).planning


def _by_scenario(given: Mapping[str, pa.Table]) -> Iterator[tuple[str, dict[str, pa.Table]]]:
    """Each scenario that has a plan, with its rows under the names of the month's own tables."""
    for name in sorted(set(tables.texts(given["scenario_plan"], "scenario"))):
        yield name, {of: tables.where(given[own], scenario=name) for own, of in KEPT.items()}


STEPS = (
    step(
        scenarios,
        name="scenarios",
        does="Plan base and every scenario by family with every strategy, and say which change brings what.",
        kinds=("python", "highs", "duckdb"),
        checks=[
            Check("scenario_plan", "plan_checker", plans_hold),
            Check("scenario_effects", "add_up", identities.scenario_effects_add_up),
            Check("scenario_money", "reconciles", identities.scenario_money_reconciles),
        ],
    ),
)
