"""The periods of an analyst's forecast: months, quarters, weeks, days, or those of a 4-4-5 calendar, in a row.

The engine counts periods as months; a week, day or fiscal period goes under the name of a month of its own, from 2000
on, and gets its own name back in the result. Periods of a 4-4-5 calendar are forecast by the week, so that a fifth or a
fifty-third week is no rise of demand, and are as long in the result as the calendar says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sop_pipeline.cycle import add_months
from sop_pipeline.demand.forecast.settings import Frequency
from sop_pipeline.periods import PeriodCalendar, Span
from sop_pipeline.periods.span import DAY, WEEK

_MONDAY = date(1970, 1, 5)
_FROM = 2000 * 12
LONGEST = {"D": 1, "W": 7, "P": 42, "M": 42, "Q": 92}
"""Days that a row may be about at most: a quarter is no month."""


@dataclass(frozen=True)
class Grid:
    """Periods by ``freq``; ``calendar`` is that of P.

    ``weekday`` is the first of a week (Monday 0); ``names_weeks`` whether the file calls weeks by their ISO number,
    else by their first day, or the last where ``by_end``. ``month_in_quarter`` is the one a quarter is written with
    (from 0). ``start`` is the ordinal that the month 2000-01 stands for.
    """

    freq: Frequency
    calendar: PeriodCalendar | None = None
    weekday: int = 0
    names_weeks: bool = True
    by_end: bool = False
    month_in_quarter: int = 0
    start: int = 0

    @property
    def in_months(self) -> bool:
        """Whether periods are months or quarters, which go under their own names."""
        return self.freq in ("M", "Q")

    def ordinal(self, day: date) -> int:
        """Return the number of the period a day lies in."""
        if self.freq == "P":
            year, number = self._calendar.period_of(day)
            return year * self._calendar.periods + number - 1
        if self.in_months:
            return (day.year * 12 + day.month - 1) // (3 if self.freq == "Q" else 1)
        if self.freq == "W":
            return (day - _MONDAY - self.weekday * DAY).days // 7
        return (day - _MONDAY).days

    def span(self, ordinal: int) -> Span:
        """Return the days of a period."""
        if self.freq == "P":
            year, place = divmod(ordinal, self._calendar.periods)
            span = self._calendar.span(year, place + 1)
            assert span is not None
            return span
        if self.in_months:
            length = 3 if self.freq == "Q" else 1
            first = add_months(date(1, 1, 1), ordinal * length - 12)
            return Span(first, (add_months(first, length) - first).days)
        if self.freq == "W":
            return Span(_MONDAY + self.weekday * DAY + ordinal * WEEK, 7)
        return Span(_MONDAY + timedelta(days=ordinal), 1)

    def counted(self, ordinal: int) -> int:
        """Return the number a period has in the engine."""
        return ordinal if self.in_months else ordinal - self.start + _FROM

    def named(self, month: date) -> tuple[str, int]:
        """Return what the period is called that goes under the name of a month, and the weeks it is forecast for."""
        if self.in_months:
            return f"{add_months(month, self.month_in_quarter):%Y-%m}", 1
        ordinal = month.year * 12 + month.month - 1 - _FROM + self.start
        span = self.span(ordinal)
        if self.freq == "P":
            year, place = divmod(ordinal, self._calendar.periods)
            return f"{year}-P{place + 1:02d}", span.weeks
        if self.freq == "W" and self.names_weeks:
            year, week, _ = span.first.isocalendar()
            return f"{year}-W{week:02d}", 1
        return f"{span.last if self.by_end else span.first}", 1

    def weeks(self, ordinal: int) -> int:
        """Return the weeks by which a period's amount is divided: those of a 4-4-5 calendar, else 1."""
        return self.span(ordinal).weeks if self.freq == "P" else 1

    def incomplete(self, spans: Iterable[Span], worked: Iterable[date]) -> set[int]:
        """Return the first and last period of ``spans`` where days are worked in them that no span reaches."""
        listed = list(spans)
        first, last = min(span.first for span in listed), max(span.last for span in listed)
        outside = {day for day in worked if day < first or day > last}
        ends = {self.ordinal(first), self.ordinal(last)}
        return {ordinal for ordinal in ends if outside.intersection(self.span(ordinal).each_day())}

    @property
    def _calendar(self) -> PeriodCalendar:
        assert self.calendar is not None
        return self.calendar
