"""Packs of a planned cycle: what the meeting reads, made from the tables of one pointer or one release alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import keep
from sop_pipeline.errors import BadInput
from sop_pipeline.language.releases import approval_words, status_words
from sop_pipeline.made_once import keeping
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import Made, Packs, make_files, show
from sop_pipeline.packs.looks import files_of, read_looks
from sop_pipeline.pointers import content_of
from sop_pipeline.releases import PlanName
from sop_pipeline.steps.archive import write_archive
from sop_pipeline.steps.identity import digest
from sop_pipeline.steps.month import BLOCKING_CHECKS
from sop_pipeline.writer import only_writer


def make_packs(folder: CompanyFolder, plan: Cycle | PlanName, *, fresh: bool = False) -> Packs:
    """Make the packs of a published cycle, or of a release, into the company's folder.

    A published cycle has passed every blocking check, or it would not be published. Where it says what its newest
    release says, its packs are those of the release. Packs that are there already, made of the same by the same code,
    are left as they are, unless they are to be ``fresh``. A release gives the bytes it gave when it was released, or
    the note says that it does not, and with which versions it would.
    """
    name = PlanName(plan) if isinstance(plan, Cycle) else plan
    with only_writer(folder.lake.root, name.cycle):
        return _release_packs(folder, name) if name.release else _cycle_packs(folder, name.cycle, fresh)


def _cycle_packs(folder: CompanyFolder, cycle: Cycle, fresh: bool) -> Packs:
    lake = folder.lake
    published = lake.published(cycle)
    if not published:
        raise lake.unpublished(cycle)
    newest = lake.standing(cycle)
    release = newest.release if newest.hashes == published.hashes else None
    manifest = lake.releases.manifest(cycle, release) if release else None
    settings = folder.settings.model_dump(mode="json")
    made_of = {"hashes": published.hashes, "settings": settings, "cycle": cycle.name, "checks": BLOCKING_CHECKS}
    brand = Company.model_validate(manifest["settings"]).packs.brand if manifest else folder.settings.packs.brand
    looks = {name: sha256(data) for name, data in files_of(brand, folder.path).items()}
    known_as = digest({"packs": manifest or made_of, "looks": looks})
    shown = None if fresh else _shown_already(folder, cycle, known_as)
    if shown is not None:
        write_archive(folder)
        return Packs(shown)
    with keeping(lake.root, fresh=fresh):
        made = release_files(folder, manifest) if manifest else make_files(draft_book(folder, cycle))
    packs = Packs(show(made.files, folder.packs(cycle)), made.notes)
    lake.note_packs(cycle, content_of(published.hashes), **_made_as(known_as, made))
    write_archive(folder)
    return packs


def _made_as(known_as: str, made: Made) -> dict[str, Any]:
    """What is noted of whole packs; what could not be made may be possible the next time."""
    files = {name: sha256(data) for name, data in made.files.items()}
    return {} if made.notes else {"made_of": known_as, "files": files}


def _shown_already(folder: CompanyFolder, cycle: Cycle, known_as: str) -> list[Path] | None:
    """The files of packs that are there, if they were made of the same and have the bytes they had; else None."""
    noted, out = folder.lake.noted_packs(cycle), folder.packs(cycle)
    files: dict[str, str] = noted.get("files", {})
    there = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    if noted.get("made_of") != known_as or there != set(files):
        return None
    intact = all(sha256((out / name).read_bytes()) == bytes_hash for name, bytes_hash in files.items())
    return [out / name for name in files] if intact else None


def draft_book(folder: CompanyFolder, cycle: Cycle) -> Book:
    """What is published of a cycle, as pages read it; BadInput where nothing is."""
    published = folder.lake.published(cycle)
    if not published:
        raise folder.lake.unpublished(cycle)
    checks = (BLOCKING_CHECKS, BLOCKING_CHECKS)
    company = folder.settings
    looks = read_looks(company.packs.brand, folder.path)
    return Book(published, company, cycle, hashes=published.hashes, checks=checks, looks=looks)


def _release_packs(folder: CompanyFolder, name: PlanName) -> Packs:
    manifest = folder.lake.releases.manifest(name.cycle, str(name.release))
    made = release_files(folder, manifest)
    changed = sorted(file for file, data in made.files.items() if _other_bytes(manifest["packs"].get(file), data))
    if changed:
        versions = manifest["versions"]
        raise BadInput(
            found=f"other bytes for {', '.join(changed)}",
            needed="the files as they were released",
            where=str(folder.packs(name)),
            mend=f"They were made with sop-pipeline {versions['sop-pipeline']}, code {versions['code']}, and the "
            "libraries that the manifest names: make them with those.",
        )
    return Packs(show_for_good(made, folder.packs(name)), made.notes)


def _other_bytes(released: str | None, data: bytes) -> bool:
    """Whether a file that was released has other bytes now; a format that could not be made then has none."""
    return released is not None and released != sha256(data)


def show_for_good(made: Made, out: Path) -> list[Path]:
    """Put the files of a release in their place, read-only."""
    files = show(made.files, out)
    for path in files:
        keep(path)
    return files


def release_files(folder: CompanyFolder, manifest: Mapping[str, Any]) -> Made:
    """Make the files of a release from what its manifest names, with the settings it was planned with."""
    return make_files(release_book(folder, manifest))


def release_book(folder: CompanyFolder, manifest: Mapping[str, Any]) -> Book:
    """What a release says, as pages read it."""
    cycle = Cycle.parse(manifest["cycle"])
    tables = folder.lake.named(cycle, manifest["tables"])
    company = Company.model_validate(manifest["settings"])
    checks = tuple(manifest["checks"])
    status, approval = status_words(manifest["release"]), approval_words(manifest)
    looks, hashes = read_looks(company.packs.brand, folder.path), tables.hashes
    return Book(tables, company, cycle, status=status, hashes=hashes, checks=checks, approval=approval, looks=looks)


def sha256(data: bytes) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(data).hexdigest()
