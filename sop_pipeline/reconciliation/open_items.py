"""Risks, opportunities and assumptions from cycle to cycle: since when each is open, what changed, what became of it.

One that the files do not list again stays open, and counts in no figure, until its months are over or it is closed.
Not here: what they are worth (``decisions``), or whether the numbers hold an assumption (``assumption_effects``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.past import PastCycle

EFFECTS = ("probability", "units", "revenue", "margin", "value")
"""What is told of a change; any other change of a row is a change, too."""
_NOT_SAID = {"recorded_on", "changed_on", "cell", "cycle", "reason", "owner", "closed_on"}
"""Columns that say who wrote a row and when, not what it says."""
Row = dict[str, Any]
Items = Mapping[tuple[str, str], Row]


@dataclass(frozen=True)
class ListedBefore(PastCycle):
    """What the last cycle's files listed."""

    risks_opportunities: pa.Table
    assumptions: pa.Table


@dataclass(frozen=True)
class OpenBefore(PastCycle):
    """What the last cycle knew to be open."""

    open_items: pa.Table


def open_items(
    risks_opportunities: pa.Table,
    assumptions: pa.Table,
    *,
    cycle: Cycle,
    listed: ListedBefore | None = None,
    known: OpenBefore | None = None,
) -> pa.Table:
    """Return ``open_items``: every item of this cycle's files, and those of the last cycle that are not listed again.

    ``since`` is the cycle that first listed it. One whose last month is past is over, one with ``closed_on`` is closed;
    both are told in the first cycle in which they are, and as long as they are listed.
    """
    now = _items(risks_opportunities, assumptions)
    before = {} if listed is None else _items(listed.risks_opportunities, listed.assumptions)
    carried = {} if known is None else {(row["kind"], row["item_id"]): row for row in tables.rows(known.open_items)}
    first = None if listed is None else listed.cycle
    rows = [_listed(name, row, before.get(name), carried.get(name), cycle, first) for name, row in now.items()]
    return tables.conform("open_items", [*rows, *_missing(now, before, carried, cycle, first)])


def is_open(row: Row, cycle: Cycle) -> bool:
    """Whether a risk, an opportunity or an assumption still counts: neither closed nor over."""
    return _end(row, cycle) is None


def _items(risks_opportunities: pa.Table, assumptions: pa.Table) -> Items:
    """Every item by kind and identifier; what neither a risk nor an opportunity is called is taken by its sign."""
    found: dict[tuple[str, str], Row] = {}
    for row in tables.rows(risks_opportunities):
        found[_kind(row), row["item_id"]] = row
    for row in tables.rows(assumptions):
        value = row["value"] or (None if row["change_pct"] is None else f"{row['change_pct'].normalize():f}%")
        found["assumption", row["assumption_id"]] = {**row, "description": row["text"], "value": value}
    return found


def _kind(row: Row) -> str:
    gains = (row["margin"] or row["revenue"] or row["units"] or 0) > 0
    return str(row["kind"] or ("opportunity" if gains else "risk"))


def _end(row: Row, cycle: Cycle) -> str | None:
    """Why an item is open no more."""
    if row.get("closed_on") is not None:
        return "closed"
    last = row.get("month_to") or (row.get("month_from") if "item_id" in row else None)
    return "over" if last is not None and last < cycle.month else None


def _listed(
    name: tuple[str, str], row: Row, before: Row | None, known: Row | None, cycle: Cycle, first: Cycle | None
) -> Row:
    changed = before is not None and _says(before) != _says(row)
    fresh = before is None and known is None
    status = _end(row, cycle) or ("changed" if changed else "new" if fresh and first is not None else "open")
    since = cycle.month if fresh else _since(known, first, cycle)
    told = {f"{each}_before": before.get(each) for each in EFFECTS if before and before.get(each) != row.get(each)}
    return {**_register(name, row), **(told if changed else {}), "since": since, "status": status}


def _missing(now: Items, before: Items, carried: Items, cycle: Cycle, first: Cycle | None) -> Iterator[Row]:
    """Items open in the last cycle that are not listed again; one that is over is told once."""
    for name, row in {**carried, **before}.items():
        known = carried.get(name)
        if name in now or (known is not None and known["status"] in ("over", "closed")):
            continue
        end = _end({**row, "item_id": name[1]}, cycle)
        yield {**_register(name, row), "since": _since(known, first, cycle), "status": end or "not_listed"}


def _since(known: Row | None, first: Cycle | None, cycle: Cycle) -> Any:
    return known["since"] if known is not None else (first or cycle).month


def _says(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _NOT_SAID}


def _register(name: tuple[str, str], row: Row) -> Row:
    """An item as the table has it; a risk of one month ends with it."""
    kept = {each: row.get(each) for each in ("description", "owner", *EFFECTS)}
    last = row.get("month_to") or (None if name[0] == "assumption" else row.get("month_from"))
    return {**kept, "kind": name[0], "item_id": name[1], "month_to": last}
