"""Working days of every month, past and planned: the calendar, or the week less public holidays (METHODS 7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, add_months, months_between
from sop_pipeline.room_settings import IngestSettings
from sop_pipeline.working_days import WorkingDays

_MONTHS_BACK = 60


def working_calendar(calendar: pa.Table, history: list[pa.Table], *, company: IngestSettings, cycle: Cycle) -> pa.Table:
    """Return ``working_calendar``: one row per month from the first month of ``history`` to the end of the horizon.

    ``history`` are tables with a ``date`` (without rows: 60 months back). A month's company-wide row of ``calendar``
    counts; with rows by site alone, their mean. Other months: ``company.working_days``.
    """
    first = _first_month(history, cycle)
    count = months_between(first, cycle.month) + company.horizon_months
    given = _given(calendar)
    default = company.working_days
    rows = []
    for month in (add_months(first, number) for number in range(count)):
        entry = given.get(month, {})
        days = entry.get("working_days")
        rows.append(
            {
                "month": month,
                "working_days": days if days is not None else Decimal(default.count(month)),
                "shutdown": entry.get("shutdown"),
                **(_stated(entry) if days is not None else {"source": "week", **_week(default, month)}),
            }
        )
    return tables.conform("working_calendar", _as_table(rows))


def _as_table(rows: list[dict[str, Any]]) -> pa.Table:
    shape: dict[str, pa.DataType] = {
        "month": pa.date32(),
        "working_days": pa.decimal128(38, 6),
        "shutdown": pa.string(),
        "source": pa.string(),
        "sites": pa.int64(),
        "week": pa.string(),
        "place": pa.string(),
    }
    return pa.Table.from_pylist(rows, schema=pa.schema(shape))


def _first_month(history: list[pa.Table], cycle: Cycle) -> date:
    oldest = [pc.min(table.column("date")).as_py() for table in history if table.num_rows]
    first = min(oldest, default=None)
    return first.replace(day=1) if first else add_months(cycle.month, -_MONTHS_BACK)


def _given(calendar: pa.Table) -> dict[date, dict[str, Any]]:
    by_month: dict[date, list[dict[str, Any]]] = {}
    for row in calendar.to_pylist():
        by_month.setdefault(row["month"], []).append(row)
    return {month: _of_company(rows) for month, rows in by_month.items()}


def _of_company(rows: list[dict[str, Any]]) -> dict[str, Any]:
    everywhere = [row for row in rows if row["site_id"] is None]
    chosen = everywhere or rows
    days = [row["working_days"] for row in chosen if row["working_days"] is not None]
    names = sorted({row["shutdown"] for row in rows if row["shutdown"]})
    return {
        "working_days": (sum(days) / len(days)).quantize(Decimal("0.000001")) if days else None,
        "shutdown": ", ".join(names) or None,
        "sites": None if everywhere else len(days),
    }


def _stated(entry: dict[str, Any]) -> dict[str, Any]:
    """What the company's own calendar says: for all of it, or the mean of so many sites."""
    return {"source": "calendar" if entry["sites"] is None else "sites", "sites": entry["sites"]}


def _week(default: WorkingDays, month: date) -> dict[str, str | None]:
    return {"week": default.week(month), "place": default.place or None}
