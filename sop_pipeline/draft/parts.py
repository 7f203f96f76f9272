"""The tables that files hold: each visible sheet, or the text of a CSV file, with the row its column names stand in."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells import dates
from sop_pipeline.reading.cells.numbers import GROUP_MARKS
from sop_pipeline.reading.readers.excel_file import as_text
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.reading.readers.text_file import decode

_LOOKED_AT = 200
_HIGHEST_HEADER = 20
_DELIMITERS = ";\t|,"
Rows = list[list[str]]


@dataclass(frozen=True)
class Part:
    """A table of a file: how it is read (``source``), what stands above it, and its cells as text."""

    path: Path
    source: Source
    title: str
    raw: Raw

    @property
    def name(self) -> str:
        """The file, and the sheet where it has several."""
        return f"{self.path.name} [{self.source.sheet}]" if self.source.sheet else self.path.name

    def texts(self, position: int) -> list[str]:
        """Return the filled cells of a column."""
        cells = self.raw.cells.column(f"c{position}").to_pylist()
        return [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]


def parts_of(path: Path, reader: Reader) -> list[Part]:
    """Return the tables of a file; raises BadInput for one that cannot be read."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return [part for name in _sheets(path) for part in [_sheet(path, name, reader)] if part is not None]
    if path.suffix.lower() in (".parquet", ".pq"):
        source = Source(path=path.name)
        return [Part(path, source, path.stem, reader.cells(path, "", source, path.name))]
    text = decode(path.read_bytes(), None, path.name).text
    delimiter = _delimiter(text)
    rows = _records(text, delimiter)
    header = _header_row(rows)
    source = Source(path=path.name, header_row=header, delimiter=delimiter if header > 1 else None)
    title = " ".join([path.stem, *(" ".join(row) for row in rows[: header - 1])])
    return [Part(path, source, title, reader.cells(path, "", source, path.name))]


def _sheets(path: Path) -> list[str]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except Exception as error:  # whatever a damaged workbook raises
        raise BadInput(
            found="a file that is no Excel workbook, or a damaged one",
            needed="an .xlsx workbook that opens without a password",
            where=str(path),
            mend="Save it again as .xlsx, or leave it out.",
        ) from error
    return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _sheet(path: Path, name: str, reader: Reader) -> Part | None:
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)[name]
    rows = [
        [as_text(value) or "" for value in row]
        for _, row in zip(range(_LOOKED_AT), sheet.iter_rows(values_only=True), strict=False)
    ]
    filled = [row for row in rows if sum(map(bool, row)) > 1]
    if len(filled) < 2:
        return None
    header = _header_row(rows)
    source = Source(path=path.name, sheet=name, header_row=header)
    title = " ".join([path.stem, name, *(" ".join(row) for row in rows[: header - 1])])
    return Part(path, source, title, reader.cells(path, "", source, f"{path.name} [{name}]"))


def _delimiter(text: str) -> str:
    """Return the delimiter under which most lines have one width; title lines have another, or none."""
    best = {}
    for mark in _DELIMITERS:
        widths = Counter(len(row) for row in _records(text, mark) if len(row) > 1)
        width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        best[mark] = (lines, width)
    return max(best, key=lambda mark: best[mark])


def _records(text: str, delimiter: str) -> Rows:
    head = "".join(text.splitlines(keepends=True)[:_LOOKED_AT])
    try:
        return [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        return []


def _header_row(rows: Rows) -> int:
    """Return the first row that is as wide as most and has names, or months, in all its cells but few."""
    widths = Counter(sum(map(bool, row)) for row in rows if sum(map(bool, row)) > 1)
    usual = max(widths, key=lambda width: (widths[width], width), default=1)
    for number, row in enumerate(rows[:_HIGHEST_HEADER], start=1):
        filled = [cell for cell in row if cell]
        named = [cell for cell in filled if not is_number(cell) or dates_in([cell])]
        if len(filled) > 1 and len(filled) >= 0.6 * usual and len(named) == len(filled):
            return number
    return 1


def is_number(text: str) -> bool:
    """Whether a text is a number in some spelling."""
    digits = sum(map(str.isdigit, text))
    return digits > 0 and all(mark in f"0123456789.,+-()%€$£{GROUP_MARKS}" for mark in text)


def dates_in(texts: list[str]) -> set[str]:
    """Return the texts that are days or months, in whichever order of day and month."""
    for order in (dates.Evidence(day_first="x"), dates.Evidence(month_first="x")):
        try:
            return set(dates.read(texts, order).days)
        except dates.Undecidable:
            continue
    return set()
