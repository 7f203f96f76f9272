"""What a column of bare dates seems to be dated by, from how far apart its different dates lie.

Only what chance cannot make is told: every distance has to fit, and there have to be enough of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Literal

from sop_pipeline.cycle import months_between

Spacing = Literal["day", "week", "period", "quarter", "month"]
FEWEST = 8
"""Different dates from which their distances are judged; quarters, which are four a year, from half as many."""
_PERIOD_DAYS = {28, 35, 42}


def spacing(days: Iterable[date]) -> Spacing | None:
    """Return what dates lie apart by: weeks, periods of 4 to 6 weeks, quarters, months, else days; or None."""
    listed = sorted(set(days))
    gaps = [(later - earlier).days for earlier, later in pairwise(listed)]
    months = [months_between(earlier, later) for earlier, later in pairwise(listed)]
    if len(listed) >= FEWEST // 2 and min(months) == 3 and all(number % 3 == 0 for number in months):
        return "quarter"
    if len(listed) < FEWEST:
        return None
    if min(gaps) == 7 and all(gap % 7 == 0 for gap in gaps):
        return "week"
    if set(gaps) <= _PERIOD_DAYS and set(months) != {1}:  # the last Saturday of every month is a month
        return "period"
    return "month" if min(months) >= 1 else "day" if min(gaps) < 7 else None
