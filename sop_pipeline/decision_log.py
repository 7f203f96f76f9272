"""What was decided, as it was decided: one file a decision, written once, never changed.

``lake/decisions/2026-11/0001.json``: the decision put up with its options as they were, which was adopted, or that it
was rejected or deferred, who, when and why. A change of mind is one more file; the last one of a decision stands. Not
here: what decisions change in a plan (``supply``), nor what came of them (``reconciliation``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sop_pipeline.cycle import Cycle
from sop_pipeline.records import Record, add_record, records_in

ADOPT, REJECT, DEFER = "adopt", "reject", "defer"
ACTIONS = (ADOPT, REJECT, DEFER)


@dataclass(frozen=True)
class DecisionLog:
    """The decisions recorded in one lake."""

    root: Path

    def until(self, cycle: Cycle) -> list[Record]:
        """Every record of a cycle and of those before it, oldest first: what planning that cycle may know."""
        folders = sorted(path for path in (self.root / "decisions").glob("????-??") if path.name <= cycle.name)
        return [record for folder in folders for record in records_in(folder, "a decision", _judge)]

    def of(self, cycle: Cycle) -> list[Record]:
        """The records of one cycle, oldest first."""
        return [record for record in self.until(cycle) if record["cycle"] == cycle.name]

    def add(self, cycle: Cycle, record: Record) -> Record:
        """Write one more record of a cycle under the next number and return it."""
        return add_record(self.root / "decisions" / cycle.name, cycle, len(self.of(cycle)) + 1, record)


def standing(records: Sequence[Record]) -> list[Record]:
    """The last record of each decision, in the order they were first recorded."""
    return list({record["decision_id"]: record for record in records}.values())


def unplanned(records: Sequence[Record], planned: Iterable[tuple[str, int]]) -> list[Record]:
    """The records that a plan does not know: planning after them was broken off. ``planned`` are cycles and numbers."""
    known = set(planned)
    return [record for record in records if (record["cycle"], record["number"]) not in known]


def _judge(record: Record) -> None:
    if record["action"] not in ACTIONS:
        raise ValueError(f"action {record['action']!r}")
