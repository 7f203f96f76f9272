"""Products whose plan changed most: since the last cycle, and in the first cycle on the year before.

Here: which they are, and why in a word. Not here: what moved a plan (``plan_changes``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import number, percent
from sop_pipeline.language.reconciliation import change_words
from sop_pipeline.language.scale import scale_for
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records
from sop_pipeline.packs.book.tables import YearOnYear
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

_MOST = 5


@dataclass(frozen=True)
class _Changes:
    """A row a product: ``product_id``, ``change``, ``cause`` in words; what they are measured in and told as."""

    title: str
    table: pd.DataFrame
    priced: bool
    note: str
    source: str
    empty: str


def largest_changes(book: Book) -> Listing:
    """The products that changed most, in money where there is any, and the others as one sum."""
    found = _since_last_cycle(book) if book.has_last_cycle else _on_last_year(book)
    data = found.table.assign(size=found.table["change"].abs())
    ranked = data.sort_values(["size", "product_id"], ascending=[False, True])
    top = ranked[ranked["size"] > 0].head(_MOST)
    scale, others = scale_for(list(top["change"])), ranked.iloc[len(top) :]
    unit = book.money_unit(scale) if found.priced else f"{scale.suffix} units".strip()
    note = f"{unit} {found.note}"
    if len(others):
        note += f"; {plural(len(others), 'other')} {scale.write(float(others['change'].sum()))}"
    columns = (Column("Product", "left", "29%"), Column(unit, "right", "15%"), Column("Largest cause", "left"))
    rows = [
        Row(
            (
                Cell(book.product(row["product_id"], 30), "strong", title=str(row["product_id"])),
                Cell(scale.write(row["change"]), "better" if row["change"] > 0 else "worse"),
                Cell(shortened(row["cause"], 74), "quiet"),
            ),
            source=found.source,
        )
        for row in records(top)
    ]
    return Listing(found.title, columns, rows, note if rows else "", found.empty)


def _since_last_cycle(book: Book) -> _Changes:
    data = book.frame("plan_changes")
    priced = bool(data["revenue_change"].notna().any())
    column = "revenue_change" if priced else "demand_change"
    table = data[["product_id"]].assign(change=data[column], cause=[change_words(row) for row in records(data)])
    return _Changes(
        "Largest changes since last cycle",
        table,
        priced,
        "over the months both cycles plan",
        f"plan_changes.{column}; cause: plan_changes",
        "No product’s plan changed since the last cycle.",
    )


def _on_last_year(book: Book) -> _Changes:
    """The next twelve months as planned against the same months a year before, as far as these have history."""
    pairs = book.year_on_year
    sides = [("sales_plan", "planned", pairs.ahead), ("actuals", "past", pairs.before)]
    sums = [_sums(book.frame(table), months).add_prefix(f"{side}_") for table, side, months in sides]
    data = sums[0].join(sums[1], how="outer").fillna(0.0).astype(float)
    column = "revenue" if book.has_money else "sales"
    table = pd.DataFrame(
        {
            "product_id": data.index,
            "change": (data[f"planned_{column}"] - data[f"past_{column}"]).to_numpy(),
            "cause": [_cause(row, book.has_money) for row in records(data)],
        }
    )
    return _Changes(
        "Largest changes on last year",
        table,
        book.has_money,
        f"the next {len(pairs.ahead)} months against {pairs.words}" if pairs.is_whole else f"{_known(pairs)} alone",
        f"sales_plan.{column} less actuals.{column}; cause: sales_plan.sales, actuals.sales",
        "No product is planned otherwise than it sold a year before."
        if pairs.before
        else "No month has a year before.",
    )


def _known(pairs: YearOnYear) -> str:
    return f"the {plural(len(pairs.ahead), 'month')} with a year before"


def _sums(data: pd.DataFrame, months: Any) -> pd.DataFrame:
    rows = data[data["month"].isin(list(months))]
    return rows.groupby("product_id")[["sales", "revenue"]].sum()


def _cause(row: dict[str, Any], priced: bool) -> str:
    """Volume or price, whichever moved revenue more; a product that only one of the years has says so."""
    past, planned = row["past_sales"], row["planned_sales"]
    if past <= 0:
        return "not sold a year before"
    if planned <= 0:
        return "no longer sold"
    units = planned - past
    volume = units * row["past_revenue"] / past
    price = row["planned_revenue"] - row["past_revenue"] - volume
    if priced and abs(price) > abs(volume) and row["past_revenue"] > 0:
        change = row["planned_revenue"] / planned / (row["past_revenue"] / past) - 1
        return f"price {_way(change)} {percent(abs(change), 1)}"
    return f"volume {_way(units)} {number(abs(units))} units, {percent(abs(units) / past, 1)}"


def _way(change: float) -> str:
    return "up" if change > 0 else "down"
