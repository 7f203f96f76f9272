"""What a cycle reads of the cycles published before it.

A step that needs earlier cycles says so by the type of a parameter: ``Kind | None`` is the last cycle and
``Sequence[Kind]`` is every earlier one. ``Kind`` is a subclass of ``PastCycle`` whose fields are the tables it reads.
Here is the one place that finds them. A cycle counts when it has published all tables of the kind; months may be
skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.tables import aligned


@dataclass(frozen=True)
class PastCycle:
    """A cycle published before the one that is planned; a subclass names the tables read of it as fields."""

    cycle: Cycle


Kind = TypeVar("Kind", bound=PastCycle)


def tables_of(kind: type[PastCycle]) -> tuple[str, ...]:
    """Return the tables that are read of a past cycle of this kind."""
    return tuple(field.name for field in fields(kind) if field.name != "cycle")


def last_cycle(kind: type[Kind], lake: Lake, cycle: Cycle) -> Kind | None:
    """Return the newest cycle published before ``cycle``; None in a first cycle."""
    last = lake.last_before(cycle, tables_of(kind))
    return None if last is None else _read(kind, lake, last)


def earlier_cycles(kind: type[Kind], lake: Lake, cycle: Cycle) -> list[Kind]:
    """Return every cycle published before ``cycle``, oldest first."""
    return [_read(kind, lake, earlier) for earlier in lake.before(cycle, tables_of(kind))]


def _read(kind: type[Kind], lake: Lake, cycle: Cycle) -> Kind:
    """Read a cycle's tables; what an earlier version wrote comes with today's columns."""
    return kind(cycle=cycle, **{name: aligned(name, lake.read(name, cycle)) for name in tables_of(kind)})
