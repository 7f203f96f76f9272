"""What planners typed into the books of a cycle, as its tables have it: every entry, and those that count as input.

An entry on demand is one more row of ``demand_inputs``; an assumption takes the place of that of its name, or is one
more. Not here: reading books (``inputs``), or decisions, which are records of their own (``decided``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, parse_month
from sop_pipeline.inputs.log import Line, Record, line_of, standing

_MONTHS = ("month_from", "month_to")
_AMOUNTS = ("change_units", "change_pct", "replace_units")
CLOSED = "closed"
"""The value that closes an assumption."""
Rows = list[dict[str, Any]]


def with_entries(
    inputs: Mapping[str, pa.Table], records: Sequence[Record], carried: Sequence[Record] = ()
) -> dict[str, pa.Table]:
    """Return ``input_entries``, and ``demand_inputs`` and ``assumptions`` with the entries that count.

    ``carried`` are the assumptions typed into earlier cycles' books, oldest first: they hold until one is typed again,
    closed, or changed in the company's files on a later day.
    """
    known, stands = _names(inputs), standing(records)
    status = {record["number"]: _status(record, stands, known) for record in records}
    counted = [record for record in records if status[record["number"]] == "taken"]
    demand = [_known(record) for record in counted if record["kind"] == "demand"]
    made = {"input_entries": tables.conform("input_entries", [_told(each, status[each["number"]]) for each in records])}
    if demand:
        rows = [*tables.rows(inputs["demand_inputs"]), *demand]
        made["demand_inputs"] = tables.conform("demand_inputs", rows)
    typed = [_closing(row) for row in map(_known, counted) if "assumption_id" in row]
    if typed or carried:
        held = _carried(tables.rows(inputs["assumptions"]), [_closing(_known(record)) for record in carried])
        made["assumptions"] = tables.conform(
            "assumptions", _assumed(held, {row["assumption_id"]: row for row in typed})
        )
    return made


def _carried(rows: Rows, typed: Rows) -> Rows:
    """The files' assumptions with those typed in earlier cycles, unless the files say something newer.

    One that only books name is gone once it is closed.
    """
    listed = {row["assumption_id"]: row for row in rows}
    held = dict(listed)
    for row in typed:
        name = row["assumption_id"]
        changed_on = listed.get(name, {}).get("changed_on")
        if changed_on is None or changed_on <= row["changed_on"]:
            held[name] = {**held.get(name, {}), **row}
    return [row for name, row in held.items() if name in listed or row.get("closed_on") is None]


def _closing(row: dict[str, Any]) -> dict[str, Any]:
    """An assumption as it was typed; the value ``closed`` is the day it ends, and leaves what it was."""
    if str(row.get("value", "")).strip().lower() != CLOSED:
        return {**row, "closed_on": None}
    return {**{name: said for name, said in row.items() if name != "value"}, "closed_on": row["changed_on"]}


def _assumed(rows: Rows, changed: Mapping[str, dict[str, Any]]) -> Rows:
    """The company's assumptions with those that were typed anew; what was left blank stays as it is."""
    before = {row["assumption_id"]: row for row in rows}
    return list({**before, **{name: {**before.get(name, {}), **row} for name, row in changed.items()}}.values())


def _names(inputs: Mapping[str, pa.Table]) -> set[tuple[str, str]]:
    """The products and families an entry may be about."""
    products = {("product_id", row[0]) for name in ("products", "new_products") for row in _columns(inputs[name])}
    families = {("family", row[1] or "All products") for row in _columns(inputs["products"])}
    return products | families


def _columns(table: pa.Table) -> list[tuple[str, str | None]]:
    names = [str(name) for name in table.column("product_id").to_pylist()]
    families = table.column("family").to_pylist() if "family" in table.column_names else [None] * len(names)
    return list(zip(names, families, strict=True))


def _status(record: Record, stands: Mapping[Line, Record], known: set[tuple[str, str]]) -> str:
    if record["late"]:
        return "late"
    if record["says"] is None:
        return "withdrawal"
    if stands.get(line_of(record)) is not record:
        return "replaced"
    about = {(name, record["says"][name]) for name in ("product_id", "family") if name in record["says"]}
    return "taken" if about <= known else "unknown"


def _row(record: Record) -> dict[str, Any]:
    """An entry as a row of its input table: text becomes months and exact numbers."""
    says = dict(record["says"])
    day = date.fromisoformat(record["recorded_on"])
    months = {name: parse_month(says[name]) for name in _MONTHS if name in says}
    amounts = {name: Decimal(says[name]) for name in _AMOUNTS if name in says}
    said = {name: record[name] for name in ("owner", "reason", "cell", "cycle")}
    return {**says, **months, **amounts, **said, "changed_on": day, "recorded_on": day}


def _known(record: Record) -> dict[str, Any]:
    """A row that is known: what a review still waited for counts as if it had come by the day for files."""
    row, last = _row(record), Cycle.parse(record["cycle"]).input_deadline - timedelta(days=1)
    return {**row, "recorded_on": min(row["recorded_on"], last)}


def _told(record: Record, status: str) -> dict[str, Any]:
    row = _row({**record, "says": record["says"] or {}})
    return {**row, **{name: record[name] for name in ("number", "kind", "book", "sha256")}, "status": status}
