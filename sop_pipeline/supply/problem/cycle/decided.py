"""Limits that the meeting raised, in the months it raised them, as the planning problem holds limits of a month.

Overtime, capacity, subcontracting and stock have a limit of their own in a month, which model and checker read alike.
Not here: which decisions are in force (``decisions_in_force``), or the strategy among them (``comparison``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.supply.problem.cycle.tables import PlanningTables


class Place(NamedTuple):
    """Where the problem keeps a limit of a month: a table, its subject's column, and the limit's."""

    table: str
    subject: str
    column: str


_OVERTIME = Place("planning_resource_months", "resource_id", "overtime_hours")
PLACES = {
    "overtime_hours": _OVERTIME,
    "overtime_limit_pct": _OVERTIME,
    "overtime_hours_per_unit": _OVERTIME,
    "capacity": Place("planning_resource_months", "resource_id", "capacity"),
    "subcontract_limit": Place("planning_months", "product_id", "subcontract_limit"),
    "max_stock": Place("planning_months", "product_id", "max_stock"),
}
"""Limits that can be raised month by month, as shadow prices name them."""


def with_decisions(planning: PlanningTables, decisions_in_force: pa.Table) -> PlanningTables:
    """Return the problem with every limit at least as high as a decision in force has it."""
    raised = [row for row in tables.rows(decisions_in_force) if row["changes"] in PLACES]
    for row in raised:
        place = PLACES[row["changes"]]
        data = tables.frame(getattr(planning, place.table))
        planning = replace(planning, **{place.table: _with_limit(data, place, row["subject"], row)})
    return planning


def _with_limit(data: pd.DataFrame, place: Place, subject: str, row: dict[str, object]) -> pa.Table:
    month, limit = pd.Timestamp(str(row["month"])), float(str(row["limit"]))
    here = (data[place.subject] == subject) & (data["month"] == month)
    if here.any():
        data.loc[here, place.column] = data.loc[here, place.column].astype(float).clip(lower=limit).fillna(limit)
    else:
        data = pd.concat([data, pd.DataFrame([{place.subject: subject, "month": month, place.column: limit}])])
    return tables.conform(place.table, data)
