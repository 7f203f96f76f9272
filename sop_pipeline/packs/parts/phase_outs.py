"""Products on their way out: when they end, what follows them, and the stock that would be left over."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing, number
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.lifecycle import life_of, new_product_plan
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 7


def phase_outs(book: Book) -> Listing:
    """A row a product that is being phased out."""
    groups = new_product_plan(book, "phase_out").sort_values("month").groupby("product_id", sort=True)
    shown, left = cut([_row(book, str(key), plan) for key, plan in groups], _MOST)
    columns = (
        Column("Phase-out", "left", "25%"),
        Column("Family", "left", "14%"),
        Column("Last sale", "right", "12%"),
        Column("Successor", "left", "20%"),
        Column("Still to sell"),
        Column("Stock at risk"),
        Column(f"Value {book.money_unit()}"),
    )
    note = "stock at risk: what is left after the last month of sale"
    return Listing("Phase-outs", columns, shown, note, "No product is being phased out.", left)


def dead_stock(book: Book) -> Listing | None:
    """Stock of products that have ended; nothing where there is none."""
    review = book.frame("portfolio_review")
    ended = review[(review["status"] == "ended") & (review["stock_at_risk"] > 0)]
    if ended.empty:
        return None
    order = ended.sort_values(["value_at_risk", "product_id"], ascending=[False, True], na_position="last")
    rows = [
        Row(
            (
                Cell(book.product(str(row["product_id"]), 34), "strong", title=str(row["product_id"])),
                Cell(shortened(str(row["family"]), 20), "quiet"),
                Cell(number(row["stock_at_risk"])),
                Cell(number(row["value_at_risk"], nothing=NOTHING), "worse"),
            ),
            source="portfolio_review",
        )
        for row in order.to_dict("records")
    ]
    shown, left = cut(rows, _MOST)
    columns = (
        Column("Ended, still in stock", "left", "40%"),
        Column("Family", "left", "30%"),
        Column("Stock"),
        Column(f"Value {book.money_unit()}"),
    )
    return Listing("Stock of ended products", columns, shown, "at standard cost, of the newest count", "", left)


def _row(book: Book, product_id: str, plan: pd.DataFrame) -> Row:
    life = life_of(book, product_id)
    last, successor = (None, None) if life is None else (life["discontinued_on"], life["successor_id"])
    rest = _left_over(plan, last)
    value = _stock_value(book, product_id, rest)
    cells = (
        Cell(book.product(product_id, 34), "strong", title=product_id),
        Cell(shortened(plan.iloc[0]["family"], 20), "quiet"),
        Cell(day(last)),
        Cell(NOTHING if missing(successor) else book.product(str(successor), 24)),
        Cell(number(float(plan["units"].sum()))),
        Cell(number(rest, nothing=NOTHING), "worse" if rest else "plain"),
        Cell(value, "worse" if value not in (NOTHING, "0") else "plain"),
    )
    return Row(cells, source="new_product_plan.units, inventory, products.standard_cost")


def _left_over(plan: pd.DataFrame, last: date | None) -> float | None:
    """Stock at the end of the last month of sale, else at the end of the plan; None where none is planned."""
    stock = plan[plan["inventory"].notna()]
    if stock.empty:
        return None
    after = stock.iloc[:0] if last is None or missing(last) else stock[stock["month"] >= last.replace(day=1)]
    return float((after.iloc[0] if len(after) else stock.iloc[-1])["inventory"])


def _stock_value(book: Book, product_id: str, units: float | None) -> str:
    products = book.frame("products")
    cost = products[products["product_id"] == product_id]["standard_cost"].dropna()
    return NOTHING if units is None or cost.empty else number(units * float(cost.iloc[0]))
