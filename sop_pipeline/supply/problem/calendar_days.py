"""Working days and calendar days of the months of a plan, and the demand that a number of days covers.

Here: how a calendar table is read (a site's own row before the row of every site; weekdays where nothing is said,
METHODS 7), and forward depletion. Not here: the targets and limits of stock that are stated in days.
"""

from __future__ import annotations

import calendar
import math
from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.cycle import parse_month
from sop_pipeline.errors import BadInput
from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.definition import MONTH_FORM
from sop_pipeline.working_days import WorkingDays

AVERAGE_MONTH = 365.25 / 12


def calendar_days(months: list[str]) -> Floats:
    """Days of each month; the average month where a month is only a label."""
    return np.array([_length(month) for month in months], float)


def first_day(month: str) -> date | None:
    """The first day of a month; None where the month is only a label."""
    return parse_month(month) if MONTH_FORM.match(month) else None


def days_before(months: list[str]) -> Floats:
    """Days from the start of the first month to that of each (T,)."""
    lengths = calendar_days(months)
    return np.cumsum(lengths) - lengths


def _length(month: str) -> float:
    if not MONTH_FORM.match(month):
        return AVERAGE_MONTH
    return float(calendar.monthrange(int(month[:4]), int(month[5:]))[1])


def forward_demand(demand: Floats, days: Floats, month_days: Floats) -> Floats:
    """Demand of the next ``days`` calendar days after each month (P, T): forward depletion of the demand plan.

    ``demand`` is (P, T), ``days`` (P,), ``month_days`` (T,). Demand is even within a month, and the last
    month's repeats beyond the horizon (METHODS 6).
    """
    reach = math.ceil(float(days.max(initial=0.0)) / 28.0) + 1
    out = np.zeros(demand.shape)
    count = demand.shape[1]
    left = np.repeat(days[:, None], count, axis=1)
    for ahead in range(1, reach + 1):
        place = np.minimum(np.arange(count) + ahead, count - 1)
        taken = np.clip(left / month_days[place], 0.0, 1.0)
        out += taken * demand[:, place]
        left = np.maximum(left - month_days[place], 0.0)
    return out


def site_days(table: pd.DataFrame, months: list[str], sites: pd.Series) -> Floats:
    """Working days (sites, months) for a column of sites, blanks among them."""
    by_site = {site: working_days(table, months, site) for site in [None, *sites.dropna().unique()]}
    rows = [by_site[site if isinstance(site, str) else None] for site in sites]
    return np.array(rows).reshape(len(sites), len(months))


def working_days(table: pd.DataFrame, months: list[str], site: str | None) -> Floats:
    """Working days of each month at a site: its own row, else the row of every site, else weekdays.

    A shutdown named without working days is a month of none. Months that are only labels count as equal when there is
    no calendar at all, and need a row when there is one.
    """
    days_of = _by_month(table, site)
    days = []
    for month in months:
        if month in days_of:
            days.append(days_of[month])
        elif MONTH_FORM.match(month):
            days.append(float(WorkingDays().count(parse_month(month))))
        elif table.empty:
            days.append(1.0)
        else:
            raise _missing(month, site)
    return np.array(days, float)


def _by_month(table: pd.DataFrame, site: str | None) -> dict[str, float]:
    sites = table["site_id"].fillna("")
    only = sites.unique()
    general = table[sites == ""] if (sites == "").any() or len(only) != 1 else table
    rows = table[sites == (site or "")] if site else table.iloc[:0]
    return {**_days(general), **_days(rows)}


def _days(rows: pd.DataFrame) -> dict[str, float]:
    days_of = {}
    for month, days, shutdown in zip(rows["month"], rows["working_days"], rows["shutdown"], strict=True):
        closed = shutdown is not None and str(shutdown).lower() not in ("", "0", "false", "no", "nan")
        if not np.isnan(days) or closed:
            days_of[month] = 0.0 if np.isnan(days) else float(days)
    return days_of


def _missing(month: str, site: str | None) -> BadInput:
    return BadInput(
        found=f"no row for month {month}" + (f" at site {site}" if site else ""),
        needed="working_days for every month of demand_plan",
        where="calendar",
        mend="Add the row, or write months as YYYY-MM to have weekdays counted.",
    )
