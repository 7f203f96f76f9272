"""A first cycle says what the next year changes on the last one, and why, recomputed here by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.changes import largest_changes
from tests.packs.invented import CYCLE, Shape, company, cycle_tables

FIRST = Shape(families=2, money=True, first_cycle=True)


def rows(product: str, months: list[date], sales: int, price: float) -> list[dict[str, Any]]:
    return [
        {"product_id": product, "family": "Snacks", "month": each, "sales": sales, "revenue": sales * price}
        for each in months
    ]


def first_cycle(past: list[dict[str, Any]], planned: list[dict[str, Any]]) -> Book:
    sold = registry.conform("actuals", past)
    plan = registry.conform("sales_plan", [{"demand": row["sales"], **row} for row in planned])
    return Book({**cycle_tables(FIRST), "actuals": sold, "sales_plan": plan}, company(), CYCLE)


def test_the_next_year_against_the_last_by_volume_and_price() -> None:
    """Only twelve months of either side count; 1,200 more at 10 is 12,000 of volume beside 3,840 of price."""
    cutoff = CYCLE.month
    before, ahead = ([add_months(cutoff, n) for n in span] for span in (range(-13, 0), range(13)))
    past = [*rows("P1", before, 100, 10.0), *rows("P2", before, 50, 8.0), *rows("P3", before, 10, 1.0)]
    planned = [*rows("P1", ahead, 200, 11.6), *rows("P2", ahead, 50, 10.0), *rows("P4", ahead, 30, 4.0)]
    found = largest_changes(first_cycle(past, planned))
    assert found.title == "Largest changes on last year"
    told = {row.cells[0].text: (row.cells[1].text, row.cells[2].text) for row in found.rows}
    assert told == {
        "P1": ("15.8", "volume up 1,200 units, 100.0%"),
        "P4": ("1.4", "not sold a year before"),
        "P2": ("1.2", "price up 25.0%"),
        "P3": ("(0.1)", "no longer sold"),
    }
    assert found.columns[1].name == "€k"


def test_a_later_cycle_compares_with_the_one_before(book: Book) -> None:
    assert largest_changes(book).title == "Largest changes since last cycle"
