"""Opens a workbook and one of its sheets: the one named, or the only one that can be meant.

A hidden sheet, a chart sheet and a damaged one are never taken in silence. Not here: what the cells say
(``excel_file``).
"""

from __future__ import annotations

import difflib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.excel_formulas import uncalculated_formulas

Workbooks = dict[Path, Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows as values, what to note, and by row number the positions of formulas that have no result.

    ``others`` has the row of column names of each visible sheet that could have been meant, too.
    """

    name: str
    rows: list[tuple[Any, ...]]
    note: str
    uncalculated: dict[int, list[int]]
    others: dict[str, tuple[Any, ...]]


def open_sheet(path: Path, source: Source, where: str, opened: Workbooks) -> Sheet:
    """Return the sheet ``source`` names, or the first visible one; BadInput when there is none or it is damaged."""
    import openpyxl

    with _damage_told(where):
        if path not in opened:
            opened[path] = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        book = opened[path]
    name, note = _choose(book, source.sheet, where)
    with _damage_told(f"{where}, sheet {name}"):
        sheet = book[name]
        sheet.reset_dimensions()
        rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    others = {} if source.sheet else _others(book, name, source.header_row)
    return Sheet(name, rows, note, uncalculated_formulas(path, name), others)


def _others(book: Any, chosen: str, header_row: int) -> dict[str, tuple[Any, ...]]:
    """The header row of every other visible sheet; a damaged one, which nobody asked for, has none."""
    found: dict[str, tuple[Any, ...]] = {}
    for sheet in book.worksheets:
        if sheet.title == chosen or sheet.sheet_state != "visible":
            continue
        with suppress(BadInput), _damage_told(sheet.title):
            sheet.reset_dimensions()
            rows = sheet.iter_rows(min_row=header_row, max_row=header_row, values_only=True)
            found[sheet.title] = next(iter(rows), ())
    return found


@contextmanager
def _damage_told(where: str) -> Iterator[None]:
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, EOFError)
    try:
        yield
    except (*broken, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError) as error:
        raise BadInput(
            found="a file that is no Excel workbook, a damaged one or one with a password",
            needed="an .xlsx workbook that opens without a password",
            where=where,
            mend="Open it in a spreadsheet program and save it as .xlsx, or as CSV.",
        ) from error


def _choose(book: Any, wanted: str | None, where: str) -> tuple[str, str]:
    """Return the sheet's name and the note: what was taken, and what was passed over."""
    sheets = {sheet.title: sheet.sheet_state for sheet in book.worksheets}
    charts = [name for name in book.sheetnames if name not in sheets]
    if wanted is not None:
        return _named(sheets, charts, wanted, where), f"sheet {wanted}"
    visible = [name for name, state in sheets.items() if state == "visible"]
    if not visible:
        raise BadInput(
            found=f"no visible sheet with cells (hidden: {', '.join(sheets) or 'none'})",
            needed="a sheet of cells",
            where=where,
            mend="Say which is meant in sop.yaml: sheet: NAME.",
        )
    before = book.sheetnames[: book.sheetnames.index(visible[0])]
    passed = ", ".join(f"{'chart' if name in charts else 'hidden'} sheet {name}" for name in before)
    others = f" of {len(visible)}" if len(visible) > 1 else ""
    return visible[0], f"sheet {visible[0]}{others}" + (f" ({passed} passed over)" if passed else "")


def _named(sheets: dict[str, str], charts: list[str], wanted: str, where: str) -> str:
    if wanted in sheets:
        return wanted
    near = difflib.get_close_matches(wanted, list(sheets), n=1)
    shown = f"chart sheet {wanted}" if wanted in charts else f"sheets {', '.join(sheets)}"
    raise BadInput(
        found=shown,
        needed=f"sheet {wanted}" if wanted not in charts else "a sheet of cells",
        where=where,
        mend=f"Did you mean {near[0]}?" if near else "Set sheet to one of those found.",
    )
