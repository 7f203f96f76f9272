"""The planning problem of a scenario: the cycle's tables with its changes, put together by family.

What the cycle found out about history is taken over: where products start, what is frozen, which safety stock the
forecast's errors ask for. Not here: what each change does (``demand_and_money``, ``policies``, ``limits``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.defaults import Defaults
from sop_pipeline.plan_change import Measure, PlanChange
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.build import FreeProblem, Known, free_problem
from sop_pipeline.supply.problem.cycle.frozen import with_fixed_months
from sop_pipeline.supply.problem.cycle.tables import PlanningTables, ProblemInputs
from sop_pipeline.supply.scenarios import demand_and_money, limits, policies
from sop_pipeline.supply.scenarios.subjects import Subjects


@dataclass(frozen=True)
class ScenarioInputs(ProblemInputs):
    """What a scenario's problem is made from: what the cycle's was, where its products start, and what is frozen."""

    opening_state: pa.Table
    frozen_plan: pa.Table


@dataclass(frozen=True)
class ScenarioProblem:
    """A scenario's problem by family, with demand and prices of its products."""

    planning: PlanningTables
    opening_state: pa.Table
    demand_plan: pa.Table
    planned_prices: pa.Table


OnInputs = Callable[[ProblemInputs, PlanChange, Subjects], ProblemInputs]
OnProblem = Callable[[PlanningTables, PlanChange, Subjects], PlanningTables]

BEFORE: Mapping[Measure, OnInputs] = {
    Measure.DEMAND: demand_and_money.demand,
    Measure.PRICE: demand_and_money.price,
    Measure.COST: demand_and_money.cost,
    Measure.SERVICE_LEVEL: policies.service_level,
    Measure.LEAD_TIME: policies.replenishment,
}
"""Changes of the tables the problem is made from."""
AFTER: Mapping[Measure, OnProblem] = {
    Measure.WAGE: limits.wage,
    Measure.CAPACITY: limits.capacity,
    Measure.WORKING_DAYS: limits.working_days,
    Measure.OVERTIME: limits.overtime,
    Measure.LEAD_TIME: limits.lead_time,
}
"""Changes of the problem itself; a lead time is that of products, or of a material or a resource."""

SAFETY_AGAIN = (Measure.SERVICE_LEVEL, Measure.LEAD_TIME)
"""Policies from which safety stock follows."""


def scenario_problem(
    inputs: ScenarioInputs, changes: Sequence[PlanChange], *, company: SupplySettings, cycle: Cycle
) -> ScenarioProblem:
    """Return the problem with ``changes`` made one after another; BadInput where one names what there is not."""
    subjects = Subjects.of(inputs)
    before = [change for change in changes if _on_inputs(change, subjects)]
    changed: ProblemInputs = inputs
    for change in before:
        changed = BEFORE[change.measure](changed, change, subjects)
    state = inputs.opening_state
    if any(change.measure in SAFETY_AGAIN for change in before):
        state = _found_again(state, _by_family(changed, None, company, cycle))
    for change in changes:
        if change.measure is Measure.SAFETY_STOCK:
            state = policies.safety_stock(state, change, subjects)
    free = _by_family(changed, state, company, cycle)
    planning = _frozen(free, inputs.frozen_plan)
    for change in changes:
        if change.measure in AFTER and change not in before:
            planning = AFTER[change.measure](planning, change, subjects)
    return ScenarioProblem(planning, free.opening_state, changed.demand_plan, changed.planned_prices)


def _on_inputs(change: PlanChange, subjects: Subjects) -> bool:
    """Whether a change is of the tables the problem is made from."""
    elsewhere = subjects.is_material(change) or subjects.is_resource(change)
    return change.measure in BEFORE and not (change.measure is Measure.LEAD_TIME and elsewhere)


def _by_family(inputs: ProblemInputs, state: pa.Table | None, company: SupplySettings, cycle: Cycle) -> FreeProblem:
    known = Known(by_family=True, opening_state=state)
    return free_problem(inputs, company=company, cycle=cycle, defaults=Defaults(), known=known)


def _found_again(state: pa.Table, free: FreeProblem) -> pa.Table:
    """Where products start, with the safety stock that changed policies ask for; what is in stock stays."""
    there = ("opening_stock", "opening_backlog", "counted_on")
    again = free.opening_state
    for name in there:
        again = again.set_column(again.column_names.index(name), name, state[name])
    return again


def _frozen(free: FreeProblem, frozen_plan: pa.Table) -> PlanningTables:
    """The problem with the months fixed that the cycle keeps frozen; a family's where it keeps all its products'."""
    rows = tables.frame(frozen_plan)
    if rows.empty:
        return free.planning
    item = dict(zip(free.items["product_id"], free.items["item_id"], strict=True))
    rows = rows.assign(item_id=rows["product_id"].map(item))
    whole = rows.groupby(["item_id", "month"])["kept"].transform("all")
    return with_fixed_months(free.planning, rows.assign(kept=whole))
