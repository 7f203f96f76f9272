"""The four key figures of the month: full-year landing, comparison, sparkline, range.

With money: revenue, gross margin, inventory, service. Without: demand, production and inventory in units, service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.numbers import missing, number, points
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Span, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import past_and_plan, total
from sop_pipeline.packs.book.reference import gap_rows, key_figure, references
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import sparkline
from sop_pipeline.packs.parts.page import Figure, Strip, Tile

_PAST, _AHEAD = 12, 12
_PERCENT = Scale(1, "%", 1)
_SHARE = Scale(0.01, "%", 1)
_LABELS = {"p10": "P10", "latest": "latest", "p90": "P90", "business_plan": "business plan"}


def tiles(book: Book) -> list[Tile]:
    """Four tiles at most, those without a value left out."""
    every = [
        _money(book, "revenue", f"Revenue {book.fiscal_year}"),
        _margin(book),
        _money(book, "inventory_value", "Inventory, year end", good=-1),
        _service(book),
    ]
    valued = [tile for tile in every if tile is not None]
    return ([*_units(book), *valued] if len(valued) < 3 else valued)[:4]


# -- money and shares --------------------------------------------------------------------------------------------------


def _money(book: Book, measure: str, name: str, good: int = 1) -> Tile | None:
    row = key_figure(book, measure)
    if row is None:
        return None
    scale = scale_for([row["latest"], row["business_plan"]])
    unit = book.money_unit(scale)
    comparisons = _comparisons(book, row, scale.finer([_largest_change(row)]).write, good)
    plan = book.frame("financial_plan")
    plan = plan.assign(value=plan["revenue" if measure == "revenue" else "inventory_value"])
    figure = _sparkline(book, measure, name, plan, scale)
    return Tile(name, scale.write(row["latest"]), unit, comparisons, figure, _strip(row, scale, unit))


def _margin(book: Book) -> Tile | None:
    row = key_figure(book, "margin_pct")
    if row is None:
        return _money(book, "margin", "Gross margin")
    money = book.frame("financial_plan").groupby(["month", "basis"], as_index=False)[["margin", "revenue"]].sum()
    money = money[money["revenue"] > 0]
    money = money.assign(value=money["margin"] / money["revenue"] * 100)
    return _share(book, "Gross margin", row, _sparkline(book, "margin_pct", "Gross margin", money, _PERCENT))


def _service(book: Book) -> Tile | None:
    row = key_figure(book, "service")
    if row is None:
        return None
    schedule = book.frame("production_schedule")
    schedule = schedule.groupby("month", as_index=False)[["demand", "backlog", "lost_sales"]].sum()
    schedule = schedule[schedule["demand"] > 0]
    late = (schedule["backlog"] + schedule["lost_sales"]) / schedule["demand"]
    served = schedule.assign(value=(1 - late).clip(lower=0.0) * 100, basis="plan")
    name = ENGLISH.say(f"service.{row['basis']}", {})
    # what is planned is a fill rate: it is no continuation of lines on time in full
    planned = _sparkline(book, "service", "Service", served, _PERCENT) if row["basis"] == "fill_rate" else None
    return _share(book, name, row, planned)


def _share(book: Book, name: str, row: pd.Series, figure: Figure | None) -> Tile:
    """A tile of a share: its value in percent, its changes in points."""
    comparisons = _comparisons(book, row, lambda change: f"{points(change)} pt")
    return Tile(name, number(float(row["latest"]) * 100, 1), "%", comparisons, figure, _strip(row, _SHARE, ""))


# -- units -------------------------------------------------------------------------------------------------------------


def _units(book: Book) -> list[Tile]:
    """Tiles in units, for a company that prices nothing; none where its units differ."""
    if not book.unit().agrees:
        return []
    ahead = book.horizon[:12]
    demand = _volume(book, "Demand, next 12 months", ("demand_plan", "quantity"), ("demand_history", "quantity"), ahead)
    output = _volume(book, "Production, next 12 months", ("production_plan", "output"), ("actuals", "output"), ahead)
    stock = _volume(
        book, "Inventory in 12 months", ("inventory_plan", "inventory"), ("actuals", "inventory"), ahead[-1:]
    )
    return [tile for tile in (demand, output, stock) if tile is not None]


def _volume(book: Book, name: str, plan: tuple[str, str], past: tuple[str, str], months: list[date]) -> Tile | None:
    """A tile of a quantity, summed over months; ``plan`` and ``past`` are each a table and its column."""
    actual, planned = _values(book, *past, "actual"), _values(book, *plan, "plan")
    value = total(planned[planned["month"].isin(months)], "value")
    if value is None:
        return None
    scale = scale_for([value])
    data = pd.concat([part for part in (actual, planned) if len(part)])
    figure = _sparkline(book, plan[0], name, data, scale_for(list(data["value"])))
    comparisons = _year_before(book, value, scale, months) if plan[0] == "demand_plan" else []
    return Tile(name, scale.write(value), book.volume_unit(scale), comparisons, figure)


def _values(book: Book, table: str, column: str, basis: str) -> pd.DataFrame:
    """A table's month and ``value``, with their ``basis``."""
    data = book.frame(table)
    return data.assign(value=data[column], basis=basis)[["month", "basis", "value"]]


def _year_before(book: Book, value: float, scale: Scale, ahead: list[date]) -> list[Span]:
    rows = gap_rows(book, ahead, "units")
    before = total(rows, "last_year") if len(rows) and rows["last_year"].notna().all() else None
    return [] if not before else [toned(f"{scale.write(value - before)} on the year before", value - before)]


# -- comparisons, range, sparkline -------------------------------------------------------------------------------------


def _comparisons(book: Book, row: pd.Series, write: Callable[[float], str], good: int = 1) -> list[Span]:
    """Changes against every reference there is; last year only where it is the only one."""
    links = {"business_plan": "to plan", "last_plan": f"since {book.last_name}", "last_year": "on last year"}
    spans: list[Span] = []
    for each in references(book):
        if missing(row[each.column]) or (each.column == "last_year" and spans):
            continue
        change = float(row["latest"]) - float(row[each.column])
        spans += [Span(" · ", "quiet")] if spans else []
        spans.append(toned(f"{write(change)} {links[each.column]}", change, good=good))
    return spans


def _largest_change(row: pd.Series) -> float:
    references = [float(row[name]) for name in ("business_plan", "last_plan") if not missing(row[name])]
    return max((abs(float(row["latest"]) - value) for value in references), default=0.0)


def _strip(row: pd.Series, scale: Scale, unit: str) -> Strip | None:
    """The latest value between P10 and P90, and the plan; None where there is nothing beside it."""
    values = {name: float(row[name]) for name in _LABELS if not missing(row[name])}
    if len(set(values.values())) < 2:
        return None
    low, high = min(values.values()), max(values.values())
    pad = (high - low) * 0.18
    places = {name: round((value - low + pad) / (high - low + 2 * pad) * 100, 2) for name, value in values.items()}
    suffix = scale.suffix if scale.suffix == "%" else ""
    words = "; ".join(f"{_LABELS[name]} {scale.write(value)}{suffix}" for name, value in values.items())
    return Strip(
        places.get("p10"), places.get("p90"), places["latest"], places.get("business_plan"), f"{words} {unit}".strip()
    )


def _sparkline(book: Book, key: str, name: str, data: pd.DataFrame, scale: Scale) -> Figure | None:
    """The ``value`` of past and planned months, told apart by ``basis``."""
    months = [*book.past(_PAST), *book.horizon[:_AHEAD]]
    actual, plan = past_and_plan(data, "value", months)
    lines = [Line("Actual", "actual", actual), Line("Plan", "plan", plan)]
    words = f"{name} by month, {_PAST} past and {_AHEAD} planned."
    chart = sparkline(lines, months, words=words, now=_PAST, scale=scale)
    return None if chart is None else Figure(f"tile-{key}", name, "", chart)
