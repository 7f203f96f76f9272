"""Writes the workbook: exact values with number formats, frozen headers, filters, a defined name a table.

Text stays text, whatever it starts with. Not here: which tables have a sheet (``sheets``).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.media.sheets import Sheet, sheets
from sop_pipeline.tables.schema import Column, Kind

MOST_ROWS, LONGEST_TEXT = 1_048_000, 32_000
"""What a sheet and a cell of a spreadsheet can hold, less a margin."""

_NUMBER = "#,##0{places};(#,##0{places});0"
_NOTE = "Exact values of everything in the pack; negative in brackets; months are first days. Names match the tables."


def workbook(book: Book) -> bytes:
    """Write the workbook; equal tables give equal bytes."""
    import xlsxwriter

    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    month = book.cycle.month
    file.set_properties(
        {
            "title": f"{book.company.company} · S&OP {book.cycle} · {book.status}",
            "author": book.company.company,
            "created": datetime(month.year, month.month, 1, tzinfo=UTC).replace(tzinfo=None),
        }
    )
    formats, every = _Formats(file), sheets(book)
    _contents(file, formats, book, every)
    for sheet in every:
        _write(file, formats, sheet)
    file.close()
    return out.getvalue()


class _Formats:
    """Cell formats, each added to the file once."""

    def __init__(self, file: Any) -> None:
        font = {"font_name": "Source Sans Pro", "font_size": 10}
        self._file, self._font = file, font
        self._by_code: dict[str, Any] = {}
        self.head = file.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = file.add_format({**font, "bold": True, "font_size": 14})
        self.quiet = file.add_format({**font, "font_color": "#66727f"})
        self.text = file.add_format(font)

    def of(self, column: Column) -> Any:
        """The format of a column's cells."""
        code = _code(column)
        if code not in self._by_code:
            self._by_code[code] = self._file.add_format({**self._font, "num_format": code} if code else self._font)
        return self._by_code[code]


def _code(column: Column) -> str:
    if column.kind is Kind.MONTH:
        return "yyyy-mm"
    if column.kind is Kind.DATE:
        return "yyyy-mm-dd"
    if column.kind is Kind.RATE and column.unit == "share":
        return "0.0%;(0.0%);0.0%"
    places = {Kind.QUANTITY: ".0", Kind.MONEY: ".00", Kind.RATE: ".00##", Kind.COUNT: ""}.get(column.kind)
    return "" if places is None else _NUMBER.format(places=places)


def _contents(file: Any, formats: _Formats, book: Book, every: Sequence[Sheet]) -> None:
    """The first sheet: a line and a link for each of the others."""
    page = file.add_worksheet("Contents")
    page.hide_gridlines(2)
    for at, width in enumerate((26, 90, 12)):
        page.set_column(at, at, width)
    page.write_string(0, 0, f"{book.company.company} · S&OP cycle {book.cycle} · {book.status}", formats.title)
    page.write_string(1, 0, _NOTE, formats.quiet)
    for at, heading in enumerate(("Sheet", "What it holds", "Rows")):
        page.write_string(3, at, heading, formats.head)
    for line, sheet in enumerate(every, start=4):
        page.write_url(line, 0, f"internal:'{sheet.name}'!A1", formats.text, sheet.name)
        page.write_string(line, 1, f"{sheet.table.meaning} ({sheet.table.grain})", formats.text)
        page.write_number(line, 2, sheet.rows.num_rows, formats.text)
    page.freeze_panes(4, 0)


def _write(file: Any, formats: _Formats, sheet: Sheet) -> None:
    page, table = file.add_worksheet(sheet.name), sheet.table
    rows = min(sheet.rows.num_rows, MOST_ROWS)
    for at, column in enumerate(table.columns):
        page.write_string(0, at, column.name, formats.head)
        meaning = f"{column.meaning}{f' ({column.unit})' if column.unit else ''}"
        page.write_comment(0, at, meaning, {"x_scale": 1.6, "author": ""})
        values = sheet.rows.column(column.name).slice(0, rows).to_pylist()
        page.set_column(at, at, _width(column, values), formats.of(column))
        _write_column(page, at, column, values, formats.of(column))
    for at, (heading, told) in enumerate(sheet.words.items(), start=len(table.columns)):
        _write_words(page, at, heading, told[:rows], formats)
    page.freeze_panes(1, len([name for name in table.key if name in table.names[: len(table.key)]]))
    last = len(table.columns) + len(sheet.words) - 1
    page.autofilter(0, 0, max(rows, 1), last)
    end = f"${_letters(last)}${max(rows, 1) + 1}"
    file.define_name(table.name, f"='{sheet.name}'!$A$1:{end}")


def _write_column(page: Any, at: int, column: Column, values: list[Any], look: Any) -> None:
    for line, value in enumerate(values, start=1):
        if value is None:
            continue
        if column.kind is Kind.TEXT:
            page.write_string(line, at, value[:LONGEST_TEXT], look)
        elif column.kind in (Kind.DATE, Kind.MONTH):
            page.write_datetime(line, at, value, look)
        elif column.kind is Kind.FLAG:
            page.write_boolean(line, at, value, look)
        else:
            page.write_number(line, at, float(value), look)


def _write_words(page: Any, at: int, heading: str, told: Sequence[str], formats: _Formats) -> None:
    """A column that tells the row's facts in words, beside the table's own."""
    page.write_string(0, at, heading, formats.head)
    page.set_column(at, at, min(60.0, max(len(heading), *map(len, told), 10) + 2.0), formats.text)
    for line, words in enumerate(told, start=1):
        if words:
            page.write_string(line, at, words[:LONGEST_TEXT], formats.text)


def _width(column: Column, values: list[Any]) -> float:
    longest = max((len(value) for value in values[:2000] if isinstance(value, str)), default=10)
    return min(60.0, max(len(column.name) + 3.0, longest + 2.0 if column.kind is Kind.TEXT else 12.0))


def _letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
