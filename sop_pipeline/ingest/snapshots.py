"""Copies a company's source files into the cycle, once, with their hashes; nothing later reads a live source.

Files are kept under their SHA-256, so a copy is made only of what is new, an earlier run's copy is never overwritten,
and a kill in the middle leaves at most a half-written file aside. The manifest is written last. Not here: reading them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sop_pipeline.config import Source
from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import is_kept, refuse_kept, telling
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.pointers import write_atomically
from sop_pipeline.reading.readers.names import nearest
from sop_pipeline.room_settings import IngestSettings

MANIFEST = "manifest.json"
_BLOCK = 1024 * 1024
_PATTERN = re.compile(r"[*?\[]")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


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

    def path(self, file: SourceFile) -> Path:
        """Where the file's bytes are."""
        return self.folder / file.stored

    def of(self, table: str) -> list[SourceFile]:
        """The files that feed a table."""
        return [file for file in self.files if file.table == table]


def snapshot(company: IngestSettings, folder: Path, cycle: Cycle, lake: Lake) -> Snapshot:
    """Copy every source file of ``sop.yaml`` into the cycle and return what was taken.

    Taken anew at every run of a cycle, so that a mended file counts; equal files give equal hashes. BadInput names the
    source whose file is missing.
    """
    target = lake.snapshot_folder(cycle)
    files = []
    for table, position, source, path, name in _sources(company, Path(folder)):
        stored, digest = _keep(path, target, f"sources.{table}, {source.path}")
        files.append(SourceFile(table, position, name, stored, digest))
    manifest = {"cycle": cycle.name, "files": [asdict(file) for file in files]}
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


def live_files(company: IngestSettings, folder: Path) -> Snapshot:
    """Return the source files where they are, for a check that copies and plans nothing."""
    files = [
        SourceFile(table, position, name, str(path), _hash(path))
        for table, position, _, path, name in _sources(company, Path(folder))
    ]
    return Snapshot(Path(folder), tuple(files))


def _sources(company: IngestSettings, folder: Path) -> list[tuple[str, int, Source, Path, str]]:
    files = []
    for table, sources in company.sources.items():
        for position, source in enumerate(sources):
            for path in find_files(source.path, folder, f"sop.yaml, sources.{table}"):
                files.append((table, position, source, path, _name(path, folder)))
    return files


def find_files(pattern: str, folder: Path, where: str) -> list[Path]:
    """Return the files a source's path names, sorted; BadInput when there is none.

    ``${NAME}`` and ``${NAME:-instead}`` stand for environment variables.
    """
    text = _VARIABLE.sub(lambda match: os.environ.get(match[1], match[2] or ""), pattern)
    path = Path(text).expanduser()
    path = path if path.is_absolute() else folder / path
    if path.is_file():
        return [path]
    if path.is_dir():
        raise BadInput(found="a folder", needed="a file", where=f"{where}, {pattern}", mend=f"Write {pattern}/*.csv.")
    matches = _matches(path) if _PATTERN.search(text) else []
    if matches:
        return matches
    raise _missing(pattern, path, where)


def _matches(path: Path) -> list[Path]:
    fixed = Path(*(part for part in _until_pattern(path.parts)))
    matches = fixed.glob(str(path.relative_to(fixed)))
    return sorted(item for item in matches if item.is_file() and not item.name.startswith((".", "~$")))


def _until_pattern(parts: tuple[str, ...]) -> list[str]:
    kept = []
    for part in parts:
        if _PATTERN.search(part):
            break
        kept.append(part)
    return kept


def _missing(pattern: str, path: Path, where: str) -> BadInput:
    parent = path.parent
    if not parent.is_dir():
        return BadInput(
            found=f"no folder {parent}",
            needed=f"the file {pattern}",
            where=where,
            mend="Correct the path; it counts from the folder sop.yaml is in.",
        )
    names = sorted(item.name for item in parent.iterdir() if item.is_file() and not item.name.startswith("."))
    mend = nearest(path.name, names) if names else f"The folder {parent} has no files."
    return BadInput(found="no such file", needed=f"the file {pattern}", where=where, mend=mend)


def _name(path: Path, folder: Path) -> str:
    """The file as it is called everywhere after: its path inside the company folder, or its own folder and name."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return f"{path.resolve().parent.name}/{path.name}"


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _keep(path: Path, target: Path, where: str) -> tuple[str, str]:
    """Copy a file under the hash of the bytes copied, and return its place and hash."""
    with telling(target):
        target.mkdir(parents=True, exist_ok=True)
    aside = target / f".{uuid.uuid4().hex[:8]}.part"
    try:
        digest = _copy(path, aside, where)
        stored = Path(digest[:16]) / path.name
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
            where=f"sop.yaml, {where}",
            mend=f"Allow reading {path}.",
        ) from error
