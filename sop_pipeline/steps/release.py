"""Releases a cycle: what was planned is approved under a name, with all it rests on, and never changes again.

The packs are made in memory first, as released, and the manifest is written with their hashes; that one write is the
release. Then they are put in place: as the release's own, for good, and as what the meeting finds under the cycle. Not
here: the manifest's form and its rule (``releases``), what packs say (``packs``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog, unplanned
from sop_pipeline.errors import BadInput, BadInputs
from sop_pipeline.lake import Lake
from sop_pipeline.packs.build import Made, show
from sop_pipeline.releases import PlanName
from sop_pipeline.steps.archive import write_archive
from sop_pipeline.steps.month import BLOCKING_CHECKS
from sop_pipeline.steps.publication import release_files, sha256, show_for_good
from sop_pipeline.versions import versions
from sop_pipeline.writer import only_writer


@dataclass(frozen=True)
class Released:
    """A release with its files; ``is_new`` is False where the newest release said the same already."""

    plan: PlanName
    manifest: Path
    files: list[Path]
    content: str
    is_new: bool
    notes: list[str] = field(default_factory=list)


def release_cycle(folder: CompanyFolder, cycle: Cycle, *, by: str, why: str, run: str = "") -> Released:
    """Release what is published of a cycle; ``run`` names the run that does.

    BadInput for a cycle that is not published, has stale or damaged tables, or of which the settings or a source file
    are not known any more. What the newest release says already is not released again.
    """
    _refuse_blank(by=by, why=why)
    with only_writer(folder.lake.root, cycle):
        planned = _planned(folder.lake, cycle)
        newest = folder.lake.releases.newest(cycle)
        if newest and _says_the_same(folder.lake.releases.manifest(cycle, newest), planned):
            return _shown(folder, folder.lake.releases.manifest(cycle, newest), is_new=False)
        approval = {"released_by": by, "why": why, "released_at": _now(), "released_in": run}
        manifest = {**planned, **approval, "release": folder.lake.releases.next(cycle)}
        made = release_files(folder, manifest)
        manifest["packs"] = {name: sha256(data) for name, data in sorted(made.files.items())}
        folder.lake.releases.freeze(manifest)
        return _shown(folder, manifest, made, is_new=True)


def _planned(lake: Lake, cycle: Cycle) -> dict[str, Any]:
    """What is published of the cycle and all it was made of, as a manifest says it."""
    pointer, settings = lake.pointer(cycle), lake.settings(cycle)
    if faults := lake.damage(cycle):
        raise BadInputs(faults)
    if not pointer or pointer["stale"] or settings is None:
        raise BadInput(
            found=_unreleasable(pointer),
            needed="a cycle whose tables were all made of each other, with settings that are known",
            where=str(lake.pointer_path(cycle)),
            mend=f"Plan it: sop run --cycle {cycle}.",
        )
    _refuse_unplanned(lake, cycle)
    return {
        "cycle": cycle.name,
        "run": pointer["run"],
        "content": lake.content(cycle),
        "tables": pointer["tables"],
        "inputs": _inputs(lake, cycle),
        "earlier": pointer["rests_on"],
        "settings": settings,
        "checks": [BLOCKING_CHECKS, BLOCKING_CHECKS],
        "planned_with": lake.versions(cycle),
        "versions": versions(),
    }


def _refuse_unplanned(lake: Lake, cycle: Cycle) -> None:
    """BadInput for a decision that is recorded and in no plan, so that a release never leaves out what was decided.

    Those of earlier cycles count: what was raised then is raised in this plan, and may have been given up since.
    """
    known = lake.read("recorded_decisions", cycle).to_pylist()
    left = unplanned(DecisionLog(lake.root).until(cycle), [(row["cycle"], row["number"]) for row in known])
    if left:
        raise BadInput(
            found=f"recorded and not planned yet: {', '.join(record['decision_id'] for record in left)}",
            needed="a plan made with every decision of this cycle and those before; it was planned before that record",
            where=str(lake.root / "decisions" / cycle.name),
            mend=f"Plan it: sop run --cycle {cycle}.",
        )


def _unreleasable(pointer: Mapping[str, Any]) -> str:
    if not pointer:
        return "no published cycle"
    return f"stale tables: {', '.join(pointer['stale'])}" if pointer["stale"] else "tables made with several settings"


def _inputs(lake: Lake, cycle: Cycle) -> list[dict[str, str]]:
    """The source files that the published tables were read from, each with its copy in the cycle's snapshot."""
    found = []
    for row in lake.read("source_files", cycle).to_pylist():
        copies = sorted((lake.snapshot_folder(cycle) / row["sha256"][:16]).glob("*"))
        if not copies:
            raise BadInput(
                found=f"no copy of {row['file']}",
                needed="every file the cycle was planned from",
                where=str(lake.snapshot_folder(cycle)),
                mend=f"Plan the cycle again: sop run --cycle {cycle}.",
            )
        stored = str(copies[0].relative_to(lake.root))
        found.append({"table": row["table"], "file": row["file"], "sha256": row["sha256"], "stored": stored})
    return found


def _says_the_same(manifest: Mapping[str, Any], planned: Mapping[str, Any]) -> bool:
    """Whether a release says what is published now: the same content, of the same files, with the same settings."""
    same = [manifest[part] == planned[part] for part in ("content", "settings")]
    return all(same) and _hashes(manifest) == _hashes(planned)


def _hashes(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    return sorted((each["table"], each["sha256"]) for each in manifest["inputs"])


def _shown(folder: CompanyFolder, manifest: Mapping[str, Any], made: Made | None = None, *, is_new: bool) -> Released:
    """Put the release's packs in their two places: its own for good, and what the meeting finds under the cycle."""
    plan = PlanName(Cycle.parse(manifest["cycle"]), manifest["release"])
    made = made or release_files(folder, manifest)
    show_for_good(made, folder.packs(plan))
    files = show(made.files, folder.packs(plan.cycle))
    folder.lake.note_packs(plan.cycle, manifest["content"])
    write_archive(folder)
    path = folder.lake.releases.path(plan.cycle, manifest["release"])
    notes = [*made.notes, *_undecided(folder.lake, plan.cycle)]
    return Released(plan, path, files, manifest["content"], is_new, notes)


def _undecided(lake: Lake, cycle: Cycle) -> list[str]:
    """Say which decisions put up nobody adopted, rejected or deferred: a release keeps the plan as it was drafted."""
    wanted = dict.fromkeys(str(row["decision_id"]) for row in lake.read("decisions_wanted", cycle).to_pylist())
    taken = set(lake.read("recorded_decisions", cycle).column("decision_id").to_pylist())
    open_still = [name for name in wanted if name not in taken]
    if not open_still:
        return []
    first = open_still[0].removeprefix(f"{cycle}-")
    return [
        f"released without a decision on {', '.join(open_still)}: the plan stands as drafted; record what the meeting "
        f'decides with sop decide {cycle} {first} --option A --by NAME --why "..." and release again.'
    ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _refuse_blank(**given: str) -> None:
    for name, value in given.items():
        if not value.strip():
            raise BadInput(
                found=f"--{name} without a word",
                needed="who releases the plan, and why" if name == "why" else "the name of who releases the plan",
                where="sop release",
                mend=f'Say it: --{name} "...".',
            )
