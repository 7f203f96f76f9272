"""Opens a source file in its format and hands over its cells, a wide file already turned to rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.csv_file import read_csv
from sop_pipeline.reading.readers.excel_file import Workbooks, read_excel
from sop_pipeline.reading.readers.measures import together
from sop_pipeline.reading.readers.parquet_file import read_parquet
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.reading.readers.skipped import without_skipped
from sop_pipeline.reading.readers.wide import melt

_PIECE = 32768
# Tables in which a zero says that nothing happened; elsewhere it is a count, a plan or a limit.
_TRANSACTIONS = frozenset({"sales", "production", "orders"})
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

    def cells(self, path: Path, table: str, source: Source, where: str) -> Raw:
        """Return a file's cells as text; ``where`` is its name as errors give it. BadInput says what is wrong."""
        if source.measures:
            sheets = {our: self._sheet(path, table, source, our, where) for our in source.measures}
            return together(sheets, where)
        raw = self._read(path, source, where)
        if source.skip_rows:
            raw = without_skipped(raw, source.skip_rows, where)
        filled = _without_blank_rows(raw.cells)
        blank = raw.extent.blank + raw.cells.num_rows - filled.num_rows
        raw = replace(raw, cells=_in_pieces(filled), extent=replace(raw.extent, blank=blank))
        if source.wide is None:
            return raw
        drop_zeros = table in _TRANSACTIONS if source.wide.drop_zeros is None else source.wide.drop_zeros
        return melt(self.connection, raw, source.wide, drop_zeros, where)

    def _sheet(self, path: Path, table: str, source: Source, our: str, where: str) -> Raw:
        """Return the sheet of one measure, its cells under our name for it."""
        if source.wide is None:
            raise BadInput(
                found="measures without wide",
                needed="sheets with one column per item or month, that wide describes",
                where=where,
                mend="Add wide: keep, names_to and values_to; or declare each sheet as a source of its own.",
            )
        wide = source.wide.model_copy(update={"values_to": our})
        own = source.model_copy(update={"measures": {}, "sheet": source.measures[our], "wide": wide})
        return self.cells(path, table, own, f"{where} [{source.measures[our]}]")

    def _read(self, path: Path, source: Source, where: str) -> Raw:
        form = source.format or _format_by_ending(path, where)
        if form == "excel":
            return read_excel(path, source, where, self.workbooks)
        return read_parquet(path, where) if form == "parquet" else read_csv(self.connection, path, source, where)


def _without_blank_rows(cells: pa.Table) -> pa.Table:
    """Leave out rows without a single filled cell; spreadsheets leave them at the end of a file."""
    filled = None
    for name in cells.column_names[1:]:
        here = pc.is_valid(cells.column(name))
        filled = here if filled is None else pc.or_(filled, here)
    return cells if filled is None or pc.all(filled, min_count=0).as_py() else cells.filter(filled)


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
