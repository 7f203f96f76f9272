"""A period as its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sop_pipeline.cycle import add_months

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """``days`` days from ``first`` on."""

    first: date
    days: int

    @property
    def last(self) -> date:
        """The last of its days."""
        return self.first + (self.days - 1) * DAY

    @property
    def weeks(self) -> int:
        """Whole weeks in it."""
        return self.days // 7

    def each_day(self) -> list[date]:
        """Return all its days."""
        return [self.first + number * DAY for number in range(self.days)]


def iso_week(year: int, number: int) -> Span | None:
    """Return an ISO week, Monday to Sunday; None where its year has no such week."""
    try:
        return Span(date.fromisocalendar(year, number, 1), 7)
    except ValueError:
        return None


def quarter(year: int, number: int) -> Span:
    """Return a quarter of a calendar year."""
    first = date(year, 3 * number - 2, 1)
    return Span(first, (add_months(first, 3) - first).days)
