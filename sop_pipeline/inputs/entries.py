"""Which entries of the books of a cycle count: each once, those in time, until the cycle is released.

Not here: what typed cells mean (``meaning``), the records (``log``), the tables of a cycle (``ingest``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput, BadInputs
from sop_pipeline.inputs.book import TypedBook, read_book, told_at_most
from sop_pipeline.inputs.form import Kind
from sop_pipeline.inputs.log import EntryLog, Line, Record, line_of, standing
from sop_pipeline.inputs.meaning import Entry, entries_of
from sop_pipeline.room_settings import ReviewSettings


@dataclass(frozen=True)
class Known:
    """What an entry may be about: names of products by id, families."""

    products: Mapping[str, str] = field(default_factory=dict)
    families: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Understood:
    """A book of the company and cycle, its entries, and what of it nobody reads."""

    book: TypedBook
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """The file's name, which tells one book of a cycle from another."""
        return self.book.path.name


def deadline(kind: Kind, cycle: Cycle, company: ReviewSettings) -> date | None:
    """First day on which an entry is too late for the review it serves; None for decisions: until the release.

    That is the day after the last review that waits for the entry's table; without one, the day that files have.
    """
    if kind == "decision":
        return None
    table = "demand_inputs" if kind == "demand" else "assumptions"
    days = [review.working_day for review in company.reviews if table in review.waits_for]
    return company.working_days.nth(cycle.month, max(days)) + timedelta(days=1) if days else cycle.input_deadline


def understand(path: Path, company: str, cycle: Cycle | None, known: Known) -> Understood:
    """Read a book and say what was typed into it.

    BadInput for a book of another company or cycle (None: any), for every changed cell outside the marked ones, and for
    every entry that cannot be used.
    """
    book, faults = read_book(path)
    _refuse_foreign(book, company, cycle)
    entries, wrong = entries_of(book)
    about = [_resolved(entry, known, path) for entry in entries]
    faults = [*faults, *wrong, *(each for each in about if isinstance(each, BadInput))]
    if faults:
        raise BadInputs(told_at_most(faults)) if len(faults) > 1 else faults[0]
    return Understood(book, tuple(each for each in about if isinstance(each, Entry)))


def news(understood: Sequence[Understood], log: EntryLog, cycle: Cycle) -> list[tuple[Understood, Entry]]:
    """The entries that no record says already, each once, in the order of the books and their cells."""
    records = log.of(cycle)
    known = {line_of(record): record for record in records}
    found: dict[tuple[str, str], tuple[Understood, Entry]] = {}
    for each in understood:
        for entry in each.entries:
            other = found.get(entry.identifier)
            if other is not None and not _same(other[1], entry):
                raise _contradiction(other, (each, entry))
            found[entry.identifier] = (each, entry)
    _refuse_copies(understood, found, standing(records))
    return [
        (book, entry)
        for line, (book, entry) in found.items()
        if line not in known or not says_the_same(known[line], entry)
    ]


def withdrawn(understood: Sequence[Understood], log: EntryLog, cycle: Cycle) -> list[tuple[Understood, Record]]:
    """Records that the book that said them, as it was written, says no longer: their cells were cleared.

    A decision stays: it was taken, and another one takes its place.
    """
    said = {entry.identifier for each in understood for entry in each.entries}
    books = {(each.name, each.book.identity.fingerprint): each for each in understood}
    return [
        (books[place], record)
        for line, record in standing(log.of(cycle)).items()
        if line not in said and record["kind"] != "decision" and (place := (record["book"], record["written"])) in books
    ]


def record_of(book: Understood, entry: Entry, sha256: str, today: date, late: str | None) -> dict[str, Any]:
    """An entry as the log keeps it; ``late`` is what it came after."""
    return {
        "slot": entry.slot,
        "kind": entry.kind,
        "cell": entry.cell,
        "owner": entry.owner,
        "reason": entry.reason,
        "says": dict(entry.says),
        "book": book.name,
        "written": book.book.identity.fingerprint,
        "sha256": sha256,
        "recorded_on": today.isoformat(),
        "late": late,
    }


def late_for(last: date | None, today: date, released: str | None) -> str | None:
    """What an entry read ``today`` comes too late for, in words; None where it is in time."""
    if released:
        return f"the cycle is released as {released}"
    return f"input was due before {last}" if last is not None and today >= last else None


def says_the_same(record: Record, entry: Entry) -> bool:
    """Whether a record says what an entry does."""
    return record["says"] == dict(entry.says) and record["reason"] == entry.reason


def _refuse_copies(
    understood: Sequence[Understood], found: Mapping[Line, tuple[Understood, Entry]], stands: Mapping[Line, Record]
) -> None:
    """BadInput for a line that was cleared in the book that said it and that a copy says still: either may hold."""
    books = {(each.name, each.book.identity.fingerprint): each for each in understood}
    for line, (other, entry) in found.items():
        record = stands.get(line)
        first = books.get((record["book"], record["written"])) if record else None
        if first is not None and line not in {each.identifier for each in first.entries}:
            raise BadInput(
                found=f"{entry.meaning} ({entry.reason})",
                needed=f"nothing, as {first.name} has it, where {entry.owner} had said it and cleared it",
                where=f"{other.name}, {entry.cell}",
                mend="Keep the book that holds, and take the other one away.",
            )


def _same(one: Entry, other: Entry) -> bool:
    return (one.says, one.reason) == (other.says, other.reason)


def _contradiction(one: tuple[Understood, Entry], other: tuple[Understood, Entry]) -> BadInput:
    (first, entry), (second, again) = one, other
    return BadInput(
        found=f"{again.meaning} ({again.reason})",
        needed=f"what {first.name} says there: {entry.meaning} ({entry.reason})",
        where=f"{second.name}, {again.cell}",
        mend=f"{entry.owner} says two things in one line: keep the book that holds, and take the other one away.",
    )


def _refuse_foreign(book: TypedBook, company: str, cycle: Cycle | None) -> None:
    if book.identity.company != company:
        raise BadInput(
            found=f"a book of the company {book.identity.company}",
            needed=f"a book of {company}, whose folder this is",
            where=str(book.path),
            mend=f"Name the folder of {book.identity.company} with --company, or type into a workbook from the packs "
            f"of {company}; after a change of company in sop.yaml its packs are made again with sop pack.",
        )
    if cycle is not None and book.identity.cycle != cycle.name:
        raise BadInput(
            found=f"a book of cycle {book.identity.cycle}",
            needed=f"a book of cycle {cycle}",
            where=str(book.path),
            mend=f"Take it away, and type into the workbook of {cycle}: entries count in the cycle they were made for.",
        )


def _resolved(entry: Entry, known: Known, path: Path) -> Entry | BadInput:
    """The entry with the product or family that ``item`` names."""
    if "item" not in entry.says:
        return entry
    item = entry.says["item"]
    rest = {name: value for name, value in entry.says.items() if name != "item"}
    named = [key for key, name in known.products.items() if item.casefold() in (key.casefold(), name.casefold())]
    if item in known.products or len(named) == 1:
        return replace(entry, says={**rest, "product_id": item if item in known.products else named[0]})
    if item in known.families:
        return replace(entry, says={**rest, "family": item})
    names = [*known.products, *known.products.values(), *known.families]
    near = difflib.get_close_matches(item, names, n=1)
    return BadInput(
        found=repr(item) + (f", the name of {', '.join(sorted(named))}" if named else ""),
        needed="the identifier of a product, or the name of one product or of a family",
        where=f"{path.name}, {entry.cell}",
        mend=f"Did you mean {near[0]!r}?" if near and not named else "Correct the cell.",
    )


def too_late(understood: Understood, log: EntryLog, cycle: Cycle, late: Mapping[Kind, str | None]) -> list[Entry]:
    """The entries of a book that do not count for their day: read too late, or new and late now."""
    last = {line_of(record): record for record in log.of(cycle)}
    return [
        entry
        for entry in understood.entries
        if (
            last[entry.identifier]["late"]
            if entry.identifier in last and says_the_same(last[entry.identifier], entry)
            else late[entry.kind]
        )
    ]


def lines(understood: Understood, log: EntryLog, cycle: Cycle, late: Mapping[Kind, str | None]) -> Iterator[str]:
    """What was understood of a book, a line each: cell, meaning, owner, reason, and whether it is new."""
    records = log.of(cycle)
    last = {line_of(record): record for record in records}
    for entry in understood.entries:
        record = last.get(entry.identifier)
        if record is not None and says_the_same(record, entry):
            state = "came too late" if record["late"] else f"taken on {record['recorded_on']}"
        elif late[entry.kind]:
            state = f"new, and too late: {late[entry.kind]}"
        else:
            state = "new" if record is None else "new in place of " + _before(record)
        yield f"{entry.cell}: {entry.meaning} · {entry.owner}: {entry.reason} · {state}"
    yield from (f"note: {note}" for note in understood.book.notes)


def _before(record: Record) -> str:
    if record["says"] is None:
        return "nothing"
    says = dict(record["says"])
    return Entry(record["slot"], record["kind"], record["cell"], record["owner"], record["reason"], says).meaning
