"""Forecasts made elsewhere: how good they were beside the statistical one, and which are used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop_pipeline.language.demand import note_words
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import name, plural
from sop_pipeline.language.numbers import NOTHING, missing, number, percent, points
from sop_pipeline.language.sentence import Sentence, say, strong, tone_of
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 16
_LEVELS = ("company", "family", "product")


def external(book: Book) -> list[Page]:
    """Fill the page; none for a company without external forecasts."""
    rows = records(book.frame("external_accuracy"))
    if not rows:
        return []
    return [
        Page(
            "external",
            "External forecasts",
            f"{plural(len({row['model'] for row in rows}), 'model')}, judged by the backtest of the statistical one",
            sentences=[_used(rows), *_told(book)],
            body=[_compared(book, rows)],
        )
    ]


def _used(rows: list[dict[str, Any]]) -> Sentence:
    """How many of the items they forecast are planned with them."""
    used = sum(bool(row["used"]) for row in rows)
    planned = strong(f"{number(used)} of {plural(len(rows), 'forecast')}")
    return say(planned, f" of a product, a family or the company {'is' if used == 1 else 'are'} planned with.")


def _told(book: Book) -> list[Sentence]:
    every = records(book.frame("forecast_notes"))
    notes = [{**row, "names": _called(book, row["names"])} for row in every if str(row["note"]).startswith("external")]
    return [say(f"{words[0].upper()}{words[1:]}.") for words in note_words(notes)]


def _called(book: Book, names: Any) -> str | None:
    """Items as people call them; a comma inside a name would be read as one between two."""
    if missing(names):
        return None
    items = str(names).split(", ")
    return ", ".join(book.product(item, 40).replace(",", "") if book.is_sold(item) else item for item in items)


def _compared(book: Book, rows: list[dict[str, Any]]) -> Listing:
    """Every model and item, those in use first, then what would have added most."""
    order = sorted(rows, key=lambda row: (not row["used"], _LEVELS.index(row["level"]), -_added(row), row["item_id"]))
    shown, left = cut([_row(book, row) for row in order], _MOST)
    columns = (
        Column("Forecast", "left", "13%"),
        Column("Of", "left", "22%"),
        Column("Months"),
        Column("WMAPE"),
        Column("Bias"),
        Column("Statistical"),
        Column("Added, points"),
        Column("P10, P90", "left", "12%"),
        Column("Why", "left", "27%"),
    )
    note = "past forecasts as they were made, beside statistical ones of the same cycles and lags; ● in use"
    return Listing("Beside the statistical forecast", columns, shown, note, left_out=left)


def _added(row: Mapping[str, Any]) -> float:
    return float("-inf") if missing(row["value_added"]) else float(row["value_added"])


def _row(book: Book, row: Mapping[str, Any]) -> Row:
    tone = "plain" if missing(row["value_added"]) else tone_of(float(row["value_added"]))
    ranged = NOTHING if missing(row["range_from"]) else ENGLISH.say(f"range_from.{row['range_from']}", row)
    cells = (
        Cell(f"{name(row['model'])}{' ●' if row['used'] else ''}", "strong" if row["used"] else "plain"),
        Cell(book.item(row["level"], str(row["item_id"])), title=str(row["item_id"])),
        Cell(number(row["months"])),
        Cell(percent(row["wmape"], 1, NOTHING)),
        Cell(percent(row["bias"], 1, NOTHING)),
        Cell(percent(row["statistical_wmape"], 1, NOTHING)),
        Cell(points(row["value_added"], 1, NOTHING), tone),
        Cell(ranged, "quiet"),
        Cell(ENGLISH.say(f"external.{row['outcome']}", row), "quiet"),
    )
    return Row(cells, source="external_accuracy")
