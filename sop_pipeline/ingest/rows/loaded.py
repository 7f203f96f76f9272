"""A table on its way in: its files, its rows in a DuckDB session, and the status of those set aside.

``rows/load.py`` fills it; what repeats, corrects or refers to nothing is set aside by the modules beside it; the
hand-over is in ``outcome``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.ingest.readers.raw import Raw
from sop_pipeline.ingest.snapshots import SourceFile
from sop_pipeline.tables import Table


@dataclass(frozen=True)
class LoadedFile:
    """A file as read: its cells, our columns' headings in it, and whether the same bytes were read before."""

    file: SourceFile
    label: str
    raw: Raw
    headings: dict[str, str]
    notes: list[str]
    resent: bool = False


@dataclass
class LoadedTable:
    """A table in its DuckDB session: ``all_rows``, the status of some in ``set_aside``, the others ``standing``."""

    spec: Table
    connection: duckdb.DuckDBPyConnection
    files: list[LoadedFile]

    @property
    def columns(self) -> list[str]:
        """The table's columns, quoted for SQL."""
        return [f'"{name}"' for name in self.spec.names]

    def mark(self, selection: str, status: str, params: dict[str, Any] | None = None, **structure: Any) -> None:
        """Give the rows that ``sql/ingest/<selection>.sql`` selects their status."""
        rows = sql.run(self.connection, f"ingest/{selection}", params, **structure)
        self.set_aside(rows.select(["id"]), status)

    def set_aside(self, ids: pa.Table, status: str, column: str | None = None, reason: str | None = None) -> None:
        """Give rows their status; ``ids`` may carry ``value``, the cell at fault."""
        if not ids.num_rows:
            return
        value = "value" if "value" in ids.column_names else "null"
        self.connection.register("chosen", ids)
        self.connection.execute(
            f"insert into set_aside select id, $status, $column, {value}, $reason from chosen",
            {"status": status, "column": column, "reason": reason},
        )
        self.connection.unregister("chosen")
