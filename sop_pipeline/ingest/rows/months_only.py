"""Tables that speak of months, and files of them that speak of weeks, periods, quarters or days.

What was sold or is planned over time is shared out over its days (``spans``, ``plans``) where the file says what its
rows are; a rate or a calendar of a week is not: the file is refused with what to do, since the last of its rows would
otherwise pass for the whole month.
"""

from __future__ import annotations

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.ingest.rows.plans import is_by_month
from sop_pipeline.ingest.rows.spans import DATED_OVER_TIME
from sop_pipeline.periods.spacing import spacing
from sop_pipeline.reading.cells.period_columns import DATED_BY, PLANNED
from sop_pipeline.tables import Kind, Table

_ADDED_UP = ("business_plan",)
"""Tables whose every month has an amount of its own, so that every third month is a quarter's."""
_MOST_REPEATED = 0.5
"""Share of its months that a file repeats from which it does not speak of months."""
ONE_A_MONTH = "Write one row a month: add weeks or periods up by month, share a quarter out over its three"


def refuse_dating(spec: Table, source: Source, where: str) -> None:
    """Refuse ``dated_by`` of weeks and periods for a table that is not dated over time."""
    shared_out = (*DATED_OVER_TIME, *PLANNED)
    if spec.name in shared_out or source.dated_by in (None, "day", "month"):
        return
    raise BadInput(
        found=f"dated_by: {source.dated_by}",
        needed=f"{', '.join(shared_out)}, which alone are shared out over days; {spec.name} is not",
        where=where,
        mend=f"{ONE_A_MONTH}, and leave dated_by out.",
    )


def refuse_other_than_months(loaded: LoadedTable) -> None:
    """Refuse files whose rows are of less than a month, or of a quarter; raises BadInput."""
    months = [column.name for column in loaded.spec.columns if column.kind is Kind.MONTH]
    month = "month" if "month" in months else next(iter(months), None)
    if month is None or month not in loaded.spec.key:
        return
    if loaded.spec.name in PLANNED and not is_by_month(loaded):
        return
    _refuse_parts_of_months(loaded, month)
    if loaded.spec.name in _ADDED_UP and not any(entry.source.dated_by == "month" for entry in loaded.files):
        _refuse_quarters(loaded, month)


def _refuse_parts_of_months(loaded: LoadedTable, month: str) -> None:
    key = [f'"{name}"' for name in loaded.spec.key]
    (row,) = sql.run(
        loaded.connection, "ingest/rows_by_month", key=key, month=f'"{month}"', recorded='"recorded_on"'
    ).to_pylist()
    if row["repeated"] > 1 and row["repeated"] > _MOST_REPEATED * row["places"]:
        raise BadInput(
            found=f"up to {row['most']} rows of one month, such as {row['month']:%Y-%m}, in {row['repeated']} of "
            f"{row['places']} cases: rows of weeks, periods or days",
            needed=f"one row per {' and '.join(loaded.spec.key)}",
            where=_where(loaded, month),
            mend=f"Say in sop.yaml what they are: {DATED_BY}." if loaded.spec.name in PLANNED else f"{ONE_A_MONTH}.",
        )


def _refuse_quarters(loaded: LoadedTable, month: str) -> None:
    rows = loaded.connection.execute(f'select distinct "{month}" from standing where "{month}" is not null').fetchall()
    days = sorted(row[0] for row in rows)
    if spacing(days) == "quarter":
        raise BadInput(
            found=f"every third month, such as {days[0]:%Y-%m} and {days[1]:%Y-%m}",
            needed="every month: a quarter's amount is no month's",
            where=_where(loaded, month),
            mend=f"{ONE_A_MONTH}, or write the quarter: 2026-Q1. If the rows are of single months: dated_by: month.",
        )


def _where(loaded: LoadedTable, column: str) -> str:
    return (
        f"{loaded.spec.name}: {', '.join(entry.label for entry in loaded.files if not entry.resent)}, column {column}"
    )
