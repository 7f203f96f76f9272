"""MySQL and MariaDB through DuckDB's extension, decimals, days and moments turned to text by the server.

Its reader alone refuses days such as 2026-00-10, and makes true or false of every ``tinyint(1)``. Floating-point
numbers come as they are and are written here: the server would write six digits of a ``float``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from sop_pipeline.connections.rows import Asked, Rows, bare_query, quoted
from sop_pipeline.connections.server import columns_of, open_as_asked
from sop_pipeline.connections.settings import MySql

_TLS = {"none": "disabled", "prefer": "preferred", "require": "required", "verify": "verify_identity"}
_WHOLE = ("TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER", "BIGINT", "UBIGINT")
_FLOATING = ("FLOAT", "DOUBLE")


@contextmanager
def rows(duck: duckdb.DuckDBPyConnection, asked: Asked[MySql]) -> Iterator[Rows]:
    """Have DuckDB see the rows of a query of a server, in a transaction that may only read."""
    open_as_asked(duck, "mysql", _given(asked))
    query = bare_query(asked.query)
    kinds = columns_of(duck, "mysql", query)
    theirs = ", ".join(map(_sent, kinds, kinds.values()))
    ours = ", ".join(map(_written, kinds, kinds.values()))
    yield Rows(
        f"select {ours} from mysql_query('asked', $asked)",
        [name for name, kind in kinds.items() if _is_number(kind)],
        {"asked": f"select {theirs} from (\n{query}\n) as asked"},
    )


def _given(asked: Asked[MySql]) -> dict[str, str]:
    connection = asked.connection
    given = {"host": connection.host, "port": str(connection.port or connection.usual_port)}
    given |= {"database": connection.database, "user": connection.user, "ssl_mode": _TLS[connection.tls]}
    return given | ({"ssl_ca": connection.tls_authority} if connection.tls_authority else {}) | dict(asked.secrets)


def _sent(name: str, kind: str) -> str:
    column = quoted(name, "`")
    as_it_is = kind in (*_WHOLE, *_FLOATING, "VARCHAR")
    return column if as_it_is else f"cast({column} as char) as {column}"


def _written(name: str, kind: str) -> str:
    column = quoted(name)
    return f"cast({column} as varchar) as {column}" if kind in _FLOATING else column


def _is_number(kind: str) -> bool:
    return kind in (*_WHOLE, *_FLOATING) or kind.startswith("DECIMAL")
