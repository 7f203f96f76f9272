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
Rows = list[dict[str, Any]]


def with_entries(inputs: Mapping[str, pa.Table], records: Sequence[Record]) -> dict[str, pa.Table]:
    """Return ``input_entries``, and ``demand_inputs`` and ``assumptions`` with the entries that count."""
    known, stands = _names(inputs), standing(records)
    status = {record["number"]: _status(record, stands, known) for record in records}
    counted = [record for record in records if status[record["number"]] == "taken"]
    demand = [_known(record) for record in counted if record["kind"] == "demand"]
    made = {"input_entries": tables.conform("input_entries", [_told(each, status[each["number"]]) for each in records])}
    if demand:
        rows = [*tables.rows(inputs["demand_inputs"]), *demand]
        made["demand_inputs"] = tables.conform("demand_inputs", rows)
    changed = {row["assumption_id"]: row for row in map(_known, counted) if "assumption_id" in row}
    if changed:
        made["assumptions"] = tables.conform("assumptions", _assumed(tables.rows(inputs["assumptions"]), changed))
    return made


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
