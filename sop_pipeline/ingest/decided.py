"""What was decided, as the cycle knows it: the records of this cycle and of those before, and what they change in it.

A strategy is worked to in the cycle it is decided in; ``sop.yaml`` says what is worked to in later ones. A limit that
was raised in some months is raised in every later plan of these months.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import ADOPT, DecisionLog, Record, standing
from sop_pipeline.errors import BadInput

_MONTHS = ("choice_month", "month_from", "month_to", "on", "due")
_AMOUNTS = ("quantity", "effect")
_RAISED = ("more", "at_start", "heads")
_PROMISED = ("amount", "sales_without", "sales_with")


@dataclass(frozen=True)
class Decided:
    """The records, what those in force change, and what they promised by month."""

    recorded_decisions: pa.Table
    decisions_in_force: pa.Table
    decision_promises: pa.Table


def recorded_decisions(log: DecisionLog, input_entries: pa.Table, cycle: Cycle) -> Decided:
    """Return ``recorded_decisions``, ``decisions_in_force`` and ``decision_promises`` of a cycle.

    ``input_entries`` come first, since a decision typed into a book is in the log once they are made: BadInput where
    one that counts is not.
    """
    records = log.until(cycle)
    _refuse_lost(input_entries, {record["decision_id"] for record in records})
    changes = [row for record in standing(records) for row in _changes(record, cycle)]
    promises = [row for record in standing(records) for row in _promises(record)]
    return Decided(
        tables.conform("recorded_decisions", [_row(record) for record in records]),
        tables.conform("decisions_in_force", changes),
        tables.conform("decision_promises", promises),
    )


def _refuse_lost(input_entries: pa.Table, recorded: set[str]) -> None:
    for row in tables.rows(input_entries):
        if (row["kind"], row["status"]) == ("decision", "taken") and row["decision_id"] not in recorded:
            raise BadInput(
                found=f"no record of decision {row['decision_id']}",
                needed=f"the one typed at {row['cell']} of {row['book']}",
                where="lake/decisions",
                mend="Take the folder back from a backup.",
            )


def _row(record: Record) -> dict[str, Any]:
    """A record as the table has it: JSON knows no days and no exact numbers."""
    days = {name: date.fromisoformat(record[name]) if record.get(name) else None for name in _MONTHS}
    amounts = {name: Decimal(record[name]) if record.get(name) else None for name in _AMOUNTS}
    return {**record, **days, **amounts}


def _promises(record: Record) -> Iterator[dict[str, Any]]:
    """What the option adopted promised, by month; records of earlier versions do not say."""
    option: Record = next((row for row in record["options"] if row["option"] == record["option"]), {})
    for part in option.get("promised", ()):
        amounts = {name: Decimal(part[name]) for name in _PROMISED if name in part}
        yield {**part, **amounts, "decision_id": record["decision_id"], "month": date.fromisoformat(part["month"])}


def _changes(record: Record, cycle: Cycle) -> Iterator[dict[str, Any]]:
    if record["action"] != ADOPT:
        return
    if record["choice"] == "work_to" and record["cycle"] == cycle.name:
        yield {"decision_id": record["decision_id"], "changes": "strategy", "subject": record["choice_subject"]}
    for entry in record["raised"]:
        month = date.fromisoformat(entry["month"])
        if month >= cycle.month:
            yield {
                "decision_id": record["decision_id"],
                "changes": record["raises"],
                "subject": record["subject"],
                "month": month,
                "limit": Decimal(entry["limit"]),
                **{name: Decimal(entry[name]) for name in _RAISED if name in entry},
            }
