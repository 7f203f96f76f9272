"""Packs of a published cycle: what the meeting reads, made from the published tables alone."""

from __future__ import annotations

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.packs.build import Packs, build_packs
from sop_pipeline.pointers import content_of
from sop_pipeline.steps.month import BLOCKING_CHECKS
from sop_pipeline.writer import only_writer


def make_packs(folder: CompanyFolder, cycle: Cycle) -> Packs:
    """Make the packs of a published cycle into the company's folder, all from one pointer.

    A published cycle has passed every blocking check, or it would not be published.
    """
    with only_writer(folder.lake.root, cycle):
        return _make_packs(folder, cycle)


def _make_packs(folder: CompanyFolder, cycle: Cycle) -> Packs:
    lake = folder.lake
    published = lake.published(cycle)
    if not published:
        raise BadInput(
            found=f"no published cycle {cycle}",
            needed="one of " + (", ".join(map(str, lake.cycles())) or "the cycles you run"),
            where=str(lake.root),
            mend=f"Run it first: sop run --cycle {cycle}.",
        )
    packs = build_packs(
        published,
        folder.settings,
        cycle,
        status="draft",
        hashes=published.hashes,
        checks=(BLOCKING_CHECKS, BLOCKING_CHECKS),
        out=folder.packs(cycle),
    )
    lake.note_packs(cycle, content_of(published.hashes))
    return packs
