"""Level, chase and blended side by side, and the frontier of cost against stability."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import NOTHING, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.language.supply import frontier_words
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, each_row, flagged, records
from sop_pipeline.packs.book.plan_money import cash_words, has_balance, strategy_money
from sop_pipeline.packs.book.strategies import in_order, rank
from sop_pipeline.packs.charts.frontier import Point, frontier
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import robustness
from sop_pipeline.packs.parts.goals import goals
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.strategy import cost_scale, name_cell
from sop_pipeline.packs.parts.swings import swings_sentence
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row
from sop_pipeline.packs.parts.unsolved import unsolved

_COSTS = {
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
_FREE = ("negligible", "no_dearer")
"""Reasons of the recommended point with which cost against stability is said in a sentence and not charted."""


def strategies(book: Book) -> Page:
    """Fill the page."""
    strategy, scenario = book.chosen
    return Page(
        "strategies",
        "Strategies and scenarios",
        f"the operational plan uses {strategy}, scenario {scenario}",
        sentences=[
            _ranked(book),
            _trade_off(book),
            goals(book),
            *unsolved(book, "strategy", "frontier"),
            swings_sentence(book),
            *robustness.sentences(book),
        ],
        body=[
            _summary(book),
            robustness.listing(book),
            _costs(book),
            Beside([*_frontier(book), _heads(book), _stock(book)], "three"),
        ],
    )


def _of_scenario(book: Book, table: str) -> pd.DataFrame:
    """Every strategy's rows of the chosen scenario."""
    data = book.frame(table)
    return data[data["scenario"] == book.chosen.scenario]


# -- sentences ---------------------------------------------------------------------------------------------------------


def _ranked(book: Book) -> Sentence:
    """The plans by what they contribute, or by cost where nothing is in money."""
    data = _of_scenario(book, "plan_summary")
    if len(data) < 2:
        return ()
    contribution = strategy_money(book)["contribution"].dropna()
    if len(contribution) == len(data):
        return _by_contribution(book, contribution)
    full = data.assign(cost=data["total_cost"] + data["shortfall_cost"]).sort_values(["cost", "strategy"])
    best, worst = full.iloc[0], full.iloc[-1]
    gap = float(worst["cost"] - best["cost"])
    share = gap / float(best["cost"]) if best["cost"] else 0.0
    cost, more = (amount(value, scale_for([value]), book.currency) for value in (best["cost"], gap))
    if round(gap) == 0:
        return say(strong("All strategies cost the same"), f": {cost} over {_span(book)}, shortfalls included.")
    return say(
        strong(f"{best['strategy'].capitalize()} costs least"),
        f" at {cost} over {_span(book)}, shortfalls included; "
        f"{worst['strategy']} costs {more} more ({percent(share)}).",
    )


def _by_contribution(book: Book, contribution: pd.Series) -> Sentence:
    ordered = contribution.sort_values(ascending=False, kind="stable")
    most, gap = float(ordered.iloc[0]), float(ordered.iloc[0] - ordered.iloc[-1])
    whole, less = (amount(value, scale_for([value]), book.currency) for value in (most, gap))
    if round(gap) == 0:
        return say(strong("All strategies contribute the same"), f": {whole} over {_span(book)}, before fixed cost.")
    share = f" ({percent(gap / most)})" if most > 0 else ""
    return say(
        strong(f"{str(ordered.index[0]).capitalize()} contributes most"),
        f": {whole} over {_span(book)}, before fixed cost; {ordered.index[-1]} contributes {less} less{share}.",
    )


def _span(book: Book) -> str:
    return plural(len(book.horizon), "month")


def _trade_off(book: Book) -> Sentence:
    best = flagged(book.frame("plan_frontier"), "recommended")
    if best.empty:
        return ()
    point = records(best)[0]
    if point["reason"] in _FREE:
        cost = "next to nothing" if point["reason"] == "negligible" else "nothing"
        return say(strong(f"Stability costs {cost}"), f": {frontier_words(point)}.")
    label, reason = str(point["label"]), frontier_words(point)
    name = f"point {label}" if label.isdigit() else label
    return say(
        "On the frontier the best trade of cost for stability is ", strong(name), f"{f': {reason}' if reason else ''}."
    )


# -- tables ------------------------------------------------------------------------------------------------------------


def _summary(book: Book) -> Listing:
    """A row a strategy and scenario."""
    data = book.frame("plan_summary")
    data = data.assign(order=data["strategy"].map(rank)).sort_values(["scenario", "order", "strategy"], kind="stable")
    figures = _figures(book, scale_for(list(data["total_cost"])))
    several = data["scenario"].nunique() > 1
    rows = []
    for row in each_row(data):
        name = name_cell(str(row.strategy), bool(row.chosen), str(row.status))
        scenario = [Cell(str(row.scenario))] if several else []
        cells = [Cell(write(row), name.tone) for write in figures.values()]
        rows.append(Row([name, *scenario, *cells], source="plan_summary, plan_money"))
    columns = [Column("Strategy", "left", "11%"), *([Column("Scenario", "left", "9%")] if several else [])]
    note = f"● used by the operational plan; peak stock in {_stock_unit(book)}; {cash_words(book)}"
    note += "changes of hours a working day and heads"
    note += (
        "" if book.company.supply.whole_workers else "; hires in the plan's fractions, whole in the operational plan"
    )
    empty = "No strategy was planned: the supply step left no summary."
    return Listing("Side by side", [*columns, *(Column(name) for name in figures)], rows[:_MOST], note, empty)


def _figures(book: Book, money: Scale) -> dict[str, Callable[[Any], str]]:
    """The columns of the summary: heading, and how a row's figure is written."""
    unit = book.value_unit(money)
    return {
        f"Cost {unit}".strip(): lambda row: money.write(row.total_cost, NOTHING),
        f"Shortfalls {unit}".strip(): lambda row: money.write(row.shortfall_cost, NOTHING),
        **(_in_money(book, money, unit) if book.has_money else {}),
        "Service %": lambda row: percent(row.service, 1, NOTHING),
        "Peak stock": lambda row: number(row.peak_inventory),
        "Hires less layoffs": lambda row: number(row.hires - row.layoffs),
        "Hires + layoffs": lambda row: number(row.hires + row.layoffs),
        "Overtime h": lambda row: number(row.overtime_hours),
        "Worst utilisation": lambda row: percent(row.worst_utilisation, 0, NOTHING),
        "Changes": lambda row: number(row.instability),
    }


def _in_money(book: Book, money: Scale, unit: str) -> dict[str, Callable[[Any], str]]:
    """The measures of ``plan_money``: two margins, and cash."""
    found = strategy_money(book, None)

    def write(column: str) -> Callable[[Any], str]:
        return lambda row: money.write(float(found.loc[(row.strategy, row.scenario)][column]), NOTHING)

    names = {"gross_margin": "Gross margin", "contribution": "Contribution"}
    closing, lowest = ("Closing cash", "Lowest cash") if has_balance(book) else ("Change of cash", "Lowest change")
    names |= {"closing_cash": closing, "lowest_cash": lowest}
    return {f"{name} {unit}": write(column) for column, name in names.items()}


def _costs(book: Book) -> Listing:
    """A row a strategy, a column a kind of cost that any of them has."""
    data = _of_scenario(book, "plan_costs")
    names = in_order(data["strategy"])
    totals = {key: float(value) for key, value in data.groupby(["kind", "strategy"])["amount"].sum().items()}
    every = [*_COSTS, *sorted(set(data["kind"]) - set(_COSTS))]
    kinds = [kind for kind in every if any(abs(totals.get((kind, name), 0.0)) >= 0.005 for name in names)]
    whole = {name: float(data[data["strategy"] == name]["amount"].sum()) for name in names}
    scale = scale_for(list(whole.values()))
    rows = []
    for name in names:
        title = name_cell(name, name == book.chosen.strategy)
        cells = [Cell(scale.write(totals.get((kind, name), 0.0)), title.tone) for kind in kinds]
        rows.append(Row([title, *cells, Cell(scale.write(whole[name]), "strong")], source="plan_costs.amount"))
    named = [Column(_COSTS.get(kind, kind.replace("_", " "))) for kind in kinds]
    columns = [Column("Strategy", "left", "11%"), *named, Column("All costs")]
    note = f"{book.value_unit(scale, 'unit value 1')}, whole horizon"
    return Listing("Cost by kind", columns, rows, note, "No costs were planned.")


# -- charts ------------------------------------------------------------------------------------------------------------


def _size(book: Book) -> tuple[int, int]:
    """The charts below the tables are lower where more strategies fill these."""
    return 330, max(90, 165 - 25 * max(0, book.frame("plan_summary")["strategy"].nunique() - 3))


def _frontier(book: Book) -> list[Figure]:
    """Cost against stability, where stability costs anything."""
    if flagged(book.frame("plan_frontier"), "recommended")["reason"].isin(_FREE).any():
        return []
    points = [
        Point(
            float(row.instability),
            float(row.cost),
            "" if str(row.label).isdigit() else str(row.label),
            bool(row.on_frontier),
            bool(row.recommended),
        )
        for row in each_row(book.frame("plan_frontier"))
    ]
    costs = [point.cost for point in points]
    unit = book.value_unit(scale_for(costs))
    words = f"Cost of the plan in {unit} against the sum of its changes; the recommended point is marked."
    chart = frontier(points, words=words, scale=cost_scale(costs), size=_size(book))
    empty = "A frontier needs at least two plans; the supply step left fewer."
    return [Figure("frontier", "Cost against stability", f"{unit}, whole horizon; chase beside it", chart, empty)]


def _lines(book: Book, data: pd.DataFrame, column: str) -> list[Line]:
    """A line a strategy."""
    lines = []
    for name in in_order(data["strategy"]):
        role = "plan" if name == book.chosen.strategy else "other" if name == "chase" else "last"
        lines.append(Line(name.capitalize(), role, by_month(data[data["strategy"] == name], column, book.horizon)))
    return lines


def _heads(book: Book) -> Figure:
    data = _of_scenario(book, "resource_plan")
    lines = _lines(book, data[data["kind"] == "labour"], "units")
    chart = timeline(lines, book.horizon, words="Heads by month and strategy.", size=_size(book))
    empty = "The company names no labour, so no heads are planned."
    return Figure("heads", "Heads", "all labour, by strategy", chart, empty)


def _stock_unit(book: Book) -> str:
    """The unit in which the strategies' stock is added up."""
    return book.total_unit().name


def _stock(book: Book) -> Figure:
    data = _of_scenario(book, "aggregate_plan")
    if not book.unit().agrees:
        # items of unlike units: the runs against sampled demand have them added up in the company's unit
        added = _of_scenario(book, "plan_robustness_months")
        data = added[added["family"] == "all"]
        if data.empty:
            why = "Units differ between families: stock does not add up across them."
            return Figure("stock", "Stock", "", None, why)
    lines = _lines(book, data, "inventory")
    scale = scale_for([value for line in lines for value in line.values])
    band = robustness.stock_band(book)
    unit = f"{scale.suffix} {_stock_unit(book)}".strip()
    note = f"{unit} at month end{'; band: sampled demand' if band else ', by strategy'}"
    words = "Stock at month end by strategy."
    chart = timeline(lines, book.horizon, words=words, band=band, scale=scale, size=_size(book))
    return Figure("stock", "Stock", note, chart, "No stock is planned.")
