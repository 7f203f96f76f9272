"""What was taken of planners' books, as it was taken: one file an entry, written once, never changed.

``lake/entries/2026-11/0001.json``: line, cell and book, what it says, by whom and why, and the day it was first read. A
line that says something else, or nothing any more, is one more file; the last one of a line and owner stands. Copies of
the books lie beside them. Not here: what an entry changes in a plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.pointers import write_atomically
from sop_pipeline.records import Record, add_record, records_in

Line = tuple[str, str]
"""What an entry is the same by when it is said again: its slot and its owner."""


@dataclass(frozen=True)
class EntryLog:
    """The entries of one lake."""

    root: Path

    def of(self, cycle: Cycle) -> list[Record]:
        """Every record of a cycle, in the order it was read; those on demand count in their own cycle alone."""
        return records_in(self.root / "entries" / cycle.name, "an entry", _judge)

    def carried(self, cycle: Cycle) -> list[Record]:
        """What earlier cycles' books said that holds in later ones, too: the assumptions that stand, oldest first."""
        folders = sorted(path.name for path in (self.root / "entries").glob("????-??") if path.name < cycle.name)
        found = [record for name in folders for record in standing(self.of(Cycle.parse(name))).values()]
        return [record for record in found if record["kind"] == "assumption"]

    def add(self, cycle: Cycle, record: Record) -> Record:
        """Write one more record of a cycle under the next number and return it."""
        return add_record(self.root / "entries" / cycle.name, cycle, len(self.of(cycle)) + 1, record)

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


def _judge(record: Record) -> None:
    _ = (line_of(record), record["says"], record["late"], record["recorded_on"])
