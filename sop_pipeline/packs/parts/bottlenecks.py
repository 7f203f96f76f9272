"""What an hour or unit more of each bottleneck is worth, how far the price holds, and by when to decide."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, short_month, span_of
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number
from sop_pipeline.meeting import meeting_day
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 8
_ONE_LESS = "_one_less"


def bottlenecks(book: Book) -> Listing:
    """What more of each bottleneck saves, in its best month and over all months it binds."""
    saved = _together(book)
    found = _prices(book).groupby(["item", "constraint"], sort=True)
    groups = [(saved.get((str(item), str(constraint))), group) for (item, constraint), group in found]
    rows = [(together or 0.0, _row(book, group, together)) for together, group in groups]
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
    note = "after pay, in its best month; how much more that holds for; in all: a plan with all months' relief at once"
    return Listing("What more is worth", columns, shown, note, empty, left)


def _prices(book: Book) -> pd.DataFrame:
    """Prices of limits of resources, after pay, with how much more each holds for: those that relief earns money by.

    Demand and the headcount's own balance have prices too, but no limit that a meeting could lift. Ranges that no
    re-solve bore out are left to the workbook.
    """
    prices, plan = book.plan_of("shadow_prices"), book.plan_of("resource_plan")
    prices = prices[prices["item"].isin(set(plan["resource_id"])) & (prices["constraint"] != "workforce")]
    prices = prices[prices["verified"].astype(bool) & ~prices["constraint"].str.endswith(_ONE_LESS)]
    more = (prices["valid_to"] - prices["current_limit"]).clip(lower=0.0)
    priced = prices.assign(worth=prices["price_per_unit"] - prices["pay_per_unit"], more=more)
    return priced[(priced["worth"] > 0) & ~(priced["more"] <= 0)]


def _together(book: Book) -> dict[tuple[str, str], float]:
    """What relief in all months at once saves after pay, by limit and resource: less than its months one by one."""
    data = book.plan_of("limit_relief")
    return {
        (str(row.item), str(row.constraint)): float(row.saved) - float(row.pay)  # type: ignore[arg-type]
        for row in data.itertuples(index=False)
    }


def _row(book: Book, group: pd.DataFrame, together: float | None) -> Row:
    best = group.sort_values(["worth", "month"], ascending=[False, True]).iloc[0]
    unit = "unit" if missing(best["unit"]) else str(best["unit"])
    months = sorted(group["month"])
    by = _last_date(book, group)
    past = by < meeting_day(book.company, book.cycle)
    name = f"{book.resource(best['item'])}, {str(best['constraint']).replace('_', ' ')}"
    binds = span_of(months) if len(months) == 1 else f"{plural(len(months), 'month')}, {span_of(months)}"
    price = f"{book.value_unit()}{number(best['worth'], 2)} a {unit}"
    cells = (
        Cell(shortened(name, 40), title=str(best["item"])),
        Cell(binds),
        Cell(f"{price}, {short_month(best['month'], year=True)}", "strong"),
        Cell(NOTHING if missing(best["more"]) else f"{number(best['more'])} {unit}s"),
        Cell(NOTHING if together is None else number(together)),
        Cell(f"{day(by)}, past" if past else day(by), "worse" if past else "plain"),
    )
    return Row(cells, source="shadow_prices.price_per_unit")


def _last_date(book: Book, group: pd.DataFrame) -> date:
    """The last safe day for the first month that the meeting still reaches, the latest of all where it reaches none."""
    days = sorted(group["decide_by"])
    return next((each for each in days if each >= meeting_day(book.company, book.cycle)), days[-1])
