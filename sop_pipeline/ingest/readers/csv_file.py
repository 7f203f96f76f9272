"""Reads CSV: finds encoding, delimiter and header, and splits rows without losing one in silence.

A regular file goes through DuckDB at full speed. One with blank lines, rows of the wrong length or stray quotes is read
record by record, so that every row keeps its number and what cannot be split is handed over with a reason.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.readers.raw import Fault, Raw, cells_table, unique_headings
from sop_pipeline.ingest.readers.text_file import decode

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 65536
_SEPARATOR_LINE = re.compile(r"^sep=([,;|\t])\r?\n")  # a first line that some exports write for Excel
_LONGEST_LINE = 16 * 1024 * 1024


def read_csv(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, where: str) -> Raw:
    """Return the file's cells as text; BadInput when it is empty, is no text, or has no header."""
    content = path.read_bytes()
    text, encoding = decode(content, source.encoding, where)
    if not text.strip():
        raise BadInput(
            found="an empty file",
            needed="a header row and data rows",
            where=where,
            mend="Export it again, or take it out of sop.yaml.",
        )
    separator = _SEPARATOR_LINE.match(text)
    header_row = source.header_row + (1 if separator and source.header_row == 1 else 0)
    delimiter = _declared(source.delimiter, where) or (
        separator[1] if separator else _detect_delimiter(text, header_row)
    )
    header = _header(text, delimiter, header_row, where)
    headings, repeated = unique_headings(header)
    notes = (f"encoding {encoding.removesuffix('-sig')}", f"delimiter {_spoken(delimiter)}")
    faults: tuple[Fault, ...] = ()
    quick = _read_quickly(connection, path, text, encoding, delimiter, len(header), header_row)
    if quick is None:
        cells, faults = _read_by_record(text, delimiter, headings, header_row, where)
    else:
        cells = quick
    return Raw(headings, repeated, cells, faults, notes, delimiter)


def _declared(delimiter: str | None, where: str) -> str | None:
    if delimiter is None:
        return None
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(delimiter.lower(), delimiter)
    if len(named) != 1 or named in '"\r\n':
        raise BadInput(
            found=f"delimiter {delimiter!r}",
            needed="one character, or the word tab",
            where=where,
            mend="Write delimiter: ';' for example, or leave it out and it is detected.",
        )
    return named


def _detect_delimiter(text: str, header_row: int) -> str:
    """Return the delimiter under which most sample rows are as long as the header, and the header is longest."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        records = _records(sample, delimiter)[header_row - 1 :]
        if not records or len(records[0]) < 2:
            continue
        width = len(records[0])
        filled = [row for row in records[1:200] if row]
        same = sum(len(row) == width for row in filled) / len(filled) if filled else 1.0
        if (same > 0.5, width) > best_score:
            best, best_score = delimiter, (same > 0.5, width)
    return best


def _records(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_LINE)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _header(text: str, delimiter: str, header_row: int, where: str) -> list[str]:
    csv.field_size_limit(_LONGEST_LINE)
    for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        if number == header_row:
            if any(cell.strip() for cell in record):
                return _without_trailing_blank(record)
            break
    raise BadInput(
        found=f"no column names in row {header_row}",
        needed="a header row",
        where=where,
        mend="Set header_row to the row the column names stand in.",
    )


def _without_trailing_blank(record: list[str]) -> list[str]:
    while record and not record[-1].strip():
        record = record[:-1]
    return record


def _spoken(delimiter: str) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(delimiter, repr(delimiter))


def _read_quickly(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    text: str,
    encoding: str,
    delimiter: str,
    width: int,
    header_row: int,
) -> pa.Table | None:
    """Return the cells by DuckDB's reader, or None where only reading by record keeps every row's number."""
    if _is_irregular(text, header_row):
        return None
    if encoding in ("utf-8", "utf-8-sig", "ascii"):
        return _through_duckdb(connection, path, delimiter, width, header_row)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "utf8.csv"
        copy.write_bytes(text.encode("utf-8"))
        return _through_duckdb(connection, copy, delimiter, width, header_row)


def _is_irregular(text: str, header_row: int) -> bool:
    """Blank lines would be left out uncounted, mixed line ends confuse, and a header on two lines is not one line."""
    body = text.rstrip("\r\n")
    if "\n\n" in body or "\n\r\n" in body or body.startswith(("\n", "\r")):
        return True
    returns, pairs, feeds = text.count("\r"), text.count("\r\n"), text.count("\n")
    if returns and (returns != pairs or feeds != pairs):
        return True
    head = text.split("\n", header_row)[:header_row]
    return any(line.count('"') % 2 for line in head)


def _through_duckdb(
    connection: duckdb.DuckDBPyConnection, path: Path, delimiter: str, width: int, header_row: int
) -> pa.Table | None:
    columns = {f"c{position}": "varchar" for position in range(width)}
    structure = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    try:
        return sql.run(
            connection,
            "ingest/csv_cells",
            {"path": str(path), "delimiter": delimiter, "header_row": header_row, "longest": _LONGEST_LINE},
            types=structure,
            names=list(columns),
        )
    except duckdb.Error:
        return None


def _read_by_record(
    text: str, delimiter: str, headings: tuple[str, ...], header_row: int, where: str
) -> tuple[pa.Table, tuple[Fault, ...]]:
    width = len(headings)
    numbers: list[int] = []
    good: list[list[str]] = []
    faults: list[Fault] = []
    for number, record in enumerate(_every_record(text, delimiter, where), start=1):
        if number <= header_row or not any(cell.strip() for cell in record):
            continue
        if len(record) > width and not any(cell.strip() for cell in record[width:]):
            record = record[:width]
        if len(record) == width:
            numbers.append(number)
            good.append(record)
        else:
            faults.append(_wrong_length(number, record, headings))
    columns = [pa.array([row[position] or None for row in good], pa.string()) for position in range(width)]
    return cells_table(numbers, columns), tuple(faults)


def _every_record(text: str, delimiter: str, where: str) -> list[list[str]]:
    """Split strictly where that succeeds, leniently where a quote stands inside a cell; refuse a quote never closed."""
    csv.field_size_limit(max(len(text), 1))
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            records.append(record)
        return records
    except csv.Error as error:
        if "end of data" in str(error):
            raise BadInput(
                found="a quotation mark that opens and never closes",
                needed="quoted cells closed by a quotation mark",
                where=f"{where}, row {len(records) + 1}",
                mend="Close the quotation mark, or double it where it belongs to the text.",
            ) from error
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _wrong_length(number: int, record: list[str], headings: tuple[str, ...]) -> Fault:
    content: dict[str, str | None] = dict(zip(headings, record, strict=False))
    if len(record) > len(headings):
        content["beyond the last column"] = " | ".join(record[len(headings) :])
    return Fault(
        number,
        None,
        str(len(record)),
        f"The row has {len(record)} cells, the header {len(headings)}; quote cells that contain the delimiter, "
        "or fill in the missing ones.",
        content,
    )


def drop_blank_rows(cells: pa.Table) -> pa.Table:
    """Leave out rows without a single filled cell; spreadsheets leave them at the end of a file."""
    filled = None
    for name in cells.column_names[1:]:
        here = pc.is_valid(cells.column(name))
        filled = here if filled is None else pc.or_(filled, here)
    return cells if filled is None or pc.all(filled, min_count=0).as_py() else cells.filter(filled)
