"""Whether a company's input has changed: a quick look at sizes and times, and a hash of what the files say.

Watched are ``sop.yaml``, every file that a source of it names, and the books that planners typed into. A source
that is no file is not watched, since it would have to be asked. Not here: what a change leads to (``assets``), nor
copying the files (``snapshots``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sop_pipeline.ingest.local_files import find_files
from sop_pipeline.inputs.book import books_in
from sop_pipeline.room_settings import IngestSettings


def glance(company: IngestSettings, folder: Path) -> str:
    """Return a hash of names, sizes and times of the watched files; BadInput where a source has none."""
    seen = (f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}" for name, path in _watched(company, folder))
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def content(company: IngestSettings, folder: Path) -> str:
    """Return a hash of what the watched files say, by the source they feed; BadInput where a source has none."""
    digest = hashlib.sha256()
    for name, path in _watched(company, folder):
        with path.open("rb") as file:
            digest.update(f"{name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def hashes(company: IngestSettings, folder: Path, table: str) -> list[str]:
    """Return the SHA-256 of every file that feeds a table; BadInput where a source of it has none."""
    found = []
    for _, path in _files(company, folder, table):
        with path.open("rb") as file:
            found.append(hashlib.file_digest(file, "sha256").hexdigest())
    return found


def _watched(company: IngestSettings, folder: Path) -> Iterator[tuple[str, Path]]:
    """Every watched file, under the name of what it feeds."""
    yield "sop.yaml", folder / "sop.yaml"
    for table in company.sources:
        yield from _files(company, folder, table)
    for place in sorted((folder / company.inputs).glob("????-??")):
        for path in books_in(place):
            yield f"{company.inputs} {place.name} {path.name}", path


def _files(company: IngestSettings, folder: Path, table: str) -> Iterator[tuple[str, Path]]:
    for position, source in enumerate(company.sources.get(table, ())):
        for path in find_files(source.path, folder, f"sop.yaml, sources.{table}") if source.path else ():
            yield f"{table}.{position} {path.name}", path
