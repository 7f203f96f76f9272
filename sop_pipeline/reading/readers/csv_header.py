"""The delimiter of a CSV file and its header: detected, or as ``sop.yaml`` says."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 65536
_SEPARATOR_LINE = re.compile(r"^sep=([,;|\t])\r?\n")  # a first line that some exports write for Excel
LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Header:
    """Where the column names stand, what they are, and the delimiter between them."""

    row: int
    names: list[str]
    delimiter: str


def read_header(text: str, source: Source, where: str) -> Header:
    """Return the file's header; BadInput when the row it should stand in has no name."""
    separator = _SEPARATOR_LINE.match(text)
    row = source.header_row + (1 if separator and source.header_row == 1 else 0)
    detected = separator[1] if separator else _detect(text, row)
    delimiter = _declared(source.delimiter, where) or detected
    csv.field_size_limit(LONGEST_LINE)
    for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        if number == row:
            if any(cell.strip() for cell in record):
                return Header(row, _without_trailing_blank(record), delimiter)
            break
    raise BadInput(
        found=f"no column names in row {row}",
        needed="a header row",
        where=where,
        mend="Set header_row to the row the column names stand in.",
    )


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


def _detect(text: str, header_row: int) -> str:
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
    csv.field_size_limit(LONGEST_LINE)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _without_trailing_blank(record: list[str]) -> list[str]:
    while record and not record[-1].strip():
        record = record[:-1]
    return record


def spoken(delimiter: str) -> str:
    """Name a delimiter as notes do."""
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(delimiter, repr(delimiter))
