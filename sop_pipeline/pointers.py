"""Which files are a cycle's tables: one small JSON file a cycle, swapped by one atomic rename.

Here: the pointer's form and its format number, reading it, which cycles were planned before which, and what a cycle
reads of those: the newest release of each, else its draft. Not here: the tables it points to (``lake``). Nothing here
loads a library, so that listing cycles costs next to nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import refuse_kept, sync_folder, telling, written_aside
from sop_pipeline.errors import BadInput
from sop_pipeline.releases import PlanName, Releases

FORMAT = 3
"""Format this version writes.

1 (without a number) had no ``format`` and no ``settings``. Up to 2, tables had sentences where they now have kinds,
subjects and numbers: such a cycle still serves as the one before, and is planned again for its pack.
"""
OLDEST_TOLD = 3
"""Oldest format whose tables packs can tell in words."""


class Standing(NamedTuple):
    """What a cycle is read as by others: its newest release, else its draft (``release`` is None)."""

    release: str | None
    entries: Mapping[str, Mapping[str, Any]]

    @property
    def hashes(self) -> dict[str, str]:
        """Content hash of every table."""
        return {name: entry["content_sha256"] for name, entry in self.entries.items()}


class Want(NamedTuple):
    """What a step reads of earlier cycles: tables of the last cycle that has them all, or of every such cycle."""

    tables: tuple[str, ...]
    every: bool


Manifest = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Tables of earlier cycles as one run reads them: entries by cycle and table, each with the release it is of."""


class Pointers:
    """The published cycles of one lake."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.releases = Releases(root)

    def cycles(self) -> list[Cycle]:
        """Every cycle that has a published pointer, oldest first."""
        return sorted(Cycle.parse(path.parent.name) for path in (self.root / "cycles").glob("*/_current.json"))

    def unpublished(self, cycle: Cycle) -> BadInput:
        """What is said of a cycle that is asked for and not published."""
        return BadInput(
            found=f"no published cycle {cycle}",
            needed="one of " + (", ".join(map(str, self.cycles())) or "the cycles you run"),
            where=str(self.root),
            mend=f"Run it first: sop run --cycle {cycle}.",
        )

    def standing(self, cycle: Cycle) -> Standing:
        """What the cycle is read as by others: its newest release, else its draft."""
        newest = self.releases.newest(cycle)
        if newest is not None:
            return Standing(newest, self.releases.manifest(cycle, newest)["tables"])
        return Standing(None, self.pointer(cycle).get("tables", {}))

    def before(self, cycle: Cycle, tables: Collection[str] = ()) -> list[Cycle]:
        """Every cycle planned before ``cycle`` that has the ``tables``, oldest first; months may be skipped."""
        return [each for each in self._earlier(cycle) if set(tables) <= set(self.standing(each).entries)]

    def last_before(self, cycle: Cycle, tables: Collection[str] = ()) -> PlanName | None:
        """The newest release of the newest earlier cycle that has the ``tables``, else its draft; None without one."""
        for each in reversed(self._earlier(cycle)):
            standing = self.standing(each)
            if set(tables) <= set(standing.entries):
                return PlanName(each, standing.release)
        return None

    def _earlier(self, cycle: Cycle) -> list[Cycle]:
        return sorted(each for each in {*self.cycles(), *self.releases.cycles()} if each < cycle)

    def manifest(self, cycle: Cycle, wants: Sequence[Want]) -> Manifest:
        """Return what a cycle that ``wants`` so reads of the ones before it, as they stand now."""
        found: dict[str, dict[str, Mapping[str, Any]]] = {}
        for want in wants:
            last = None if want.every else self.last_before(cycle, want.tables)
            for each in self.before(cycle, want.tables) if want.every else [last.cycle] if last else []:
                release, entries = self.standing(each)
                read = {table: {**entries[table], "release": release} for table in want.tables}
                found.setdefault(each.name, {}).update(read)
        return found

    def pointer(self, cycle: Cycle) -> dict[str, Any]:
        """Return the cycle's current pointer; empty when nothing was published.

        Raises BadInput for a pointer in a newer format than this version knows, and for one that cannot be read.
        """
        path = self.pointer_path(cycle)
        if not path.exists():
            return {}
        try:
            with telling(path):
                pointer = json.loads(path.read_text(encoding="utf-8"))
            version = int(pointer.get("format", 1))
            if not all(isinstance(pointer[part], kind) for part, kind in _PARTS.items()):
                raise ValueError("a part is not what it should be")
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise BadInput(
                found=f"what is no pointer ({error!r})",
                needed="the list of the cycle's tables",
                where=str(path),
                mend=way_out(cycle),
            ) from error
        if version > FORMAT:
            raise BadInput(
                found=f"a cycle published in format {version}",
                needed=f"format {FORMAT} or older",
                where=str(path),
                mend=f"Use the version of sop that published it, or plan it again: sop run --cycle {cycle}.",
            )
        return pointer

    def has(self, table: str, cycle: Cycle) -> bool:
        """Whether the cycle has published the table."""
        return table in self.pointer(cycle).get("tables", {})

    def hashes(self, cycle: Cycle) -> dict[str, str]:
        """Return the content hash of every published table of the cycle."""
        return {name: entry["content_sha256"] for name, entry in self.pointer(cycle).get("tables", {}).items()}

    def content(self, cycle: Cycle) -> str:
        """Return one hash over what all tables of the cycle say."""
        return content_of(self.hashes(cycle))

    def changed_since(self, cycle: Cycle) -> list[str]:
        """Return the earlier cycles that say something else now than when ``cycle`` was planned, oldest first."""
        rests = self.pointer(cycle).get("rests_on")
        if not rests:
            return []
        wants = [Want(tuple(tables), every) for tables, every in rests["wants"]]
        then, now = rests["cycles"], _digests(self.manifest(cycle, wants))
        return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))

    def pointer_path(self, cycle: Cycle) -> Path:
        """Where the cycle's pointer is, or will be."""
        return self.root / "cycles" / cycle.name / "_current.json"

    def packs_path(self, cycle: Cycle) -> Path:
        """Where it is noted what the cycle's packs were made of."""
        return self.root / "cycles" / cycle.name / "_packs.json"

    def note_packs(self, cycle: Cycle, content: str, **more: Any) -> None:
        """Note that the cycle's packs say what its tables with this content hash do, and what more is known of them."""
        write_json(self.packs_path(cycle), {"content": content, **more})

    def noted_packs(self, cycle: Cycle) -> dict[str, Any]:
        """Return what is noted of the cycle's packs; nothing where there is no note, or none that can be read."""
        try:
            noted = json.loads(self.packs_path(cycle).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def packs_are_older(self, cycle: Cycle) -> bool:
        """Whether the cycle's packs were made before what is published now; False where nobody noted when."""
        noted = self.noted_packs(cycle)
        return "content" in noted and bool(noted["content"] != self.content(cycle))


_PARTS = {"cycle": str, "run": str, "tables": dict, "stale": list}
"""What every pointer has, in every format."""


def content_of(hashes: Mapping[str, str]) -> str:
    """Return one hash over the hashes of tables."""
    joined = "".join(f"{name}{digest}" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(joined.encode()).hexdigest()


def rests_on(manifest: Manifest, wants: Sequence[Want]) -> dict[str, Any]:
    """Return what a pointer keeps of the manifest its run read: what was wanted, and a hash by cycle."""
    return {"wants": [[list(want.tables), want.every] for want in wants], "cycles": _digests(manifest)}


def _digests(manifest: Manifest) -> dict[str, str]:
    return {cycle: _digest(entries) for cycle, entries in sorted(manifest.items())}


def _digest(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """One hash over what was read of a cycle, and whether that was a release."""
    release = {entry["release"]: "" for entry in entries.values() if entry.get("release")}
    return content_of({**{table: entry["content_sha256"] for table, entry in entries.items()}, **release})


def way_out(cycle: Cycle | str) -> str:
    """Say what to do about a published cycle of which a file is damaged."""
    return (
        f"Plan the cycle again: sop run --cycle {cycle}. Or take it out: move the folder lake/cycles/{cycle} elsewhere."
    )


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, whole or not at all."""
    write_atomically(path, (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and survives a power cut; BadInput for one that is kept."""
    refuse_kept(path)
    with telling(path):
        with written_aside(path, content) as aside:
            aside.replace(path)
        sync_folder(path.parent)
