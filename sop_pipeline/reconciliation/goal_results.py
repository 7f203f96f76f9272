"""Every plan against the company's goals: what it reaches, and by how much it misses.

Not here: what the measures are (``plan_money``), or what would mend a miss.
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.room_settings import GoalSettings
from sop_pipeline.tables import Kind

_FIELDS: dict[str, pa.DataType] = {
    "goal": pa.int64(),
    "measure": pa.string(),
    "months": pa.int64(),
    "at_least": Kind.FIGURE.arrow,
    "at_most": Kind.FIGURE.arrow,
}


def goal_results(plan_money: pa.Table, plan_summary: pa.Table, actuals: pa.Table, *, company: GoalSettings) -> pa.Table:
    """Return ``goal_results``: one row per goal of ``sop.yaml`` and plan, in the goal's own unit."""
    given = {"plan_money": plan_money, "plan_summary": plan_summary, "actuals": actuals, "goals": goals(company)}
    return tables.conform("goal_results", sql.query("reconciliation/goal_results", given))


def goals(company: GoalSettings) -> pa.Table:
    """Return one row per goal, numbered in the order of ``sop.yaml``."""
    rows = [
        {
            "goal": number,
            "measure": goal.measure,
            "months": goal.months,
            "at_least": _figure(goal.at_least),
            "at_most": _figure(goal.at_most),
        }
        for number, goal in enumerate(company.goals, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(_FIELDS))


def _figure(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), Kind.FIGURE.places)
