"""Takes a company's sources into the cycle, once, with their hashes; nothing later reads a live source.

Files are kept under their SHA-256, so a copy is made only of what is new, an earlier run's copy is never overwritten,
and a kill in the middle leaves at most a half-written file aside. The manifest is written last. Not here: reading them.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import is_kept, refuse_kept, telling
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.arrivals import Arrival, arrivals
from sop_pipeline.lake import Lake
from sop_pipeline.pointers import write_atomically
from sop_pipeline.room_settings import IngestSettings

MANIFEST = "manifest.json"
_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class SourceFile:
    """One file of one source: the table it feeds, the source's place in ``sop.yaml``, its name, its copy, its hash."""

    table: str
    source: int
    name: str
    stored: str
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """The files of one cycle, in the order of ``sop.yaml`` and then of their names."""

    folder: Path
    files: tuple[SourceFile, ...]

    @property
    def known_by(self) -> list[tuple[str, int, str, str, str]]:
        """What decides what is read of the files: their places in ``sop.yaml``, names and bytes."""
        return [(each.table, each.source, each.name, Path(each.stored).name, each.sha256) for each in self.files]

    def path(self, file: SourceFile) -> Path:
        """Where the file's bytes are."""
        return self.folder / file.stored

    def of(self, table: str) -> list[SourceFile]:
        """The files that feed a table."""
        return [file for file in self.files if file.table == table]


def snapshot(company: IngestSettings, folder: Path, cycle: Cycle, lake: Lake) -> Snapshot:
    """Take every source of ``sop.yaml`` into the cycle and return what was taken.

    Taken anew at every run of a cycle, so that a mended file and a late row count; equal files and equal rows give
    equal hashes. What a query gave, and when, is noted beside the files. BadInput names the source that did not come.
    """
    target = lake.snapshot_folder(cycle)
    with telling(target):
        target.mkdir(parents=True, exist_ok=True)
    files, fetched = [], []
    for each in arrivals(company, Path(folder), target):
        try:
            stored, digest = _keep(each, target)
        finally:
            each.discard()
        files.append(SourceFile(each.table, each.source, each.name, stored, digest))
        fetched += [{"file": stored, **asdict(each.origin)}] if each.origin else []
    manifest = {"cycle": cycle.name, "files": [asdict(file) for file in files], "fetched": fetched}
    write_atomically(target / MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())
    return Snapshot(target, tuple(files))


def read_snapshot(lake: Lake, cycle: Cycle) -> Snapshot:
    """Return the snapshot the cycle already has; BadInput when it has none."""
    target = lake.snapshot_folder(cycle)
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            found="no snapshot",
            needed=f"the source files of cycle {cycle}",
            where=str(target),
            mend=f"Take one: sop run --cycle {cycle}.",
        ) from None
    return Snapshot(target, tuple(SourceFile(**file) for file in manifest["files"]))


def live_files(company: IngestSettings, folder: Path, aside: Path) -> Snapshot:
    """Return the source files where they are, for a check that plans nothing; what is fetched is put ``aside``."""
    files = [
        SourceFile(each.table, each.source, each.name, str(each.path), _hash(each.path))
        for each in arrivals(company, Path(folder), aside)
    ]
    return Snapshot(Path(folder), tuple(files))


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _keep(each: Arrival, target: Path) -> tuple[str, str]:
    """Copy a file under the hash of the bytes copied, and return its place and hash."""
    aside = target / f".{uuid.uuid4().hex[:8]}.part"
    try:
        digest = _copy(each.path, aside, each.where)
        stored = Path(digest[:16]) / each.stored_as
        with telling(target):
            (target / stored).parent.mkdir(exist_ok=True)
            _put(aside, target / stored, digest)
    finally:
        aside.unlink(missing_ok=True)
    return str(stored), digest


def _put(aside: Path, stored: Path, digest: str) -> None:
    """Put a copy in its place; one that a release names is there for good, with these bytes or none at all."""
    if not is_kept(stored):
        aside.replace(stored)
    elif _hash(stored) != digest:
        refuse_kept(stored)


def _copy(path: Path, aside: Path, where: str) -> str:
    """Copy a file block by block and return its hash; what cannot be read is told apart from what cannot be written."""
    digest = hashlib.sha256()
    with telling(aside.parent), aside.open("wb") as writer:
        for block in _blocks(path, where):
            digest.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


def _blocks(path: Path, where: str) -> Iterator[bytes]:
    try:
        with path.open("rb") as reader:
            while block := reader.read(_BLOCK):
                yield block
    except OSError as error:
        raise BadInput(
            found=(error.strerror or str(error)).lower(),
            needed="a file that can be read",
            where=where,
            mend=f"Allow reading {path}.",
        ) from error
