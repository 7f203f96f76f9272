"""A calendar of periods of whole weeks: 4-4-5, 4-5-4, 5-4-4, or thirteen periods of four weeks.

A year ends on a day of the week, so that it has 52 weeks and every five or six years 53; the last period takes the
extra week. Rules for the end of the year are those in use: the last Saturday of January, the Saturday nearest the end
of January, or a day that is known, with the years of 53 weeks named.
"""

from __future__ import annotations

import calendar as months_of
import functools
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sop_pipeline.cycle import add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.periods.span import DAY, WEEK, Span
from sop_pipeline.working_days import WEEKDAYS

PATTERNS: dict[str, tuple[int, ...]] = {
    "4-4-5": (4, 4, 5) * 4,
    "4-5-4": (4, 5, 4) * 4,
    "5-4-4": (5, 4, 4) * 4,
    "13": (4,) * 13,
}
_MONTHS = tuple(name.lower() for name in months_of.month_name)
_LAST = re.compile(r"last (\w+) of (\w+)")
_NEAREST = re.compile(r"(\w+) nearest (?:the )?end of (\w+)")
_HALF_A_MONTH = timedelta(days=15)
_YEAR_LESS_HALF_A_MONTH = timedelta(days=350)


@dataclass(frozen=True)
class PeriodCalendar:
    """Years of 52 or 53 weeks in periods by ``pattern``.

    ``month`` and ``weekday`` (Monday 0) say when years end, on the last such day or, ``is_nearest``, the one nearest
    the month's end; with ``anchor``, the end of a year that is known, others follow by 52 weeks, the ``long_years`` by
    53. A year is called by the calendar year it ends in, or ``named_by`` its start.
    """

    pattern: str
    month: int = 12
    weekday: int = 5
    is_nearest: bool = False
    anchor: date | None = None
    long_years: frozenset[int] = frozenset()
    named_by: Literal["end", "start"] = "end"

    @classmethod
    def of(
        cls, pattern: str, year_ends: str, long_years: tuple[int, ...] = (), named_by: Literal["end", "start"] = "end"
    ) -> PeriodCalendar:
        """Read ``last saturday of january``, ``saturday nearest end of january`` or ``2025-01-04``; BadInput."""
        text = " ".join(str(year_ends).lower().split())
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return cls(pattern, anchor=_day(text), long_years=frozenset(long_years), named_by=named_by)
        last, nearest = _LAST.fullmatch(text), _NEAREST.fullmatch(text)
        match = last or nearest
        if match is None or match[1] not in WEEKDAYS or match[2] not in _MONTHS[1:]:
            raise _unknown_rule(year_ends)
        weekday, month = WEEKDAYS.index(match[1]), _MONTHS.index(match[2])
        return cls(pattern, month, weekday, is_nearest=last is None, named_by=named_by)

    @property
    def periods(self) -> int:
        """Periods in a year."""
        return len(PATTERNS[self.pattern])

    def weeks(self, year: int) -> int:
        """Return the weeks of a year, 52 or 53."""
        return (self._end(year) - self._end(year - 1)).days // 7

    def span(self, year: int, number: int) -> Span | None:
        """Return the days of a period; None where the year has no such number."""
        if not 1 <= number <= self.periods:
            return None
        lengths = self._lengths(year)
        first = self._end(year - 1) + DAY + sum(lengths[: number - 1]) * WEEK
        return Span(first, 7 * lengths[number - 1])

    def period_of(self, day: date) -> tuple[int, int]:
        """Return year and number of the period a day lies in."""
        year = next(year for year in range(day.year - 1, day.year + 3) if day <= self._end(year))
        start = self._end(year - 1) + DAY
        for number, weeks in enumerate(self._lengths(year), start=1):
            start += weeks * WEEK
            if day < start:
                return year, number
        raise AssertionError(f"{day} lies in no period of {year}")

    def _lengths(self, year: int) -> tuple[int, ...]:
        lengths = PATTERNS[self.pattern]
        return (*lengths[:-1], lengths[-1] + self.weeks(year) - 52)

    def _end(self, year: int) -> date:
        return _year_end(self, year)


@functools.cache
def _year_end(calendar: PeriodCalendar, year: int) -> date:
    """The last day of a year."""
    if calendar.anchor is None:
        # a year that is called by its start ends in the next one, unless it ends with December
        ends_in = year + (1 if calendar.named_by == "start" and calendar.month < 12 else 0)
        return _by_rule(calendar, ends_in)
    end = calendar.anchor
    known = (end - (_HALF_A_MONTH if calendar.named_by == "end" else _YEAR_LESS_HALF_A_MONTH)).year
    for each in range(known + 1, year + 1):
        end += (53 if each in calendar.long_years else 52) * WEEK
    for each in range(known, year, -1):
        end -= (53 if each in calendar.long_years else 52) * WEEK
    return end


def _by_rule(calendar: PeriodCalendar, year: int) -> date:
    month_end = add_months(date(year, calendar.month, 1), 1) - DAY
    back = (month_end.weekday() - calendar.weekday) % 7
    last = month_end - back * DAY
    return last + WEEK if calendar.is_nearest and back > 3 else last


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unknown_rule(text) from None


def _unknown_rule(text: str) -> BadInput:
    return BadInput(
        found=f"year_ends: {text}",
        needed="the day on which years of periods end",
        where="periods",
        mend="Write year_ends: last saturday of january, saturday nearest end of january, or the last day of one year, "
        "such as 2025-01-04, with long_years: [2024] for those of 53 weeks.",
    )
