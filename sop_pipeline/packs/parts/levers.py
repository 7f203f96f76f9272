"""What closes each gap: how far each lever is pulled, what that brings of it, by when to decide, and what binds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sop_pipeline.language.dates import day
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.money import amount, money
from sop_pipeline.language.names import listed, name, shortened
from sop_pipeline.language.numbers import NOTHING, missing, points, quantity
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts.goals import SHARES
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST_ROWS = 24
_MOST_LIMITS = 5


def levers(book: Book) -> Listing:
    """Every gap with the levers that are pulled, what they bring on top of each other, and what stays open."""
    sets, pulled = book.frame("gap_sets"), book.frame("gap_levers")
    sets = sets.sort_values(["fiscal_year", "goal"], na_position="last", kind="stable")
    rows = [line for each in each_row(sets) for line in _of_gap(book, each, pulled)]
    shown, left = cut(rows, _MOST_ROWS)
    columns = (
        Column("Gap, and levers", "left", "36%"),
        Column("Pulled", "left", "17%"),
        Column("Brings"),
        Column("Outlay"),
        Column("Result"),
        Column("Decide by", "left"),
    )
    return Listing("What levers close", columns, shown, _note(book), _empty(book), left)


def levers_sentence(book: Book) -> Sentence:
    """How near to the nearest year's plan the cheapest levers come, and what they leave of it in the result."""
    sets = book.frame("gap_sets")
    years = sets[sets["fiscal_year"].notna() & sets["brings"].notna() & (sets["status"] != "nothing_helps")]
    if years.empty:
        return ()
    first = next(each_row(years.sort_values("fiscal_year")))
    brings, gap, left, result = (
        money(value, book.company.currency) for value in (first.brings, first.gap, first.open, first.result_change)
    )
    rest = f"{left} stays open" if first.status == "nearest" else "nothing stays open"
    return say(
        f"Of the margin gap of {gap} in {int(first.fiscal_year)} the cheapest levers close ",
        toned(brings, 1.0),
        f", planned again by family: {rest}; contribution after their outlay changes by {result}.",
    )


def _note(book: Book) -> str:
    strategies = sorted(set(book.frame("gap_sets")["strategy"]))
    by = f"{strategies[0]}, " if strategies else ""
    return (
        f"{by}planned again by family, one on top of the other, in the months that count; margin is gross margin, "
        "result is contribution after the outlay; each gap by itself, sets do not add up"
    )


def _empty(book: Book) -> str:
    if book.frame("levers").empty:
        return "No levers are stated: they are the table levers (price, promotion, overtime, capacity, stock)."
    return "No year's margin is below the business plan and no goal is missed, so nothing has to be closed."


def _of_gap(book: Book, row: Any, pulled: Any) -> Iterator[Row]:
    scale = scale_for([row.gap])
    said = ENGLISH.say(f"gap_status.{row.status}", {})
    yield Row(
        (
            Cell(f"{_name(row)}: {_amount(book, row.measure, row.gap, scale)} missing", "strong"),
            Cell(said, "better" if row.status == "closed" else "worse"),
            Cell(_amount(book, row.measure, row.brings, scale), "strong"),
            Cell(money(row.outlay, book.company.currency)),
            Cell(money(row.result_change, book.company.currency)),
            Cell(""),
        ),
        "head",
        source="gap_sets",
    )
    own = pulled[(pulled["target"] == row.target) & (pulled["state"] == "used")].sort_values("pull_order")
    for lever in each_row(own):
        yield Row(
            (
                Cell(f"{_lever(book, lever.lever_id)}: {ENGLISH.say(f'lever.{lever.kind}', {})} {name(lever.subject)}"),
                Cell(_use(lever), title=str(lever.changes or "")),
                Cell(_amount(book, row.measure, lever.brings, scale)),
                Cell(money(lever.outlay, book.company.currency)),
                Cell(""),
                Cell(day(lever.decide_by)),
            ),
            source="gap_levers.used, limit, brings, outlay",
        )
    yield from _open(book, row, scale)


def _open(book: Book, row: Any, scale: Scale) -> Iterator[Row]:
    if missing(row.open) or row.open <= 0:
        return
    limits = book.frame("gap_limits")
    own = list(each_row(limits[limits["target"] == row.target]))
    words = [_lever(book, each.item) if each.constraint == "lever" else _limit(book, each.item) for each in own]
    binds = f"at its end: {listed(words[:_MOST_LIMITS])}" if words else ""
    cells = (
        Cell("Stays open"),
        Cell(shortened(binds, 160), "quiet"),
        Cell(_amount(book, row.measure, row.open, scale), "worse"),
    )
    yield Row((*cells, Cell(""), Cell(""), Cell("")), "total", source="gap_sets.open")


def _name(row: Any) -> str:
    words = ENGLISH.say(f"goal.{row.measure}", {})
    if not missing(row.fiscal_year):
        return f"{words.capitalize()} {int(row.fiscal_year)} against the business plan"
    return f"Goal {int(row.goal)}, {words}"


def _lever(book: Book, identifier: str) -> str:
    rows = book.frame("levers")
    found = rows.loc[rows["lever_id"] == identifier, "description"]
    told = None if found.empty or missing(found.iloc[0]) else str(found.iloc[0])
    return shortened(told or identifier, 80)


def _limit(book: Book, item: str) -> str:
    return f"{ENGLISH.say('gap_limit.plan', {})} {book.resource(item)}"


def _use(lever: Any) -> str:
    unit = ENGLISH.say(f"lever_unit.{lever.kind}", {})
    return f"{quantity(lever.used)} of {quantity(lever.limit)} {unit}"


def _amount(book: Book, measure: str, value: Any, scale: Scale) -> str:
    if missing(value):
        return NOTHING
    if measure in SHARES:
        return f"{points(value, 2)} points"
    return amount(value, scale, book.company.currency)
