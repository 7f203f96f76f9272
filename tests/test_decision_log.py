"""What the log of decisions says of a plan: which records it does not know."""

from __future__ import annotations

from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog, unplanned


def test_a_record_after_the_plan_was_made_is_one_that_the_plan_does_not_know(tmp_path) -> None:
    cycle, log = Cycle.parse("2026-09"), DecisionLog(tmp_path)
    first = log.add(cycle, {"decision_id": "2026-09-strategy", "action": "adopt"})
    assert unplanned(log.of(cycle), []) == [first]
    planned = [(first["cycle"], first["number"])]
    assert unplanned(log.of(cycle), planned) == []
    again = log.add(cycle, {"decision_id": "2026-09-strategy", "action": "reject"})  # a change of mind is one more
    assert unplanned(log.of(cycle), planned) == [again]
