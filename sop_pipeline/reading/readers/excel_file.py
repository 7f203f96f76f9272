"""Reads one sheet of an Excel workbook: values as Excel last calculated them, each as text.

What Excel keeps apart is kept apart: real numbers from numbers typed as text, a formula never calculated from a blank.
Not here: which sheet (``excel_sheet``), and old ``.xls`` files, which are refused with the way out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.excel_sheet import Workbooks, open_sheet
from sop_pipeline.reading.readers.names import plain
from sop_pipeline.reading.readers.raw import (
    UNCALCULATED,
    Extent,
    Fault,
    Raw,
    cells_table,
    unique_headings,
    without_mark,
)

_Row = tuple[Any, ...]
_SAME_COLUMNS, _SAME_SHARE = 2, 0.8
"""Headings, and their share of all, that two sheets of the same kind have in common."""


def read_excel(path: Path, source: Source, where: str, opened: Workbooks) -> Raw:
    """Return the sheet's cells as text; BadInput when it is no workbook, or the sheet or its header is missing.

    Several tables may stand in one workbook: ``opened`` keeps it for the next. Rows with cells beyond the last heading
    are handed over as faults; a formula that was never calculated reads ``UNCALCULATED``.
    """
    sheet = open_sheet(path, source, where, opened)
    header = _header(sheet.rows, source.header_row, f"{where}, sheet {sheet.name}")
    headings, repeated = unique_headings(header)
    width = len(header)
    numbers: list[int] = []
    good: list[_Row] = []
    faults: list[Fault] = []
    blank = 0
    for number, values in enumerate(sheet.rows[source.header_row :], start=source.header_row + 1):
        row = _with_formulas(values, sheet.uncalculated.get(number, ()))
        if all(_is_blank(value) for value in row):
            blank += 1
        elif any(not _is_blank(value) for value in row[width:]):
            faults.append(_beyond(number, row, headings))
        else:
            numbers.append(number)
            good.append((*row[:width], *(None,) * (width - len(row))))
    columns = [[row[position] for row in good] for position in range(width)]
    typed = frozenset(position for position, values in enumerate(columns) if not _has_written_numbers(values))
    texts = [_column(values, position in typed) for position, values in enumerate(columns)]
    records = len(sheet.rows)
    extent = Extent(records, records, source.header_row, blank)
    others = {name: tuple(as_text(value) or "" for value in row) for name, row in sheet.others.items()}
    return Raw(
        headings,
        repeated,
        cells_table(numbers, texts),
        extent,
        tuple(faults),
        (sheet.note,),
        typed=typed,
        others=others,
        remarks=tuple(_alike(header, others)),
    )


def _alike(header: Sequence[str], others: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the sheets that hold more of the same: their headings are those of the sheet read but for digits."""
    own = {_without_digits(heading) for heading in header if heading.strip()}
    shared = {name: len(own & {_without_digits(heading) for heading in row}) for name, row in others.items()}
    return [
        f"sheet {name} has the same columns and is not read; name each sheet in sop.yaml (sheet: {name})"
        for name, count in shared.items()
        if count >= max(_SAME_COLUMNS, _SAME_SHARE * len(own))
    ]


def _without_digits(heading: str) -> str:
    return re.sub(r"\d", "0", plain(heading))


def _header(rows: Sequence[_Row], header_row: int, where: str) -> list[str]:
    header = [as_text(value) or "" for value in rows[header_row - 1]] if len(rows) >= header_row else []
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


def _with_formulas(row: _Row, positions: Sequence[int]) -> _Row:
    if not positions:
        return row
    padded = [*row, *(None,) * (max(positions) + 1 - len(row))]
    return tuple(UNCALCULATED if at in positions else value for at, value in enumerate(padded))


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _has_written_numbers(values: Sequence[Any]) -> bool:
    """Whether a column has text with digits and a mark: then a text cell's mark is not Excel's own."""
    return any(
        isinstance(value, str) and ("." in value or "," in value) and any(map(str.isdigit, value)) for value in values
    )


def _column(values: Sequence[Any], is_typed: bool) -> pa.ChunkedArray:
    if is_typed:
        return pa.chunked_array([pa.array([as_text(value) for value in values], pa.string())])
    numbers = [as_text(value) if isinstance(value, float) else None for value in values]
    texts = [None if isinstance(value, float) else as_text(value) for value in values]
    written = without_mark(pa.chunked_array([pa.array(numbers, pa.string())]))
    return pc.coalesce(pa.chunked_array([pa.array(texts, pa.string())]), written)


def _beyond(number: int, row: _Row, headings: tuple[str, ...]) -> Fault:
    return Fault(
        number,
        None,
        next(as_text(value) for value in row[len(headings) :] if not _is_blank(value)),
        "The row has cells beyond the last heading; give their column a heading, or clear them.",
        _content(row, headings),
    )


def _content(row: _Row, headings: tuple[str, ...]) -> dict[str, str | None]:
    content = {heading: as_text(value) for heading, value in zip(headings, row, strict=False)}
    beyond = [as_text(value) or "" for value in row[len(headings) :]]
    return {**content, "beyond the last column": " | ".join(beyond)} if any(beyond) else content


def as_text(value: Any) -> str | None:
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
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int) and abs(value) >= 10**15:
        return repr(float(value))
    return str(value) if str(value).strip() else None
