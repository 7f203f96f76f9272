"""Known events: what promotions, prices and the like did to demand, and what those that are planned bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 20
_LEVELS = ("company", "family", "product")


def events(book: Book) -> list[Page]:
    """Fill the page; none for a company without events."""
    rows = records(book.frame("event_effects"))
    if not rows:
        return []
    kinds = len({row["kind"] for row in rows})
    return [
        Page(
            "events",
            "Known events",
            f"{plural(kinds, 'kind')} of events, estimated from the months they were in",
            sentences=[_used(rows)],
            body=[_effects(book, rows)],
        )
    ]


def _used(rows: list[dict[str, Any]]) -> Sentence:
    """How many effects are used; the others change nothing."""
    used = sum(bool(row["used"]) for row in rows)
    planned = strong(f"{number(used)} of {plural(len(rows), 'effect')}")
    verb = "is" if used == 1 else "are"
    return say(planned, f" {verb} used: history is cleared of them, and planned months are moved by them.")


def _effects(book: Book, rows: list[dict[str, Any]]) -> Listing:
    """Every item and kind, those in use first, then those with the most ahead."""
    order = sorted(rows, key=lambda row: (not row["used"], -_brought(row), _LEVELS.index(row["level"]), row["item_id"]))
    shown, left = cut([_row(book, row) for row in order], _MOST)
    columns = (
        Column("Event", "left", "12%"),
        Column("Of", "left", "22%"),
        Column("Months"),
        Column("Effect"),
        Column("P10 to P90", "left", "14%"),
        Column("From", "left", "12%"),
        Column("Ahead"),
        Column("Units"),
        Column("Why", "left", "22%"),
    )
    note = "effect: what one unit of size adds to the month; ahead: planned months with one; ● in use"
    return Listing("What events do", columns, shown, note, left_out=left)


def _brought(row: Mapping[str, Any]) -> float:
    return 0.0 if missing(row["units_ahead"]) else abs(float(row["units_ahead"]))


def _row(book: Book, row: Mapping[str, Any]) -> Row:
    is_known = not missing(row["effect"])
    spread = f"{percent(row['p10'], 1)} to {percent(row['p90'], 1)}" if is_known else NOTHING
    drawn = NOTHING if missing(row["drawn_from"]) else ENGLISH.say(f"drawn_from.{row['drawn_from']}", row)
    cells = (
        Cell(f"{row['kind']}{' ●' if row['used'] else ''}", "strong" if row["used"] else "plain"),
        Cell(book.item(row["level"], str(row["item_id"])), title=str(row["item_id"])),
        Cell(number(row["cases"])),
        Cell(percent(row["effect"], 1, NOTHING)),
        Cell(spread, "quiet"),
        Cell(drawn, "quiet"),
        Cell(number(row["months_ahead"])),
        Cell(NOTHING if missing(row["units_ahead"]) else number(row["units_ahead"])),
        Cell(ENGLISH.say(f"event.{row['outcome']}", row), "quiet"),
    )
    return Row(cells, source="event_effects")
