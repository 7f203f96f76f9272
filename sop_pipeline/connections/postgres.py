"""PostgreSQL through DuckDB's extension, every number, day and moment turned to text by the server.

Its reader alone would make 0 of ``NaN`` and infinity, and DOUBLE of plain ``numeric`` and of every ``sum``, ``round``
and ``coalesce``. Whole numbers and text come as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from sop_pipeline.connections.rows import Asked, Rows, bare_query, quoted
from sop_pipeline.connections.server import columns_of, open_as_asked
from sop_pipeline.connections.settings import Postgres

_TLS = {"none": "disable", "prefer": "prefer", "require": "require", "verify": "verify-full"}
_CONNECT_SECONDS = 15
_AS_THEY_ARE = ("SMALLINT", "INTEGER", "BIGINT", "VARCHAR")
_WHOLE = ("SMALLINT", "INTEGER", "BIGINT")
_MOMENT = "TIMESTAMP WITH TIME ZONE"


@contextmanager
def rows(duck: duckdb.DuckDBPyConnection, asked: Asked[Postgres]) -> Iterator[Rows]:
    """Have DuckDB see the rows of a query of a server, in a transaction that may only read.

    A moment with a time zone is written as the day and hour it has in the connection's, or the server's own.
    """
    attach(duck, asked)
    query = bare_query(asked.query)
    kinds = columns_of(duck, "postgres", query)
    texts = ", ".join(map(_cell, kinds, kinds.values()))
    yield Rows(
        "from postgres_query('asked', $asked)",
        [name for name, kind in kinds.items() if _is_number(kind)],
        {"asked": f"select {texts} from (\n{query}\n) as asked"},
    )


def attach(duck: duckdb.DuckDBPyConnection, asked: Asked[Postgres]) -> None:
    """Open the connection, as ``asked``."""
    connection = asked.connection
    given = {"host": connection.host, "port": str(connection.port or connection.usual_port)}
    given |= {"database": connection.database, "user": connection.user, **asked.secrets}
    open_as_asked(duck, "postgres", given, _options(connection))


def _options(connection: Postgres) -> str:
    """Settings of libpq and of the session."""
    session = {
        "datestyle": "ISO",
        "extra_float_digits": "3",
        "statement_timeout": str(1000 * connection.timeout_seconds),
        **({"timezone": connection.time_zone} if connection.time_zone else {}),
    }
    options = {
        "sslmode": _TLS[connection.tls],
        "connect_timeout": str(min(_CONNECT_SECONDS, connection.timeout_seconds)),
        "application_name": "sop",
        "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
        **({"sslrootcert": connection.tls_authority} if connection.tls_authority else {}),
    }
    return " ".join(f"{name}={_value(value)}" for name, value in options.items())


def _value(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _cell(name: str, kind: str) -> str:
    column = quoted(name)
    if kind in _AS_THEY_ARE:
        return column
    return f"{column}::timestamp::text as {column}" if kind == _MOMENT else f"{column}::text as {column}"


def _is_number(kind: str) -> bool:
    return kind in (*_WHOLE, "DOUBLE", "FLOAT") or kind.startswith("DECIMAL")
