"""What a run need not do: steps that an earlier run of the cycle has done with the same, known before it begins.

A step is taken over when its identity is known, which needs the content of all tables it reads, and something is kept
under it. One that rests on a step that must run is judged in its turn, by what that step made (``assets``).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import Snapshot
from sop_pipeline.lake import TablesAtHand
from sop_pipeline.past import Earlier
from sop_pipeline.quality import note_files, note_findings, source_findings
from sop_pipeline.steps.identity import identity
from sop_pipeline.steps.kept import Kept, has_kept
from sop_pipeline.steps.month import EARLIER, STEPS
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.take_inputs import take_sources
from sop_pipeline.validation import Finding


@dataclass(frozen=True)
class TakenOver:
    """Names of the steps that need not run, and of their tables; notes on what was typed into the cycle's books."""

    steps: tuple[str, ...] = ()
    tables: frozenset[str] = field(default_factory=frozenset)
    notes: tuple[str, ...] = ()


def take_over(folder: CompanyFolder, cycle: Cycle, run: str) -> TakenOver:
    """Note for a run every table that it would make as an earlier one did, and return what that spares it.

    The cycle's books are taken and the source files copied, as any run does. BadInput as in ``take_sources``.
    """
    lake, settings = folder.lake, folder.settings
    if not has_kept(lake, cycle):
        return TakenOver()
    lake.note_settings(cycle, run, settings.model_dump(mode="json"))
    earlier = Earlier(lake, lake.note_earlier(cycle, run, EARLIER))

    notes: list[str] = []

    @functools.cache
    def sources() -> Snapshot:
        copied, taken = take_sources(folder, cycle)
        notes.extend(taken.notes)
        note_files(folder, settings, cycle, run, copied)
        return copied

    steps: list[str] = []
    findings: list[Finding] = []
    hashes: dict[str, str] = {}
    for step in STEPS:
        if hashes.keys() >= set(step.reads):
            given = Given({}, settings, cycle, earlier, sources, hashes)
            made = Kept(lake, cycle, step.name).find(identity(step, given))
            if made:
                hashes |= {lake.take(entry, cycle, run).table: entry.content_sha256 for entry in made.entries.values()}
                steps.append(step.name)
                findings += made.findings
    made_of_files = [table for step in STEPS if step.reads_sources for table in step.outputs if table in hashes]
    at_hand = TablesAtHand({table: lake.at_hand(table, cycle, run) for table in made_of_files})
    told, volume = source_findings(folder, cycle, at_hand) if made_of_files else ([], [])
    note_findings(folder, cycle, run, [*told, *findings], volume)
    return TakenOver(tuple(steps), frozenset(hashes), tuple(notes))
