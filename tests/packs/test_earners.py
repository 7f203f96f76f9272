"""What products brought in a year and the long tail, figures by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.earners import earners, tail_sentence
from sop_pipeline.packs.parts.table import Listing
from tests.packs.invented import CYCLE, company

PLENTY = 160.0


def reviewed(
    name: str, margin: float | None, revenue: float | None, stock: float, tail: bool = False
) -> dict[str, Any]:
    row = {"product_id": name, "product_name": name, "family": "Soups", "status": "active", "units_year": 10}
    return {**row, "revenue_year": revenue, "margin_year": margin, "stock_value": stock, "is_tail": tail}


ROWS = (
    reviewed("b", 600, 2_000, 70),
    reviewed("a", 1_360, 3_400, 90),
    reviewed("d", 50, 500, 30, tail=True),
    reviewed("c", -10, 40, 500, tail=True),
    reviewed("never sold", None, None, 20),
)


@pytest.fixture(scope="module")
def with_rows(book: Book) -> Callable[..., Book]:
    def make(*rows: dict[str, Any]) -> Book:
        review = registry.conform("portfolio_review", list(rows))
        return Book({**book.tables, "portfolio_review": review}, company(), CYCLE)

    return make


def test_products_stand_by_what_they_brought_and_the_tail_apart(with_rows: Callable[..., Book]) -> None:
    part = earners(with_rows(*ROWS), PLENTY)
    assert part is not None
    said = {
        listing.title: [[cell.text for cell in row.cells] for row in listing.rows]
        for listing in part.parts
        if isinstance(listing, Listing)
    }
    assert said == {
        "What products bring": [
            ["a", "Soups", "3,400", "1,360", "40.0%", "68.0%"],
            ["b", "Soups", "2,000", "600", "30.0%", "30.0%"],
        ],
        "Long tail": [
            ["c", "Soups", "500", "(10)", "(25.0%)", "(0.5%)"],
            ["d", "Soups", "30", "50", "10.0%", "2.5%"],
        ],
    }


def test_the_tail_in_a_sentence(with_rows: Callable[..., Book]) -> None:
    assert plain_text(tail_sentence(with_rows(*ROWS))) == (
        "The long tail, 2 products, brought €40 of gross margin in twelve months, 2.0% of all and holds €530 of stock."
    )
    assert tail_sentence(with_rows(*ROWS[:2])) == ()


def test_a_page_that_is_full_or_a_company_without_money_shows_none(
    with_rows: Callable[..., Book], bare_book: Book
) -> None:
    assert earners(with_rows(*ROWS), 29.0) is None
    assert earners(bare_book, PLENTY) is None
    part = earners(with_rows(*(reviewed(f"p{n:02}", 100 - n, 200, 1) for n in range(60))), 60.0)
    assert part is not None
    (listing,) = part.parts
    assert isinstance(listing, Listing)
    assert 5 <= len(listing.rows) < 60 and len(listing.rows) + listing.left_out == 60
