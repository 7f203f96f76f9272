"""Stages of scenarios: the base with none, one, two, ... of a scenario's changes, planned and put into money.

Supply plans, reconciliation prices; here the one's tables are handed to the other, in memory, since a stage that only
explains another is kept nowhere. The month (``steps.scenarios``) and a what-if plan by the same few lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from sop_pipeline.cycle import Cycle
from sop_pipeline.plan_change import PlanChange
from sop_pipeline.reconciliation.scenarios.comparison import compared
from sop_pipeline.reconciliation.scenarios.money import PastInputs, Start, scenario_money, start_of
from sop_pipeline.room_settings import ScenarioSettings
from sop_pipeline.supply.problem.data.raised import Raise
from sop_pipeline.supply.scenarios.plans import scenario_plans
from sop_pipeline.supply.scenarios.problem import ScenarioInputs, ScenarioProblem, scenario_problem


@dataclass(frozen=True)
class Stage:
    """A stage's problem, its plans by table, their money and figures, and the strategies that found no plan."""

    problem: ScenarioProblem
    plans: Mapping[str, pa.Table]
    money: pa.Table
    figures: pa.Table
    missing: tuple[str, ...]


@dataclass
class Stages:
    """Plans stages of one cycle, all with the same strategies; one asked for again is not planned again."""

    inputs: ScenarioInputs
    past: PastInputs
    company: ScenarioSettings
    cycle: Cycle
    strategies: Sequence[str]
    _problems: dict[tuple[PlanChange, ...], ScenarioProblem] = field(default_factory=dict)
    _stages: dict[tuple[object, ...], Stage] = field(default_factory=dict)

    @cached_property
    def start(self) -> Start:
        """The months before the plan, the same for every stage."""
        return start_of(self.past, cycle=self.cycle)

    def problem(self, changes: Sequence[PlanChange]) -> ScenarioProblem:
        """Return the planning problem with these changes; BadInput where one names what there is not."""
        asked = tuple(changes)
        if asked not in self._problems:
            self._problems[asked] = scenario_problem(self.inputs, asked, company=self.company, cycle=self.cycle)
        return self._problems[asked]

    def plan(self, changes: Sequence[PlanChange], scenario: str, raises: Sequence[Raise] = ()) -> Stage:
        """Return the stage with these changes and limits raised; BadInput where one names what there is not."""
        limits = tuple((limit.constraint, limit.item, tuple(sorted(limit.more.items()))) for limit in raises)
        asked = (scenario, tuple(changes), limits)
        if asked not in self._stages:
            self._stages[asked] = self._planned(changes, scenario, raises)
        return self._stages[asked]

    def _planned(self, changes: Sequence[PlanChange], scenario: str, raises: Sequence[Raise]) -> Stage:
        problem = self.problem(changes)
        plans = scenario_plans(problem, scenario, self.strategies, company=self.company, raises=raises)
        money = scenario_money(plans.tables, vars(problem.planning), self.start, company=self.company)
        return Stage(problem, plans.tables, money, compared(plans.tables, money), plans.missing)
