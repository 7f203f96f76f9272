"""What the company works to this month: the forecast approach and the plan that the tables mark as chosen.

The tables hold the choice; the settings only say what is chosen where nothing is marked, as before any history. Nothing
else reads ``forecast_approach.chosen`` or ``plan_summary.chosen`` to find it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import NamedTuple

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.plan_change import BASE
from sop_pipeline.room_settings import ForecastChoice, PlanChoice

FEWEST_JUDGED = 6
"""Errors from which accuracy is told of: fewer are chance."""


class ChosenPlan(NamedTuple):
    """A plan by its strategy and scenario."""

    strategy: str
    scenario: str


def chosen_approach(forecast_approach: pa.Table, company: ForecastChoice) -> str:
    """Return the forecast approach that the plan uses."""
    marked = [row["approach"] for row in tables.rows(forecast_approach) if row["chosen"]]
    return str(marked[0]) if marked else company.forecasts_by


def misspelt_model(name: str, models: Collection[str]) -> str | None:
    """Return the external forecast's model that ``name`` nearly is; one that nothing is like may send something yet."""
    near = [] if name in models else difflib.get_close_matches(name, sorted(models), n=1, cutoff=0.7)
    return near[0] if near else None


def chosen_plan(plan_summary: pa.Table, company: PlanChoice) -> ChosenPlan:
    """Return the plan that the operational plan uses, that of the configured strategy where none is marked."""
    return marked_plan(plan_summary) or ChosenPlan(company.supply.strategy, BASE)


def marked_plan(plan_summary: pa.Table) -> ChosenPlan | None:
    """Return the plan marked as chosen, None without one."""
    marked = sorted((row["strategy"], row["scenario"]) for row in tables.rows(plan_summary) if row["chosen"])
    return ChosenPlan(*marked[0]) if marked else None
