"""What was decided, as it was decided: one file a decision, written once, never changed.

``lake/decisions/2026-11/0001.json``: the decision put up with its options as they were, which was adopted, or that it
was rejected or deferred, who, when and why. A change of mind is one more file; the last one of a decision stands. Not
here: what decisions change in a plan (``supply``), nor what came of them (``reconciliation``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.releases import write_once

ADOPT, REJECT, DEFER = "adopt", "reject", "defer"
ACTIONS = (ADOPT, REJECT, DEFER)
Record = Mapping[str, Any]


@dataclass(frozen=True)
class DecisionLog:
    """The decisions recorded in one lake."""

    root: Path

    def until(self, cycle: Cycle) -> list[Record]:
        """Every record of a cycle and of those before it, oldest first: what planning that cycle may know."""
        folders = sorted(path for path in (self.root / "decisions").glob("????-??") if path.name <= cycle.name)
        return [_read(path) for folder in folders for path in sorted(folder.glob("[0-9]*.json"))]

    def of(self, cycle: Cycle) -> list[Record]:
        """The records of one cycle, oldest first."""
        return [record for record in self.until(cycle) if record["cycle"] == cycle.name]

    def add(self, cycle: Cycle, record: Record) -> Record:
        """Write one more record of a cycle under the next number and return it."""
        number = len(self.of(cycle)) + 1
        whole = {**record, "cycle": cycle.name, "number": number}
        text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        path = self.root / "decisions" / cycle.name / f"{number:04d}.json"
        with telling(path):
            write_once(path, text.encode())
        return whole


def standing(records: Sequence[Record]) -> list[Record]:
    """The last record of each decision, in the order they were first recorded."""
    return list({record["decision_id"]: record for record in records}.values())


def _read(path: Path) -> Record:
    try:
        with telling(path):
            record: Record = json.loads(path.read_text(encoding="utf-8"))
        if record["action"] not in ACTIONS:
            raise ValueError(f"action {record['action']!r}")
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            found=f"what is no record of a decision ({error!r})",
            needed="the record as it was written",
            where=str(path),
            mend="Take it back from a backup.",
        ) from error
    return record
