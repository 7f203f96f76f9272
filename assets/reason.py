"""Why a run stopped, from its events: the check that failed with its rows, else the fault itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.progress import cause


@dataclass(frozen=True)
class Stopped:
    """What stopped a run: in words; by which check of which table, where one did, and rows that break it."""

    reason: str
    check: str | None = None
    table: str = ""
    rows: tuple[Mapping[str, str], ...] = ()

    def __str__(self) -> str:
        return self.reason


def stopped_by(events: Iterable[Any]) -> Stopped:
    """Return what the first failed check says, else the first failed step, else the run itself."""
    known = list(events)
    for event in known:
        if is_stopping(event):
            return _failed_check(event.asset_check_evaluation_data)
    for event in known:
        if event.is_step_failure:
            return Stopped(f"{event.step_key}: {cause(event.step_failure_data.error)}")
    failed = [event for event in known if event.is_job_failure]
    said = [cause(event.job_failure_data.error) or str(event.message or "") for event in failed]
    return Stopped(next((words for words in said if words), "the run failed before its first step"))


def is_stopping(event: Any) -> bool:
    """Whether an event is a check that failed and stops what rests on its table, so not a warning."""
    if event.event_type_value != "ASSET_CHECK_EVALUATION":
        return False
    check = event.asset_check_evaluation_data
    return not check.passed and check.severity == dg.AssetCheckSeverity.ERROR


def _failed_check(check: Any) -> Stopped:
    table = check.asset_key.path[-1]
    told = check.metadata.get("sample_rows") or check.metadata.get("failures")
    rows = tuple({name: str(value) for name, value in record.data.items()} for record in told.records) if told else ()
    return Stopped(f"{table}, check {check.check_name}: {check.description}", check.check_name, table, rows)
