"""What may go of a lake: files and notes of old runs that no cycle, no release and no younger run needs.

Needed is what a pointer names, what a release names, what a younger run wrote or read, and the copies of source files
that a published table was read from. With files go the notes by which later runs would have taken them over, and parts
that no run has used for as long. What is read-only is never touched. A pointer, release or note that cannot be read
stops all of it: what it needs is not known. Not here: half-written files, which ``Lake.sweep`` takes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import is_kept, telling
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import EARLIER, Lake
from sop_pipeline.made_once import parts_folder
from sop_pipeline.releases import files_of
from sop_pipeline.writer import only_writer

_DAY = 86400.0


@dataclass(frozen=True)
class Prunable:
    """What may go: files, the folders of notes of old runs, and how many bytes that is."""

    files: tuple[Path, ...]
    runs: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Bytes of the files and notes."""
        notes = (note for run in self.runs for note in run.rglob("*") if note.is_file())
        return sum(path.stat().st_size for path in (*self.files, *notes))


def prunable(lake: Lake, now: float, keep_days: float) -> Prunable:
    """Return what nothing needs and nothing changed for ``keep_days``; ``now`` in seconds, as files have their times.

    BadInput for a pointer, release or note that cannot be read.
    """
    limit = now - keep_days * _DAY
    named = _named(lake)
    old = [run for run in _runs(lake) if run.name not in named.runs and _changed(run) < limit]
    young = [run for run in _runs(lake) if run not in old]
    needed = named.files | {file for run in young for file in _files_of_run(run)}
    files = [
        path
        for folder in ("data", "snapshots")
        for path in sorted((lake.root / folder).rglob("*"))
        if _may_go(path, limit) and str(path.relative_to(lake.root)) not in needed
    ]
    gone = {str(path.relative_to(lake.root)) for path in files}
    return Prunable((*files, *_notes_of(lake, gone), *_unused_parts(lake, limit)), tuple(old))


def prune(lake: Lake, now: float, keep_days: float) -> Prunable:
    """Delete what may go and return it; BadInput, with nothing deleted, while a cycle is being planned."""
    with ExitStack() as held:
        for cycle in _cycles(lake):
            held.enter_context(only_writer(lake.root, cycle))
        gone = prunable(lake, now, keep_days)
        with telling(lake.root):
            for path in gone.files:
                path.unlink(missing_ok=True)
                _drop_empty(path.parent, lake.root)
            for run in gone.runs:
                shutil.rmtree(run)
    return gone


@dataclass(frozen=True)
class _Named:
    """What pointers and releases name: files, and runs whose notes say how they were planned."""

    files: frozenset[str]
    runs: frozenset[str]


def _named(lake: Lake) -> _Named:
    files: set[str] = set()
    runs: set[str] = set()
    for cycle in _cycles(lake):
        pointer = lake.pointer(cycle)
        entries = [*pointer.get("tables", {}).values()]
        for release in lake.releases.names(cycle):
            manifest = lake.releases.manifest(cycle, release)
            files.update(files_of(manifest))
            entries += manifest["tables"].values()
        files.update(entry["file"] for entry in entries)
        runs.update(entry["run"] for entry in entries)
        runs.update([pointer["run"]] if pointer else [])
        files.update(_copies(lake, cycle))
    return _Named(frozenset(files), frozenset(runs))


def _copies(lake: Lake, cycle: Cycle) -> Iterator[str]:
    """The copies of source files that the cycle's snapshot names, and that its published tables were read from."""
    folder = lake.snapshot_folder(cycle)
    manifest = folder / "manifest.json"
    if manifest.exists():
        yield str(manifest.relative_to(lake.root))
        yield from (str((folder / file["stored"]).relative_to(lake.root)) for file in _json(manifest)["files"])
    if lake.has("source_files", cycle):
        for row in lake.read("source_files", cycle).to_pylist():
            yield from (str(path.relative_to(lake.root)) for path in (folder / row["sha256"][:16]).glob("*"))


def _files_of_run(run: Path) -> Iterator[str]:
    """What a run wrote, and what it read of earlier cycles."""
    for note in sorted(run.glob("[!_]*.json")):
        yield _json(note)["file"]
    if (run / EARLIER).exists():
        for entries in _json(run / EARLIER)["manifest"].values():
            yield from (entry["file"] for entry in entries.values())


def _notes_of(lake: Lake, gone: set[str]) -> Iterator[Path]:
    """Notes of what steps made of which a file goes, or is gone; one that cannot be read would not be believed."""
    for note in sorted((lake.root / "kept").glob("*/*/*.json")):
        try:
            files = {entry["file"] for entry in json.loads(note.read_text(encoding="utf-8"))["entries"].values()}
        except (ValueError, KeyError, TypeError):
            files = gone
        if files & gone or not all((lake.root / file).exists() for file in files):
            yield note


def _unused_parts(lake: Lake, limit: float) -> Iterator[Path]:
    return (path for path in sorted(parts_folder(lake.root).rglob("*")) if _may_go(path, limit))


def _json(path: Path) -> dict:  # type: ignore[type-arg]
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise BadInput(
            found=f"a damaged note ({error})",
            needed="what a run or snapshot noted, to know what it needs",
            where=str(path),
            mend="Plan that cycle again, or move its folder elsewhere; nothing was deleted.",
        ) from error


def _cycles(lake: Lake) -> list[Cycle]:
    """Every cycle that has anything: a pointer, a release, a run, a snapshot."""
    folders = (path for name in ("cycles", "releases", "runs", "snapshots") for path in (lake.root / name).glob("*"))
    return sorted({Cycle.parse(path.name) for path in folders if path.is_dir()})


def _runs(lake: Lake) -> list[Path]:
    return sorted(path for path in (lake.root / "runs").glob("*/*") if path.is_dir())


def _changed(run: Path) -> float:
    """When a run last noted anything."""
    return max((note.stat().st_mtime for note in run.iterdir()), default=run.stat().st_mtime)


def _may_go(path: Path, limit: float) -> bool:
    """Whether a file is finished, old, and not kept for good."""
    if path.name.startswith(".") or not path.is_file():
        return False
    return path.stat().st_mtime < limit and not is_kept(path)


def _drop_empty(folder: Path, root: Path) -> None:
    """Remove a folder of a snapshot, or of what is kept, that has nothing left."""
    while {root / "snapshots", root / "kept"} & set(folder.parents) and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
