"""What each product brought in the last twelve months: those that earn most, and the long tail with its stock."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row, flagged, total
from sop_pipeline.packs.parts.page import Beside
from sop_pipeline.packs.parts.room import HALF, WIDTH, fill
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

_LEAST_ROOM = 30.0
"""Room in mm below which a table of a few rows would say too little."""


def tail_sentence(book: Book) -> Sentence:
    """How little the long tail brings, and what stock it holds; nothing where no product is in it."""
    sold = _sold(book)
    tail = flagged(sold, "is_tail")
    if tail.empty:
        return ()
    brought, of_all, held = (
        total(data, name) for data, name in ((tail, "margin_year"), (sold, "margin_year"), (tail, "stock_value"))
    )
    scale, currency = scale_for([brought, held]), book.company.currency
    stock = "" if not held else f" and holds {amount(held, scale, currency)} of stock"
    return say(
        "The long tail, ",
        strong(plural(len(tail), "product")),
        f", brought {amount(brought, scale, currency)} of gross margin in twelve months, "
        f"{percent((brought or 0.0) / (of_all or 1.0))} of all{stock}.",
    )


def earners(book: Book, room: float) -> Beside | None:
    """The products that brought most, and beside them the long tail, as far as ``room`` mm hold; else nothing."""
    sold = _sold(book)
    if sold.empty or room < _LEAST_ROOM:
        return None
    tail = flagged(sold, "is_tail")
    most = sold.drop(tail.index).sort_values(["margin_year", "product_id"], ascending=[False, True])
    if tail.empty:
        return Beside([fill(_most(book, sold, most), room, WIDTH)])
    least = tail.sort_values(["margin_year", "product_id"])
    return Beside([fill(_most(book, sold, most), room, HALF), fill(_least(book, sold, least), room, HALF)])


def _sold(book: Book) -> pd.DataFrame:
    """Products with a gross margin of the last twelve months; none where nothing is priced."""
    review = book.frame("portfolio_review")
    return review[review["margin_year"].notna()] if book.has_money else review.iloc[:0]


def _most(book: Book, sold: pd.DataFrame, data: pd.DataFrame) -> Listing:
    scale = scale_for(list(sold["revenue_year"]))
    rows = [_row(book, sold, row, scale, "revenue_year") for row in each_row(data)]
    note = "last 12 months, the largest gross margin first"
    return Listing("What products bring", _columns(f"Revenue {book.money_unit(scale)}"), rows, note, "")


def _least(book: Book, sold: pd.DataFrame, data: pd.DataFrame) -> Listing:
    scale = scale_for([*data["margin_year"], *data["stock_value"]])
    rows = [_row(book, sold, row, scale, "stock_value") for row in each_row(data)]
    note = "last 12 months, the least gross margin first"
    return Listing("Long tail", _columns(f"Stock {book.money_unit(scale)}"), rows, note, "")


def _columns(first: str) -> tuple[Column, ...]:
    """The columns of a product: ``first`` of its amounts and the three of its margin."""
    amounts = (first, "Gross margin", "% of revenue", "% of all")
    return Column("Product", "left", "36%"), Column("Family", "left", "20%"), *map(Column, amounts)


def _row(book: Book, sold: pd.DataFrame, row: Any, scale: Scale, first: str) -> Row:
    """A product: ``first`` of its amounts, its margin, and its margin's share of its revenue and of all margin."""
    margin, revenue = float(row.margin_year), row.revenue_year
    whole = total(sold, "margin_year")
    cells = (
        Cell(book.product(str(row.product_id), 30), "strong", title=str(row.product_id)),
        Cell(shortened(str(row.family), 20), "quiet"),
        Cell(scale.write(getattr(row, first), NOTHING)),
        Cell(scale.write(margin), "worse" if margin < 0 else "plain"),
        Cell(NOTHING if missing(revenue) or not revenue else percent(margin / float(revenue))),
        Cell(percent(margin / whole) if whole and whole > 0 else NOTHING),
    )
    return Row(cells, source=f"portfolio_review.{first}, margin_year, revenue_year")
