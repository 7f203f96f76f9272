"""What columns a source file has, and what kind of values: from its first rows, so that a long file costs no more."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import Snapshot
from sop_pipeline.reading.cells.numbers import GROUP_MARKS
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.room_settings import IngestSettings

Kind = Literal["number", "date", "text", "blank"]
_HEAD = 256 * 1024
_ROWS = 2000
_NUMBER = re.compile(rf"^[-+(]?[\d.,{GROUP_MARKS}]*\d[\d.,]*[)%-]?$")
_DATE = re.compile(r"^\d{1,4}[-./]\d{1,2}([-./]\d{1,4})?([ T]\d.*)?$")


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file: the table it feeds, its place among the table's sources, heading to kind, in order."""

    table: str
    source: int
    file: str
    columns: dict[str, Kind]


def columns_of(taken: Snapshot, company: IngestSettings) -> Iterator[FileColumns]:
    """Return the columns of every file of a snapshot; a file that cannot be read is left to those who tell of it."""
    with Reader.open() as reader, tempfile.TemporaryDirectory() as aside:
        for file in taken.files:
            source = company.sources[file.table][file.source]
            plain = source.model_copy(update={"wide": None, "measures": {}, "skip_rows": {}})
            try:
                raw = reader.cells(_head(taken.path(file), plain, Path(aside)), file.table, plain, file.name)
            except BadInput:
                continue
            cells = raw.cells.slice(0, _ROWS)
            kinds = {
                heading: _kind(cells.column(f"c{place}").to_pylist()) for place, heading in enumerate(raw.headings)
            }
            yield FileColumns(file.table, file.source, file.name, kinds)


def _head(path: Path, source: Source, aside: Path) -> Path:
    """The beginning of a text file up to the end of a line; any other file as it is."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt") or path.stat().st_size <= _HEAD:
        return path
    with path.open("rb") as file:
        start = file.read(_HEAD)
    head = aside / path.name
    head.write_bytes(start[: start.rfind(b"\n") + 1])
    return head


def _kind(values: Iterable[str | None]) -> Kind:
    """What nine of ten filled cells are."""
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return "blank"
    for kind, pattern in (("date", _DATE), ("number", _NUMBER)):
        if sum(bool(pattern.match(value)) for value in filled) >= 0.9 * len(filled):
            return "date" if kind == "date" else "number"
    return "text"
