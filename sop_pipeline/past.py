"""What a cycle reads of the cycles published before it.

A step that needs earlier cycles says so by the type of a parameter: ``Kind | None`` is the last cycle and
``Sequence[Kind]`` is every earlier one. ``Kind`` is a subclass of ``PastCycle`` whose fields are the tables it reads.
Here is the one place that finds them. A cycle counts when it has all tables of the kind; months may be skipped. A cycle
is its newest release, else its draft. All steps of a run read one manifest, so that a cycle published meanwhile is not
half seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeAlias, TypeVar

from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.pointers import Manifest
from sop_pipeline.tables import aligned


@dataclass(frozen=True)
class PastCycle:
    """A cycle planned before this one: its newest release, else its draft (``release`` is None).

    A subclass names the tables read of it as fields.
    """

    cycle: Cycle
    release: str | None = field(default=None, kw_only=True)


Kind = TypeVar("Kind", bound=PastCycle)
KnownBy: TypeAlias = tuple[str, str | None, dict[str, str]]
"""A cycle, its release, and the content hashes of its tables."""


def tables_of(kind: type[PastCycle]) -> tuple[str, ...]:
    """Return the tables that are read of a past cycle of this kind."""
    own = {each.name for each in fields(PastCycle)}
    return tuple(each.name for each in fields(kind) if each.name not in own)


@dataclass(frozen=True)
class Earlier:
    """The earlier cycles as one run reads them."""

    lake: Lake
    manifest: Manifest

    def last(self, kind: type[Kind]) -> Kind | None:
        """Return the newest earlier cycle; None in a first cycle."""
        names = self._cycles(kind)
        return self._read(kind, names[-1]) if names else None

    def every(self, kind: type[Kind]) -> list[Kind]:
        """Return every earlier cycle, oldest first."""
        return [self._read(kind, name) for name in self._cycles(kind)]

    def last_known_by(self, kind: type[PastCycle]) -> list[KnownBy]:
        """Return what decides what ``last`` returns."""
        return self.every_known_by(kind)[-1:]

    def every_known_by(self, kind: type[PastCycle]) -> list[KnownBy]:
        """Return what decides what ``every`` returns: cycles with their releases and the content of their tables."""
        return [self._known_by(kind, name) for name in self._cycles(kind)]

    def _known_by(self, kind: type[PastCycle], name: str) -> KnownBy:
        entries = self.manifest[name]
        hashes = {table: entries[table]["content_sha256"] for table in tables_of(kind)}
        return name, self._release(name), hashes

    def _release(self, name: str) -> str | None:
        return next((entry.get("release") for entry in self.manifest[name].values()), None)

    def _cycles(self, kind: type[PastCycle]) -> list[str]:
        return sorted(name for name, entries in self.manifest.items() if set(tables_of(kind)) <= set(entries))

    def _read(self, kind: type[Kind], name: str) -> Kind:
        """Read a cycle's tables; what an earlier version wrote comes with today's columns."""
        entries = self.manifest[name]
        data = {table: aligned(table, self.lake.verified(entries[table], name)) for table in tables_of(kind)}
        return kind(cycle=Cycle.parse(name), release=self._release(name), **data)
