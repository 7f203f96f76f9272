"""Limits that the meeting raised, in the months it raised them, as the planning problem holds them.

A limit that the problem states by month is the one decided, at least. The others follow from heads or hold for every
month: what is added to them stands in ``planning_raised_limits``, which model and checker read alike. Not here: which
decisions are in force (``decisions_in_force``), or the strategy among them (``comparison``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.defaults import Defaults
from sop_pipeline.resource_kinds import has_hours
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.problem.data.own_limits import HOURS, own_limit
from sop_pipeline.supply.problem.data.plan_data import PlanData, plan_data
from sop_pipeline.supply.problem.data.raised import OF_HOURS
from sop_pipeline.supply.problem.definition import canonical

SAME = 0.001
"""Hours or heads within which a limit of the files is as it was when the decision was taken."""


class Place(NamedTuple):
    """Where the problem keeps a limit of a month: a table, its subject's column, and the limit's."""

    table: str
    subject: str
    column: str


PLACES = {
    "overtime_hours": Place("planning_resource_months", "resource_id", "overtime_hours"),
    "capacity": Place("planning_resource_months", "resource_id", "capacity"),
    "subcontract_limit": Place("planning_months", "product_id", "subcontract_limit"),
    "max_stock": Place("planning_months", "product_id", "max_stock"),
}
"""Limits that the problem states month by month, as shadow prices name them."""
Row = dict[str, Any]


@dataclass(frozen=True)
class _Known:
    """A limit at the time it was decided: with what is added, what that is, and by the heads there were then."""

    limit: float
    more: float | None
    at_start: float | None

    @classmethod
    def of(cls, row: Row) -> _Known:
        return cls(*(None if row[name] is None else float(row[name]) for name in ("limit", "more", "at_start")))  # type: ignore[arg-type]

    def more_now(self, limit: str, own: float) -> float:
        """What is still to be added to a limit that the files have now, other decisions counted.

        All of it while the files say what they said. Where they have since come to more, as somebody was hired or
        ``max_units`` was raised, no more than what is missing from the limit decided.
        """
        if self.more is None:
            return max(0.0, self.limit - own)
        if limit not in HOURS:
            return self.more if abs(own + self.more - self.limit) <= SAME else max(0.0, self.limit - own)
        if self.at_start is None or own <= self.at_start + SAME:
            return self.more
        return min(self.more, max(0.0, self.limit - own))


def with_decisions(
    planning: PlanningTables, decisions_in_force: pa.Table, *, company: SupplySettings, defaults: Defaults
) -> PlanningTables:
    """Return the problem with every limit at least as high as a decision in force has it.

    What a decision raised of a resource or item that is no longer planned is left out, and counted in ``defaults``.
    """
    given = [row for row in tables.rows(decisions_in_force) if row["month"] is not None]
    lost = [row for row in given if row["subject"] not in _subjects(planning, row["changes"])]
    defaults.use("decision_left_out", len(lost), subject=", ".join(sorted({row["subject"] for row in lost})))
    kept = [row for row in given if row not in lost]
    for row in kept:
        if row["changes"] in PLACES:
            planning = _with_limit(planning, PLACES[row["changes"]], row)
    added = [row for row in kept if row["changes"] not in PLACES]
    return _with_more(planning, added, company) if added else planning


def _subjects(planning: PlanningTables, limit: str) -> set[str]:
    if limit in PLACES and PLACES[limit].subject == "product_id":
        return set(tables.texts(planning.planning_products, "product_id"))
    resources = tables.frame(planning.planning_resources)
    hours = has_hours(resources)
    chosen = ~hours if limit == "capacity" else hours & (limit in {**PLACES, **OF_HOURS})
    return set(resources.loc[chosen, "resource_id"])


def _with_limit(planning: PlanningTables, place: Place, row: Row) -> PlanningTables:
    data = tables.frame(getattr(planning, place.table))
    subject, month, limit = row["subject"], pd.Timestamp(str(row["month"])), float(row["limit"])
    here = (data[place.subject] == subject) & (data["month"] == month)
    if here.any():
        data.loc[here, place.column] = data.loc[here, place.column].astype(float).clip(lower=limit).fillna(limit)
    else:
        data = pd.concat([data, pd.DataFrame([{place.subject: subject, "month": month, place.column: limit}])])
    return replace(planning, **{place.table: tables.conform(place.table, data)})


def _with_more(planning: PlanningTables, added: Iterable[Row], company: SupplySettings) -> PlanningTables:
    """The problem with what is added to limits of hours and heads, one decision after the other."""
    data = plan_data(canonical(problem_of(planning, company=company)))
    raised: dict[tuple[str, str, str], float] = {}
    rows: dict[tuple[str, str, Any], Row] = {}
    for row in added:
        limit, item, month = row["changes"], row["subject"], f"{row['month']:%Y-%m}"
        if month not in data.months:
            continue
        kind = (OF_HOURS[limit], item, month)
        own = _own(data, limit, item, month) + raised.get(kind, 0.0)
        known = _Known.of(row)
        more = known.more_now(limit, own)
        raised[kind] = raised.get(kind, 0.0) + more
        place = rows.setdefault(
            (limit, item, month),
            {"limit": limit, "resource_id": item, "month": row["month"], "more": 0.0, "heads": 0.0},
        )
        place["more"] += more
        place["heads"] += float(row["heads"] or 0) * (more / known.more if known.more else 0.0)
    kept = [row for row in rows.values() if row["more"] > 0]
    return replace(planning, planning_raised_limits=tables.conform("planning_raised_limits", kept))


def _own(data: PlanData, limit: str, item: str, month: str) -> float:
    return float(own_limit(data, limit, item)[data.months.index(month)])
