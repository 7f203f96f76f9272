"""When the executives meet: the day before which nothing of a cycle can be decided."""

from __future__ import annotations

from datetime import date, timedelta

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months

SATURDAY = 5


def meeting_day(company: Company, cycle: Cycle) -> date:
    """Return the ``packs.meeting_working_day``-th working day of the cycle month, its last one at most.

    Working days are weekdays, without the public holidays of the company's country where one is given.
    """
    off: set[date] = set()
    if company.country:
        import holidays

        off = set(holidays.country_holidays(company.country.upper(), years=cycle.month.year))
    length = (add_months(cycle.month, 1) - cycle.month).days
    days = [cycle.month + timedelta(days=offset) for offset in range(length)]
    working = [day for day in days if day.weekday() < SATURDAY and day not in off]
    return working[min(company.packs.meeting_working_day, len(working)) - 1]
