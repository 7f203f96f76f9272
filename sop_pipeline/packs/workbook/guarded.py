"""Sheets that planners type into: what is locked is remembered as it is written, what may be typed into is marked.

They are protected without a password, which keeps slips of the hand away; ``inputs`` compares every locked cell when
the book comes back. Not here: what may be typed (``input_lines``, ``input_sheets``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sop_pipeline.inputs.form import RECORD, Form, Identity, label, rows_of, told
from sop_pipeline.packs.workbook.formats import Formats
from sop_pipeline.packs.workbook.names import letters

LISTS = "_lists"
"""The hidden sheet of names that cells offer."""
_ALLOWED = {
    **dict.fromkeys(("format_cells", "format_columns", "format_rows", "autofilter"), True),
    **dict.fromkeys(("select_locked_cells", "select_unlocked_cells"), True),
}


class GuardedPage:
    """A sheet that remembers its cells; anything else is the sheet's own."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.cells: dict[int, dict[str, str]] = {}
        page.protect("", _ALLOWED)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def write_string(self, row: int, column: int, text: str, look: Any = None) -> None:
        """Write a text."""
        self._page.write_string(row, column, text, look)
        if text:
            self._keep(row, column, label(text))

    def write_number(self, row: int, column: int, number: float, look: Any = None) -> None:
        """Write a number."""
        self._page.write_number(row, column, number, look)
        self._keep(row, column, told(float(number)))

    def write_datetime(self, row: int, column: int, day: date, look: Any = None) -> None:
        """Write a day."""
        self._page.write_datetime(row, column, day, look)
        self._keep(row, column, told(day))

    def write_formula(self, row: int, column: int, formula: str, look: Any, value: Any) -> None:
        """Write a formula with the value it comes to."""
        self._page.write_formula(row, column, formula, look, value)
        self._keep(row, column, told(formula))

    def write_marked(self, row: int, column: int, look: Any, text: str = "") -> str:
        """Write a cell that may be typed into, with what stands in it at first; returns its address."""
        if text:
            self._page.write_string(row, column, text, look)
        else:
            self._page.write_blank(row, column, None, look)
        return address(row, column)

    def _keep(self, row: int, column: int, text: str) -> None:
        self.cells.setdefault(row, {})[address(row, column)] = text


class GuardedFile:
    """A workbook file whose sheets are guarded, and the forms that were written into them."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._pages: dict[str, GuardedPage] = {}
        self.forms: list[Form] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def add_worksheet(self, name: str) -> GuardedPage:
        """Add a guarded sheet."""
        self._pages[name] = GuardedPage(self._file.add_worksheet(name))
        return self._pages[name]

    def write_record(self, identity: Identity, formats: Formats) -> None:
        """Add the hidden sheet that says whose the book is, what is locked, and where may be typed."""
        page = self._file.add_worksheet(RECORD)
        for line, row in enumerate(rows_of(identity, self._locked(), self.forms)):
            for at, text in enumerate(row):
                page.write_string(line, at, text, formats.text)
        page.very_hidden()

    def _locked(self) -> Iterator[tuple[str, dict[str, str]]]:
        for name, page in self._pages.items():
            for row in sorted(page.cells):
                yield name, page.cells[row]


def address(row: int, column: int) -> str:
    """A cell's address; row and column count from 0."""
    return f"{letters(column)}{row + 1}"
