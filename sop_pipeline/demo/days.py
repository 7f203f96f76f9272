"""The demo company's time: its days, months, public holidays, shutdowns and working days.

The newest cycle is 2026-11, so history runs from 2021-11-01 to 2026-10-31; a few days more are written to show that
they are left out.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

FIRST_DAY = date(2021, 11, 1)
CUT_OFF = date(2026, 11, 1)
LAST_SALE = date(2026, 11, 2)
LAST_EXPECTED = date(2028, 12, 31)
SHUTDOWN = "Summer shutdown"
SHUTDOWN_DAYS = {"ULM": 5, "LYON": 8}


def days() -> pd.DatetimeIndex:
    """Every day of history and outlook, 2021-11-01 to 2028-12-31."""
    return pd.date_range(FIRST_DAY, LAST_EXPECTED, freq="D")


def months() -> pd.DatetimeIndex:
    """Every month of history and outlook, as its first day."""
    return pd.date_range(FIRST_DAY, LAST_EXPECTED, freq="MS")


def month_of(when: pd.DatetimeIndex) -> np.ndarray:
    """Index of each day's month in ``months``."""
    return np.asarray((when.year - FIRST_DAY.year) * 12 + when.month - FIRST_DAY.month)


def history_months() -> int:
    """How many months of history there are."""
    return (CUT_OFF.year - FIRST_DAY.year) * 12 + CUT_OFF.month - FIRST_DAY.month


def open_days(when: pd.DatetimeIndex) -> np.ndarray:
    """Whether trade customers buy: Monday to Friday but for public holidays."""
    closed = {day for year in range(when[0].year, when[-1].year + 1) for day in public_holidays(year)}
    return np.asarray(when.dayofweek < 5) & ~np.array([day in closed for day in when.date])


def public_holidays(year: int) -> list[date]:
    """Holidays both plants keep."""
    easter = _easter(year)
    moving = [easter + timedelta(days=shift) for shift in (-2, 1, 39, 50)]
    fixed = [date(year, month, day) for month, day in ((1, 1), (5, 1), (11, 1), (12, 25), (12, 26))]
    return sorted([*moving, *fixed])


def working_days(site_id: str) -> np.ndarray:
    """Days worked at a plant in each of ``months``: open days less the August shutdown."""
    when = days()
    counted = np.bincount(month_of(when), weights=open_days(when))
    return np.asarray(counted - np.where(months().month == 8, SHUTDOWN_DAYS[site_id], 0))


def in_shutdown(site_id: str, when: pd.DatetimeIndex) -> np.ndarray:
    """Whether a plant stands still: the first open days of August from the seventh on, as many as it closes."""
    candidate = open_days(when) & np.asarray((when.month == 8) & (when.day >= 7))
    number = pd.Series(candidate).groupby(np.asarray(when.year)).cumsum().to_numpy()
    return candidate & (number <= SHUTDOWN_DAYS[site_id])


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    golden, century = year % 19, year // 100
    leap = century - century // 4
    moon = (leap - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - leap) % 7
    shift = moon - weekday
    return date(year, 3 + (shift + 40) // 44, shift + 28 - 31 * ((3 + (shift + 40) // 44) // 4))
