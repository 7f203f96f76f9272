"""How full every resource is, what an hour more is worth and by when to decide, and which rules gave way."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sop_pipeline.language.dates import month, short_month
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import plural, units_of
from sop_pipeline.language.numbers import missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, each_row
from sop_pipeline.packs.book.resources import FULL, by_peak, fullest_first, utilised
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import frozen
from sop_pipeline.packs.parts.bottlenecks import bottlenecks
from sop_pipeline.packs.parts.loads import month_columns, share_cells
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut
from sop_pipeline.packs.parts.unsolved import unsolved
from sop_pipeline.resource_kinds import HOUR_KINDS

_SHADES = (0.70, 0.80, 0.90, 0.97, FULL)
_MOST_RESOURCES, _MOST_SHORTFALLS, _MOST_FIGURES = 12, 7, 3


def capacity(book: Book) -> Page:
    """Fill the page."""
    strategy, scenario = book.chosen
    loads = _loads(book)
    return Page(
        "capacity",
        "Capacity",
        f"plan: {strategy}, scenario {scenario} · share of regular hours or of the limit",
        sentences=[_fullest(book), *frozen.released(book), *unsolved(book, "shadow_prices")],
        body=[
            _utilisation(book),
            *([Beside(loads, "three")] if loads else []),
            Beside([bottlenecks(book), _shortfalls(book)], "wide-narrow"),
        ],
    )


def _fullest(book: Book) -> Sentence:
    """How many resources work beyond their regular hours, and the peak of the fullest."""
    plan = utilised(book)
    if plan.empty:
        return say("No resource has a capacity to compare with, so utilisation cannot be stated.")
    top, over = fullest_first(plan).iloc[0], plan[plan["utilisation"] > FULL]
    name = book.resource(top["resource_id"], 40)
    peak = f"{name} peaks at {percent(top['utilisation'], 0)} in {month(top['month'])}"
    if over.empty:
        return say(strong("No resource works beyond its regular hours"), f"; {peak}.")
    resources = plural(over["resource_id"].nunique(), "resource")
    return say(
        Span(f"{resources} beyond regular hours in {plural(len(over), 'resource month')}", "worse"),
        f"; {peak}. Overtime there adds up to {number(float(over['overtime_hours'].sum()))} hours.",
    )


# -- utilisation -------------------------------------------------------------------------------------------------------


def _utilisation(book: Book) -> Listing:
    """Utilisation by resource and month, the fullest resource first."""
    plan = utilised(book)
    rows, left = cut([_resource_row(book, name, plan) for name in by_peak(plan)], _MOST_RESOURCES)
    columns = month_columns("Resource", book.horizon)
    note = "% of regular hours (storage, material, cash: of the limit); fullest first; red is beyond"
    empty = "No resource of the plan has a capacity: nothing limits it."
    return Listing("Utilisation", columns, rows, note, empty, left, kind="heat wide")


def _resource_row(book: Book, resource: str, plan: pd.DataFrame) -> Row:
    shares = by_month(plan[plan["resource_id"] == resource], "utilisation", book.horizon)
    name = Cell(book.resource(resource, 22), title=resource)
    return Row([name, *share_cells(shares, _SHADES)], source="resource_plan.utilisation")


def _loads(book: Book) -> list[Figure]:
    """Hours needed against hours there are, for the resources that are fullest."""
    plan = utilised(book)
    plan = plan[plan["available"].notna()]
    return [
        _load(book, name, plan[plan["resource_id"] == name], f"load-{number}")
        for number, name in enumerate(by_peak(plan)[:_MOST_FIGURES], start=1)
    ]


def _load(book: Book, resource: str, plan: pd.DataFrame, key: str) -> Figure:
    used = by_month(plan.assign(used=plan["regular_hours"] + plan["overtime_hours"]), "used", book.horizon)
    limit = by_month(plan, "available", book.horizon)
    scale = scale_for([*used, *limit], ("k", ""))
    lines = [Line("Available", "limit", limit), Line("Used", "plan", used)]
    title, unit = book.resource(resource), "hours" if plan.iloc[0]["kind"] in HOUR_KINDS else "used"
    words = f"{title}: used against available."
    chart = timeline(lines, book.horizon, words=words, scale=scale, size=(330, 120))
    return Figure(key, title, f"{scale.suffix} {unit} a month".strip(), chart)


# -- shortfalls --------------------------------------------------------------------------------------------------------


def _shortfalls(book: Book) -> Listing:
    """Rules that the chosen plan could not keep, the dearest first."""
    data = book.plan_of("plan_shortfalls").sort_values(["cost", "item", "month"], ascending=[False, True, True])
    scale = scale_for(list(data["cost"]), ("k", ""))
    rows, left = cut([_shortfall_row(book, row, scale) for row in each_row(data)], _MOST_SHORTFALLS)
    price = f"Price {book.value_unit(scale)}".strip()
    columns = (Column("Rule", "left", "46%"), Column("Month", "left"), Column("By"), Column(price))
    empty = "The plan keeps every rule: nothing had to give way."
    return Listing("What could not be kept", columns, rows, "priced, so that there is always a plan", empty, left)


def _shortfall_row(book: Book, row: Any, scale: Scale) -> Row:
    rule, item = ENGLISH.say(f"rule.{row.rule}", {}), str(row.item)
    unit = "" if missing(row.unit) else units_of(str(row.unit))
    if book.is_sold(item) and unit == "units":
        unit = book.unit_of(item)
    name = book.product(item, 30) if book.is_sold(item) else book.resource(item)
    cells = (
        Cell(f"{rule}: {name}", title=item),
        Cell(short_month(row.month, year=True)),
        Cell(f"{number(row.quantity)} {unit}".strip()),
        Cell(scale.write(row.cost)),
    )
    return Row(cells, source="plan_shortfalls")
