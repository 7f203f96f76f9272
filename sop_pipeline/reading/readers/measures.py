"""Workbooks with one sheet per measure: quantity on one, revenue on another, rows and columns alike.

Each sheet is read like a file of its own; rows of the others go to those of the first by everything but the measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.raw import Raw

_SHOWN = 3


def together(sheets: Mapping[str, Raw], where: str) -> Raw:
    """Return one ``Raw`` from those of each measure (our column to its wide sheet, melted under its name).

    Raises BadInput where a sheet has rows that the first lacks, or rows twice, for then a cell would have no place.
    """
    (first_name, first), *others = sheets.items()
    keys = _keys(first)
    _refuse_twice(keys, f"{where}, {first_name}")
    headings, cells = first.headings, first.cells
    for name, sheet in others:
        places = {key: place for place, key in enumerate(keys)}
        values: list[str | None] = [None] * len(keys)
        own = _keys(sheet)
        _refuse_twice(own, f"{where}, {name}")
        strangers = [key for key in own if key not in places]
        if strangers:
            raise BadInput(
                found=f"{len(strangers)} cells of {name} without one of {first_name}, such as "
                f"{' / '.join(part or 'blank' for part in strangers[0])}",
                needed="every cell on the sheet of the first measure too",
                where=where,
                mend="Name first under measures the sheet that has them all, or set wide.drop_zeros: false.",
            )
        measured = sheet.cells.column(f"c{len(sheet.headings) - 1}").cast(pa.string()).to_pylist()
        for key, value in zip(own, measured, strict=True):
            values[places[key]] = value
        at = cells.column_names.index("cell")
        cells = cells.add_column(at, f"c{len(headings)}", pa.chunked_array([pa.array(values, pa.string())]))
        headings = (*headings, name)
    notes = (*first.notes, *(note for _, sheet in others for note in sheet.notes if note not in first.notes))
    return replace(first, headings=headings, cells=cells, notes=notes, typed=frozenset())


def _keys(raw: Raw) -> list[tuple[str | None, ...]]:
    """Everything of each row but its measure."""
    columns = [raw.cells.column(f"c{place}").cast(pa.string()).to_pylist() for place in range(len(raw.headings) - 1)]
    return list(zip(*columns, strict=True))


def _refuse_twice(keys: list[tuple[str | None, ...]], where: str) -> None:
    seen: set[tuple[str | None, ...]] = set()
    for key in keys:
        if key in seen:
            raise BadInput(
                found=f"two rows of {' / '.join(part or 'blank' for part in key)}",
                needed="each once, for sheets to be put side by side",
                where=where,
                mend="Add the rows up in the workbook.",
            )
        seen.add(key)
