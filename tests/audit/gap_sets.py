"""Gap closing audited: the set found for a goal out of reach, asked for again as a what-if of its own rows."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Goal
from sop_pipeline.cycle import Cycle
from sop_pipeline.plan_change import read_changes
from sop_pipeline.reconciliation.goal_results import goal_results
from sop_pipeline.reconciliation.scenarios.money import PastInputs
from sop_pipeline.scenarios.what_if import what_if
from sop_pipeline.steps.gap_closing import GapInputs, gap_levers
from sop_pipeline.supply.scenarios.problem import ScenarioInputs

FIGURES = {"gross_margin": "brings", "contribution": "contribution_change", "service": "service_change"}
"""Figures of a what-if by what a set says of their change."""


def audit_gap_set(company: CompanyFolder, cycle: Cycle) -> str | None:
    """The status of the set found; None where margin is not known. Fails where a what-if brings anything else."""
    published: dict[str, pa.Table] = dict(company.lake.published(cycle))
    months = len(set(tables.days(published["demand_plan"], "month")))
    planned = tables.rows(tables.where(published["plan_money"], chosen=True))
    if any(row["gross_margin"] is None for row in planned):
        return None
    reached = sum(row["gross_margin"] for row in planned)
    far = Goal(measure="gross_margin", at_least=float(2 * abs(reached) + 1000), months=months)
    settings = company.settings.model_copy(update={"goals": [far]})
    of_goals = [published[name] for name in ("plan_money", "plan_summary", "actuals")]
    asked = GapInputs(
        tables.conform("levers", _levers(published)),
        tables.empty("key_figures"),
        goal_results(*of_goals, company=settings),
        published["plan_summary"],
    )
    inputs, past = (_given(kind, published) for kind in (ScenarioInputs, PastInputs))
    found = gap_levers(inputs, past, asked, company=settings, cycle=cycle)
    sets = tables.rows(found.gap_sets)
    if not sets:
        return None
    (one,) = sets
    used = sorted(
        (row for row in tables.rows(found.gap_levers) if row["state"] == "used"), key=lambda row: row["pull_order"]
    )
    changes = [change for row in used for change in (row["changes"] or "").split("; ") if change]
    if changes:
        answer = what_if(published, read_changes(changes, "set"), company=settings, cycle=cycle)
        (base,), (after,) = (tables.rows(side.figures) for side in (answer.base, answer.after))
        for figure, told in FIGURES.items():
            if one[told] is not None:
                assert after[figure] - base[figure] == one[told], (figure, changes)
        assert one["brings"] + one["open"] == one["gap"]
    return str(one["status"])


def _levers(published: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """A promotion of the first family and another price of the last, a tenth of what the plan sells."""
    families = sorted(str(family) for family in set(published["sales_plan"]["family"].to_pylist()))
    rows = tables.rows(tables.where(published["sales_plan"], family=families[0]))
    monthly = sum((row["sales"] for row in rows), Decimal(0)) / max(len({row["month"] for row in rows}), 1)
    more = {"lever_id": "more", "kind": "promotion", "family": families[0], "unit_cost": Decimal("0.1")}
    dearer = {"lever_id": "dearer", "kind": "price", "family": families[-1], "limit": 4, "elasticity": Decimal("-0.5")}
    return [more | {"limit": max(round(monthly / 10), 1)}, dearer]


def _given(kind: Any, published: dict[str, pa.Table]) -> Any:
    return kind(**{field.name: published[field.name] for field in dataclasses.fields(kind)})
