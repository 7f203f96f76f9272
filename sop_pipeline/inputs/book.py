"""Reads a planner's book back: whose it is, whether anything but its marked cells was changed, and what was typed.

Not here: what the cells mean (``meaning``), whether they count (``entries``).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.inputs.form import FORMAT, RECORD, Form, Identity, Row, fingerprint, says

_SHOWN = 20
Cells = Mapping[str, Mapping[str, Any]]
"""Sheet: address: value."""


@dataclass(frozen=True)
class TypedBook:
    """A book as it came back: its forms with the ``values`` of their cells, and ``notes`` on what nobody reads.

    ``percentages`` are the cells a spreadsheet shows as percent: what reads 5% there is kept as 0.05.
    """

    path: Path
    identity: Identity
    forms: tuple[Form, ...]
    values: Cells
    notes: tuple[str, ...]
    percentages: Mapping[str, frozenset[str]]

    def is_percentage(self, form: Form, address: str) -> bool:
        """Whether a cell of a form is shown as percent."""
        return address in self.percentages.get(form.sheet, frozenset())

    def at(self, form: Form, address: str) -> Any:
        """What stands in a cell of a form."""
        return self.values.get(form.sheet, {}).get(address)


def read_book(path: Path) -> tuple[TypedBook, list[BadInput]]:
    """Read a book, and name every locked cell that was changed.

    Raises BadInput for a file that is no workbook of a planner, or whose hidden sheet was changed.
    """
    with telling(path):
        content = path.read_bytes()
    formulas, values = _opened(content, path, values=False), _opened(content, path, values=True)
    identity, locked, forms = _record(formulas, path)
    sheets = [sheet for sheet in locked if sheet in formulas.sheetnames]
    missing = [_gone(path, sheet) for sheet in locked if sheet not in formulas.sheetnames]
    written, shown = _cells(formulas, sheets), _cells(values, sheets)
    free = {sheet: {place for form in forms if form.sheet == sheet for place in form.addresses} for sheet in sheets}
    faults = [fault for sheet in sheets for fault in _changed(path, sheet, locked[sheet], written[sheet])]
    notes = [note for sheet in sheets for note in _beside(sheet, written[sheet], {*locked[sheet], *free[sheet]})]
    faults += [_unreckoned(path, *place) for place in _without_value(free, written, shown)]
    return TypedBook(path, identity, forms, shown, tuple(notes), _percentages(values, free)), [*missing, *faults]


def books_in(place: Path) -> list[Path]:
    """The books put into a folder, by name; what a spreadsheet program keeps beside an open one is none."""
    found = place.glob("*.xlsx")
    return sorted(path for path in found if path.is_file() and not path.name.startswith((".", "~$")))


def _opened(content: bytes, path: Path, *, values: bool) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadInput(
            found=f"what is no XLSX workbook ({error})",
            needed="the planner's workbook of a cycle, as .xlsx",
            where=str(path),
            mend="Save it as Excel workbook (.xlsx), not under another format's name.",
        ) from error


def _record(book: Any, path: Path) -> tuple[Identity, dict[str, dict[str, str]], tuple[Form, ...]]:
    """What the hidden sheet says: the book, its locked cells by sheet, its forms."""
    rows: list[Row] = []
    if RECORD in book.sheetnames:
        rows = [(str(a), str(b), str(c)) for a, b, c, *_ in book[RECORD].iter_rows(max_col=3, values_only=True) if a]
    if not rows or rows[0][0] != "book":
        raise BadInput(
            found="a workbook that sop did not write, or whose hidden sheet is gone",
            needed=f"a planner's workbook with its hidden sheet {RECORD}",
            where=str(path),
            mend="Start from workbook-YYYY-MM.xlsx in the packs of the cycle.",
        )
    identity = Identity(**json.loads(rows[0][2]))
    if identity.format != FORMAT or identity.fingerprint != fingerprint(rows[1:]):
        raise BadInput(
            found="a hidden sheet that was changed" if identity.format == FORMAT else f"format {identity.format}",
            needed=f"the sheet {RECORD} as it was written, in format {FORMAT}",
            where=str(path),
            mend="Copy what you typed into a fresh workbook of the cycle.",
        )
    locked: dict[str, dict[str, str]] = {}
    for what, sheet, text in rows[1:]:
        if what == "cells":
            locked.setdefault(sheet, {}).update(json.loads(text))
    forms = tuple(Form(**json.loads(text)) for what, _, text in rows[1:] if what == "form")
    return identity, locked, forms


def _cells(book: Any, sheets: list[str]) -> dict[str, dict[str, Any]]:
    """Every filled cell of the sheets by its address: its value, and of a formula its text with ``=``."""
    return {
        sheet: {cell.coordinate: cell.value for row in book[sheet].iter_rows() for cell in row if _filled(cell.value)}
        for sheet in sheets
    }


def _percentages(book: Any, free: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Cells that may be typed into whose number is shown as percent, by sheet."""
    return {
        sheet: frozenset(
            cell.coordinate
            for row in book[sheet].iter_rows()
            for cell in row
            if _filled(cell.value) and cell.coordinate in places and "%" in str(cell.number_format)
        )
        for sheet, places in free.items()
    }


def _filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _changed(path: Path, sheet: str, locked: Mapping[str, str], found: Mapping[str, Any]) -> Iterator[BadInput]:
    for place, expected in locked.items():
        value = found.get(place)
        is_formula = isinstance(value, str) and value.startswith("=") and not expected.startswith("'")
        if not says(expected, value, is_formula):
            what = "formula" if expected.startswith("=") else "cell"
            yield BadInput(
                found="nothing" if value is None else repr(value)[:80],
                needed=f"the {what} as it was written: {expected.lstrip(chr(39) + '#@?')[:80]}",
                where=f"{path.name}, {sheet}!{place}",
                mend="Take the change back, or type into the marked cells of a fresh workbook: others are not read.",
            )


def _beside(sheet: str, found: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    """What stands in cells that were empty and are not marked: notes of the planner's own."""
    for place, value in found.items():
        if place not in known:
            yield f"{sheet}!{place}: {str(value)[:60]!r} stands beside the marked cells and is not read"


def _without_value(free: Mapping[str, set[str]], written: Cells, shown: Cells) -> Iterator[tuple[str, str]]:
    """Formulas typed into marked cells of which the file has no result."""
    for sheet, places in free.items():
        for place in sorted(places):
            value = written[sheet].get(place)
            if isinstance(value, str) and value.startswith("=") and shown[sheet].get(place) is None:
                yield sheet, place


def _unreckoned(path: Path, sheet: str, place: str) -> BadInput:
    return BadInput(
        found="a formula without a result",
        needed="a number, or a formula that a spreadsheet program has reckoned",
        where=f"{path.name}, {sheet}!{place}",
        mend="Open the book in Excel or LibreOffice and save it.",
    )


def _gone(path: Path, sheet: str) -> BadInput:
    return BadInput(
        found="no such sheet",
        needed=f"the sheet {sheet} as it was written",
        where=f"{path.name}, {sheet}",
        mend="Start from a fresh workbook; sheets keep their names.",
    )


def told_at_most(faults: list[BadInput]) -> list[BadInput]:
    """The first faults, and how many there are beside them."""
    if len(faults) <= _SHOWN:
        return faults
    last = faults[_SHOWN - 1]
    more = f"{last.mend} And {len(faults) - _SHOWN} more."
    return [*faults[: _SHOWN - 1], BadInput(found=last.found, needed=last.needed, where=last.where, mend=more)]
