"""Whether published cycles and releases still say what they were published with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.releases import PlanName


@dataclass(frozen=True)
class Verification:
    """A line a cycle and a release, or a line a damaged file of it."""

    lines: tuple[str, ...]
    passed: bool


def verify_cycles(lake: Lake, plan: Cycle | PlanName | None = None, *, packs: Path | None = None) -> Verification:
    """Read every file of a published cycle and its releases, of one release, or of all, and compare hashes.

    Of a release also the copies of its source files, and its packs where they are in the folder ``packs``. BadInput
    when there is none.
    """
    wanted = PlanName(plan) if isinstance(plan, Cycle) else plan
    found = [name for name in _plans(lake) if wanted in (None, name, PlanName(name.cycle))]
    if not found:
        raise _nothing(lake, wanted)
    lines: list[str] = []
    passed = True
    for name in found:
        damage, whole = _release(lake, name, packs) if name.release else _draft(lake, name.cycle)
        passed &= not damage
        lines.extend(map(str, damage))
        lines.append(f"{name}  {len(damage)} damaged" if damage else f"{name}  {whole}")
    return Verification(tuple(lines), passed)


def _plans(lake: Lake) -> list[PlanName]:
    """Every published cycle and release: by cycle, the draft first."""
    drafts = [PlanName(cycle) for cycle in lake.cycles()]
    released = [PlanName(cycle, name) for cycle in lake.releases.cycles() for name in lake.releases.names(cycle)]
    return sorted([*drafts, *released], key=lambda name: (name.cycle, len(name.release or ""), name.release or ""))


def _nothing(lake: Lake, wanted: PlanName | None) -> BadInput:
    return BadInput(
        found=f"no published cycle{'' if wanted is None else f' {wanted}'}",
        needed="one of " + (", ".join(map(str, _plans(lake))) or "the cycles you run"),
        where=str(lake.root),
        mend="Run one: sop run --cycle YYYY-MM.",
    )


def _draft(lake: Lake, cycle: Cycle) -> tuple[list[BadInput], str]:
    damage = lake.damage(cycle)
    return damage, "" if damage else f"{len(lake.hashes(cycle))} tables as published"


def _release(lake: Lake, name: PlanName, packs: Path | None) -> tuple[list[BadInput], str]:
    """What is wrong with a release, one fault a file, and what was held against its hashes."""
    try:
        manifest = lake.releases.manifest(name.cycle, str(name.release))
    except BadInput as fault:
        return [fault], ""
    folder = packs / str(name) if packs is not None and (packs / str(name)).is_dir() else None
    shown = {folder / file: digest for file, digest in manifest["packs"].items()} if folder else {}
    inputs = {lake.root / each["stored"]: each["sha256"] for each in manifest["inputs"]}
    faults = [*lake.faults(name.cycle, manifest["tables"]), *_changed({**inputs, **shown}, name)]
    parts = [f"{len(manifest['tables'])} tables", f"{len(inputs)} source files", f"{len(shown)} pack files"]
    return faults, f"{', '.join(parts)} as released{_who(manifest)}"


def _who(manifest: Mapping[str, Any]) -> str:
    return f", seal {manifest['seal'][:16]}"


def _changed(files: Mapping[Path, str], name: PlanName) -> Iterator[BadInput]:
    for path, digest in files.items():
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        if found != digest:
            yield BadInput(
                found="no such file" if found is None else "other bytes than were released",
                needed=f"the file of {name} with SHA-256 {digest[:16]}",
                where=str(path),
                mend=f"Take it back from a backup, or, where it is a pack, delete it and make it: sop pack {name}.",
            )
