"""The rows of a query as a Parquet file, every number exactly as the database has it.

Numbers travel as text and are cast by the reader of files, as those of a CSV are. The rows are ordered by a hash of
their cells, so that the same rows make the same file in whatever order they came: to order by the cells themselves took
as long again as all the rest. Runs in a process of its own (``fetch``).
Not here: how each kind of database is asked (the modules beside this one).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import duckdb

from sop_pipeline import sql
from sop_pipeline.connections import mysql, postgres, sqlite
from sop_pipeline.connections.rows import Asked, Rows
from sop_pipeline.connections.secrets import without_secrets
from sop_pipeline.connections.trouble import Trouble, permanent, plain

_ROWS: Mapping[str, Callable[..., AbstractContextManager[Rows]]] = {
    "sqlite": sqlite.rows,
    "postgresql": postgres.rows,
    "mysql": mysql.rows,
    "mariadb": mysql.rows,
}
_COPY = """copy (select * from ({select}) order by hash(*columns(*))) to $path
    (format parquet, compression zstd, kv_metadata {{'sop.query': $query, 'sop.numbers': $numbers}})"""


def write_rows(asked: Asked[Any]) -> int:
    """Write the rows of a query and return how many they are; ``Trouble``, without a secret, says what went wrong."""
    try:
        with sql.session() as duck, _ROWS[asked.connection.type](duck, asked) as rows:
            duck.execute("set enable_progress_bar = false")  # or a long one prints it among the lines of a run
            given = {**rows.given, "path": str(asked.target), "query": asked.query, "numbers": json.dumps(rows.numbers)}
            copied = duck.execute(_COPY.format(select=rows.select), given).fetchone()
    except (Trouble, duckdb.Error, OSError) as error:
        said = without_secrets(plain(error), asked.secrets.values())
        raise Trouble(said, permanent=error.permanent if isinstance(error, Trouble) else permanent(error)) from None
    return int(copied[0]) if copied else 0
