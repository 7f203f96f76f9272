"""Page 5: level, chase and blended side by side, and the frontier of cost against stability."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sop_pipeline.language.money import amount
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Tone, say, strong
from sop_pipeline.packs.charts.frontier import Point, frontier
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import robustness
from sop_pipeline.packs.parts.book import Book, by_month, each_row
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

_ORDER = {"level": 0, "chase": 1, "blended": 2}
_KINDS = {
    "material": "Material",
    "regular_pay": "Regular pay",
    "overtime": "Overtime",
    "hiring": "Hiring",
    "layoff": "Layoffs",
    "holding": "Holding stock",
    "backlog": "Backlog",
    "lost_sales": "Lost sales",
    "subcontracting": "Subcontracting",
    "setup": "Set-ups",
    "rate_change": "Change of rate",
    "temporary": "Temporary workers",
    "shortfall": "Shortfalls, priced",
}
_MOST = 9


def strategies(book: Book) -> Page:
    """Fill the page."""
    strategy, scenario = book.chosen
    return Page(
        "strategies",
        "Strategies and scenarios",
        f"the operational plan uses {strategy}, scenario {scenario}",
        sentences=[_cheapest(book), _recommended(book), *robustness.sentences(book)],
        body=[
            _summary(book),
            robustness.listing(book),
            _costs(book),
            Beside([_frontier(book), _people(book), _stock(book)], "three"),
        ],
    )


def _ranked(book: Book) -> pd.DataFrame:
    data = book.frame("plan_summary")
    order = data["strategy"].map(lambda name: _ORDER.get(name, 9))
    return data.assign(order=order).sort_values(["scenario", "order", "strategy"], kind="stable")


def _cost_scale(book: Book) -> Scale:
    return scale_for(list(book.frame("plan_summary")["total_cost"]))


def _sign(book: Book) -> str:
    return book.company.currency if book.has_money else ""


def _cheapest(book: Book) -> Sentence:
    data = _ranked(book)
    base = data[data["scenario"] == book.chosen[1]]
    if len(base) < 2:
        return ()
    full = base.assign(cost=base["total_cost"] + base["shortfall_cost"]).sort_values(["cost", "strategy"])
    best, worst = full.iloc[0], full.iloc[-1]
    scale = scale_for([best["cost"]])
    gap = float(worst["cost"] - best["cost"])
    apart = scale_for([gap])
    share = gap / float(best["cost"]) if best["cost"] else 0.0
    return say(
        strong(f"{best['strategy'].capitalize()} costs least"),
        f" at {amount(best['cost'], scale, _sign(book))} over {len(book.horizon)} months, shortfalls included; "
        f"{worst['strategy']} costs {amount(gap, apart, _sign(book))} more ({percent(share)}).",
    )


def _recommended(book: Book) -> Sentence:
    points = book.frame("plan_frontier")
    best = points[points["recommended"].fillna(False).astype(bool)] if len(points) else points
    if best.empty:
        return ()
    row = best.iloc[0]
    why = "" if missing(row["reason"]) else f": {str(row['reason']).rstrip('.')}"
    label = str(row["label"])
    name = f"point {label}" if label.isdigit() else label
    return say("On the frontier the recommended plan is ", strong(name), f"{why}.")


def _summary(book: Book) -> Listing:
    data = _ranked(book)
    money = _cost_scale(book)
    unit = f"{book.money_sign.strip() if book.has_money else ''}{money.suffix}".strip()
    heads: list[tuple[str, Callable[[pd.Series], str]]] = [
        (f"Cost {unit}".strip(), lambda row: money.write(row["total_cost"], NOTHING)),
        (f"Shortfalls {unit}".strip(), lambda row: money.write(row["shortfall_cost"], NOTHING)),
        *([(f"Margin {unit}", lambda row: money.write(row["total_profit"], NOTHING))] if book.has_money else []),
        ("Service %", lambda row: percent(row["service"], 1, NOTHING)),
        ("Peak stock", lambda row: number(row["peak_inventory"])),
        ("Hires less layoffs", lambda row: number(row["hires"] - row["layoffs"])),
        ("Hires + layoffs", lambda row: number(row["hires"] + row["layoffs"])),
        ("Overtime h", lambda row: number(row["overtime_hours"])),
        ("Worst utilisation", lambda row: percent(row["worst_utilisation"], 0, NOTHING)),
        ("Lowest cash", lambda row: _lowest_cash(book, row)),
        ("Changes", lambda row: number(row["instability"])),
    ]
    many = data["scenario"].nunique() > 1
    first = [Column("Strategy", "left", "11%"), *([Column("Scenario", "left", "9%")] if many else [])]
    rows = []
    for _, row in data.iterrows():
        chosen = bool(row["chosen"])
        name = str(row["strategy"]).capitalize()
        cells = [Cell(f"{name} ●" if chosen else name, "strong" if chosen else "plain", title=str(row["status"]))]
        cells += [Cell(str(row["scenario"]))] if many else []
        cells += [Cell(write(row), "strong" if chosen else "plain") for _, write in heads]
        rows.append(Row(cells, source="plan_summary"))
    note = (
        "● used by the operational plan; peak stock in units; lowest cash: cumulative, of the plan in use; "
        "changes of hours a working day and heads"
    )
    empty = "No strategy was planned: the supply step left no summary."
    return Listing("Side by side", [*first, *(Column(name) for name, _ in heads)], rows[:_MOST], note, empty)


def _lowest_cash(book: Book, row: pd.Series) -> str:
    """The lowest cumulative cash of the planned months; known for the plan in use alone."""
    if not bool(row["chosen"]) or not book.has_money:
        return NOTHING
    money = book.frame("financial_plan")
    flow = by_month(money[money["basis"] == "plan"], "cash_flow", book.horizon)
    if all(value is None for value in flow):
        return NOTHING
    running, lowest = 0.0, 0.0
    for value in flow:
        running += value or 0.0
        lowest = min(lowest, running)
    return _cost_scale(book).write(lowest)


def _costs(book: Book) -> Listing:
    data = book.frame("plan_costs")
    data = data[data["scenario"] == book.chosen[1]]
    names = sorted(data["strategy"].unique(), key=lambda name: (_ORDER.get(name, 9), name))
    total = data.groupby(["kind", "strategy"])["amount"].sum() if len(data) else pd.Series(dtype=float)
    kinds = [*_KINDS, *sorted(set(data["kind"]) - set(_KINDS))]
    scale = scale_for([float(value) for value in total.groupby(level="strategy").sum()] if len(total) else [])
    some = [kind for kind in kinds if any(abs(float(total.get((kind, name), 0.0))) >= 0.005 for name in names)]
    rows = []
    for name in names:
        tone: Tone = "strong" if name == book.chosen[0] else "plain"
        cells = [Cell(scale.write(float(total.get((kind, name), 0.0))), tone) for kind in some]
        whole = Cell(scale.write(float(data[data["strategy"] == name]["amount"].sum())), "strong")
        title = str(name).capitalize() + (" ●" if tone == "strong" else "")
        rows.append(Row([Cell(title, tone), *cells, whole], source="plan_costs.amount"))
    unit = f"{book.money_sign.strip() if book.has_money else 'unit value 1'}{scale.suffix}"
    told = [_KINDS.get(kind, kind.replace("_", " ")) for kind in some]
    columns = [Column("Strategy", "left", "11%"), *(Column(kind) for kind in told), Column("All costs")]
    return Listing("Cost by kind", columns, rows, f"{unit}, whole horizon", "No costs were planned.")


def _frontier(book: Book) -> Figure:
    data = book.frame("plan_frontier")
    points = [
        Point(
            float(row.instability),
            float(row.cost),
            ""
            if str(row.label).isdigit() and not row.recommended
            else ("" if str(row.label).isdigit() else str(row.label)),
            bool(row.on_frontier),
            bool(row.recommended),
        )
        for row in each_row(data)
    ]
    scale = scale_for([point.cost for point in points])
    unit = f"{book.money_sign.strip() if book.has_money else ''}{scale.suffix}"
    words = f"Cost of the plan in {unit} against the sum of its changes; the recommended point is marked."
    chart = frontier(points, words=words, scale=_finer(scale, points), size=(330, _high(book)))
    empty = "A frontier needs at least two plans; the supply step left fewer."
    return Figure("frontier", "Cost against stability", f"{unit}, whole horizon; chase beside it", chart, empty)


def _finer(scale: Scale, points: list[Point]) -> Scale:
    """More places where the plans' costs lie close together."""
    if not points:
        return scale
    costs = [point.cost for point in points]
    span = (max(costs) - min(costs)) / scale.divisor
    return Scale(scale.divisor, scale.suffix, scale.places if span > 4 else max(scale.places, 1 if span > 0.8 else 2))


def _by_strategy(book: Book, data: pd.DataFrame, column: str) -> list[Line]:
    lines = []
    for name in sorted(data["strategy"].unique(), key=lambda each: (_ORDER.get(each, 9), each)):
        role = "plan" if name == book.chosen[0] else "other" if name == "chase" else "last"
        lines.append(Line(str(name).capitalize(), role, by_month(data[data["strategy"] == name], column, book.horizon)))
    return lines


def _high(book: Book) -> int:
    """Height of the charts below the tables: less where more strategies fill these."""
    return max(90, 165 - 25 * max(0, book.frame("plan_summary")["strategy"].nunique() - 3))


def _people(book: Book) -> Figure:
    data = book.frame("resource_plan")
    data = data[(data["scenario"] == book.chosen[1]) & (data["kind"] == "labour")]
    chart = timeline(
        _by_strategy(book, data, "units"), book.horizon, words="Heads by month and strategy.", size=(330, _high(book))
    )
    return Figure(
        "heads", "Heads", "all labour, by strategy", chart, "The company names no labour, so no heads are planned."
    )


def _stock(book: Book) -> Figure:
    data = book.frame("aggregate_plan")
    data = data[data["scenario"] == book.chosen[1]]
    if not book.unit().agrees:
        return Figure("stock", "Stock", "", None, "Units differ between families: stock does not add up across them.")
    lines = _by_strategy(book, data, "inventory")
    scale = scale_for([value for line in lines for value in line.values], ("m", "k", ""))
    band = robustness.stock_band(book)
    note = f"{scale.suffix} {book.unit().name} at month end".strip()
    note += "; band: sampled demand" if band else ", by strategy"
    words = "Stock at month end by strategy."
    chart = timeline(lines, book.horizon, words=words, band=band, scale=scale, size=(330, _high(book)))
    return Figure("stock", "Stock", note, chart, "No stock is planned.")
