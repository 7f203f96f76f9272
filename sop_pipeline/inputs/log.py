"""What was taken of planners' books, as it was taken: one file an entry, written once, never changed.

``lake/entries/2026-11/0001.json``: line, cell and book, what it says, by whom and why, and the day it was first read. A
line that says something else, or nothing any more, is one more file; the last one of a line and owner stands. Copies of
the books lie beside them. Not here: what an entry changes in a plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.pointers import write_atomically
from sop_pipeline.releases import write_once

Record = Mapping[str, Any]
Line = tuple[str, str]
"""What an entry is the same by when it is said again: its slot and its owner."""


@dataclass(frozen=True)
class EntryLog:
    """The entries of one lake."""

    root: Path

    def of(self, cycle: Cycle) -> list[Record]:
        """Every record of a cycle, in the order it was read; entries count in their own cycle alone."""
        return [_read(path) for path in sorted((self.root / "entries" / cycle.name).glob("[0-9]*.json"))]

    def add(self, cycle: Cycle, record: Record) -> Record:
        """Write one more record of a cycle under the next number and return it."""
        number = len(self.of(cycle)) + 1
        whole = {**record, "cycle": cycle.name, "number": number}
        text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        path = self.root / "entries" / cycle.name / f"{number:04d}.json"
        with telling(path):
            write_once(path, text.encode())
        return whole

    def keep_book(self, cycle: Cycle, book: Path) -> str:
        """Keep a copy of a book under the hash of its bytes, and return that."""
        with telling(book):
            content = book.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        copy = self.root / "entries" / cycle.name / "books" / digest[:16] / book.name
        if not copy.exists():
            write_atomically(copy, content)
        return digest


def line_of(record: Record) -> Line:
    """The line and owner of a record."""
    return record["slot"], record["owner"]


def standing(records: Sequence[Record]) -> dict[Line, Record]:
    """The record that stands for each line: the last one in time, unless it was withdrawn."""
    last = {line_of(record): record for record in records if not record["late"]}
    return {line: record for line, record in last.items() if record["says"] is not None}


def _read(path: Path) -> Record:
    try:
        with telling(path):
            record: Record = json.loads(path.read_text(encoding="utf-8"))
        _ = (line_of(record), record["says"], record["late"], record["recorded_on"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            found=f"what is no record of an entry ({error!r})",
            needed="the record as it was written",
            where=str(path),
            mend="Take it back from a backup.",
        ) from error
    return record
