"""Risks, opportunities and assumptions carried from cycle to cycle: the words beside each, and those that went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing, percent
from sop_pipeline.language.scale import Scale
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records
from sop_pipeline.packs.parts.table import Cell, Row, words_of

ENDED = ("over", "closed")
"""What counts nowhere any more."""
Items = Mapping[str, Mapping[str, Any]]


def carried(book: Book, *, assumptions: bool = False) -> Items:
    """Rows of ``open_items`` by identifier: assumptions, or risks and opportunities."""
    rows = records(book.frame("open_items"))
    return {row["item_id"]: row for row in rows if (row["kind"] == "assumption") == assumptions}


def since(book: Book, row: Mapping[str, Any] | None, scale: Scale) -> str:
    """Since when one is open and what it was in the last cycle, in brackets; nothing in the cycle that is the first."""
    if row is None or (row["status"] == "open" and row["since"] == book.cycle.month):
        return ""
    told = ENGLISH.say(f"open_item.{row['status']}", {**row, "was": _was(row, scale)})
    return f" ({told})"


def _was(row: Mapping[str, Any], scale: Scale) -> str | None:
    """The first of what is told of a change: chance, effect in money or units, value."""
    if not missing(row["probability_before"]):
        return percent(row["probability_before"], 0, NOTHING)
    for name in ("margin_before", "revenue_before", "units_before"):
        if not missing(row[name]):
            return scale.write(row[name], NOTHING)
    return None if missing(row["value_before"]) else str(row["value_before"])


def gone_item(book: Book, row: Mapping[str, Any], measure: str, scale: Scale) -> Row:
    """A risk or opportunity that was open in the last cycle and is not listed again."""
    said = shortened(f"{row['kind'].capitalize()}: {row['description']}", 120)
    cells = (
        Cell(f"{said}{since(book, row, scale)}", "quiet", title=row["item_id"]),
        Cell(""),
        Cell(percent(row["probability"], 0, NOTHING), "quiet"),
        Cell(scale.write(row[measure], NOTHING), "quiet"),
        Cell(NOTHING, "quiet"),
        Cell(NOTHING if missing(row["month_to"]) else f"to {short_month(row['month_to'], year=True)}", "quiet"),
        Cell(""),
        Cell("no", "quiet"),
        Cell(shortened(words_of(row["owner"]), 60), "quiet"),
    )
    return Row(cells, source="open_items")


def gone_assumption(book: Book, row: Mapping[str, Any], scale: Scale) -> Row:
    """An assumption that stood in the last cycle and is not listed again."""
    cells = (
        Cell(f"{shortened(row['description'], 120)}{since(book, row, scale)}", "quiet", title=row["item_id"]),
        Cell(shortened(words_of(row["value"]), 40), "quiet"),
        Cell(""),
        Cell(shortened(words_of(row["owner"]), 60), "quiet"),
        Cell(""),
    )
    return Row(cells, source="open_items")
