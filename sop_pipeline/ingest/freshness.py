"""How new each table's rows are when a cycle is planned: whether a file did not come, or came only in part.

A row speaks of its day, or where days are few of its week or month. What lies between the last day a
table speaks of and the cut-off is counted in the company's working days. Demand that ends too early stops the cycle,
since the rest of the month would pass for a loss of sales; an old count of stock is told. Not here: what is planned
for the days without data (``demand.history``).
"""

from __future__ import annotations

import calendar
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import IngestSettings

DATED = {"sales": "date", "production": "date", "inventory": "date", "orders": "ordered_on"}
"""Tables that go on month by month, and the column that says when."""
DAILY_FROM, WEEKLY_FROM = 10, 3
"""Days in the median month from which rows speak of days (as in ``demand.history``), or of weeks; else of months."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def data_freshness(inputs: Mapping[str, pa.Table], company: IngestSettings, cycle: Cycle) -> pa.Table:
    """Return ``data_freshness``: how far each table of ``DATED`` that has rows reaches, and what comes of it.

    ``inputs`` hold what the cycle knows: nothing on or after its cut-off.
    """
    days = {name: _days(inputs[name], column) for name, column in DATED.items()}
    demand = _demand(days)
    rows = [_row(name, found, demand, company, cycle) for name, found in days.items() if found]
    return tables.conform("data_freshness", rows)


def too_old(data_freshness: pa.Table, source_files: pa.Table, cycle: Cycle) -> list[BadInput]:
    """Return a fault for each table that demand is read from and that ends too early for the cycle."""
    return [_fault(row, source_files, cycle) for row in data_freshness.to_pylist() if row["status"] == "stops"]


def newest_cycle(inputs: Mapping[str, pa.Table], company: IngestSettings) -> Cycle | None:
    """Return the newest cycle that a company's rows reach up to, or that ``sop.yaml`` accepts; None without demand."""
    days = {name: _days(inputs[name], column) for name, column in DATED.items()}
    demand = _demand(days)
    if demand is None:
        return None
    newest = Cycle(add_months(days[demand][-1].replace(day=1), 1))
    oldest = Cycle(days[demand][0].replace(day=1))
    reached = newest
    while reached.month > oldest.month and not _reaches(days[demand], demand, company, reached):
        reached = reached.previous()
    newest = reached if reached.month > oldest.month else newest.previous()
    while _reaches(days[demand], demand, company, newest.previous(-1)):
        newest = newest.previous(-1)
    accepted = company.freshness.accepted(demand)
    return max(newest, Cycle.parse(accepted)) if accepted else newest


def rows_ahead(inputs: Mapping[str, pa.Table], cycle: Cycle) -> list[str]:
    """Say of each table which rows lie after the cycle's own month, so that no cycle near it counts them."""
    lines = []
    for name, column in DATED.items():
        days = inputs[name].column(column)
        ahead = days.filter(pc.greater_equal(days, pa.scalar(cycle.previous(-1).cutoff)))
        if len(ahead):
            rows, them = ("1 row is", "it") if len(ahead) == 1 else (f"{len(ahead)} rows are", "them")
            last = pc.max(ahead).as_py()
            lines.append(f"{name}: {rows} dated after {cycle}, the last {last}; cycle {cycle} leaves {them} out")
    return lines


def _demand(days: Mapping[str, Sequence[date]]) -> str | None:
    """The table that says what was asked for: sales, else production."""
    return next((name for name in ("sales", "production") if days[name]), None)


def _row(
    name: str, days: Sequence[date], demand: str | None, company: IngestSettings, cycle: Cycle
) -> dict[str, str | date | int | bool]:
    missing = _missing(days, company, cycle)
    limit = company.freshness.limit(name)
    accepted = company.freshness.accepted(name) == cycle.name
    late = "accepted" if accepted else "stops" if name == demand else "told"
    return {
        "table": name,
        "newest": days[-1],
        "speaks_of": _grain(days),
        "covered_to": _covered_to(days),
        "missing_days": missing,
        "limit_days": limit,
        "is_demand": name == demand,
        "status": "fresh" if missing <= limit else late,
    }


def _reaches(days: Sequence[date], name: str, company: IngestSettings, cycle: Cycle) -> bool:
    known = [day for day in days if day < cycle.cutoff]
    return bool(known) and _missing(known, company, cycle) <= company.freshness.limit(name)


def _missing(days: Sequence[date], company: IngestSettings, cycle: Cycle) -> int:
    """Working days after the last one the table speaks of and before the cut-off."""
    calendar_days = _until(_covered_to(days), cycle.cutoff)
    return sum(company.working_days.is_worked(day) for day in calendar_days)


def _until(last: date, cutoff: date) -> Iterator[date]:
    day = last + _DAY
    while day < cutoff:
        yield day
        day += _DAY


def _days(table: pa.Table, column: str) -> list[date]:
    """Every day the table has rows of, in order."""
    return sorted(day for day in pc.unique(table.column(column)).to_pylist() if day is not None)


def _covered_to(days: Sequence[date]) -> date:
    newest, grain = days[-1], _grain(days)
    if grain == "month":
        return newest.replace(day=calendar.monthrange(newest.year, newest.month)[1])
    return newest + _WEEK - _DAY if grain == "week" else newest


def _grain(days: Sequence[date]) -> str:
    """What a row speaks of: its day where days are frequent, its week where all are one day of the week."""
    counts = Counter(day.replace(day=1) for day in days)
    if statistics.median(counts.values()) >= DAILY_FROM:
        return "day"
    weekly = len({day.weekday() for day in days}) == 1 and statistics.median(counts.values()) >= WEEKLY_FROM
    return "week" if weekly else "month"


def _fault(row: Mapping[str, object], source_files: pa.Table, cycle: Cycle) -> BadInput:
    name = row["table"]
    files = sorted(file["file"] for file in source_files.to_pylist() if file["table"] == name)
    return BadInput(
        found=f"{name} that end on {row['newest']}, {row['missing_days']} working days before the cut-off",
        needed=f"rows up to {row['limit_days']} working days before {cycle.cutoff}",
        where=", ".join(files) or "sop.yaml, sources",
        mend=f"Add the file that did not come. To plan all the same: freshness: {{accept_stale: {{{name}: {cycle}}}}} "
        "in sop.yaml; the days without data are then forecast.",
    )
