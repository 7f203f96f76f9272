"""The supply step of a cycle as the month runs it, over tables by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.supply.problem.cycle.frozen import LastProduction
from sop_pipeline.supply.problem.cycle.planned_money import PriceInputs, planned_money
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs
from sop_pipeline.supply.schedule.disaggregate import ScheduleInputs, disaggregate
from sop_pipeline.supply.schedule.load import LoadInputs, schedule_loads
from sop_pipeline.supply.strategies.comparison.compare import StrategyInputs, compare_strategies
from sop_pipeline.supply.strategies.frozen import planning_problem

Known = dict[str, Any]
T = TypeVar("T")


def pick(kind: type[T], known: Mapping[str, Any]) -> T:
    """The tables that a dataclass of inputs names."""
    return kind(**{field.name: known[field.name] for field in fields(kind)})  # type: ignore[arg-type]


def approach_of(given: Mapping[str, pa.Table], approach: str) -> pa.Table:
    """Every family planned alike."""
    families = sorted(set(tables.texts(given["demand_plan"], "family")))
    rows = [{"family": family, "approach": approach, "basis": "configured", "drift": "none"} for family in families]
    return tables.conform("planning_approach", rows)


def with_problem(known: Known, company: Company, cycle: Cycle, last_production: pa.Table | None = None) -> Known:
    """Add the planning problem."""
    known = known | vars(planned_money(pick(PriceInputs, known), company=company, cycle=cycle))
    inputs = pick(ProblemInputs, known)
    last = None if last_production is None else LastProduction(cycle.previous(), last_production)
    return known | vars(planning_problem(inputs, company=company, cycle=cycle, last=last))


def with_plans(known: Known, company: Company) -> Known:
    """Add every strategy's plan; without a distribution of demand there is none to plan for."""
    inputs = pick(StrategyInputs, {"demand_distribution": tables.empty("demand_distribution"), **known})
    return known | vars(compare_strategies(inputs, company=company))


def with_schedule(known: Known, company: Company) -> Known:
    """Add the chosen plan's schedule and what it loads."""
    known = known | vars(disaggregate(pick(ScheduleInputs, known), company=company))
    return known | vars(schedule_loads(pick(LoadInputs, known), company=company))
