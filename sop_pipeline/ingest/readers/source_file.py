"""Opens a source file in its format and hands over its cells, a wide file already turned to rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.readers.csv_file import drop_blank_rows, read_csv
from sop_pipeline.ingest.readers.excel_file import Workbooks, read_excel
from sop_pipeline.ingest.readers.parquet_file import read_parquet
from sop_pipeline.ingest.readers.raw import Raw
from sop_pipeline.ingest.readers.wide import melt

_PIECE = 32768
_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".parquet": "parquet",
    ".pq": "parquet",
}


@dataclass(frozen=True)
class Reader:
    """What the files of one company share: a DuckDB session, and the workbooks already opened."""

    connection: duckdb.DuckDBPyConnection
    workbooks: Workbooks

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Reader]:
        """A reader for the length of a ``with`` block."""
        with sql.session() as connection:
            yield cls(connection, {})

    def cells(self, path: Path, source: Source, where: str) -> Raw:
        """Return a file's cells as text; ``where`` is its name as errors give it. BadInput says what is wrong."""
        raw = self._read(path, source, where)
        raw = replace(raw, cells=_in_pieces(drop_blank_rows(raw.cells)))
        return melt(self.connection, raw, source.wide, where) if source.wide else raw

    def _read(self, path: Path, source: Source, where: str) -> Raw:
        form = source.format or _format_by_ending(path, where)
        if form == "excel":
            return read_excel(path, source, where, self.workbooks)
        return (
            read_parquet(path, source, where) if form == "parquet" else read_csv(self.connection, path, source, where)
        )


def _in_pieces(cells: pa.Table) -> pa.Table:
    """Cut a large table up (without copying), so that DuckDB's threads share the casts that follow."""
    return pa.Table.from_batches(cells.to_batches(max_chunksize=_PIECE), cells.schema)


def _format_by_ending(path: Path, where: str) -> str:
    ending = path.suffix.lower()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    old = " Save the old workbook as .xlsx." if ending == ".xls" else ""
    raise BadInput(
        found=f"file ending {ending or 'none'!r}",
        needed="a CSV, Excel (.xlsx) or Parquet file",
        where=where,
        mend=f"Set format: csv, excel or parquet.{old}",
    )
