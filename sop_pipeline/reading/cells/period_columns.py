"""Date columns whose cells stand for more than a day: labels such as ``2026-W07``, or dates of weeks and periods.

What was sold or made in a week, and what is planned for it, is shared out over its days; stock was counted at its end.
A quarter is never read as the month it begins with. Not here: how a date is written (``dates``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sop_pipeline.errors import BadInput
from sop_pipeline.periods import Label, PeriodCalendar, Span, iso_week, label_of, quarter
from sop_pipeline.periods.labels import Named, numbers_weeks
from sop_pipeline.periods.spacing import spacing
from sop_pipeline.periods.span import WEEK
from sop_pipeline.working_days import WEEKDAYS

SERIES = "series"
"""The table of an analyst's file, which may have a quarter a row."""
PLANNED = {"business_plan": ("month",), "demand_inputs": ("month_from", "month_to")}
"""Tables that speak of time to come, and their columns that may name weeks, periods, quarters or days."""
_TAKES: dict[str, tuple[Named, ...]] = {
    "sales": ("week", "period"),
    "production": ("week", "period"),
    "inventory": ("week", "period"),
    **dict.fromkeys((SERIES, *PLANNED), ("week", "period", "quarter")),
}
_DIGITS: dict[str, Named] = {"week": "week", "period": "period"}
_WORDS = {"week": "a week", "period": "a period", "quarter": "a quarter"}
_PER_MONTH = {
    "week": "Write one row a month: add its weeks up",
    "period": "Write one row a month: share each period out over its months",
    "quarter": "Write one row a month: a quarter's amount is shared out over its three",
}
DATED_BY = "dated_by: week_start, week_end, period_start, period_end or day; or month, where each is one row a month"
_CALENDAR = "periods: {pattern: 4-4-5, year_ends: last saturday of january}"


@dataclass(frozen=True)
class Dating:
    """How a source is dated (``dated_by`` of ``sop.yaml``), and the company's calendar of periods."""

    by: str | None = None
    calendar: PeriodCalendar | None = None

    def labels(self, texts: Iterable[str]) -> dict[str, Label]:
        """Return the texts that name a period."""
        found = {text: label_of(text, _DIGITS.get(self.by or "")) for text in texts}
        return {text: label for text, label in found.items() if label is not None}

    def spans(self, labels: Mapping[str, Label], table: str, column: str, where: str) -> dict[str, Span]:
        """Return the days of each label; BadInput where a column cannot be dated so, or no calendar is stated."""
        for text, label in sorted(labels.items()):
            is_dated = column in PLANNED.get(table, ("date",))
            if not is_dated or label.kind not in _TAKES.get(table, ()):
                raise _not_taken(text, label, where, months=not is_dated)
            if label.kind == "period" and self.calendar is None:
                raise _no_calendar(f"{text!r}, a period", where)
        spans = {text: self._span(label) for text, label in labels.items()}
        return {text: span for text, span in spans.items() if span is not None}

    def _span(self, label: Label) -> Span | None:
        if label.kind == "week":
            return iso_week(label.year, label.number)
        if label.kind == "quarter":
            return quarter(label.year, label.number)
        return self.calendar.span(label.year, label.number) if self.calendar else None

    def of_days(self, days: Mapping[str, date], where: str) -> dict[str, Span]:
        """Return the weeks or periods that start or end on days, where the source is dated so; else nothing."""
        if self.by in ("week_start", "week_end"):
            _refuse_several_weekdays(days.values(), self.by, where)
            back = WEEK - (WEEK / 7) if self.by == "week_end" else WEEK * 0
            return {text: Span(day - back, 7) for text, day in days.items()}
        if self.by in ("period_start", "period_end"):
            if self.calendar is None:
                raise _no_calendar(f"dated_by: {self.by}", where)
            return {text: self._period_at(day, where) for text, day in days.items()}
        return {}

    def planned(self, days: Mapping[str, date], where: str) -> dict[str, Span]:
        """Return what the days of a plan stand for where that is not their month; BadInput where it cannot be told."""
        if self.by == "day":
            return {text: Span(day, 1) for text, day in days.items()}
        if self.by is None and spacing(days.values()) in ("week", "period"):
            raise BadInput(
                found=f"dates weeks apart, such as {min(days.values())}",
                needed="months, or a word on what a date stands for",
                where=where,
                mend=f"Say in sop.yaml what they are: {DATED_BY}.",
            )
        return self.of_days(days, where)

    def _period_at(self, day: date, where: str) -> Span:
        assert self.calendar is not None
        year, number = self.calendar.period_of(day)
        span = self.calendar.span(year, number)
        assert span is not None
        edge = span.first if self.by == "period_start" else span.last
        if day != edge:
            word = "starts" if self.by == "period_start" else "ends"
            raise BadInput(
                found=f"{day}, on which no period {word}: {year}-P{number:02d} is {span.first} to {span.last}",
                needed=f"days on which periods {word.removesuffix('s')}",
                where=where,
                mend="Correct periods (pattern, year_ends, long_years) or dated_by.",
            )
        return span


def refuse_week_numbers(texts: Iterable[str], where: str) -> None:
    """Refuse ``202637`` among six digits: numbers of weeks, of which the first twelve would pass for months."""
    week = numbers_weeks(list(texts))
    if week is not None:
        raise BadInput(
            found=f"{week!r}, which is no month",
            needed="months, or weeks that say so",
            where=where,
            mend=f"Say in sop.yaml what the numbers are: dated_by: week reads {week} as week {week[-2:]}.",
        )


def _refuse_several_weekdays(days: Iterable[date], by: str, where: str) -> None:
    names = sorted({day.weekday() for day in days})
    if len(names) > 1:
        raise BadInput(
            found=f"dates on {WEEKDAYS[names[0]]} and on {WEEKDAYS[names[1]]}",
            needed=f"one day of the week, as dated_by: {by} says",
            where=where,
            mend="Leave dated_by out, or correct the dates.",
        )


def _not_taken(text: str, label: Label, where: str, *, months: bool) -> BadInput:
    found = f"{text!r}, {_WORDS[label.kind]}"
    if months:
        mend = f"{_PER_MONTH[label.kind]}; where a row only says from when on, write that month."
        return BadInput(found=found, needed="a month such as 2026-11", where=where, mend=mend)
    mend = "A quarter's amount is no month's: export months." if label.kind == "quarter" else "Write the month or day."
    return BadInput(found=found, needed="months or days", where=where, mend=mend)


def _no_calendar(found: str, where: str) -> BadInput:
    return BadInput(
        found=f"{found} of a calendar that is not stated",
        needed="which days its periods have",
        where=where,
        mend=f"State it in sop.yaml: {_CALENDAR}.",
    )
