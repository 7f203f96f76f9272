"""What a reader hands over: cells as text, each with the row it stood in.

Every reader (CSV, Excel, Parquet) ends in a ``Raw``; everything after it is the same for all formats. Not here:
what the columns mean (``mapping``) or what kind of value a cell is (``cast``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Fault:
    """One source row that cannot be used: where, what was found, why, and the whole row as it stood."""

    row: int
    column: str | None
    value: str | None
    reason: str
    content: dict[str, str | None]


@dataclass(frozen=True)
class Extent:
    """How much a file holds: physical ``lines``, ``records``, and how many of these are ``header`` or ``blank``.

    ``skipped`` are the records that ``sop.yaml`` leaves out. The header counts with whatever stands above it. ``lines``
    are those of the text; other formats have one a record.
    Of a wide file ``columns`` are those turned to rows, and ``cells_left_out`` the blank or zero cells among them.
    """

    lines: int
    records: int
    header: int
    blank: int = 0
    skipped: int = 0
    columns: int = 1
    cells_left_out: int = 0


@dataclass(frozen=True)
class Raw:
    """A file's cells. ``cells`` has ``row`` (int64, the file's first row being 1) and ``c0``, ``c1``, ... (text).

    ``headings`` are unique: a repeated one carries ``.1``, ``.2`` as spreadsheets and data frames write it, and its
    position is in ``repeated``. ``delimiter`` is a CSV file's, else None. ``echoes``, of a wide file, are the melted
    headings that repeat another (heading to the one repeated). ``typed`` are the positions the file itself has as
    numbers: their text has a decimal point, whatever mark its other cells use. ``others`` are the headings of the
    visible sheets that were not asked for by name, and ``remarks`` are for a person to look at.
    """

    headings: tuple[str, ...]
    repeated: frozenset[int]
    cells: pa.Table
    extent: Extent
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    delimiter: str | None = None
    echoes: Mapping[str, str] = field(default_factory=dict)
    typed: frozenset[int] = frozenset()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Data rows in the file, those that could not be split included."""
        return self.cells.num_rows + len(self.faults)


# What stands in a cell whose formula has no result: no rule of any column takes it for a value.
UNCALCULATED = "formula without a result"
# What stands in a cell of a database's number column that is NaN: in a file that word is a blank, here it is a fault.
NOT_A_NUMBER = "NaN, not a number"

_SUFFIX = re.compile(r"[._]\d+$")


def unique_headings(header: Sequence[str]) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the headings made unique, and the positions of those that repeat an earlier one.

    A blank heading is called ``column N`` after its position.
    """
    names: list[str] = []
    repeated: set[int] = set()
    as_given = {text.strip() for text in header}
    seen: set[str] = set()
    for position, text in enumerate(header):
        name = text.strip() or f"column {position + 1}"
        if name in seen:
            repeated.add(position)
            number = 1
            while f"{name}.{number}" in as_given or f"{name}.{number}" in seen:
                number += 1
            name = f"{name}.{number}"
        seen.add(name)
        names.append(name)
    return tuple(names), frozenset(repeated)


def echoes(headings: Sequence[str], positions: Sequence[int]) -> dict[str, str]:
    """Return, of the headings at ``positions``, each that is another one plus ``.1`` or ``_1``: probably a repeat."""
    among = {headings[position] for position in positions}
    repeats = {}
    for name in sorted(among):
        base = _SUFFIX.sub("", name)
        if base != name and base in among:
            repeats[name] = base
    return repeats


def without_mark(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write numbers so that no decimal mark is needed, ``12.5`` as ``125e-1``: beside text they cannot be misread."""
    texts = cast("pa.StringArray", numbers.cast(pa.string()))
    places = pc.utf8_length(pc.replace_substring_regex(texts, r"^[^.]*\.", "")).cast(pa.string())
    # the stubs have no overload for columns and one separator
    scaled = pc.binary_join_element_wise(  # type: ignore[call-overload]
        pc.replace_substring(texts, ".", ""), places, "e-"
    )
    return pc.if_else(pc.match_substring_regex(texts, r"^-?\d+\.\d+$"), scaled, texts)


def cells_table(rows: Sequence[int], columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Put row numbers and text columns together under the names every later step uses."""
    names = ["row", *(f"c{position}" for position in range(len(columns)))]
    return pa.table([pa.array(rows, pa.int64()), *columns], names=names)
