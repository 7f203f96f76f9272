"""SQLite by Python's own module: DuckDB's reader gives DECIMAL as DOUBLE and misreads columns of mixed dates."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline.connections.rows import Asked, Rows, quoted, refuse_repeated
from sop_pipeline.connections.settings import Sqlite
from sop_pipeline.connections.trouble import Trouble, permanent

_AT_ONCE = 20_000
_STEPS = 100_000
"""Steps of SQLite's machine after which the clock is looked at."""


@contextmanager
def rows(duck: duckdb.DuckDBPyConnection, asked: Asked[Sqlite]) -> Iterator[Rows]:
    """Have DuckDB see the rows of a query of a SQLite file, which is opened for reading alone.

    Every cell is text, a number the shortest that is the same number. A column is one of numbers where all its cells
    are: in SQLite each cell has a type of its own.
    """
    try:
        with closing(_opened(asked.connection)) as database:
            cursor = database.execute(asked.query)
            names = [column[0] for column in cursor.description or ()]
            refuse_repeated(names)
            numeric = _stage(duck, cursor, names)
    except sqlite3.Error as error:
        raise _trouble(error, asked.connection) from None
    yield Rows("select * from arrived", [name for name in names if name in numeric])


def _opened(connection: Sqlite) -> sqlite3.Connection:
    path = Path(connection.path).resolve()
    if not path.is_file():
        raise Trouble(f"no file {path}", permanent=True)
    limit = connection.timeout_seconds
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=limit)
    ends = time.monotonic() + limit
    database.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    return database


def _stage(duck: duckdb.DuckDBPyConnection, cursor: sqlite3.Cursor, names: Sequence[str]) -> set[str]:
    """Put the rows into a temporary table and return the columns that hold nothing but numbers."""
    duck.execute(f"create temp table arrived ({', '.join(f'{quoted(name)} varchar' for name in names)})")
    numeric = set(names)
    while batch := cursor.fetchmany(_AT_ONCE):
        columns = dict(zip(names, zip(*batch, strict=True), strict=True))
        numeric -= {name for name in numeric if not all(isinstance(cell, _NUMBER) for cell in columns[name])}
        texts = {name: pa.array(map(_text, cells), pa.string()) for name, cells in columns.items()}
        duck.register("arriving", pa.table(texts))
        duck.execute("insert into arrived select * from arriving")
        duck.unregister("arriving")
    return numeric


_NUMBER = (int, float, type(None))


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")  # 1001.0 names product 1001
    return cell.decode("utf-8", "backslashreplace") if isinstance(cell, bytes) else str(cell)


def _trouble(error: sqlite3.Error, connection: Sqlite) -> Trouble:
    if "interrupted" in str(error):
        return Trouble(f"no end of the query within {connection.timeout_seconds} s", permanent=False)
    return Trouble(str(error), permanent=permanent(error))
