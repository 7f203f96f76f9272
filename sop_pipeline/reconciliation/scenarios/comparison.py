"""Scenarios side by side, and against base by cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.tables.outputs.scenarios import EFFECTS


def compared(plans: Mapping[str, pa.Table], money: pa.Table) -> pa.Table:
    """Return ``scenario_comparison`` of some plans (``plan_summary``, ``resource_plan``) and their money."""
    given = {"plan_summary": plans["plan_summary"], "resource_plan": plans["resource_plan"], "plan_money": money}
    return tables.conform("scenario_comparison", sql.query("reconciliation/scenario_comparison", given))


def effects(scenario: str, stages: Sequence[pa.Table]) -> list[dict[str, Any]]:
    """Return rows of ``scenario_effects`` from the comparisons with none, one, two, ... of the changes applied.

    Each difference is of figures as they are written, so that the parts add up to the whole exactly. A strategy or a
    measure that a stage does not have is not explained.
    """
    figures = [{row["strategy"]: row for row in tables.rows(stage)} for stage in stages]
    whole = set(figures[0]).intersection(*figures)
    return [row for strategy in sorted(whole) for row in _of_strategy(scenario, strategy, figures)]


def _of_strategy(
    scenario: str, strategy: str, figures: Sequence[Mapping[str, Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    for measure in EFFECTS:
        values: list[Decimal | None] = [stage[strategy][measure] for stage in figures]
        for place in range(1, len(values)):
            before, after = values[place - 1], values[place]
            if None not in values and before is not None and after is not None:
                yield {
                    "scenario": scenario,
                    "strategy": strategy,
                    "measure": measure,
                    "place": place,
                    "amount": after - before,
                }
