"""What was decided and came of it, how well plans were kept, the gap and what closes it."""

from __future__ import annotations

from typing import Any

from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.decisions import owner_words, taken_words
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import tone_of
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records
from sop_pipeline.packs.book.reference import gap_rows, reference_in
from sop_pipeline.packs.parts import bridges, room
from sop_pipeline.packs.parts.attainment import attainment, attainment_sentence
from sop_pipeline.packs.parts.landing import gap_by_month, landing, since_last, to_close
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, words_of

_MOST_DECISIONS = 5
_LEAST, _TALLEST = 160, 270
"""Height of the charts, in the units of charts."""
_CLOSE = 1.2
"""How much more a line of the heat map holds than one of a table as wide: its cells stand closer."""
_NOTE = (
    "margin promised and realised over the months that have come; own: your figure, else what was sold beyond the plan"
)
_CHARTS = 74.0
"""Room in mm that two more sentences and charts of the least height take."""


def last_time(book: Book) -> Page:
    """Fill the page."""
    reference = reference_in(book, gap_rows(book, book.year_months))
    kept, lands = attainment(book), landing(book)
    beside = max(room.taken(kept, _CLOSE * room.HALF), room.taken(lands, room.HALF))
    earlier = room.fill(_earlier_decisions(book), room.PAGE - beside - _CHARTS)
    above = room.taken(earlier) + beside
    height = room.chart(_LEAST, room.PAGE - above - _CHARTS, _TALLEST)
    return Page(
        "gap",
        "Last time, and the gap",
        _subtitle(book, reference.name if reference else ""),
        sentences=[attainment_sentence(book), since_last(book), to_close(book)],
        body=[
            earlier,
            Beside([kept, lands]),
            Beside([gap_by_month(book, height + 12), bridges.by_family(book, size=(500, height))]),
        ],
    )


def _subtitle(book: Book, reference: str) -> str:
    against = f"fiscal year {book.fiscal_year}" + (f" against {reference}" if reference else "")
    return f"{against}; last cycle: {book.last_standing}" if book.last_standing else against


def _earlier_decisions(book: Book) -> Listing:
    """Decisions of this meeting and of earlier ones, the latest first: what they promised and what came of it."""
    data = book.frame("decision_results")
    data = data.assign(order=data["cycle"].fillna("")).sort_values(["order", "decision_id"], ascending=[False, True])
    scale = scale_for([*data["promised_value"], *data["realised_value"]], ("k", ""))
    come = data["realised_to"].dropna()
    until = f" to {short_month(max(come), year=True)}" if len(come) else " to date"
    rows, left = cut([_row(book, row, scale) for row in records(data)], _MOST_DECISIONS)
    unit = book.money_unit(scale)
    columns = (
        Column("Decision", "left", "31%"),
        Column("Owner, due", "left", "19%"),
        Column("Status", "left", "9%"),
        Column(f"Promised {unit}"),
        Column(f"Of it{until}"),
        Column(f"Realised {unit}", "right", "15%"),
        Column("Difference"),
    )
    empty = "No decision was recorded, and the company’s files name none, so there is nothing to follow up."
    return Listing("Decisions taken", columns, rows, _NOTE, empty, left)


def _row(book: Book, row: dict[str, Any], scale: Scale) -> Row:
    promised, realised, to_date = row["promised_value"], row["realised_value"], row["promised_to_date"]
    against = promised if missing(to_date) else to_date
    difference = None if missing(against) or missing(realised) else float(realised) - float(against)
    due = "" if missing(row["due"]) else day(row["due"])
    owner = ", ".join(part for part in (shortened(owner_words(row), 60), due) if part)
    status = words_of(row["status"])
    late = status in ("open", "late") and not missing(row["due"]) and row["due"] < book.cycle.cutoff
    who = ", ".join(words_of(row[name]) for name in ("by", "why") if not missing(row[name]))
    return Row(
        (
            Cell(shortened(f"{taken_words(row)}{f' ({who})' if who else ''}", 200), title=str(row["decision_id"])),
            Cell(owner, "quiet"),
            Cell(f"{status}, overdue" if late else status, "worse" if late else "plain"),
            Cell(scale.write(promised, NOTHING)),
            Cell(scale.write(to_date, NOTHING)),
            _realised(row, scale),
            Cell(scale.write(difference, NOTHING), tone_of(difference)),
        ),
        source="decision_results",
    )


def _realised(row: dict[str, Any], scale: Scale) -> Cell:
    """What it brought and whose figure that is, or why nobody can say."""
    if not missing(row["realised_value"]):
        written = scale.write(row["realised_value"], NOTHING)
        return Cell(f"{written}, own" if row["realised_by"] == "company" else written)
    if missing(row["unknown"]) or row["unknown"] == "own_list":
        return Cell(NOTHING)
    return Cell(ENGLISH.say(f"decision_unknown.{row['unknown']}", row), "quiet")
