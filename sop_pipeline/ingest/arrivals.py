"""Every source of ``sop.yaml`` as files: those of the folder where they are, others fetched and put aside.

What comes out is all alike, so that one reader reads it. Not here: what becomes of the files (``snapshots``), or how a
connection is asked (``connections``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sop_pipeline.config import Source
from sop_pipeline.connections.fetch import Fetcher
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.secrets import secrets_of
from sop_pipeline.connections.settings import Connection
from sop_pipeline.ingest.local_files import find_files, name_of
from sop_pipeline.room_settings import IngestSettings


@dataclass(frozen=True)
class Origin:
    """What was asked of a connection, by query or address, when and how often, and how many rows a query gave."""

    connection: str
    place: str
    query: str
    rows: int | None
    asked_at: str
    attempts: int


@dataclass(frozen=True)
class Arrival:
    """A file of a source: the table it feeds, the source's place in ``sop.yaml``, its name, and where its bytes are.

    ``origin`` is None for a file that lies where the company keeps it; others lie aside, to be discarded.
    """

    table: str
    source: int
    name: str
    path: Path
    where: str
    origin: Origin | None = None

    @property
    def stored_as(self) -> str:
        """The name its copy has."""
        if self.origin is None:
            return self.path.name
        return f"{self.table}.parquet" if self.origin.rows is not None else PurePosixPath(self.origin.query).name

    def discard(self) -> None:
        """Remove what was put aside."""
        if self.origin:
            self.path.unlink(missing_ok=True)


def arrivals(company: IngestSettings, folder: Path, aside: Path) -> Iterator[Arrival]:
    """Return the files of all sources in the order of ``sop.yaml``; BadInput for one that cannot be had."""
    with Fetcher() as fetcher:
        fetching = _Fetching(company.connections, folder, aside, fetcher)
        for table, sources in company.sources.items():
            for position, source in enumerate(sources):
                where = f"sop.yaml, sources.{table}"
                if source.connection is not None:
                    yield from fetching.arrivals(table, position, source)
                    continue
                for path in find_files(source.path or "", folder, where):
                    yield Arrival(table, position, name_of(path, folder), path, f"{where}, {source.path}")


@dataclass(frozen=True)
class _Fetching:
    """What it takes to fetch: the connections, the company's folder, where to put what comes, and who goes."""

    connections: Mapping[str, Connection]
    folder: Path
    aside: Path
    fetcher: Fetcher

    def arrivals(self, table: str, position: int, source: Source) -> Iterator[Arrival]:
        """Fetch the rows of a query, or the files of an address."""
        name = source.connection or ""
        stated = f"sop.yaml, connections.{name}"
        connection = self.connections[name].resolved(self.folder, stated)
        secrets = secrets_of(connection.variables, stated)
        where = f"sop.yaml, sources.{table}, connection {name}"
        target = self.aside if source.query is None else self.aside / f".{uuid.uuid4().hex[:8]}.parquet"
        fetched = self.fetcher.bring(Asked(connection, source.query or source.path or "", target, secrets), where)
        for each in fetched.brought:
            asked = each.address or source.query or ""
            origin = Origin(name, connection.place, asked, each.rows, fetched.asked_at, fetched.attempts)
            yield Arrival(table, position, each.address or f"{name}: {table}", each.path, where, origin)
