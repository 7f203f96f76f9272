"""What the newest month brought that the last cycle all but ruled out: items outside their P1 to P99."""

from __future__ import annotations

from sop_pipeline.language.numbers import NOTHING
from sop_pipeline.language.scale import scale_for
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 4
_LEVELS = ("company", "family", "product")


def anomalies(book: Book) -> Listing:
    """The items outside, the highest level first, then the most money."""
    data = book.frame("demand_anomalies")
    data = data.assign(
        place=data["level"].map(_LEVELS.index), size=-data["difference_money"].astype(float).abs().fillna(0)
    ).sort_values(["place", "size", "item_id"])
    money = scale_for(list(data["difference_money"]), ("k", ""))
    units = scale_for([*data["quantity"], *data["p99"]], ("k", ""))
    rows = []
    for row in each_row(data):
        name = book.product(str(row.item_id), 40) if row.level == "product" else str(row.item_id)
        cells = (
            Cell(name, title=str(row.item_id)),
            Cell(units.write(row.quantity)),
            Cell(f"{units.write(row.p1)} to {units.write(row.p99)}", "quiet"),
            Cell(units.write(row.difference), "better" if row.difference > 0 else "worse"),
            Cell(money.write(row.difference_money, NOTHING)),
        )
        rows.append(Row(cells, source="demand_anomalies.quantity, p1, p99, difference, difference_money"))
    kept, left = cut(rows, _MOST)
    columns = (
        Column("Outside P1 to P99", "left", "40%"),
        Column(", ".join(["Demand", *([units.suffix] if units.suffix else [])])),
        Column("Expected range"),
        Column("Difference"),
        Column(f"At cost, {book.money_unit(money)}"),
    )
    expected = "Nothing lay outside what the last cycle expected."
    empty = expected if book.has_last_cycle else "No earlier cycle expected anything of the month."
    return Listing(
        "The newest month: out of the ordinary", columns, kept, "against the last cycle’s range", empty, left
    )
