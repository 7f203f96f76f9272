"""Finds, binds and runs the project's ``.sql`` files on an in-memory DuckDB.

Tables come in as Arrow and go out as Arrow; values are bound parameters; Jinja is for structure alone (a list of
columns, an optional join), never for values. Every session knows the macros of ``sql/macros.sql``. It has no file
behind it, so any number run side by side.
"""

from __future__ import annotations

import functools
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa

SQL_FOLDER = Path(__file__).resolve().parent.parent / "sql"
MACROS = SQL_FOLDER / "macros.sql"
THREADS = int(os.environ.get("SOP_THREADS", "2"))
LOOPS = ("asof_loop_join_threshold", "merge_join_threshold", "nested_loop_join_threshold")
"""Row counts up to which DuckDB would join by comparing every pair. It counts before it knows how large an Arrow table
is, so it took large tables for small ones; at 0 they are sorted or hashed."""
_STRUCTURE = re.compile(r"\{[{%#]")
DIGITS = 28
"""Digits of a decimal inside a statement; in the lake they have 18."""


@functools.cache
def environment(folder: Path) -> jinja2.Environment:
    """Return the templates of a folder of ``.sql`` files; a placeholder nothing fills is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), undefined=jinja2.StrictUndefined, autoescape=False
    )


def text(name: str, **structure: Any) -> str:
    """Return the statement in ``sql/<name>.sql`` with its structural placeholders filled in."""
    return _plain(SQL_FOLDER, name) or environment(SQL_FOLDER).get_template(f"{name}.sql").render(**structure)


@functools.cache
def _plain(folder: Path, name: str) -> str:
    """The statement as it stands in its file, where that has no placeholder; compiling it would change nothing."""
    path = folder / f"{name}.sql"
    statement = path.read_text(encoding="utf-8") if path.exists() else ""
    return "" if _STRUCTURE.search(statement) else statement.removesuffix("\n")


def parameters(statement: str) -> set[str]:
    """Return the names of the parameters ``$name`` that a statement binds; those in comments bind nothing."""
    return set(re.findall(r"\$([a-z_]\w*)", re.sub(r"--.*", "", statement)))


@contextmanager
def session(tables: Mapping[str, Any] | None = None, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory DuckDB that sees ``tables`` (name to Arrow table, dataset or frame) under their names."""
    with _seeing(_connect(threads or THREADS), tables) as connection:
        yield connection


def _connect(threads: int) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "autoinstall_known_extensions": False,
        "temp_directory": str(Path(tempfile.gettempdir()) / f"sop-duckdb-{os.getpid()}"),
        **dict.fromkeys(LOOPS, 0),
    }
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute(_macros())
    return connection


@functools.cache
def _macros() -> str:
    return MACROS.read_text(encoding="utf-8")


_shared = functools.cache(_connect)
"""The one database behind all read-only statements: a new one for each took longer than most of them."""


@contextmanager
def reading(tables: Mapping[str, Any] | None = None, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a read-only session on a database shared by all such; registered names and temporary tables are its own."""
    with _seeing(_shared(threads or THREADS).cursor(), tables) as connection:
        yield connection


@contextmanager
def _seeing(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Any] | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        for name, table in (tables or {}).items():
            connection.register(name, _with_room(table))
        yield connection
    finally:
        connection.close()


def _with_room(table: Any) -> Any:
    """Return an Arrow table whose narrow decimals have room for a product; the values are shared, not copied.

    DuckDB gives the product of two decimals of up to 18 digits no more than 18: 70,000 units at 15,000 a unit would
    stop the month.
    """
    if not isinstance(table, pa.Table):
        return table
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal128(field.type) and field.type.precision < DIGITS:
            kind: Any = pa.decimal128(DIGITS, field.type.scale)
            chunks = [_viewed(chunk, kind) for chunk in table.column(place).chunks]
            table = table.set_column(place, field.with_type(kind), pa.chunked_array(chunks, type=kind))
    return table


def _viewed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), values.buffers(), offset=values.offset)


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
    with reading(tables, threads) as connection:
        return run(connection, name, params, **structure)


def chain(
    names: list[str], tables: Mapping[str, Any], params: Mapping[str, Any] | None = None, threads: int | None = None
) -> dict[str, pa.Table]:
    """Run statements one after another in one session and return their results by the last part of their names.

    Each statement sees ``tables`` and every result before it under that name, and takes those of ``params`` that it
    mentions; a parameter that none of them mentions is refused, so that a typo does not pass.
    """
    given = dict(params or {})
    mentioned = {name: parameters(text(name)) & set(given) for name in names}
    unknown = set(given) - set().union(*mentioned.values())
    if unknown:
        raise ValueError(f"no statement of {', '.join(names)} takes {', '.join(sorted(unknown))}")
    results: dict[str, pa.Table] = {}
    with reading(tables, threads) as connection:
        for name in names:
            short = name.rsplit("/", 1)[-1]
            results[short] = run(connection, name, {key: given[key] for key in sorted(mentioned[name])})
            connection.register(short, results[short])
    return results
