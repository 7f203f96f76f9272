"""Writes a table as a sheet: exact values with number formats, names beside ids, frozen headers, filters, a name.

Text stays text, whatever it starts with. Not here: which tables have a sheet (``sheets``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.packs.workbook.formats import Formats
from sop_pipeline.packs.workbook.long_rows import LONG, LongRows
from sop_pipeline.packs.workbook.names import letters
from sop_pipeline.packs.workbook.sheets import Sheet
from sop_pipeline.tables.schema import Kind

MOST_ROWS, LONGEST_TEXT = 1_048_000, 32_000
"""What a sheet and a cell of a spreadsheet can hold, less a margin."""


_PAGES = 3
"""Pages at most that a sheet prints on."""
_PAPER, _CHARACTER, _ROW = (255.0, 165.0), 1.95, 5.4
"""In mm: what is printed on of A4 landscape, a character of a column's width, a row; each a little to the safe side."""


@dataclass(frozen=True)
class _Column:
    """A column of the sheet: heading, what it means, its values, of what kind and how they look."""

    heading: str
    meaning: str
    values: pa.ChunkedArray
    kind: Kind
    look: Any


def write_table(file: Any, formats: Formats, sheet: Sheet) -> LongRows | None:
    """Add the sheet of a table to the file; return the rows of a long one, which has its first row alone so far."""
    page, table = file.add_worksheet(sheet.name), sheet.table
    rows, columns = min(sheet.rows.num_rows, MOST_ROWS), list(_columns(sheet, formats))
    for at, column in enumerate(columns):
        page.write_string(0, at, column.heading, formats.head)
        if column.meaning:
            page.write_comment(0, at, column.meaning, {"x_scale": 1.6, "author": ""})
        page.set_column(at, at, _width(column), column.look)
        _write(page, at, column, 1 if rows > LONG else rows)
    page.freeze_panes(1, len([name for name in table.key if name in table.names[: len(table.key)]]))
    last = len(columns) - 1
    page.autofilter(0, 0, max(rows, 1), last)
    file.define_name(table.name, f"='{sheet.name}'!$A$1:${letters(last)}${max(rows, 1) + 1}")
    _printing(page, max(rows, 1), last, sum(map(_width, columns)), table.name)
    return LongRows([each.kind for each in columns], [_cut(each) for each in columns]) if rows > LONG else None


def _cut(column: _Column) -> pa.ChunkedArray:
    return pc.utf8_slice_codeunits(column.values, 0, LONGEST_TEXT) if column.kind is Kind.TEXT else column.values


def _columns(sheet: Sheet, formats: Formats) -> Iterator[_Column]:
    """The table's columns, a name beside each id, and at the end what tells the rows in words."""
    for column in sheet.table.columns:
        values = sheet.rows.column(column.name).slice(0, MOST_ROWS)
        meaning = f"{column.meaning}{f' ({column.unit})' if column.unit else ''}"
        yield _Column(column.name, meaning, values, column.kind, formats.of(column))
        if column.name in sheet.names:
            yield _told(column.name.removesuffix("_id"), sheet.names[column.name], formats)
    for heading, told in sheet.words.items():
        yield _told(heading, told, formats)


def _told(heading: str, words: Sequence[str], formats: Formats) -> _Column:
    return _Column(heading, "", pa.chunked_array([words[:MOST_ROWS]], pa.string()), Kind.TEXT, formats.text)


def _write(page: Any, at: int, column: _Column, rows: int) -> None:
    """Write a column's first rows; an empty cell has no look, but in the one row that long sheets go by."""
    for line, value in enumerate(column.values.slice(0, rows).to_pylist(), start=1):
        if value is None or value == "":
            if rows < len(column.values):
                page.write_blank(line, at, None, column.look)
        elif column.kind is Kind.TEXT:
            page.write_string(line, at, value[:LONGEST_TEXT], column.look)
        elif column.kind in (Kind.DATE, Kind.MONTH):
            page.write_datetime(line, at, value, column.look)
        elif column.kind is Kind.FLAG:
            page.write_boolean(line, at, value, column.look)
        else:
            page.write_number(line, at, float(value), column.look)


def _width(column: _Column) -> float:
    seen = column.values.slice(0, 2000).to_pylist()
    longest = max((len(value) for value in seen if isinstance(value, str)), default=10)
    return min(60.0, max(len(column.heading) + 3.0, longest + 2.0 if column.kind is Kind.TEXT else 12.0))


def _printing(page: Any, rows: int, last_column: int, width: float, table: str) -> None:
    """One page wide, the headings on every page, three pages at most: of a long table its first rows are printed.

    The header of the page says so, and where the others are.
    """
    printed = min(rows, rows_on_paper(width))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, _PAGES)
    page.repeat_rows(0)
    page.print_area(0, 0, printed, last_column)
    page.set_footer("&L&F&C&A&R&P of &N")
    if printed < rows:
        page.set_header(f"&R&8first {printed:,} of {rows:,} rows; all of them in the sheet and in exports/{table}.csv")


def rows_on_paper(width: float) -> int:
    """How many rows of a sheet so many characters wide three pages hold, when its columns fill one page's width."""
    scale = min(1.0, _PAPER[0] / (width * _CHARACTER))
    return max(1, _PAGES * (int(_PAPER[1] / (_ROW * scale)) - 2))
