"""The month in one sentence, four key figures, at most three decisions, what changed.

Everything an executive needs who reads nothing else. Not here: the detail behind any of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sop_pipeline.language.scale import scale_for
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import Values, by_month, either, past_and_plan
from sop_pipeline.packs.book.reference import gap_rows
from sop_pipeline.packs.charts.series import Band, Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import bridges, room
from sop_pipeline.packs.parts.changes import largest_changes
from sop_pipeline.packs.parts.decisions import decisions
from sop_pipeline.packs.parts.headline import headline
from sop_pipeline.packs.parts.page import Beside, Figure, Page, Tiles
from sop_pipeline.packs.parts.tiles import tiles
from sop_pipeline.packs.parts.trust import trust

_PAST, _AHEAD = 12, 18
_LEAST, _TALLEST = 140, 240
"""Height of the charts below the decisions, in the units of charts."""
_SHARED = 62.0
"""Room in mm that the decisions and what the charts grow by share on paper."""


def page_one(book: Book) -> Page:
    """Fill the first page."""
    key_figures, wanted = tiles(book), decisions(book)
    height = room.chart(_LEAST, _SHARED - room.of_decisions(wanted), _TALLEST)
    months, bridge = replace(_months(book, height), wide=True), bridges.by_cause(book, (296, height))
    return Page(
        "one",
        "The month",
        headline=headline(book),
        mark=trust(book),
        body=[
            *([Tiles(key_figures)] if key_figures else []),
            wanted,
            Beside([months, bridge, largest_changes(book)], "bottom"),
        ],
        layout="first",
    )


# -- the chart of months -----------------------------------------------------------------------------------------------


def _months(book: Book, height: int) -> Figure:
    """Revenue by month, or demand where nothing is priced, with its range and the business plan."""
    title = f"{'Revenue' if book.has_money else 'Demand'} by month"
    if not book.adds_up:
        why = "Units differ between families and nothing is priced: see their pages."
        return Figure("course", title, "", None, why)
    months = [*book.past(_PAST), *book.horizon[:_AHEAD]]
    actual, plan = _actual_and_plan(book, months)
    scale = scale_for([*actual, *plan])
    lines = [
        Line("Business plan", "business", by_month(gap_rows(book, months), "business_plan", months)),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
    ]
    cycle_month = f"{scale.write(plan[_PAST])}{scale.suffix} {book.measure_unit()}"
    chart = timeline(
        lines,
        months,
        words=f"{title}: {cycle_month} planned for the cycle month.",
        band=_range(book, months, plan),
        now=_PAST,
        scale=scale,
        size=(390, height),
    )
    note = f"{book.measure_unit(scale)} · {book.came()}, plan with P10 to P90 of demand"
    return Figure("course", title, note, chart, "No month has a value.")


def _actual_and_plan(book: Book, months: Sequence[date]) -> tuple[Values, Values]:
    if book.has_money:
        money = book.frame("financial_plan")
        return past_and_plan(money, "revenue", months)
    actual, rest = book.past_demand(book.frame("demand_history"), months)
    return actual, either(by_month(book.frame("demand_plan"), "quantity", months), rest)


def _range(book: Book, months: Sequence[date], plan: Values) -> Band | None:
    """The range of the company's demand, carried over to what is drawn: same share above and below."""
    demand = book.frame("demand_range")
    rows = demand[demand["level"] == "company"]
    if rows.empty:
        return None
    mean, low, high = (by_month(rows, column, months) for column in ("mean", "p10", "p90"))
    return Band(_carried(plan, low, mean), _carried(plan, high, mean))


def _carried(plan: Values, edge: Values, mean: Values) -> Values:
    return [
        value * limit / middle if value is not None and limit is not None and middle else None
        for value, limit, middle in zip(plan, edge, mean, strict=True)
    ]
