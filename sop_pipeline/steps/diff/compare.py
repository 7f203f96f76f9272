"""Two plans compared: every table whose content differs, with what may have caused it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sop_pipeline import tables
from sop_pipeline.lake import Lake
from sop_pipeline.reconciliation.diff.cells import TableChanges, table_changes
from sop_pipeline.releases import PlanName
from sop_pipeline.steps.diff.causes import Causes, causes
from sop_pipeline.steps.diff.side import Side, side_of


@dataclass(frozen=True)
class Difference:
    """Everything that two plans say differently; ``tables`` are in the order of the month."""

    before: Side
    after: Side
    tables: Mapping[str, TableChanges]
    causes: Causes

    @property
    def same(self) -> int:
        """How many tables say the same in both."""
        return len({*self.before.tables, *self.after.tables}) - len(self.tables)


def diff_plans(lake: Lake, before: PlanName, after: PlanName) -> Difference:
    """Compare two drafts or releases; tables with the same content hash are not read."""
    one, other = side_of(lake, before), side_of(lake, after)
    names = [name for name in _ordered(one, other) if one.tables.hashes.get(name) != other.tables.hashes.get(name)]
    changes = {name: table_changes(name, one.tables.get(name), other.tables.get(name)) for name in names}
    return Difference(one, other, changes, causes(one, other, names))


def _ordered(one: Side, other: Side) -> list[str]:
    found = {*one.tables, *other.tables}
    known = [name for name in tables.REGISTRY if name in found]
    return [*known, *sorted(found - set(known))]
