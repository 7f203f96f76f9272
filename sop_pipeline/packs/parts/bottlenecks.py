"""What an hour or unit more of each bottleneck is worth, how far the price holds, and by when to decide."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.cycle import add_months
from sop_pipeline.language.dates import day, short_month, span_of
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 8


def bottlenecks(book: Book) -> Listing:
    """What more of each bottleneck saves, in its best month and over all months it binds."""
    groups = [group for _, group in _prices(book).groupby(["item", "constraint"], sort=True)]
    rows = [(float(group["saved"].sum()), _row(book, group)) for group in groups]
    ranked = [row for _, row in sorted(rows, key=lambda pair: (-pair[0], pair[1].cells[0].text))]
    shown, left = cut(ranked, _MOST)
    columns = (
        Column("Bottleneck", "left", "24%"),
        Column("Binds in", "left", "25%"),
        Column("One more is worth", "right", "20%"),
        Column("up to", "right", "11%"),
        Column(f"In all {book.value_unit(unpriced='value')}", "right", "9%"),
        Column("Decide by", "right", "11%"),
    )
    empty = "No resource binds in the chosen plan: one hour more of anything saves nothing."
    note = "at its best month; how much more the price holds for; all months together"
    return Listing("What more is worth", columns, shown, note, empty, left)


def _prices(book: Book) -> pd.DataFrame:
    """Prices of limits of resources, with how much more each holds for.

    Demand and the headcount's own balance have prices too, but no limit that a meeting could lift.
    """
    prices, plan = book.plan_of("shadow_prices"), book.plan_of("resource_plan")
    prices = prices[prices["item"].isin(set(plan["resource_id"])) & (prices["constraint"] != "workforce")]
    limits = plan.rename(columns={"resource_id": "item"})[["item", "month", "available"]]
    data = prices[prices["price_per_unit"] > 0].merge(limits, on=["item", "month"], how="left")
    limit = data["available"].where(data["unit"] == "hour", data["valid_from"])
    more = (data["valid_to"] - limit).clip(lower=0.0)
    return data.assign(more=more, saved=(data["price_per_unit"] * more).fillna(0.0))


def _row(book: Book, group: pd.DataFrame) -> Row:
    best = group.sort_values(["price_per_unit", "month"], ascending=[False, True]).iloc[0]
    unit = "unit" if missing(best["unit"]) else str(best["unit"])
    months = sorted(group["month"])
    by = _last_date(book, str(best["item"]), best["month"])
    past = by < book.cycle.cutoff
    name = f"{book.resource(best['item']).capitalize()}, {str(best['constraint']).replace('_', ' ')}"
    binds = span_of(months) if len(months) == 1 else f"{plural(len(months), 'month')}, {span_of(months)}"
    price = f"{book.value_unit()}{number(best['price_per_unit'], 2)} a {unit}"
    cells = (
        Cell(shortened(name, 40), title=str(best["item"])),
        Cell(binds),
        Cell(f"{price}, {short_month(best['month'], year=True)}", "strong"),
        Cell(NOTHING if missing(best["more"]) else f"{number(best['more'])} {unit}s"),
        Cell(number(float(group["saved"].sum()))),
        Cell(f"{day(by)}, past" if past else day(by), "worse" if past else "plain"),
    )
    return Row(cells, source="shadow_prices.price_per_unit")


def _last_date(book: Book, resource: str, month: date) -> date:
    """The last day on which more of a resource can still be had for a month: its hiring lead before, else a month."""
    resources = book.frame("resources")
    leads = resources[resources["resource_id"] == resource]["hire_lead_months"].dropna()
    return add_months(month, -(int(leads.iloc[0]) if len(leads) else 1))
