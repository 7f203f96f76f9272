"""Demand by region and by channel: a family's under its grid, all families' on the page of products.

A company whose sales name neither has no such table. Exact values by month are in the workbook.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.names import shortened, units_of
from sop_pipeline.language.numbers import NOTHING, percent
from sop_pipeline.language.scale import scale_for
from sop_pipeline.packs.parts.book import Book
from sop_pipeline.packs.parts.exceptions import of_family, planning_lag
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST, _MOST_FAMILIES = 5, 10
_TITLES = {"region": "Region", "channel": "Channel"}
_TITLE = "Demand by region and channel"
Key = tuple[str, str]


def family_markets(book: Book, family: str) -> Listing | None:
    """The family's markets side by side: sold, planned, and how far off; None where sales name none."""
    plan = of_family(book.frame("market_forecast"), family)
    if plan.empty:
        return None
    ahead = book.horizon[:12]
    sold = of_family(book.frame("market_history"), family)
    before = _summed(sold[sold["month"].isin(book.past(12))])
    planned = _summed(plan[plan["month"].isin(ahead)])
    shown = _largest(planned)
    scale = scale_for(list(planned.values()), ("k", ""))
    rows = [
        Row(
            [Cell("Sold, last 12 months"), *(Cell(scale.write(before.get(key), NOTHING)) for key in shown)],
            source="market_history.quantity",
        ),
        Row(
            [Cell(f"Plan, next {len(ahead)} months", "strong"), *(Cell(scale.write(planned[key])) for key in shown)],
            source="market_forecast.quantity",
        ),
        _errors(book, family, shown),
    ]
    note = f"{scale.suffix} {units_of(str(plan.iloc[0]['unit_of_measure']))}".strip()
    return Listing(_TITLE, _columns("", shown), rows, f"{note}; {_how(plan)}", left_out=len(planned) - len(shown))


def all_markets(book: Book) -> Listing | None:
    """The plan of the next 12 months by family and market; None where sales name no market."""
    plan = book.frame("market_forecast")
    if plan.empty:
        return None
    ahead = book.horizon[:12]
    near = plan[plan["month"].isin(ahead)]
    agrees = near["unit_of_measure"].nunique() == 1
    whole = _summed(near) if agrees else dict.fromkeys(_summed(near), 0.0)
    shown = _largest(whole)
    scale = scale_for(list(whole.values()) if agrees else list(near["quantity"]), ("k", ""))
    rows = []
    for family in sorted(near["family"].unique()):
        mine = of_family(near, family)
        unit = "" if agrees else f", {units_of(str(mine.iloc[0]['unit_of_measure']))}"
        cells = (Cell(scale.write(_summed(mine).get(key), NOTHING)) for key in shown)
        rows.append(Row([Cell(f"{shortened(str(family), 26)}{unit}"), *cells], source="market_forecast.quantity"))
    kept, left = cut(rows, _MOST_FAMILIES)
    ending = [_errors(book, "all", shown)]
    if agrees:
        total = [Cell("Company", "strong"), *(Cell(scale.write(whole[key]), "strong") for key in shown)]
        ending = [Row(total, "total", "market_forecast.quantity"), *ending]
    unit = units_of(str(near.iloc[0]["unit_of_measure"])) if agrees else "each family in its own unit"
    note = f"{scale.suffix} {unit}".strip() + f", next {len(ahead)} months; {_how(plan)}"
    return Listing(_TITLE, _columns("Family", shown), [*kept, *ending], note, left_out=left)


def _errors(book: Book, family: str, shown: list[Key]) -> Row:
    lag = planning_lag(book)
    off = book.frame("market_accuracy")
    off = off[(off["family"] == family) & (off["lag"] == lag)]
    found = dict(zip(zip(off["dimension"], off["market"], strict=True), off["wmape"], strict=True))
    cells = (Cell(percent(found.get(key), 1, NOTHING)) for key in shown)
    return Row([Cell(f"WMAPE, lag {lag}"), *cells], "quiet", "market_accuracy.wmape")


def _summed(data: pd.DataFrame) -> dict[Any, float]:
    return {key: float(amount) for key, amount in data.groupby(["dimension", "market"])["quantity"].sum().items()}


def _largest(planned: dict[Any, float]) -> list[Key]:
    """Regions, then channels, the largest of each first."""
    order = sorted(planned, key=lambda key: (-planned[key], key))
    return [key for dimension in _TITLES for key in [each for each in order if each[0] == dimension][:_MOST]]


def _columns(first: str, shown: list[Key]) -> list[Column]:
    return [
        Column(first, "left", "22%"),
        *(Column(shortened(market, 18), group=_TITLES[dimension]) for dimension, market in shown),
    ]


def _how(plan: pd.DataFrame) -> str:
    """What the split rests on."""
    first = plan.iloc[0]
    months = f"{short_month(first['share_from'], year=True)} to {short_month(first['share_to'], year=True)}"
    whose = "its own" if (plan["basis"] == "family").all() else "its own, else the other families’"
    return f"a family’s plan split by {whose} sales of {months}"
