"""What a planning cycle is: a calendar month, its cut-off, its horizon.

Only the arithmetic of months lives here. Which files a cycle has is up to the lake, which months a company plans to
its settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sop_pipeline.errors import BadInput

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


def add_months(month: date, count: int) -> date:
    """Return the first day of the month ``count`` months after ``month``."""
    ordinal = month.year * 12 + month.month - 1 + count
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def last_safe_day(month: date, lead_months: int = 0, lead_days: int = 0) -> date:
    """Return the last day on which a decision still takes effect from the first of ``month``."""
    return add_months(month, -lead_months) - timedelta(days=lead_days + 1)


def months_between(earlier: date, later: date) -> int:
    """Return how many months ``later`` lies after ``earlier`` (negative when it lies before)."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def month_text(month: date) -> str:
    """Write a month the way every exported file does: ``YYYY-MM``."""
    return f"{month:%Y-%m}"


def parse_month(text: str) -> date:
    """Read ``YYYY-MM``; raise BadInput that shows the form for anything else."""
    match = _MONTH.match(text)
    if match is None:
        raise BadInput(
            found=repr(text),
            needed="a month written YYYY-MM, such as 2026-11",
            where="planning cycle",
            mend="Write the year, a hyphen and two digits for the month.",
        )
    return date(int(match[1]), int(match[2]), 1)


@dataclass(frozen=True, order=True)
class Cycle:
    """One planning cycle (METHODS 1): lag 0 is the cycle month itself, and nothing dated in it may be known."""

    month: date

    @classmethod
    def parse(cls, text: str) -> Cycle:
        """Read a cycle's name."""
        return cls(parse_month(text))

    @property
    def name(self) -> str:
        """The cycle as written everywhere, ``YYYY-MM``."""
        return month_text(self.month)

    @property
    def cutoff(self) -> date:
        """First day the cycle knows nothing about."""
        return self.month

    @property
    def input_deadline(self) -> date:
        """First day on which input from people is too late: the tenth of the cycle month."""
        return self.month + timedelta(days=9)

    @property
    def last_actual_month(self) -> date:
        """The newest month with complete history."""
        return add_months(self.month, -1)

    def previous(self, count: int = 1) -> Cycle:
        """The cycle ``count`` months before this one."""
        return Cycle(add_months(self.month, -count))

    def horizon(self, months: int) -> list[date]:
        """Every planned month: the cycle month (lag 0) and the ones after it, ``months`` in all."""
        return [add_months(self.month, lag) for lag in range(months)]

    def __str__(self) -> str:
        return self.name


def cycles_wanted(cycle: str | None, first: str | None, last: str | None) -> list[Cycle]:
    """Return the one cycle asked for, or every cycle from ``first`` to ``last``, oldest first."""
    if cycle is not None and first is None and last is None:
        return [Cycle.parse(cycle)]
    if cycle is not None or first is None or last is None or Cycle.parse(first) > Cycle.parse(last):
        given = {"--cycle": cycle, "--from": first, "--to": last}
        raise BadInput(
            found=", ".join(f"{name} {value}" for name, value in given.items() if value) or "no cycle",
            needed="--cycle YYYY-MM, or --from YYYY-MM --to YYYY-MM with the older one first",
            where="the command",
            mend="The newest cycle that the files allow: sop check.",
        )
    start, end = Cycle.parse(first), Cycle.parse(last)
    return [start.previous(-step) for step in range(months_between(start.month, end.month) + 1)]
