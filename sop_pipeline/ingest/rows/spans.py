"""Rows about a week or a planning period become rows of days: an equal share of each day that the company works.

Months are then the sums of their own days, the first and the last month are known to be incomplete where they are, and
a period's fifth or sixth week is no rise of demand. Dates that say nothing of what they stand for are told by how far
apart they lie; where that leaves two readings the file is refused with the line to write.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.grain import Knowledge
from sop_pipeline.ingest.rows.loaded import LoadedFile, LoadedTable
from sop_pipeline.periods import Span
from sop_pipeline.periods.spacing import spacing
from sop_pipeline.periods.spread import day_shares
from sop_pipeline.reading.cells.rules import ROW_DATE
from sop_pipeline.working_days import WEEKDAYS, WorkingDays

_FLOWS = ("sales", "production")
DATED_OVER_TIME = (*_FLOWS, "inventory")
"""Tables whose rows may speak of weeks and periods."""
_STARTS, _ENDS = (0,), (4, 5)
"""Days of the week by which bare dates of weekly rows are taken for the start of their week, or its end."""
_WAYS_OUT = {
    "quarter": "A quarter's amount is no month's: export months. If the rows are of single months: dated_by: month.",
    "period": "Say in sop.yaml what they are: dated_by: period_end (or period_start), with "
    "periods: {pattern: 4-4-5, year_ends: last saturday of january}.",
    "week": "Say in sop.yaml what a date stands for: dated_by: week_start, week_end or day.",
}
_SHOWN = {"quarter": "every third month", "period": "4 and 5 weeks apart", "week": "7 days apart"}


def settle_undeclared(loaded: LoadedTable) -> None:
    """Tell what bare dates stand for in files that do not say; raises BadInput where it cannot be told."""
    if loaded.spec.name not in _FLOWS or any(entry.source.dated_by for entry in loaded.files):
        return
    rows = loaded.connection.execute("select distinct date, covers from standing order by date").fetchall()
    if not rows or any(covers > 1 for _, covers in rows):
        return
    days = [day for day, _ in rows]
    apart = spacing(days)
    if apart not in _WAYS_OUT:
        return
    weekday = days[0].weekday()
    if apart != "week" or weekday not in (*_STARTS, *_ENDS):
        raise _undecided(loaded, apart or "", days)
    _take_as_weeks(loaded, weekday)


def _take_as_weeks(loaded: LoadedTable, weekday: int) -> None:
    starts = weekday in _STARTS
    loaded.connection.execute("update all_rows set covers = 7")
    if not starts:
        loaded.connection.execute("update all_rows set date = date - 6")
    word = "week_start" if starts else "week_end"
    for entry in loaded.files:
        entry.remarks.append(
            f"rows lie 7 days apart, on {WEEKDAYS[weekday].capitalize()}: each is taken for the week that "
            f"{'starts' if starts else 'ends'} on it. To say so or otherwise: dated_by: {word}, or day"
        )


def spread(loaded: LoadedTable, worked: WorkingDays, knowledge: Knowledge | None) -> pa.Table | None:
    """Return the standing rows, those of weeks and periods as days that the cycle knows; None where there are none."""
    column = ROW_DATE.get(loaded.spec.name)
    if column is None:
        return None
    spans = loaded.connection.execute(
        f'select distinct "{column}", covers from standing where covers > 1 order by all'
    ).fetchall()
    if not spans:
        return None
    loaded.connection.register("day_shares", day_shares([Span(first, days) for first, days in spans], worked))
    columns = [{"name": each.name, "places": _places(each)} for each in loaded.spec.columns]
    rows = sql.run(
        loaded.connection,
        "ingest/spread_rows",
        {"limit": knowledge.limit(loaded.spec.name) if knowledge else None},
        columns=columns,
        date=column,
    )
    loaded.connection.unregister("day_shares")
    _tell(loaded)
    return tables.conform(loaded.spec, rows)


def _places(column: tables.Column) -> int | None:
    return column.kind.places if column.kind in (tables.Kind.QUANTITY, tables.Kind.MONEY) else None


def _tell(loaded: LoadedTable) -> None:
    counted = loaded.connection.execute(
        "select file, count(*) as rows, max(covers) as days from standing where covers > 1 group by file order by file"
    ).fetchall()
    loaded.rows_shared = sum(rows for _, rows, _ in counted)
    for number, rows, days in counted:
        what = "weeks" if days == 7 else "periods"
        loaded.files[number].notes.append(f"{rows} rows of {what}, shared out over the days worked in them")


def _undecided(loaded: LoadedTable, apart: str, days: list[date]) -> BadInput:
    return BadInput(
        found=f"dates {_SHOWN[apart]}, such as {days[0]} and {days[1]}",
        needed="rows of days or months, or a word on what a date stands for",
        where=", ".join(entry.label for entry in _read(loaded)),
        mend=_WAYS_OUT[apart],
    )


def _read(loaded: LoadedTable) -> list[LoadedFile]:
    return [entry for entry in loaded.files if not entry.resent]
