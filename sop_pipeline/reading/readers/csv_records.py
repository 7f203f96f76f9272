"""Reads a CSV file record by record: slower than DuckDB's reader, and able to account for every line.

For files with blank lines, rows of the wrong length, cells of several lines or stray quotation marks.
"""

from __future__ import annotations

import csv
import io

import pyarrow as pa

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.csv_header import Header
from sop_pipeline.reading.readers.line_count import Shape, breaks_in, lines_in, refuse_swallowed
from sop_pipeline.reading.readers.raw import Extent, Fault, cells_table

_SAMPLE = 2000


def read_records(
    text: str, header: Header, headings: tuple[str, ...], where: str
) -> tuple[pa.Table, Extent, tuple[Fault, ...]]:
    """Return the cells of the records that have the header's length, how much the file holds, and the other records."""
    records = _every_record(text, header, where)
    width = len(headings)
    numbers: list[int] = []
    good: list[list[str]] = []
    faults: list[Fault] = []
    blank = 0
    for number, record in enumerate(records, start=1):
        if number <= header.row:
            continue
        if not any(cell.strip() for cell in record):
            blank += 1
            continue
        if len(record) > width and not any(cell.strip() for cell in record[width:]):
            record = record[:width]
        if len(record) == width:
            numbers.append(number)
            good.append(record)
        else:
            faults.append(_wrong_length(number, record, headings))
    columns = [pa.array([row[position] or None for row in good], pa.string()) for position in range(width)]
    extent = Extent(lines_in(text), len(records), min(header.row, len(records)), blank)
    return cells_table(numbers, columns), extent, tuple(faults)


def _every_record(text: str, header: Header, where: str) -> list[list[str]]:
    """Split strictly where that succeeds, leniently where a quote stands in a cell; refuse lines swallowed by one."""
    csv.field_size_limit(max(len(text), 1))
    records, failure = _strictly(text, header.delimiter)
    if failure is not None and "end of data" not in failure:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=header.delimiter))
        failure = None
    _refuse_swallowed(records, header, where)
    if failure is not None:
        line = sum(map(_lines_of, records)) + 1
        raise BadInput(
            found="a quotation mark that opens and never closes",
            needed="quoted cells closed by a quotation mark",
            where=f"{where}, line {line}",
            mend="Close the quotation mark, or double it where it belongs to the text.",
        )
    counted, lines = sum(map(_lines_of, records)), lines_in(text)
    if counted != lines:
        raise BadInput(
            found=f"{lines} lines, of which {counted} are in records",
            needed="every line in a record",
            where=where,
            mend="Export the file again with one kind of line end, or as Excel or Parquet.",
        )
    return records


def _strictly(text: str, delimiter: str) -> tuple[list[list[str]], str | None]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error as error:
        return records, str(error)
    return records, None


def _lines_of(record: list[str]) -> int:
    return 1 + sum(map(breaks_in, record))


def _refuse_swallowed(records: list[list[str]], header: Header, where: str) -> None:
    line, with_breaks = 1, []
    for number, record in enumerate(records, start=1):
        lines = _lines_of(record)
        if lines > 1 and number > header.row:
            with_breaks.append((line, record))
        line += lines
    if not with_breaks:
        return
    width = len(header.names)
    whole = [record for record in records[header.row :] if len(record) == width and _lines_of(record) == 1]
    refuse_swallowed(with_breaks, Shape.of(whole[:_SAMPLE], width, header.delimiter), where)


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
