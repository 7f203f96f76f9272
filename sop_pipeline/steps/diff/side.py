"""One side of a comparison: a cycle's draft or a release, with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop_pipeline.lake import Lake, TablesAtHand
from sop_pipeline.releases import PlanName


@dataclass(frozen=True)
class Side:
    """A plan: its tables, read on demand, its settings and versions (None: not known), what it read of which cycle."""

    plan: PlanName
    tables: TablesAtHand
    settings: Mapping[str, Any] | None
    versions: Mapping[str, str] | None
    earlier: Mapping[str, str]

    def files(self) -> dict[tuple[str, str], str]:
        """The hash of every source file, by table and name."""
        if "source_files" not in self.tables:
            return {}
        return {(row["table"], row["file"]): row["sha256"] for row in self.tables["source_files"].to_pylist()}


def side_of(lake: Lake, plan: PlanName) -> Side:
    """Return a cycle's draft or a release; BadInput where there is none."""
    if plan.release:
        manifest = lake.releases.manifest(plan.cycle, plan.release)
        tables = lake.named(plan.cycle, manifest["tables"])
        return Side(plan, tables, manifest["settings"], manifest["planned_with"], _cycles(manifest["earlier"]))
    pointer = lake.pointer(plan.cycle)
    if not pointer:
        raise lake.unpublished(plan.cycle)
    settings, versions = lake.settings(plan.cycle), lake.versions(plan.cycle)
    return Side(plan, lake.named(plan.cycle, pointer["tables"]), settings, versions, _cycles(pointer.get("rests_on")))


def _cycles(rests_on: Mapping[str, Any] | None) -> Mapping[str, str]:
    return (rests_on or {}).get("cycles", {})
