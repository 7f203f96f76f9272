"""Takes what planners typed into the books of a cycle, before its files are read: each entry once.

The books lie in ``inputs/2026-11`` of the company's folder. What they say is recorded with the day it was first read;
the cycle then reads the records alone, so that a later run gives the same. Not here: reading a book (``inputs``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import Snapshot, snapshot
from sop_pipeline.inputs.book import books_in
from sop_pipeline.inputs.entries import (
    Known,
    Understood,
    deadline,
    late_for,
    lines,
    news,
    record_of,
    too_late,
    understand,
    withdrawn,
)
from sop_pipeline.inputs.form import Kind
from sop_pipeline.inputs.log import EntryLog, Record
from sop_pipeline.inputs.meaning import Entry
from sop_pipeline.lake import Lake
from sop_pipeline.language.names import plural
from sop_pipeline.steps.decide import Choice, record_decision

_KINDS: tuple[Kind, ...] = ("demand", "decision", "assumption")


@dataclass(frozen=True)
class Taken:
    """What one reading of a cycle's books recorded: entries that count, and notes on what does not."""

    records: tuple[Record, ...] = ()
    notes: tuple[str, ...] = ()


def take_sources(folder: CompanyFolder, cycle: Cycle, *, today: date | None = None) -> tuple[Snapshot, Taken]:
    """Take the cycle's books, then copy its source files: all that a run of the cycle reads."""
    taken = take_inputs(folder, cycle, today=today)
    return snapshot(folder.settings, folder.path, cycle, folder.lake), taken


def take_inputs(folder: CompanyFolder, cycle: Cycle, *, today: date | None = None) -> Taken:
    """Record what the books of a cycle say and no record says yet.

    BadInput for a book that is another company's or cycle's, or in which anything but a marked cell was changed, and
    for an entry that cannot be used; nothing is recorded then.
    """
    paths = books_of(folder, cycle)
    log, day = EntryLog(folder.lake.root), today or datetime.now(UTC).date()
    if not paths:
        return Taken()
    known = _known(folder.lake, cycle)
    books = [understand(path, folder.settings.company, cycle, known) for path in paths]
    late = lateness(folder, cycle, day)
    fresh = news(books, log, cycle)
    decisions = [(book, entry) for book, entry in fresh if entry.kind == "decision" and not late["decision"]]
    for book, entry in decisions:
        _decision(folder.lake, cycle, book, entry, record=False)  # refused before anything is recorded
    copies = {book.name: log.keep_book(cycle, book.book.path) for book in books}
    records, notes = [], [f"{book.name}: {note}" for book in books for note in book.book.notes]
    for book, entry in fresh:
        if (book, entry) in decisions:
            _decision(folder.lake, cycle, book, entry, record=True)
        record = log.add(cycle, record_of(book, entry, copies[book.name], day, late[entry.kind]))
        records.append(record)
        notes += _told_late(record, entry)
    for book, old in withdrawn(books, log, cycle):
        gone = {**old, "says": None, "recorded_on": day.isoformat(), "late": late[old["kind"]]}
        records.append(log.add(cycle, {**gone, "sha256": copies[book.name]}))
        how = "came too late and it counts still" if gone["late"] else "it counts no longer"
        notes.append(f"{book.name}, {old['cell']}: what {old['owner']} said there was cleared; {how}")
    return Taken(tuple(records), tuple(notes))


def books_of(folder: CompanyFolder, cycle: Cycle) -> list[Path]:
    """The books put into the folder of a cycle, by name."""
    return books_in(folder.path / folder.settings.inputs / cycle.name)


def lateness(folder: CompanyFolder, cycle: Cycle, today: date) -> dict[Kind, str | None]:
    """What an entry of each kind comes too late for on a day, in words."""
    released, settings = folder.lake.releases.newest(cycle), folder.settings
    return {kind: late_for(deadline(kind, cycle, settings), today, released) for kind in _KINDS}


def inputs_told(folder: CompanyFolder, path: Path, *, today: date | None = None) -> list[str]:
    """What a book says, a line an entry, and where it is put; nothing is taken. BadInput as in ``take_inputs``."""
    read = understand(path, folder.settings.company, None, _any_known(folder.lake))
    cycle = Cycle.parse(read.book.identity.cycle)
    known = _known(folder.lake, cycle)
    again = understand(path, folder.settings.company, cycle, known)
    for entry in again.entries:
        if entry.kind == "decision":
            _decision(folder.lake, cycle, again, entry, record=False)
    late = lateness(folder, cycle, today or datetime.now(UTC).date())
    place = folder.path / folder.settings.inputs / cycle.name
    there = path.resolve().parent == place.resolve()
    how = f"The next sop run --cycle {cycle} reads it." if there else f"Put it into {place}: sop run --cycle {cycle}."
    told = list(lines(again, EntryLog(folder.lake.root), cycle, late))
    closing = _closing(len(again.entries), len(too_late(again, EntryLog(folder.lake.root), cycle, late)), how)
    return [*told, f"{path.name}: book of {again.book.identity.company}, cycle {cycle}: {closing}"]


def _closing(entries: int, late: int, how: str) -> str:
    """How many entries there are, how many of them count, and what becomes of them."""
    count = plural(entries, "entry", "entries")
    if not entries:
        return "nothing is typed into its marked cells, so there is nothing to read."
    if late == entries:
        return (
            f"{count}, too late to count. A run notes {'it' if entries == 1 else 'them'} as late and plans as before."
        )
    return f"{count}{f', {late} of them too late to count' if late else ''}. {how}"


def _any_known(lake: Lake) -> Known:
    cycles = lake.cycles()
    return _known(lake, cycles[-1]) if cycles else Known()


def _known(lake: Lake, cycle: Cycle) -> Known:
    """Products and families of the published cycle, those to be launched too."""
    published = lake.published(cycle)
    if not published:
        raise lake.unpublished(cycle)
    lifecycle: pa.Table = published["product_lifecycle"]
    rows = tables.rows(lifecycle)
    families = {row["family"] for row in rows if row["family"]}
    return Known({row["product_id"]: row["product_name"] or row["product_id"] for row in rows}, frozenset(families))


def _decision(lake: Lake, cycle: Cycle, book: Understood, entry: Entry, *, record: bool) -> Any:
    """Record a decision as ``sop decide`` does, or only see whether it could; a fault names the cell."""
    choice = Choice(entry.says["option"], entry.owner, entry.reason, entry.cell)
    try:
        return record_decision(lake, cycle, entry.says["decision_id"], choice, only_try=not record)
    except BadInput as fault:
        where = f"{book.name}, {entry.cell}"
        raise BadInput(found=fault.found, needed=fault.needed, where=where, mend=fault.mend) from fault


def _told_late(record: Record, entry: Entry) -> Sequence[str]:
    if not record["late"]:
        return ()
    what = f"{record['book']}, {entry.cell}: {entry.meaning} ({entry.owner})"
    return (f"{what} came too late and does not count: {record['late']}",)
