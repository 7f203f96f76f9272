"""Every source of ``sop.yaml`` as files: those of the folder where they are, others fetched and put aside.

What comes out is all alike, so that one reader reads it. Not here: what becomes of the files (``snapshots``), or how a
connection is asked (``connections``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sop_pipeline.config import Source
from sop_pipeline.connections.fetch import Fetcher
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.secrets import secrets_of
from sop_pipeline.connections.settings import Connection
from sop_pipeline.ingest.local_files import find_files, name_of
from sop_pipeline.room_settings import IngestSettings


@dataclass(frozen=True)
class Origin:
    """What was asked of a connection, when, how often, and how many rows came."""

    connection: str
    place: str
    query: str
    rows: int
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
        return f"{self.table}.parquet" if self.origin else self.path.name

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
                if source.path is None:
                    yield fetching.rows(table, position, source)
                    continue
                for path in find_files(source.path, folder, where):
                    yield Arrival(table, position, name_of(path, folder), path, f"{where}, {source.path}")


@dataclass(frozen=True)
class _Fetching:
    """What it takes to fetch: the connections, the company's folder, where to put what comes, and who goes."""

    connections: Mapping[str, Connection]
    folder: Path
    aside: Path
    fetcher: Fetcher

    def rows(self, table: str, position: int, source: Source) -> Arrival:
        """Fetch the rows of a query."""
        name, query = source.connection or "", source.query or ""
        connection = self.connections[name].resolved(self.folder, f"sop.yaml, connections.{name}")
        secrets = secrets_of(connection.variables, f"sop.yaml, connections.{name}")
        path = self.aside / f".{uuid.uuid4().hex[:8]}.parquet"
        where = f"sop.yaml, sources.{table}, connection {name}"
        fetched = self.fetcher.rows(Asked(connection, query, path, secrets), where)
        origin = Origin(name, connection.place, query, fetched.rows, fetched.asked_at, fetched.attempts)
        return Arrival(table, position, f"{name}: {table}", path, where, origin)
