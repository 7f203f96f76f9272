"""The state of a cycle on a day: its inputs, its reviews, its run, its release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.due import start_of
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import read_snapshot
from sop_pipeline.ingest.watch import hashes
from sop_pipeline.lake import Lake
from sop_pipeline.meeting import meeting_day

MONTHLY = ("sales", "production", "inventory", "orders")
"""Inputs that have something new every month, so that they are waited for whether a review says so or not."""
State = Literal["in", "as_before", "missing", "asked"]
"""In; the files say what they said in the cycle before; a file is not there; a query, which the run asks."""


@dataclass(frozen=True)
class Input:
    """An input of the cycle: by when it has to be in, for which review, who is asked, and how it stands."""

    table: str
    due: date
    review: str
    owner: str
    state: State
    found: str = ""

    def is_late(self, today: date) -> bool:
        """Whether its day is past and it is not in."""
        return self.state in ("as_before", "missing") and today > self.due


@dataclass(frozen=True)
class Meeting:
    """A review: its day, whose it is, the inputs it waits for."""

    name: str
    due: date
    owner: str
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """Where a cycle stands on a day."""

    company: str
    cycle: Cycle
    today: date
    start: date
    is_published: bool
    release: str | None
    inputs: tuple[Input, ...]
    meetings: tuple[Meeting, ...]

    @property
    def late(self) -> tuple[Input, ...]:
        """The inputs that are late."""
        return tuple(each for each in self.inputs if each.is_late(self.today))

    @property
    def is_late(self) -> bool:
        """Whether the cycle's own day is past and nothing of it is published."""
        return self.today > self.start and not self.is_published


def status(folder: CompanyFolder, cycle: Cycle, today: date) -> Status:
    """Return where a cycle stands on a day; BadInput for settings that cannot be read."""
    company, lake = folder.settings, folder.lake
    published = bool(lake.pointer(cycle))
    return Status(
        company=company.company,
        cycle=cycle,
        today=today,
        start=start_of(cycle, company),
        is_published=published,
        release=lake.releases.newest(cycle),
        inputs=tuple(_inputs(folder, company, cycle, published)),
        meetings=tuple(_meetings(company, cycle)),
    )


def _meetings(company: Company, cycle: Cycle) -> Iterator[Meeting]:
    """The reviews in order of their days, the executives' meeting last where no review is it."""
    days = company.working_days
    named = [
        Meeting(each.name, days.nth(cycle.month, each.working_day), each.owner, tuple(each.waits_for))
        for each in company.reviews
    ]
    meeting = meeting_day(company, cycle)
    last = [] if any(each.due >= meeting for each in named) else [Meeting("Executive meeting", meeting, "", ())]
    yield from sorted([*named, *last], key=lambda each: each.due)


def _inputs(folder: CompanyFolder, company: Company, cycle: Cycle, published: bool) -> Iterator[Input]:
    before = _before(folder.lake, cycle)
    for table, due, review, owner in _awaited(company, cycle):
        if published:
            yield Input(table, due, review, owner, "in")
        else:
            yield Input(table, due, review, owner, *_state(folder, company, table, before.get(table, [])))


def _awaited(company: Company, cycle: Cycle) -> Iterator[tuple[str, date, str, str]]:
    """Every input that is waited for, with the earliest day and whose that is."""
    first: dict[str, tuple[str, date, str, str]] = {}
    for each in _meetings(company, cycle):
        for table in each.waits_for:
            first.setdefault(table, (table, each.due, each.name, each.owner))
    start = start_of(cycle, company)
    for table in MONTHLY:
        if company.sources.get(table):
            first.setdefault(table, (table, start, "the run", ""))
    yield from sorted(first.values(), key=lambda each: (each[1], each[0]))


def _state(folder: CompanyFolder, company: Company, table: str, before: list[str]) -> tuple[State, str]:
    """How an input stands, and what was found where that is not in."""
    sources = company.sources.get(table, [])
    if not sources:
        return "missing", f"no source of {table} in sop.yaml"
    if not any(source.path for source in sources):
        return "asked", ""
    try:
        now = sorted(hashes(company, folder.path, table))
    except BadInput as fault:
        return "missing", str(fault)
    return ("as_before", ", ".join(str(each.path) for each in sources)) if now == before else ("in", "")


def _before(lake: Lake, cycle: Cycle) -> dict[str, list[str]]:
    """What the files of each table said in the newest cycle before that took any."""
    for earlier in reversed([each for each in lake.cycles() if each < cycle]):
        try:
            taken = read_snapshot(lake, earlier)
        except BadInput:
            continue
        tables = {file.table for file in taken.files}
        return {table: sorted(file.sha256 for file in taken.of(table)) for table in tables}
    return {}
