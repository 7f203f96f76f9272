"""An analyst's long CSV read into series, periods and numbers, or refused with file, line and column.

What belongs here: the header, the delimiter, what a line must hold. Not here: what becomes of the rows (``forecast``),
nor a company's ingestion, which maps columns and sets single rows aside.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sop_pipeline import sql
from sop_pipeline.demand.forecast.statements import make
from sop_pipeline.errors import BadInput

DELIMITERS = ",;\t|"
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


@dataclass(frozen=True)
class Layout:
    """How a file is written: its delimiter, and all its columns from left to right."""

    path: Path
    delimiter: str
    header: tuple[str, ...]

    def line(self, record: int) -> int:
        """Line of the file on which a record ends: blank lines are none, and a quoted field may go on for several."""
        with self.path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
            reader = csv.reader(lines, delimiter=self.delimiter)
            number = 0
            for fields in reader:
                number += bool(fields)
                if number == record:
                    break
            return reader.line_num


def read_rows(connection: duckdb.DuckDBPyConnection, path: Path, columns: Columns, months_per_period: int) -> None:
    """Make ``file_rows``, one row a line, from the ``columns`` of ``path``; raises BadInput."""
    layout = _layout(path, columns.names())
    _load(connection, layout)
    names = [f"column_{layout.header.index(name)}" for name in columns.names()]
    make(
        connection,
        "file_rows",
        "demand/forecast_file/rows",
        {"months_per_period": months_per_period},
        id=names[0],
        date=names[1],
        value=names[2],
        groups=names[3:],
    )
    _check_lines(connection, layout, columns.names())
    _check_repeats(connection, layout)
    _check_places(connection, layout, columns.groups)
    _check_sizes(connection, layout, columns.value)


def _layout(path: Path, columns: Sequence[str]) -> Layout:
    """Take the delimiter by which the header has all ``columns``; refuses a header that lacks one or has it twice."""
    if not path.is_file():
        raise BadInput(found="no such file", needed="a CSV file", where=str(path), mend="Check the path.")
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        head = lines.readline()
    if not head.strip():
        raise BadInput(
            found="nothing" if not head else "a blank line",
            needed="a header line with the columns' names",
            where=f"{path}, line 1",
            mend="Put the header there, and one line a series and period below it.",
        )
    layouts = [Layout(path, mark, _names(head, mark)) for mark in DELIMITERS]
    layout = max(layouts, key=lambda layout: (len(set(columns) & set(layout.header)), len(layout.header)))
    _check_header(layout, columns)
    return layout


def _names(head: str, delimiter: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader([head], delimiter=delimiter)))


def _check_header(layout: Layout, columns: Sequence[str]) -> None:
    where = f"{layout.path}, line 1"
    for name in columns:
        if name not in layout.header:
            raise BadInput(
                found=f"columns {', '.join(layout.header)}",
                needed=f"a column {name!r}",
                where=where,
                mend="Name the columns with --id, --date, --value and --group as the file does.",
            )
        if layout.header.count(name) > 1:
            raise BadInput(found=f"two columns {name!r}", needed="one", where=where, mend="Rename the one not meant.")
    if len(set(columns)) < len(columns):
        raise BadInput(
            found=f"{', '.join(columns)}",
            needed="different columns for id, date, value and groups",
            where="--id, --date, --value, --group",
            mend="Name each column once.",
        )


def _load(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make ``lines`` from the file's text, its columns numbered: their names may differ in case alone."""
    try:
        connection.execute(
            "create or replace temp table lines as select * from read_csv($path, header = true, auto_detect = false, "
            "delim = $delimiter, quote = '\"', escape = '\"', columns = $columns)",
            {
                "path": str(layout.path),
                "delimiter": layout.delimiter,
                "columns": {f"column_{place}": "VARCHAR" for place in range(len(layout.header))},
            },
        )
    except duckdb.Error as error:
        message = str(error).splitlines()
        line = re.search(r"on Line: (\d+)", message[0])
        raise BadInput(
            found="; ".join(part.removeprefix("Original Line: ") for part in message[1:3] if part) or message[0],
            needed=f"{len(layout.header)} fields as in the header, in UTF-8, every quote closed",
            where=f"{layout.path}, line {line[1]}" if line else str(layout.path),
            mend="Correct that line, or save the file as CSV in UTF-8 again.",
        ) from error


def _rules(columns: Sequence[str]) -> list[tuple[str, str, str, str, str]]:
    """Faults of a line: condition, text to show, column of the file, what is needed, how to mend it."""
    groups = [
        (f"coalesce(group_{number}, '') = ''", f"group_{number}", name, "a group for every series", "Fill it in.")
        for number, name in enumerate(columns[3:], 1)
    ]
    name = ("coalesce(unique_id, '') = ''", "unique_id", columns[0], "the name of a series", "Fill it in.")
    date = (
        "day is null",
        "date_text",
        columns[1],
        "a date such as 2026-11, 2026-11-30 or 2026Q4",
        "Write dates with the year first.",
    )
    value = (
        "(y is null or not isfinite(y)) and coalesce(value_text, '') <> ''",
        "value_text",
        columns[2],
        "a number with a decimal point and no other marks, or nothing",
        "Correct the number, or leave the field empty: a gap is filled, and named.",
    )
    return [name, *groups, date, value]


def _check_lines(connection: duckdb.DuckDBPyConnection, layout: Layout, columns: Sequence[str]) -> None:
    """Refuse lines without a series or a group, and those with an unreadable date or number."""
    for condition, text, column, needed, mend in _rules(columns):
        bad = connection.execute(f"select line, {text} from file_rows where {condition} order by line").fetchall()
        if bad:
            raise BadInput(
                found=f"{repr(bad[0][1]) if bad[0][1] else 'nothing'} ({_counted(len(bad), 'such line')})",
                needed=needed,
                where=f"{layout.path}, line {layout.line(bad[0][0])}, column {column}",
                mend=mend,
            )


def _check_repeats(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    twice = sql.run(connection, "demand/forecast_file/repeated_periods").to_pylist()
    if twice:
        first = twice[0]
        said = f"{first['lines']} rows for {first['unique_id']} in the period of {first['date_text']}"
        raise BadInput(
            found=f"{said} ({_counted(len(twice), 'such period')})",
            needed="one row a series and period",
            where=f"{layout.path}, lines {layout.line(first['first_line'])} and {layout.line(first['last_line'])}",
            mend="Add them up, or take one out.",
        )


def _check_places(connection: duckdb.DuckDBPyConnection, layout: Layout, groups: Sequence[str]) -> None:
    """Refuse a series that changes its group."""
    for number, column in enumerate(groups, 1):
        several = sql.run(connection, "demand/forecast_file/moved_series", group=f"group_{number}").to_pylist()
        if several:
            moved = several[0]
            lines = f"{layout.line(moved['line_of_one'])} and {layout.line(moved['line_of_other'])}"
            raise BadInput(
                found=f"series {moved['unique_id']} under {moved['one']} and under {moved['other']}",
                needed=f"one {column} for each series",
                where=f"{layout.path}, lines {lines}",
                mend="Give every series one group at each level.",
            )


def _check_sizes(connection: duckdb.DuckDBPyConnection, layout: Layout, column: str) -> None:
    """Refuse numbers that results of four decimals cannot hold."""
    (sizes,) = sql.run(connection, "demand/forecast_file/sizes").to_pylist()
    if sizes["total"] is not None and sizes["total"] > LARGEST:
        raise BadInput(
            found=f"{sizes['value_text']!r}, and {sizes['total']:.3g} over all series",
            needed=f"numbers that add up to {LARGEST:.0e} at most",
            where=f"{layout.path}, line {layout.line(sizes['line'])}, column {column}",
            mend="Write them in thousands or millions.",
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
