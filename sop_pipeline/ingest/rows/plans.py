"""Plans and demand inputs by weeks, periods, quarters or days become plans and inputs by month.

An amount is shared out over the days worked in its week or period, and the month gets those of its own days. What is
replaced for a part of a month leaves the rest of it as forecast. Not here: what a cell stands for (``reading``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.periods import PeriodCalendar, Span
from sop_pipeline.periods.span import DAY, WEEK
from sop_pipeline.reading.cells.period_columns import PLANNED
from sop_pipeline.working_days import WorkingDays

LACKING_DAYS = 3
"""Working days that a month of a plan may lack and still be the plan of the month."""
_STOCK_DAYS = 21
_MONTH_DAYS = pa.table({"month": pa.array([], pa.date32()), "worked": pa.array([], pa.int64())}).schema
_UNIT_DAYS = pa.table(
    {name: pa.array([], pa.int64()) for name in ("id", "file", "unit", "number", "of")}
    | {"day": pa.array([], pa.date32()), "is_worked": pa.array([], pa.bool_())}
).schema
_UNITS = ((1, "days"), (7, "weeks"), (42, "periods"), (92, "quarters"))
_EACH = "select id, file, {first}, covers{last} from standing order by id"


def is_by_month(loaded: LoadedTable) -> bool:
    """Whether no row of a plan is about anything else than months."""
    found = loaded.connection.execute("select 1 from standing where covers > 0 limit 1").fetchone()
    return found is None


def refuse_overlaps(loaded: LoadedTable) -> None:
    """Refuse a business plan two rows of which plan the same days of a family, by week and by month; BadInput."""
    with _registered(loaded, plan_rows=_standing(loaded)):
        found = sql.run(loaded.connection, "ingest/overlapping_plans").to_pylist()
    if found:
        row = found[0]
        raise BadInput(
            found=f"{len(found)} rows that plan days which another row plans, as {row['month']} of {row['family']}",
            needed="each day planned once, by months or by weeks or periods",
            where=f"business_plan: {loaded.files[row['file']].label}, row {row['row']}",
            mend="Take one of the two out.",
        )


def by_month(loaded: LoadedTable, worked: WorkingDays, calendar: PeriodCalendar | None) -> pa.Table:
    """Return the standing rows of a plan by month."""
    shares = _shares(loaded, worked, calendar)
    months = sorted({day.replace(day=1) for day in shares.column("day").to_pylist() if day is not None})
    counted = pa.Table.from_pylist(
        [{"month": month, "worked": worked.count(month)} for month in months],
        schema=_MONTH_DAYS,
    )
    _tell(loaded)
    name, make = _PLANS[loaded.spec.name]
    with _registered(loaded, unit_days=shares, month_days=counted, **{name: _standing(loaded)}):
        rows = make(loaded)
    return tables.conform(loaded.spec, rows.select(loaded.spec.names))


def _standing(loaded: LoadedTable) -> pa.Table:
    return loaded.connection.execute("select * from standing").to_arrow_table()


@contextmanager
def _registered(loaded: LoadedTable, **given: pa.Table) -> Iterator[None]:
    for name, rows in given.items():
        loaded.connection.register(name, rows)
    yield
    for name in given:
        loaded.connection.unregister(name)


def _business_plan(loaded: LoadedTable) -> pa.Table:
    rows = sql.run(loaded.connection, "ingest/plan_by_month", {"stock_days": _STOCK_DAYS})
    lacking = sql.run(loaded.connection, "ingest/lacking_plan_days", {"most": LACKING_DAYS}).to_pylist()
    if lacking:
        entry = next(entry for entry in loaded.files if not entry.resent)
        parts = [f"{row['month']:%Y-%m} ({row['planned']} of its {row['worked']} days)" for row in lacking]
        entry.remarks.append(f"left out, as the plan has only a part of the month: {', '.join(parts)}")
    left_out = {row["month"] for row in lacking}
    kept = [month not in left_out for month in rows.column("month").to_pylist()]
    return rows.filter(pa.array(kept, pa.bool_()))


def _demand_inputs(loaded: LoadedTable) -> pa.Table:
    return sql.run(loaded.connection, "ingest/inputs_by_month")


_PLANS = {"business_plan": ("plan_rows", _business_plan), "demand_inputs": ("input_rows", _demand_inputs)}


def _shares(loaded: LoadedTable, worked: WorkingDays, calendar: PeriodCalendar | None) -> pa.Table:
    """Return one row per row of the table and day it has a share of: the ``number``-th ``of`` so many in its unit."""
    first, *last = PLANNED[loaded.spec.name]
    rows = loaded.connection.execute(
        _EACH.format(first=first, last=f", {last[0]}" if last else ", null::date")
    ).fetchall()
    parts: list[dict[str, Any]] = []
    for row_id, file, begins, covers, until in rows:
        units = _until(_units(begins, covers, calendar), until or begins)
        if units is None:
            _set_aside(loaded, row_id, last[0], until)
            continue
        for unit, span in enumerate(units):
            own = [day for day in span.each_day() if worked.is_worked(day)]
            if not own and len(units) > 1 and covers == 1:
                continue
            days = own or span.each_day()
            parts.extend(
                {"id": row_id, "file": file, "unit": unit, "day": day, "number": number, "of": len(days)}
                | {"is_worked": bool(own)}
                for number, day in enumerate(days, start=1)
            )
    return pa.Table.from_pylist(parts, schema=_UNIT_DAYS)


def _units(first: date, covers: int, calendar: PeriodCalendar | None) -> Iterator[Span]:
    """Yield the unit that begins on a day and those that follow, without end."""
    span = Span(first, covers or (add_months(first, 1) - first).days)
    while True:
        yield span
        following = span.last + DAY
        if covers in (1, 7):
            span = Span(following, covers)
        elif covers == 0 or covers > 42:
            span = Span(following, (add_months(following, 3 if covers else 1) - following).days)
        else:
            period = calendar and calendar.span(*calendar.period_of(following))
            span = period or Span(following, 4 * WEEK.days)


def _until(units: Iterator[Span], last: date) -> list[Span] | None:
    """Return the units up to the one that begins on ``last``; None where none does."""
    taken = []
    for span in units:
        if span.first > last:
            return None
        taken.append(span)
        if span.first == last:
            return taken
    return None


def _set_aside(loaded: LoadedTable, row_id: int, column: str, value: date) -> None:
    reason = "Needed the last week, period or month of those that month_from begins with; write both in the same way."
    ids = pa.table({"id": pa.array([row_id], pa.int64()), "value": [str(value)]})
    loaded.set_aside(ids, "quarantined", column, reason)


def _tell(loaded: LoadedTable) -> None:
    counted = loaded.connection.execute(
        "select file, covers, count(*) from standing where covers > 0 group by all order by all"
    ).fetchall()
    rows: dict[tuple[int, str], int] = {}
    for file, covers, number in counted:
        unit = next(name for days, name in _UNITS if covers <= days)
        rows[file, unit] = rows.get((file, unit), 0) + number
    loaded.rows_shared = sum(number for (_, unit), number in rows.items() if unit != "days")
    for (file, unit), number in rows.items():
        how = "added up by month" if unit == "days" else "shared out over the days worked in them"
        loaded.files[file].notes.append(f"{number} rows of {unit}, {how}")
