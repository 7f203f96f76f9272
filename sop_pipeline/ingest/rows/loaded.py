"""A table on its way in: its files, its rows in a DuckDB session, and the status of those set aside.

``rows/load.py`` fills it; what repeats, corrects or refers to nothing is set aside by the modules beside it; the
hand-over is in ``outcome``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.ingest.snapshots import SourceFile
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.tables import Table

# A row's id orders it by file, row and (of a wide file) column: what "earlier" means wherever rows contend.
FILE_BITS, COLUMN_BITS = 48, 16


@dataclass(frozen=True)
class LoadedFile:
    """A file as read: its cells, our columns' headings in it, and whether the same bytes were read before.

    ``extras`` are the headings nothing maps to, in the order their cells stand in ``all_rows.extra``; ``misspelt`` has,
    of those that look like a column of ours that is missing, which that is. ``notes`` say how
    the file was read, ``remarks`` what a person should look at.
    """

    file: SourceFile
    label: str
    source: Source
    raw: Raw
    headings: dict[str, str]
    extras: list[str]
    notes: list[str]
    remarks: list[str]
    resent: bool = False
    misspelt: dict[str, str] = field(default_factory=dict)


@dataclass
class LoadedTable:
    """A table in its DuckDB session: ``all_rows``, the status of some in ``set_aside``, the others ``standing``.

    ``repeats`` are the equal rows of one file that count, by file (``counted_repeats``); ``rows_shared`` counts those
    of weeks or periods.
    """

    spec: Table
    connection: duckdb.DuckDBPyConnection
    files: list[LoadedFile]
    repeats: list[dict[str, Any]] = field(default_factory=list)
    rows_shared: int = 0

    @property
    def columns(self) -> list[str]:
        """The table's columns, quoted for SQL."""
        return [f'"{name}"' for name in self.spec.names]

    def mark(self, selection: str, status: str, params: dict[str, Any] | None = None, **structure: Any) -> None:
        """Give the rows that ``sql/ingest/<selection>.sql`` selects their status."""
        rows = sql.run(self.connection, f"ingest/{selection}", params, **structure)
        self.set_aside(rows.select(["id"]), status)

    def set_status(self, ids: pa.Table, status: str) -> None:
        """Give rows another status than the one they have, or their first."""
        self.connection.register("chosen", ids)
        self.connection.execute("delete from set_aside where id in (select id from chosen)")
        self.connection.unregister("chosen")
        self.set_aside(ids.select(["id"]), status)

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
