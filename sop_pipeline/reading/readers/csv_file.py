"""Reads CSV: finds encoding, delimiter and header, and splits rows without losing one in silence.

A regular file goes through DuckDB at full speed. One with blank lines, rows of the wrong length, cells of several lines
or stray quotes is read record by record, so that every row keeps its number and what cannot be split is handed over
with a reason.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.csv_header import LONGEST_LINE, Header, read_header, spoken
from sop_pipeline.reading.readers.csv_records import read_records
from sop_pipeline.reading.readers.line_count import lines_in
from sop_pipeline.reading.readers.raw import Extent, Raw, unique_headings
from sop_pipeline.reading.readers.text_file import Decoded, decode


def read_csv(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, where: str) -> Raw:
    """Return the file's cells as text; BadInput when it is empty, is no text, has no header, or lines do not add up."""
    decoded = decode(path.read_bytes(), source.encoding, where)
    text = decoded.text
    if not text.strip():
        raise BadInput(
            found="an empty file",
            needed="a header row and data rows",
            where=where,
            mend="Export it again, or take it out of sop.yaml.",
        )
    header = read_header(text, source, where)
    headings, repeated = unique_headings(header.names)
    cells = _read_quickly(connection, path, decoded, header)
    if cells is not None:
        lines = lines_in(text)
        extent = Extent(lines, lines, header.row, blank=lines - header.row - cells.num_rows)
        return Raw(headings, repeated, cells, extent, (), _notes(decoded, header), header.delimiter)
    cells, extent, faults = read_records(text, header, headings, where)
    return Raw(headings, repeated, cells, extent, faults, _notes(decoded, header), header.delimiter)


def _notes(decoded: Decoded, header: Header) -> tuple[str, ...]:
    return (decoded.note, f"delimiter {spoken(header.delimiter)}")


def _read_quickly(
    connection: duckdb.DuckDBPyConnection, path: Path, decoded: Decoded, header: Header
) -> pa.Table | None:
    """Return the cells by DuckDB's reader, or None where only reading by record accounts for every line."""
    body = decoded.text.rstrip("\r\n")
    if _is_irregular(body, header.row):
        return None
    if decoded.encoding in ("utf-8", "utf-8-sig", "ascii") and not decoded.is_marked:
        cells = _through_duckdb(connection, path, header)
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "utf8.csv"
            copy.write_bytes(decoded.text.encode("utf-8"))
            cells = _through_duckdb(connection, copy, header)
    return cells if cells is not None and header.row + cells.num_rows == lines_in(body) else None


def _is_irregular(body: str, header_row: int) -> bool:
    """Blank lines would be left out uncounted, mixed line ends confuse, and a header on two lines is not one line."""
    if "\n\n" in body or "\n\r\n" in body or body.startswith(("\n", "\r")):
        return True
    returns, pairs, feeds = body.count("\r"), body.count("\r\n"), body.count("\n")
    if returns and (returns != pairs or feeds != pairs):
        return True
    head = body.split("\n", header_row)[:header_row]
    return any(line.count('"') % 2 for line in head)


def _through_duckdb(connection: duckdb.DuckDBPyConnection, path: Path, header: Header) -> pa.Table | None:
    names = [f"c{position}" for position in range(len(header.names))]
    try:
        return sql.run(
            connection,
            "reading/csv_cells",
            {"path": str(path), "delimiter": header.delimiter, "header_row": header.row, "longest": LONGEST_LINE},
            types=", ".join(f"'{name}': 'varchar'" for name in names),
            names=names,
        )
    except duckdb.Error:
        return None
