"""A family's supply: its tightest resource, what is late or lost, and how its stock runs."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import cast

from sop_pipeline.cycle import months_between
from sop_pipeline.language.dates import month, span_of
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import number, percent
from sop_pipeline.language.scale import scale_for
from sop_pipeline.language.sentence import Sentence, Span, Tone, say
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, of_family, total
from sop_pipeline.packs.book.resources import FULL, fullest_first, utilised
from sop_pipeline.packs.charts.series import Band, Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts.demand import AHEAD, PAST
from sop_pipeline.packs.parts.page import Figure

_ALMOST_FULL = 0.995
_SIZE = (500, 138)
_TITLE = "Inventory against its band"

Words = list[str | Span]


# -- the sentence ------------------------------------------------------------------------------------------------------


def supply_sentence(book: Book, family: str) -> Sentence:
    """The tightest resource the family uses, what is late or lost, and where its stock goes."""
    return say(*_tightest(book, family), *_service(book, family), *_stock(book, family))


def _tightest(book: Book, family: str) -> Words:
    plan = utilised(book)
    plan = plan[plan["resource_id"].isin(book.resources_of(family))]
    if plan.empty:
        return []
    top = fullest_first(plan).iloc[0]
    name = book.resource(top["resource_id"])
    full = sorted(plan[(plan["resource_id"] == top["resource_id"]) & (plan["utilisation"] >= _ALMOST_FULL)]["month"])
    peak = f"{percent(top['utilisation'], 0)} of regular hours in {month(top['month'])}"
    if not full:
        return [f"Tightest resource: {name}, at most {peak}; "]
    tone: Tone = "worse" if top["utilisation"] > FULL else "plain"
    first = span_of(_first_run(full))
    if len(full) == len(book.horizon):
        when = f"in all {plural(len(full), 'month')}"
    else:
        when = f"in {plural(len(full), 'month')}, first {first}" if len(full) > 1 else f"in {first}"
    return [f"Tightest resource: {name}, full {when}, ", Span(peak, tone), "; "]


def _first_run(months: list[date]) -> list[date]:
    """The first of the months and those that follow it without a break."""
    breaks = [n for n, (one, next_one) in enumerate(pairwise(months), start=1) if months_between(one, next_one) != 1]
    return months[: breaks[0]] if breaks else months


def _service(book: Book, family: str) -> Words:
    """What is not served at all, and the month with most that is served late."""
    plan = of_family(book.frame("production_schedule"), family)
    if plan.empty:
        return ["no supply plan reaches this family."]
    unit = book.total_unit(family)
    lost = total(book.in_total_unit(plan, "lost_sales"), "lost_sales") or 0.0
    late = book.in_total_unit(plan, "backlog").groupby("month")["backlog"].sum()
    if not unit.agrees and (lost > 0 or late.max() > 0):
        return [Span("not all demand is served in its month", "worse"), "; "]
    words: Words = [Span(f"{number(lost)} {unit.name} of demand are not served", "worse")] if lost >= 1 else []
    if late.max() >= 1:
        words += [", "] if words else []
        words.append(Span(f"{number(float(late.max()))} {unit.name} late in {_month_of(late.idxmax())}", "worse"))
    return [*words, "; "] if words else [f"all demand is served in its month over {plural(len(late), 'month')}; "]


def _month_of(key: object) -> str:
    return month(cast(date, key))


def _stock(book: Book, family: str) -> Words:
    stock = of_family(book.frame("inventory_plan"), family)
    if stock.empty:
        return ["no stock is planned."]
    unit = book.total_unit(family)
    if not unit.agrees:
        return ["its stock is counted in different units."]
    months = book.in_total_unit(stock, "inventory").groupby("month")["inventory"].sum()
    low, high = float(months.min()), float(months.max())
    if high - low < 0.5:
        return [f"stock stays at {number(high)} {unit.name} over {plural(len(months), 'month')}."]
    return [
        f"stock is highest with {number(high)} {unit.name} in {_month_of(months.idxmax())}, lowest with "
        f"{number(low)} in {_month_of(months.idxmin())}."
    ]


# -- the chart ---------------------------------------------------------------------------------------------------------


def inventory_figure(book: Book, family: str, key: str) -> Figure:
    """Actual and planned stock at month end against its minimum and, where every product has one, its ceiling."""
    unit = book.total_unit(family)
    if not unit.agrees:
        return Figure(key, _TITLE, "", None, "Its products are counted in different units.")
    months = [*book.past(PAST), *book.horizon[:AHEAD]]
    stock, actuals, last = (of_family(book.frame(name), family) for name in ("inventory_plan", "actuals", "last_plan"))
    stock = book.in_total_unit(stock, "inventory", "target_low", "target_high")
    actuals, last = book.in_total_unit(actuals, "inventory"), book.in_total_unit(last, "inventory")
    actual, plan = by_month(actuals, "inventory", months), by_month(stock, "inventory", months)
    low = by_month(stock, "target_low", months)
    without_ceiling = set(stock[stock["target_high"].isna()]["month"])
    high = by_month(stock[~stock["month"].isin(without_ceiling)], "target_high", months)
    band = Band(low, high, ("Minimum", "Ceiling")) if any(value is not None for value in high) else None
    lines = [
        Line(f"{book.last_name}’s plan", "last", book.ahead(months, by_month(last, "inventory", months))),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
        *([] if band else [Line("Minimum", "limit", low)]),
    ]
    scale = scale_for([*actual, *plan], ("k", ""))
    words = f"Inventory of {shortened(family)} at month end in {scale.suffix} {unit.name} against its band."
    chart = timeline(lines, months, words=words, band=band, now=PAST, scale=scale, size=_SIZE)
    return Figure(key, _TITLE, f"{scale.suffix} {unit.name}, month end".strip(), chart, "No stock is known or planned.")
