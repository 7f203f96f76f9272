"""What PostgreSQL and MySQL have in common on the way through DuckDB: opening the connection, and what columns come."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from sop_pipeline.connections.extension import load_extension
from sop_pipeline.connections.rows import refuse_repeated


def open_as_asked(duck: duckdb.DuckDBPyConnection, kind: str, given: Mapping[str, str], options: str = "") -> None:
    """Open a connection under the name ``asked``, for reading alone.

    What is given goes in as variables, so that secrets stand in no statement.
    """
    load_extension(duck, f"{kind}_scanner")
    for name, value in given.items():
        duck.execute(f"set variable {name} = $value", {"value": value})
    fields = ", ".join(f"{name} getvariable('{name}')" for name in given)
    duck.execute(f"create secret asking (type {kind}, {fields})")
    quoted_options = options.replace("'", "''")
    duck.execute(f"attach '{quoted_options}' as asked (type {kind}, secret asking, read_only)")


def columns_of(duck: duckdb.DuckDBPyConnection, kind: str, query: str) -> dict[str, str]:
    """Return DuckDB's type of each column of a query, which stands in brackets so that it can be no other statement."""
    given = {"query": f"select * from (\n{query}\n) as asked"}
    described = duck.execute(f"describe from {kind}_query('asked', $query)", given).fetchall()
    refuse_repeated([column[0] for column in described])
    return {column[0]: column[1] for column in described}
