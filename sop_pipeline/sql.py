"""Finds, binds and runs the project's ``.sql`` files on an in-memory DuckDB.

Tables come in as Arrow and go out as Arrow; values are bound parameters; Jinja is for structure alone (a list of
columns, an optional join), never for values. A session has no file behind it, so any number run side by side.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa

SQL_FOLDER = Path(__file__).resolve().parent.parent / "sql"
THREADS = int(os.environ.get("SOP_THREADS", "2"))


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(SQL_FOLDER), undefined=jinja2.StrictUndefined, autoescape=False
    )


def text(name: str, **structure: Any) -> str:
    """Return the statement in ``sql/<name>.sql`` with its structural placeholders filled in."""
    return _environment().get_template(f"{name}.sql").render(**structure)


@contextmanager
def session(tables: Mapping[str, Any] | None = None, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory DuckDB that sees ``tables`` (name to Arrow table, dataset or frame) under their names."""
    connection = duckdb.connect(
        ":memory:", config={"threads": threads or THREADS, "TimeZone": "UTC", "autoinstall_known_extensions": False}
    )
    try:
        for name, table in (tables or {}).items():
            connection.register(name, table)
        yield connection
    finally:
        connection.close()


def run(
    connection: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Any] | None = None, **structure: Any
) -> pa.Table:
    """Run ``sql/<name>.sql`` on an open session and return its rows as an Arrow table."""
    statement = text(name, **structure)
    return connection.execute(statement, dict(params) if params else None).to_arrow_table()


def query(
    name: str,
    tables: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    threads: int | None = None,
    **structure: Any,
) -> pa.Table:
    """Run one ``sql/<name>.sql`` over ``tables`` in a session of its own and return its rows as an Arrow table."""
    with session(tables, threads) as connection:
        return run(connection, name, params, **structure)
