"""The archive page, ``packs/index.html``: every cycle and release with its status and files, written after each.

It is made of pointers, manifests and the folders that are there, so it needs no table and can be made at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.language.releases import approval_words, status_words
from sop_pipeline.packs.media.archive import Held, archive_page
from sop_pipeline.pointers import write_atomically
from sop_pipeline.releases import PlanName

_SHOWN = (".html", ".pdf", ".xlsx")


def write_archive(folder: CompanyFolder) -> Path:
    """Write the page and return it."""
    path = folder.path / "packs" / "index.html"
    write_atomically(path, archive_page(folder.settings.company, list(_held(folder))))
    return path


def _held(folder: CompanyFolder) -> Iterator[Held]:
    """Every plan there is, newest first: of a cycle its draft, where it says something else than its newest release."""
    pointers = folder.pointers
    for cycle in sorted({*pointers.cycles(), *pointers.releases.cycles()}, reverse=True):
        names = list(reversed(pointers.releases.names(cycle)))
        if not names or not _is_released(folder, cycle, names[0]):
            yield _draft(folder, cycle)
        for release in names:
            yield _release(folder, PlanName(cycle, release))


def _is_released(folder: CompanyFolder, cycle: Cycle, release: str) -> bool:
    try:
        released = folder.pointers.releases.manifest(cycle, release)["content"]
        return not folder.pointers.pointer(cycle) or bool(released == folder.pointers.content(cycle))
    except BadInput:
        return False


def _draft(folder: CompanyFolder, cycle: Cycle) -> Held:
    try:
        run = str(folder.pointers.pointer(cycle).get("run", ""))[:8]
        older = "its packs are older than its tables" if folder.pointers.packs_are_older(cycle) else ""
    except BadInput as fault:
        return Held(str(cycle), status_words(None), "", f"damaged: {fault}", ())
    return Held(str(cycle), status_words(None), f"run {run}", older, _files(folder, PlanName(cycle)))


def _release(folder: CompanyFolder, plan: PlanName) -> Held:
    status = status_words(plan.release)
    try:
        told = approval_words(folder.pointers.releases.manifest(plan.cycle, str(plan.release)))
    except BadInput as fault:
        return Held(str(plan.cycle), status, str(plan), f"damaged: {fault}", _files(folder, plan))
    return Held(str(plan.cycle), status, str(plan), told, _files(folder, plan))


def _files(folder: CompanyFolder, plan: PlanName) -> tuple[tuple[str, str], ...]:
    """Documents and workbook of a plan: what each is called, and its path from the page."""
    place = folder.packs(plan)
    found = sorted(path for path in place.glob("*") if path.suffix in _SHOWN)
    ending = f"-{plan.cycle}"
    return tuple((path.stem.removesuffix(ending).replace("-", " "), f"{place.name}/{path.name}") for path in found)
