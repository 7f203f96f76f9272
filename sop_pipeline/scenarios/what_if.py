"""One more scenario on the spot: a published cycle with some changes, planned by family by one strategy.

It is planned as the month plans its scenarios, so the same changes give the same figures to the cent. Nothing is
written. Base is what the cycle has published, and is planned too where it has no scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import BASE, PlanChange
from sop_pipeline.reconciliation.scenarios.money import PastInputs
from sop_pipeline.room_settings import ScenarioSettings
from sop_pipeline.scenarios.stages import Stages
from sop_pipeline.supply.scenarios.plans import strategies_of
from sop_pipeline.supply.scenarios.problem import ScenarioInputs

WHAT_IF = "what if"
T = TypeVar("T")


@dataclass(frozen=True)
class Side:
    """One side of the comparison: its figures (one row), its plan by item, demand and prices of its products."""

    figures: pa.Table
    plan: pa.Table
    demand_plan: pa.Table
    planned_prices: pa.Table


@dataclass(frozen=True)
class WhatIf:
    """A published cycle with and without the changes, both planned by family by one strategy."""

    strategy: str
    changes: tuple[PlanChange, ...]
    base: Side
    after: Side


def what_if(
    published: Mapping[str, pa.Table],
    changes: Sequence[PlanChange],
    *,
    company: ScenarioSettings,
    cycle: Cycle,
    strategy: str | None = None,
) -> WhatIf:
    """Plan a published cycle with ``changes``; by the strategy of the operational plan where none is named.

    Raises BadInput for a name there is not, or where no plan is found.
    """
    chosen = strategy or strategy_of(company, published)
    inputs = _given(ScenarioInputs, published)
    stages = Stages(inputs, _given(PastInputs, published), company, cycle, [chosen])
    return WhatIf(
        chosen,
        tuple(changes),
        _published_base(published, chosen) or _side(stages, (), BASE, chosen),
        _side(stages, changes, WHAT_IF, chosen),
    )


def settings_of(folder: CompanyFolder, cycle: Cycle) -> Company:
    """The settings a cycle was planned with, today's where they are not known."""
    noted = folder.lake.settings(cycle)
    return Company.model_validate(noted) if noted else folder.settings


def strategy_of(company: ScenarioSettings, published: Mapping[str, pa.Table]) -> str:
    """The strategy of the operational plan as published, or the first that needs no sampled demand."""
    in_use = chosen_plan(published["plan_summary"], company).strategy
    possible = strategies_of(company)
    return in_use if in_use in possible else possible[0]


def _given(kind: type[T], published: Mapping[str, pa.Table]) -> T:
    return kind(**{field.name: published[field.name] for field in fields(kind)})  # type: ignore[arg-type]


def _published_base(published: Mapping[str, pa.Table], strategy: str) -> Side | None:
    """Base as the cycle has published it, if it has."""
    if "scenario_comparison" not in published:
        return None
    figures, plan = (
        tables.where(published[name], scenario=BASE, strategy=strategy)
        for name in ("scenario_comparison", "scenario_plan")
    )
    side = Side(figures, plan, published["demand_plan"], published["planned_prices"])
    return side if figures.num_rows else None


def _side(stages: Stages, changes: Sequence[PlanChange], name: str, strategy: str) -> Side:
    stage = stages.plan(changes, name)
    if not stage.figures.num_rows:
        raise BadInput(
            found=f"no {strategy} plan: no solve of it ended",
            needed="a plan to compare",
            where=", ".join(map(str, changes)) or BASE,
            mend="Try another --strategy.",
        )
    return Side(stage.figures, stage.plans["aggregate_plan"], stage.problem.demand_plan, stage.problem.planned_prices)
