"""An analyst's long file read into series, periods and numbers, or refused with file, row and column.

What belongs here: which columns are meant, and what holds over all rows of a series. Not here: how a file is read
(``reading``), which period a date is (``periods``), what becomes of the rows (``forecast``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sop_pipeline import sql
from sop_pipeline.config import SingleFile
from sop_pipeline.demand.analyst.periods import Placed, place, way_out
from sop_pipeline.demand.forecast.settings import Frequency
from sop_pipeline.demand.forecast.statements import make
from sop_pipeline.errors import BadInput
from sop_pipeline.periods import Span
from sop_pipeline.reading.cells.far_days import far_days
from sop_pipeline.reading.cells.period_columns import SERIES
from sop_pipeline.reading.one_file import read_cells, read_rows
from sop_pipeline.reading.readers.names import closest
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.tables.schema import Table, day, quantity, text

AS_FOUND = SingleFile()
"""Encoding, delimiter, marks and dates as the file shows them."""
LARGEST = 3e13
"""Largest sum of one value of every series: DECIMAL(18,4) holds three times as much, which leaves room to grow."""


@dataclass(frozen=True)
class Columns:
    """Names of the columns that are read; ``groups`` are the grouping ones, outermost first."""

    id: str
    date: str
    value: str
    groups: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Return all of them, the groups last."""
        return [self.id, self.date, self.value, *self.groups]

    def ours(self) -> dict[str, str]:
        """Return them by what they are called here."""
        groups = {f"group_{number}": name for number, name in enumerate(self.groups, 1)}
        return {"unique_id": self.id, "date": self.date, "value": self.value, **groups}


def read_series(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    columns: Columns,
    freq: Frequency,
    source: SingleFile = AS_FOUND,
) -> Placed:
    """Make ``file_rows``, one row a series and period, from the ``columns`` of ``path``; raises BadInput."""
    with Reader.open() as reader:
        raw = read_cells(reader, path, SERIES, source)
        _check_header(raw, columns.names(), str(path))
        asked = source.model_copy(update={"columns": columns.ours()})
        rows = read_rows(reader, path, raw, _spec(columns), asked).rows
    connection.register("file_cells", rows)
    groups = [f"group_{number}" for number in range(1, len(columns.groups) + 1)]
    dates = connection.execute("select distinct date, covers from file_cells order by all").fetchall()
    _refuse_nothing(dates, path)
    _refuse_far_days(connection, path, columns.date)
    placed = place([Span(*found) for found in dates], freq, source, f"{path}, column {columns.date}")
    connection.register("shares", placed.shares)
    make(connection, "file_lines", "demand/forecast_file/lines", {}, groups=groups)
    _check_repeats(connection, path, placed, freq)
    make(connection, "file_rows", "demand/forecast_file/rows", {}, groups=groups)
    _check_places(connection, path, columns.groups)
    _refuse_totals(connection, path, columns)
    _check_sizes(connection, f"{path}, column {columns.value}")
    return placed


def _spec(columns: Columns) -> Table:
    groups = [
        text(f"group_{number}", "a group for every series", required=True)
        for number in range(1, len(columns.groups) + 1)
    ]
    series = text("unique_id", "the name of a series", required=True)
    return Table(
        SERIES,
        "one row per series and period",
        "demand",
        "an analyst's history",
        (series, *groups, day("date", "the period", required=True), quantity("value", "the amount")),
    )


def _check_header(raw: Raw, columns: Sequence[str], path: str) -> None:
    """Refuse a header that lacks a column or has it twice, and columns named twice."""
    twice = {raw.headings[at].rsplit(".", 1)[0] for at in raw.repeated}
    for name in columns:
        if name not in raw.headings:
            likely = closest(name, raw.headings)
            near = f"Did you mean {likely!r}? " if likely else ""
            raise BadInput(
                found=f"columns {', '.join(raw.headings)}",
                needed=f"a column {name!r}",
                where=path,
                mend=f"{near}Name the columns with --id, --date, --value and --group as the file does.",
            )
        if name in twice:
            raise BadInput(found=f"two columns {name!r}", needed="one", where=path, mend="Rename the one not meant.")
    if len(set(columns)) < len(columns):
        raise BadInput(
            found=f"{', '.join(columns)}",
            needed="different columns for id, date, value and groups",
            where="--id, --date, --value, --group",
            mend="Name each column once.",
        )


def _refuse_nothing(dates: Sequence[object], path: Path) -> None:
    if not dates:
        raise BadInput(found="no rows", needed="at least one series", where=str(path), mend="Check the file.")


def _refuse_far_days(connection: duckdb.DuckDBPyConnection, path: Path, column: str) -> None:
    """Refuse a year that is a typo: the series would go on to it."""
    for found in far_days(connection, "file_cells", "date").to_pylist()[:1]:
        (row,) = connection.execute(
            "select min(row) from file_cells where date = $day", {"day": found["day"]}
        ).fetchall()[0]
        side = "last" if found["is_ahead"] else "first"
        raise BadInput(
            found=f"{found['day']}, years from all other days, the {side} of which is {found['nearest']}",
            needed="days of one stretch of time",
            where=f"{path}, row {row}, column {column}",
            mend="Correct the year.",
        )


def _check_repeats(connection: duckdb.DuckDBPyConnection, path: Path, placed: Placed, freq: Frequency) -> None:
    """Refuse two rows for one period, or where rows are summed for one date."""
    unit = "date" if placed.is_sum else "period"
    twice = sql.run(connection, "demand/forecast_file/repeated_periods", by=unit).to_pylist()
    if twice:
        first = twice[0]
        days = [found for (found,) in connection.execute("select distinct date from file_cells").fetchall()]
        said = f"{first['lines']} rows for {first['unique_id']} in the period of {first['date']}"
        raise BadInput(
            found=f"{said} ({_counted(len(twice), 'such period')})",
            needed=f"one row a series and {unit}",
            where=f"{path}, rows {first['first_line']} and {first['last_line']}",
            mend=(None if placed.is_sum else way_out(days, freq)) or "Add them up, or take one out.",
        )


def _check_places(connection: duckdb.DuckDBPyConnection, path: Path, groups: Sequence[str]) -> None:
    """Refuse a series that changes its group."""
    for number, column in enumerate(groups, 1):
        several = sql.run(connection, "demand/forecast_file/moved_series", group=f"group_{number}").to_pylist()
        if several:
            moved = several[0]
            raise BadInput(
                found=f"series {moved['unique_id']} under {moved['one']} and under {moved['other']}",
                needed=f"one {column} for each series",
                where=f"{path}, rows {moved['line_of_one']} and {moved['line_of_other']}",
                mend="Give every series one group at each level.",
            )


def _refuse_totals(connection: duckdb.DuckDBPyConnection, path: Path, columns: Columns) -> None:
    """Refuse a series that adds the others up: the levels above it would count everything twice."""
    groups = [f"group_{number}" for number in range(1, len(columns.groups) + 1)]
    for among in [groups[:depth] for depth in range(len(groups) + 1)]:
        found = sql.run(connection, "demand/forecast_file/totals", among=among).to_pylist()
        if found:
            name = found[0]["unique_id"]
            raise BadInput(
                found=f"series {name}, in every period the sum of {found[0]['others']} others",
                needed="series that add nothing up: the result has totals of its own",
                where=f"{path}, column {columns.id}",
                mend=f"Take its rows out, or leave them out with --read 'skip_rows: {{{columns.id}: [{name}]}}'.",
            )


def _check_sizes(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    """Refuse numbers that results of four decimals cannot hold, or would all but lose."""
    (sizes,) = sql.run(connection, "demand/forecast_file/sizes").to_pylist()
    if sizes["total"] is not None and sizes["total"] > LARGEST:
        raise BadInput(
            found=f"{sizes['largest']:g} in row {sizes['line']}, and {sizes['total']:.3g} over all series",
            needed=f"numbers that add up to {LARGEST:.0e} at most",
            where=where,
            mend="Write them in thousands or millions.",
        )
    if sizes["largest"] and sizes["largest"] < _SMALLEST:
        raise BadInput(
            found=f"no number beyond {sizes['largest']:g}",
            needed=f"numbers from {_SMALLEST:g} on, as results have four decimals",
            where=where,
            mend="Write them in thousandths or millionths.",
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


_SMALLEST = 0.01
