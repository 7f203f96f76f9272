"""Which period each row of an analyst's file belongs to, and with what share: decided by the whole file, or refused.

A row about a week is added to its month by the days worked; a row about a quarter is never taken for a month. What was
summed leaves out a first or last period of which the file has only a part. Not here: what a cell says (``reading``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from sop_pipeline.config import SingleFile
from sop_pipeline.demand.analyst.grid import LONGEST, Grid
from sop_pipeline.demand.forecast.settings import Frequency
from sop_pipeline.errors import BadInput
from sop_pipeline.periods import PeriodCalendar, Span
from sop_pipeline.periods.spacing import spacing
from sop_pipeline.periods.spread import day_shares
from sop_pipeline.working_days import WorkingDays

WORKED = WorkingDays()
_LETTER = {"week": "W", "period": "P", "month": "M", "quarter": "Q", "day": "D"}
_EXAMPLE = "{pattern: 4-4-5, year_ends: last saturday of january}"
_WAY_OUT = {
    "week": "--freq W forecasts weeks; for months say what a date stands for: --read 'dated_by: week_start' "
    "(or week_end).",
    "period": f"--freq P forecasts periods, with --read 'periods: {_EXAMPLE}'; labels are summed to months.",
    "quarter": "--freq Q forecasts quarters. If the rows are of single months: --read 'dated_by: month'.",
    "day": "--freq D forecasts days, --freq W weeks and --freq M months, both with --read 'dated_by: day'.",
    "month": "--freq M forecasts months. If the rows are of single days: --read 'dated_by: day'.",
}
_SHOWN = {
    "week": "dates 7 days apart",
    "period": "dates 4 and 5 weeks apart, as the periods of a 4-4-5 calendar",
    "quarter": "dates three months apart",
    "day": "dates of single days",
    "month": "one date a month",
}
_NEEDED: dict[Frequency, str] = {
    "D": "days",
    "W": "weeks (2026-W07, or dates 7 days apart), or days and --read 'dated_by: day'",
    "P": "periods (2026-P03, or the days they start or end on)",
    "M": "months, or parts of them",
    "Q": "quarters, or months",
}


@dataclass(frozen=True)
class Placed:
    """``shares``: one row per date, covers and period: date, covers, period (as the engine counts), share, weeks.

    ``is_sum``: whether several rows of a series make a period; ``left_out`` names the periods the file has a part of.
    """

    grid: Grid
    shares: pa.Table
    is_sum: bool
    left_out: tuple[str, ...]


def place(spans: Sequence[Span], freq: Frequency, source: SingleFile, where: str) -> Placed:
    """Return the periods of the file's different dates (``Span`` of one day: a bare date); raises BadInput."""
    _refuse_longer(spans, freq, where)
    grid = _grid(spans, freq, source, where)
    is_sum = source.dated_by == "day" or any(1 < span.days < _length(grid, span) for span in spans)
    if not is_sum and source.dated_by is None and all(span.days == 1 for span in spans):
        _refuse_apart(spans, freq, where)
    rows = _rows(spans, grid, is_sum)
    grid = replace(grid, start=min(row["ordinal"] for row in rows)) if rows else grid
    cut = grid.incomplete(spans, [day for row in rows for day in _worked(grid, row["ordinal"])]) if is_sum else set()
    kept = [row for row in rows if row["ordinal"] not in cut]
    if is_sum and not kept:
        raise BadInput(
            found="no period that the file has whole", needed="at least one", where=where, mend="Add the missing dates."
        )
    named = tuple(grid.named(_month(grid, ordinal))[0] for ordinal in sorted(cut))
    return Placed(grid, _table(kept, grid), is_sum, named)


def way_out(days: Sequence[date], freq: Frequency) -> str | None:
    """Return what a file with several rows a period seems to need."""
    apart = spacing(days)
    return _WAY_OUT[apart] if apart in _WAY_OUT and _LETTER[apart] != freq else None


def _grid(spans: Sequence[Span], freq: Frequency, source: SingleFile, where: str) -> Grid:
    calendar = source.periods.calendar if source.periods else None
    by_end = source.dated_by == "week_end"
    names = source.dated_by in (None, "week", "day") and any(span.days == 7 for span in spans)
    weekday = 0
    bare = sorted({span.first for span in spans if span.days == 1})
    if freq == "W" and source.dated_by != "day":
        weekdays = {span.first.weekday() for span in spans}
        if len(weekdays) > 1:
            raise _wrong(
                f"dates on several days of the week, {bare[0] if bare else spans[0].first} among them", freq, where
            )
        weekday = weekdays.pop()
    if freq == "P":
        _refuse_no_calendar(calendar, where)
        if source.dated_by is None and calendar is not None:
            _refuse_between(bare, calendar, where)
    months = [span.first.month for span in spans]
    offset = max(sorted({(month - 1) % 3 for month in months}), key=lambda at: sum((m - 1) % 3 == at for m in months))
    return Grid(freq, calendar, weekday, names or source.dated_by == "day", by_end, offset if freq == "Q" else 0)


def _length(grid: Grid, span: Span) -> int:
    return grid.span(grid.ordinal(span.first)).days


def _refuse_longer(spans: Sequence[Span], freq: Frequency, where: str) -> None:
    for span in spans:
        if span.days > LONGEST[freq]:
            what = "quarter" if span.days > 42 else "period" if span.days > 7 else "week"
            raise BadInput(
                found=f"{what}s, such as that from {span.first}",
                needed=_NEEDED[freq],
                where=where,
                mend=_WAY_OUT[what] if what != "quarter" else "--freq Q forecasts quarters; a quarter is no month.",
            )


def _refuse_apart(spans: Sequence[Span], freq: Frequency, where: str) -> None:
    apart = spacing(span.first for span in spans)
    wider = ("week", "month", "period", "quarter") if freq == "D" else ("period", "quarter")
    if apart is not None and apart in wider and _LETTER[apart] != freq:
        raise BadInput(found=_SHOWN[apart], needed=_NEEDED[freq], where=where, mend=_WAY_OUT[apart])


def _refuse_no_calendar(calendar: PeriodCalendar | None, where: str) -> None:
    if calendar is None:
        raise BadInput(
            found="--freq P without a calendar",
            needed="which days its periods have",
            where=where,
            mend=f"State it: --read 'periods: {_EXAMPLE}'.",
        )


def _refuse_between(bare: Sequence[date], calendar: PeriodCalendar, where: str) -> None:
    """Bare dates are those on which periods start, or those on which they end: all of them one or the other."""
    spans = {day: calendar.span(*calendar.period_of(day)) for day in bare}
    edges = [{day for day, span in spans.items() if span and day == edge(span)} for edge in (_first, _last)]
    if set(bare) not in edges:
        day = min(set(bare) - max(edges, key=len))
        year, number = calendar.period_of(day)
        span = spans[day]
        raise BadInput(
            found=f"{day}, which neither starts nor ends its period, {year}-P{number:02d}: {span and span.first} to "
            f"{span and span.last}",
            needed="days on which periods start, or on which they end",
            where=where,
            mend="Correct periods (pattern, year_ends, long_years), or --read 'dated_by: day' for days to be summed.",
        )


def _first(span: Span) -> date:
    return span.first


def _last(span: Span) -> date:
    return span.last


def _wrong(found: str, freq: Frequency, where: str) -> BadInput:
    return BadInput(found=found, needed=_NEEDED[freq], where=where, mend="Correct the dates, or choose another --freq.")


def _rows(spans: Sequence[Span], grid: Grid, is_sum: bool) -> list[dict[str, Any]]:
    """One row per span and period it has a share of."""
    shared = day_shares([span for span in spans if span.days > 1], WORKED).to_pylist() if is_sum else []
    rows: dict[tuple[date, int, int], float] = {}
    for part in shared:
        key = part["first"], part["days"], grid.ordinal(part["day"])
        rows[key] = rows.get(key, 0.0) + 1 / part["of"]
    for span in spans:
        if span.days == 1 or not is_sum:
            rows[span.first, span.days, grid.ordinal(span.first)] = 1.0
    return [
        {"date": first, "covers": days, "ordinal": ordinal, "share": min(share, 1.0)}
        for (first, days, ordinal), share in sorted(rows.items())
    ]


def _worked(grid: Grid, ordinal: int) -> list[date]:
    return [day for day in grid.span(ordinal).each_day() if WORKED.is_worked(day)]


def _month(grid: Grid, ordinal: int) -> date:
    length = 3 if grid.freq == "Q" else 1
    number = grid.counted(ordinal) * length
    return date(number // 12, number % 12 + 1, 1)


def _table(rows: list[dict[str, Any]], grid: Grid) -> pa.Table:
    return pa.table(
        {
            "date": pa.array([row["date"] for row in rows], pa.date32()),
            "covers": pa.array([row["covers"] for row in rows], pa.int16()),
            "period": pa.array([grid.counted(row["ordinal"]) for row in rows], pa.int64()),
            "share": pa.array([row["share"] for row in rows], pa.float64()),
            "weeks": pa.array([grid.weeks(row["ordinal"]) for row in rows], pa.int64()),
        }
    )
