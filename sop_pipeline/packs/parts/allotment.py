"""Who gets what where supply is short, the largest gaps first."""

from __future__ import annotations

from typing import Any

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import missing, number, percent
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 6


def short_supply(book: Book) -> Listing:
    """A row a market, product and month that is given less than it asks for."""
    data = book.frame("supply_allotment")
    data = data.assign(short=data["demand"] - data["allotted"])
    data = data[data["short"] >= 0.5].sort_values(
        ["short", "dimension", "market", "product_id", "month"], ascending=[False, True, True, True, True]
    )
    rows, left = cut([_row(book, each) for each in each_row(data)], _MOST)
    columns = (
        Column("Who", "left", "24%"),
        Column("Product", "left", "30%"),
        Column("Month"),
        Column("Turn"),
        Column("Asks for"),
        Column("Gets"),
        Column("Served"),
    )
    note = "largest gaps first; all lines, in the workbook, add up to the sales plan; turns by allotment in sop.yaml"
    empty = "Nobody is given half a unit less than asked for."
    return Listing("Short supply: who gets what", columns, rows, note, empty, left, kind="plan-grid")


def _row(book: Book, row: Any) -> Row:
    return Row(
        [
            Cell(shortened(f"{row.market} ({row.dimension})", 36)),
            Cell(book.product(row.product_id, 40), title=row.product_id),
            Cell(short_month(row.month, year=True)),
            Cell("last" if missing(row.priority) else number(row.priority)),
            Cell(number(row.demand)),
            Cell(number(row.allotted)),
            Cell(percent(row.allotted / row.demand, 0) if row.demand else "", "worse"),
        ],
        source="supply_allotment.demand, allotted, priority",
    )
