"""A file alone, for commands that need no company folder: read as a company's files are, and bearing no bad cell.

A company sets single rows aside and counts them; here the first fault is told with file, row and column, and nothing is
made. Not here: what the rows are for (``demand.analyst``, ``supply.folder``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.config import SingleFile
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells.cast import Cast, cast_file
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.tables import Table

_REASON = re.compile(r"(?:Needed|Blank; needed:) (?P<needed>.+?)(?:[;.] (?P<mend>.*))?\.?")


@dataclass(frozen=True)
class FileRows:
    """``rows``: row (its number in the file), covers (days it is about) and the table's columns that the file has.

    Numbers are floats. ``headings`` are our columns' names in the file.
    """

    rows: pa.Table
    headings: dict[str, str]


def read_cells(reader: Reader, path: Path, table: str, source: SingleFile) -> Raw:
    """Return a file's cells as text; raises BadInput."""
    if not path.is_file():
        raise BadInput(
            found="no such file", needed="a CSV, Excel or Parquet file", where=str(path), mend="Check the path."
        )
    with _in_words_of_options():
        raw = reader.cells(path, table, source, str(path))
    for fault in raw.faults[:1]:
        raise BadInput(
            found=f"{fault.value} ({_counted(len(raw.faults))})" if fault.column else _record(fault.content),
            needed=f"{len(raw.headings)} cells as in the header",
            where=f"{path}, row {fault.row}",
            mend=fault.reason,
        )
    extent = raw.extent
    gap = (
        (extent.records - extent.header - extent.blank - extent.skipped) * extent.columns
        - raw.rows
        - extent.cells_left_out
    )
    if gap:
        raise BadInput(
            found=f"{extent.records} records of which {abs(gap)} were not read",
            needed="a place for every record",
            where=str(path),
            mend="Export the file again, as Parquet or Excel where you can.",
        )
    return raw


def read_rows(reader: Reader, path: Path, raw: Raw, spec: Table, source: SingleFile) -> FileRows:
    """Return the cells in the table's types; raises BadInput at the first cell that breaks a rule of its column."""
    calendar = source.periods.calendar if source.periods else None
    with _in_words_of_options():
        cast = cast_file(reader.connection, spec, source, raw, str(path), calendar, as_floats=True)
        _refuse_misspelt(cast, spec, str(path))
        _refuse_broken(cast, str(path))
    names = [name for name in spec.names if name in cast.headings or name in source.constants]
    return FileRows(cast.rows.select(["row", "covers", *names]), cast.headings)


def _refuse_misspelt(cast: Cast, spec: Table, where: str) -> None:
    for name, our in cast.misspelt.items():
        raise BadInput(
            found=f"the column {name}",
            needed=f"columns of {spec.name}, or others that are like none of them",
            where=where,
            mend=f"Did you mean {our}? Columns of other names are left out.",
        )


def _refuse_broken(cast: Cast, where: str) -> None:
    bad = cast.rows.filter(pc.is_valid(cast.rows.column("broken")))
    if not bad.num_rows:
        return
    first = bad.slice(0, 1).to_pylist()[0]
    rule = cast.rules[first["broken"]]
    same = bad.column("broken").to_pylist().count(first["broken"])
    found = "nothing" if first["broken_value"] is None else repr(first["broken_value"])
    needed, mend = _parts(rule.reason)
    raise BadInput(
        found=found + (f" ({_counted(same)})" if same > 1 else ""),
        needed=needed,
        where=f"{where}, row {first['row']}, column {cast.headings.get(rule.column, rule.column)}",
        mend=mend,
    )


def _parts(reason: str) -> tuple[str, str]:
    """Split the sentence of a rule into what is needed and how to mend it."""
    match = _REASON.fullmatch(reason)
    if match is None:
        return "a value that its column allows", reason
    mend = match["mend"] or "correct the cell"
    return match["needed"], f"{mend[:1].upper()}{mend[1:].removesuffix('.')}."


def _counted(number: int) -> str:
    return f"{number} such row{'' if number == 1 else 's'}"


def _record(content: dict[str, str | None]) -> str:
    return ",".join(value or "" for value in content.values())


@contextmanager
def _in_words_of_options() -> Iterator[None]:
    """Faults name the settings of ``sop.yaml``; without one they are given with ``--read``."""
    try:
        yield
    except BadInput as error:
        mend = re.sub(r"Map it in sop\.yaml: .*$", "Rename it in the file.", error.mend)
        needed = error.needed.replace("sop.yaml maps", "was asked for as")
        raise BadInput(
            found=error.found, needed=needed, where=error.where, mend=mend.replace("in sop.yaml", "with --read")
        ) from error
