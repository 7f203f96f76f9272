"""Demand by region and by channel: a family's under its grid, all families' on the page of products.

A company whose sales name neither has no such table. Exact values by month are in the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import shortened, units_of
from sop_pipeline.language.numbers import NOTHING, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Tone
from sop_pipeline.packs.book.backtest import planning_lag
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row, of_family
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST, _MOST_FAMILIES = 5, 10
_DIMENSIONS = {"region": "Region", "channel": "Channel"}
_TITLE = "Demand by region and channel"

Market = tuple[str, str]
"""A dimension and a value of it: ``("region", "North")``."""


def family_markets(book: Book, family: str) -> Listing | None:
    """The family's markets side by side: sold, planned, and how far off; None where sales name none."""
    plan = of_family(book.frame("market_forecast"), family)
    if plan.empty:
        return None
    ahead = book.horizon[:12]
    sales = of_family(book.frame("market_history"), family)
    sold = _by_market(sales[sales["month"].isin(book.past(12))])
    planned = _by_market(plan[plan["month"].isin(ahead)])
    markets = _largest(planned)
    scale = scale_for(list(planned.values()), ("k", ""))
    plan_name = Cell(f"Plan, next {len(ahead)} months", "strong")
    rows = [
        Row([Cell("Sold, last 12 months"), *_amounts(sold, markets, scale)], source="market_history.quantity"),
        Row([plan_name, *_amounts(planned, markets, scale)], source="market_forecast.quantity"),
        _errors(book, family, markets),
    ]
    note = f"{f'{scale.suffix} {_unit(plan)}'.strip()}; {_basis(plan)}"
    return Listing(_TITLE, _columns("", markets), rows, note, left_out=len(planned) - len(markets))


def all_markets(book: Book) -> Listing | None:
    """The plan of the next 12 months by family and market; None where sales name no market."""
    plan = book.frame("market_forecast")
    if plan.empty:
        return None
    ahead = book.horizon[:12]
    near = plan[plan["month"].isin(ahead)]
    agrees = near["unit_of_measure"].nunique() == 1
    company = _by_market(near)
    # quantities of different units rank no market: each dimension's first by name
    markets = _largest(company if agrees else dict.fromkeys(company, 0.0))
    scale = scale_for(list(company.values()) if agrees else list(near["quantity"]), ("k", ""))
    families, left = cut(_family_rows(near, markets, scale, agrees), _MOST_FAMILIES)
    total = [Cell("Company", "strong"), *_amounts(company, markets, scale, "strong")]
    whole = [Row(total, "total", "market_forecast.quantity")] if agrees else []
    rows = [*families, *whole, _errors(book, "all", markets)]
    unit = _unit(near) if agrees else "each family in its own unit"
    note = f"{f'{scale.suffix} {unit}'.strip()}, next {len(ahead)} months; {_basis(plan)}"
    return Listing(_TITLE, _columns("Family", markets), rows, note, left_out=left)


def _family_rows(near: pd.DataFrame, markets: list[Market], scale: Scale, agrees: bool) -> list[Row]:
    rows = []
    for family in sorted(near["family"].unique()):
        data = of_family(near, family)
        name = Cell(f"{shortened(str(family), 26)}{'' if agrees else f', {_unit(data)}'}")
        rows.append(Row([name, *_amounts(_by_market(data), markets, scale)], source="market_forecast.quantity"))
    return rows


def _amounts(amounts: dict[Market, float], markets: Sequence[Market], scale: Scale, tone: Tone = "plain") -> list[Cell]:
    return [Cell(scale.write(amounts.get(market), NOTHING), tone) for market in markets]


def _errors(book: Book, family: str, markets: Sequence[Market]) -> Row:
    lag, data = planning_lag(book), book.frame("market_accuracy")
    data = data[(data["family"] == family) & (data["lag"] == lag)]
    wmape = dict(zip(zip(data["dimension"], data["market"], strict=True), data["wmape"], strict=True))
    cells = [Cell(percent(wmape.get(each), 1, NOTHING)) for each in markets]
    return Row([Cell(f"WMAPE, lag {lag}"), *cells], "quiet", "market_accuracy.wmape")


def _by_market(data: pd.DataFrame) -> dict[Market, float]:
    totals = data.groupby(["dimension", "market"], as_index=False)[["quantity"]].sum()
    return {(str(row.dimension), str(row.market)): float(row.quantity) for row in each_row(totals)}


def _largest(amounts: dict[Market, float]) -> list[Market]:
    """Regions, then channels, the largest of each first."""
    ranked = sorted(amounts, key=lambda market: (-amounts[market], market))
    by_dimension = [[market for market in ranked if market[0] == dimension] for dimension in _DIMENSIONS]
    return [market for markets in by_dimension for market in markets[:_MOST]]


def _columns(first: str, markets: Sequence[Market]) -> list[Column]:
    named = (Column(shortened(_named(market), 18), group=_DIMENSIONS[dimension]) for dimension, market in markets)
    return [Column(first, "left", "22%"), *named]


def _named(market: str) -> str:
    """A market's name, or what the sales without one are called."""
    return ENGLISH.say("market.not_given", {}) if market == "not_given" else market


def _unit(data: pd.DataFrame) -> str:
    return units_of(str(data.iloc[0]["unit_of_measure"]))


def _basis(plan: pd.DataFrame) -> str:
    """What the split rests on."""
    first = plan.iloc[0]
    months = f"{short_month(first['share_from'], year=True)} to {short_month(first['share_to'], year=True)}"
    whose = "its own" if (plan["basis"] == "family").all() else "its own, else the other families’"
    return f"a family’s plan split by {whose} sales of {months}"
