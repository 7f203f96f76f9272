"""Working days of every month, past and planned: the calendar, or weekdays less public holidays (METHODS 7)."""

from __future__ import annotations

import calendar as months
import difflib
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months, months_between
from sop_pipeline.errors import BadInput

_MONTHS_BACK = 60


def working_calendar(calendar: pa.Table, history: list[pa.Table], *, company: Company, cycle: Cycle) -> pa.Table:
    """Return ``working_calendar``: one row per month from the first month of ``history`` to the end of the horizon.

    ``history`` are tables with a ``date`` (without rows: 60 months back). A month's company-wide row of ``calendar``
    counts; with rows by site alone, their mean. Other months: weekdays less the public holidays of
    ``company.country`` when it is given.
    """
    first = _first_month(history, cycle)
    count = months_between(first, cycle.month) + company.horizon_months
    given = _given(calendar)
    holidays = _holidays(company.country)
    rows = []
    for month in (add_months(first, number) for number in range(count)):
        entry = given.get(month, {})
        days = entry.get("working_days")
        rows.append(
            {
                "month": month,
                "working_days": days if days is not None else Decimal(_default_days(month, holidays)),
                "shutdown": entry.get("shutdown"),
                "source": entry["source"] if days is not None else _default_words(company.country),
            }
        )
    return tables.conform("working_calendar", _as_table(rows))


def _as_table(rows: list[dict[str, Any]]) -> pa.Table:
    shape = [
        ("month", pa.date32()),
        ("working_days", pa.decimal128(38, 6)),
        ("shutdown", pa.string()),
        ("source", pa.string()),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(shape))


def _first_month(history: list[pa.Table], cycle: Cycle) -> date:
    oldest = [pc.min(table.column("date")).as_py() for table in history if table.num_rows]
    first = min(oldest, default=None)
    return first.replace(day=1) if first else add_months(cycle.month, -_MONTHS_BACK)


def _given(calendar: pa.Table) -> dict[date, dict[str, Any]]:
    by_month: dict[date, list[dict[str, Any]]] = {}
    for row in calendar.to_pylist():
        by_month.setdefault(row["month"], []).append(row)
    return {month: _of_company(rows) for month, rows in by_month.items()}


def _of_company(rows: list[dict[str, Any]]) -> dict[str, Any]:
    everywhere = [row for row in rows if row["site_id"] is None]
    chosen = everywhere or rows
    days = [row["working_days"] for row in chosen if row["working_days"] is not None]
    names = sorted({row["shutdown"] for row in rows if row["shutdown"]})
    return {
        "working_days": (sum(days) / len(days)).quantize(Decimal("0.000001")) if days else None,
        "shutdown": ", ".join(names) or None,
        "source": "calendar" if everywhere else f"calendar, mean of {len(days)} sites",
    }


def refuse_unknown_country(country: str | None) -> None:
    """Raise BadInput, with near codes, for a country whose public holidays are not known."""
    if country is None:
        return
    import holidays

    known = holidays.list_supported_countries()
    if country.upper() not in known:
        near = difflib.get_close_matches(country.upper(), known, n=3, cutoff=0.5)
        raise BadInput(
            found=f"country {country!r}",
            needed="the two-letter ISO code of a country whose public holidays are known",
            where="sop.yaml, country",
            mend=f"Near ones: {', '.join(near)}." if near else "Write DE for Germany, for example.",
        )


def _holidays(country: str | None) -> Any:
    refuse_unknown_country(country)
    if country is None:
        return None
    import holidays

    return holidays.country_holidays(country.upper())


def _default_days(month: date, holidays: Any) -> int:
    length = months.monthrange(month.year, month.month)[1]
    days = [month.replace(day=number) for number in range(1, length + 1)]
    if holidays is None:
        return sum(day.weekday() < 5 for day in days)
    return sum(bool(holidays.is_working_day(day)) for day in days)


def _default_words(country: str | None) -> str:
    return f"default: weekdays less the public holidays of {country.upper()}" if country else "default: weekdays"
