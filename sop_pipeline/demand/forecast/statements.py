"""Tables and views of a forecast's session, each made from one ``.sql`` file.

What belongs here: binding a file's values and naming what it makes. Not here: the files, nor their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline import sql


def make(
    connection: duckdb.DuckDBPyConnection, table: str, file: str, params: Mapping[str, Any], **structure: Any
) -> None:
    """Create ``table`` from ``sql/<file>.sql``, binding those of ``params`` that it names."""
    statement, bound = _bound(file, params, structure)
    connection.execute(f"create or replace temp table {table} as {statement}", bound)


def show(connection: duckdb.DuckDBPyConnection, view: str, file: str, **structure: Any) -> None:
    """Create ``view`` from ``sql/<file>.sql``, which binds nothing: rows cheaper made again than kept."""
    connection.execute(f"create or replace temp view {view} as {sql.text(file, **structure)}")


def read(connection: duckdb.DuckDBPyConnection, file: str, params: Mapping[str, Any], **structure: Any) -> pa.Table:
    """Return the rows of ``sql/<file>.sql`` as Arrow, binding those of ``params`` that it names."""
    return connection.execute(*_bound(file, params, structure)).to_arrow_table()


def _bound(file: str, params: Mapping[str, Any], structure: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """Statement and the values it binds."""
    statement = sql.text(file, **structure)
    return statement, {name: params[name] for name in sorted(sql.parameters(statement))} or None


def drop(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """Drop ``tables`` that no later step reads: of 30,000 series each is hundreds of megabytes."""
    for table in tables:
        connection.execute(f"drop table if exists {table}")
