"""The four key figures of page 1: full-year landing, comparison, sparkline, range.

With money: revenue, gross margin, inventory, service. Without: demand, sales, stock and service in units.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from sop_pipeline.language.numbers import missing, number, points
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Span, toned
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.theme import Chart
from sop_pipeline.packs.charts.timeline import sparkline
from sop_pipeline.packs.parts.book import Book, by_month, total
from sop_pipeline.packs.parts.compare import gap_rows, key_figure, yardsticks
from sop_pipeline.packs.parts.page import Figure, Strip, Tile

_PAST = 12
_AHEAD = 12


def tiles(book: Book) -> list[Tile]:
    """Four tiles at most, those without a value left out."""
    found = [
        _money(book, "revenue", f"Revenue {book.fiscal_year}"),
        _margin(book),
        _money(book, "inventory_value", "Inventory, year end", good=-1),
        _service(book),
    ]
    shown = [tile for tile in found if tile is not None]
    return ([*_units(book), *shown] if len(shown) < 3 else shown)[:4]


def _money(book: Book, measure: str, name: str, good: int = 1) -> Tile | None:
    row = key_figure(book, measure)
    if row is None:
        return None
    scale = scale_for([row["latest"], row["business_plan"]])
    money = book.frame("financial_plan")
    column = "revenue" if measure == "revenue" else "inventory_value"
    compared = _comparisons(book, row, scale.finer([_largest_change(row)]).write, good)
    unit = f"{book.money_sign.strip()}{scale.suffix}"
    figure = _sparkline(book, measure, name, money, column, scale)
    return Tile(name, scale.write(row["latest"]), unit, compared, figure, _strip(row, scale, unit))


def _margin(book: Book) -> Tile | None:
    row = key_figure(book, "margin_pct")
    if row is None:
        return _money(book, "margin", "Gross margin")
    money = book.frame("financial_plan").groupby(["month", "basis"], as_index=False)[["margin", "revenue"]].sum()
    money = money[money["revenue"] > 0]
    money = money.assign(share=money["margin"] / money["revenue"] * 100)
    figure = _sparkline(book, "margin_pct", "Gross margin", money, "share", Scale(1, "%", 1))
    compared = _comparisons(book, row, points, 1, " pt")
    value = number(float(row["latest"]) * 100, 1)
    return Tile("Gross margin", value, "%", compared, figure, _strip(row, Scale(0.01, "%", 1), ""))


def _service(book: Book) -> Tile | None:
    row = key_figure(book, "service")
    if row is None:
        return None
    sales = book.frame("sales_plan").groupby("month", as_index=False)[["demand", "sales"]].sum()
    sales = sales[sales["demand"] > 0]
    sales = sales.assign(share=sales["sales"] / sales["demand"] * 100, basis="plan")
    figure = _sparkline(book, "service", "Service", sales, "share", Scale(1, "%", 1))
    note = _note(row)
    name = f"Service, {note.split(':')[0]}" if note and len(note.split(":")[0]) < 24 else "Service"
    compared = _comparisons(book, row, points, 1, " pt")
    value = number(float(row["latest"]) * 100, 1)
    return Tile(name, value, "%", compared, figure, _strip(row, Scale(0.01, "%", 1), ""))


def _units(book: Book) -> list[Tile]:
    """Tiles in units, for a company that prices nothing; none where its units differ."""
    unit = book.unit()
    if not unit.agrees:
        return []
    ahead = book.horizon[:12]
    out = []
    history, actuals = book.frame("demand_history"), book.frame("actuals")
    cases = (
        ("Demand, next 12 months", "demand_plan", "quantity", history, "quantity"),
        ("Production, next 12 months", "production_plan", "output", actuals, "output"),
        ("Inventory in 12 months", "inventory_plan", "inventory", actuals, "inventory"),
    )
    for name, table, column, past, past_column in cases:
        plan = book.frame(table)
        months = ahead if "next" in name else ahead[-1:]
        value = total(plan[plan["month"].isin(months)], column)
        if value is None:
            continue
        scale = scale_for([value])
        both = [past.assign(basis="actual", value=past[past_column]), plan.assign(basis="plan", value=plan[column])]
        data = pd.concat([part[["month", "basis", "value"]] for part in both if len(part)])
        compared = _year_before(book, value, scale, ahead) if table == "demand_plan" else []
        figure = _sparkline(book, table, name, data, "value", scale_for(list(data["value"])))
        out.append(Tile(name, scale.write(value), f"{scale.suffix} {unit.name}".strip(), compared, figure))
    return out


def _year_before(book: Book, value: float, scale: Scale, ahead: list[date]) -> list[Span]:
    rows = gap_rows(book, ahead, "units")
    before = total(rows, "last_year") if len(rows) and rows["last_year"].notna().all() else None
    return [] if not before else [toned(f"{scale.write(value - before)} on the year before", value - before)]


def _comparisons(book: Book, row: pd.Series, write: Callable[[float], str], good: int, unit: str = "") -> list[Span]:
    out: list[Span] = []
    for each in yardsticks(book):
        if missing(row[each.column]) or (each.column == "last_year" and out):
            continue
        change = float(row["latest"]) - float(row[each.column])
        link = {"business_plan": "to plan", "last_plan": f"since {each.short}"}.get(each.column, "on last year")
        out += [Span(" · ", "quiet")] if out else []
        out.append(toned(f"{write(change)}{unit} {link}", change, good=good))
    return out


def _largest_change(row: pd.Series) -> float:
    known = [float(row[name]) for name in ("business_plan", "last_plan") if not missing(row[name])]
    return max((abs(float(row["latest"]) - value) for value in known), default=0.0)


def _note(row: pd.Series) -> str:
    return "" if missing(row["note"]) else str(row["note"])


def _strip(row: pd.Series, scale: Scale, unit: str) -> Strip | None:
    named = {name: row[name] for name in ("p10", "p90", "latest", "business_plan") if not missing(row[name])}
    if len(named) < 2 or len(set(named.values())) < 2:
        return None
    low, high = min(named.values()), max(named.values())
    pad = (high - low) * 0.18

    def place(name: str) -> float | None:
        return None if name not in named else round((named[name] - low + pad) / (high - low + 2 * pad) * 100, 2)

    words = "; ".join(
        f"{label} {scale.write(named[name])}{scale.suffix if scale.suffix == '%' else ''}"
        for name, label in (("p10", "P10"), ("latest", "latest"), ("p90", "P90"), ("business_plan", "business plan"))
        if name in named
    )
    return Strip(place("p10"), place("p90"), place("latest") or 50.0, place("business_plan"), f"{words} {unit}".strip())


def _sparkline(book: Book, key: str, name: str, data: pd.DataFrame, column: str, scale: Scale) -> Figure | None:
    months = [*book.past(_PAST), *book.horizon[:_AHEAD]]
    actual = by_month(data[data["basis"] == "actual"], column, months)
    plan = by_month(data[data["basis"] == "plan"], column, months)
    lines = [Line("Actual", "actual", actual), Line("Plan", "plan", plan)]
    chart: Chart | None = sparkline(
        lines, months, words=f"{name} by month, 12 past and 12 planned.", now=_PAST, scale=scale
    )
    return None if chart is None else Figure(f"tile-{key}", name, "", chart)
