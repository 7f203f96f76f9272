"""Reads one sheet of an Excel workbook: values as Excel last calculated them, each as text.

Not here: old ``.xls`` files, which are refused with the way out.
"""

from __future__ import annotations

import difflib
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.readers.raw import Raw, cells_table, unique_headings

Workbooks = dict[Path, Any]


def read_excel(path: Path, source: Source, where: str, opened: Workbooks) -> Raw:
    """Return the sheet's cells as text; BadInput when it is no workbook, or the sheet or its header is missing.

    Several tables may stand in one workbook: ``opened`` keeps it for the next.
    """
    sheet, rows = _sheet_rows(path, source, where, opened)
    header = _header(rows, source.header_row, f"{where}, sheet {sheet}")
    headings, repeated = unique_headings(header)
    width = len(header)
    mark = source.decimal or "."
    numbers: list[int] = []
    good: list[list[str | None]] = []
    for number, row in enumerate(rows[source.header_row :], start=source.header_row + 1):
        cells = [as_text(value, mark) for value in row[:width]]
        cells.extend([None] * (width - len(cells)))
        if any(cell is not None for cell in cells):
            numbers.append(number)
            good.append(cells)
    columns = [pa.array([row[position] for row in good], pa.string()) for position in range(width)]
    return Raw(headings, repeated, cells_table(numbers, columns), notes=(f"sheet {sheet}",))


def _sheet_rows(path: Path, source: Source, where: str, opened: Workbooks) -> tuple[str, list[tuple[Any, ...]]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if path not in opened:
            opened[path] = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        book = opened[path]
        name = _sheet_name(book.sheetnames, source.sheet, where)
        sheet = book[name]
        sheet.reset_dimensions()
        return name, [tuple(row) for row in sheet.iter_rows(values_only=True)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise BadInput(
            found="a file that is no Excel workbook, a damaged one or one with a password",
            needed="an .xlsx workbook that opens without a password",
            where=where,
            mend="Open it in a spreadsheet program and save it as .xlsx, or as CSV.",
        ) from error


def _sheet_name(names: list[str], wanted: str | None, where: str) -> str:
    if wanted is None:
        return names[0]
    if wanted in names:
        return wanted
    near = difflib.get_close_matches(wanted, names, n=1)
    raise BadInput(
        found=f"sheets {', '.join(names)}",
        needed=f"sheet {wanted}",
        where=where,
        mend=f"Did you mean {near[0]}?" if near else "Set sheet to one of those found.",
    )


def _header(rows: list[tuple[Any, ...]], header_row: int, where: str) -> list[str]:
    header = [as_text(value, ".") or "" for value in rows[header_row - 1]] if len(rows) >= header_row else []
    while header and not header[-1].strip():
        header.pop()
    if not header:
        raise BadInput(
            found=f"no column names in row {header_row}",
            needed="a header row",
            where=where,
            mend="Set header_row to the row the column names stand in.",
        )
    return header


def as_text(value: Any, mark: str) -> str | None:
    """Write a typed cell the way a text file would have it; whole numbers without a decimal mark."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)).replace(".", mark)
    return str(value) if str(value).strip() else None
