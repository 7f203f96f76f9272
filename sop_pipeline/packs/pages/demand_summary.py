"""Demand of every family on one page: last year, plan, range, business plan, what streams changed, how good it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from sop_pipeline.language.demand import adjustment_words
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong, tone_of, toned
from sop_pipeline.packs.book.backtest import TRACKING, accuracy_row
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row, of_family, records, total
from sop_pipeline.packs.book.tables import YearOnYear
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.room import PAGE, fill, taken
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_YEAR, _MOST_FAMILIES, _MOST_CHANGES = 12, 14, 30
_PRODUCTS = "portfolio"
"""The stream of launches and phase-outs, which the product review shows."""

_GROUPS = ("Demand", "P10 to P90", "Business plan", "Forecast")


def demand_summary(book: Book) -> Page:
    """Fill the page."""
    ahead, families = book.horizon[:_YEAR], fill(_families(book), 88.0)
    return Page(
        "demand",
        "Demand by family",
        f"next {len(ahead)} months{_against(book)}; approach in use: {book.approach.replace('_', ' ')}",
        sentences=[_company(book), _streams(book)],
        body=[families, fill(_changes(book), PAGE - taken(families))],
    )


def _against(book: Book) -> str:
    """What the planned months are compared with."""
    pairs = book.year_on_year
    if not pairs.before:
        return ""
    return f" against {pairs.words}" if pairs.is_whole else f"; {plural(len(pairs.before), 'month')} with a year before"


# -- sentences ---------------------------------------------------------------------------------------------------------


def _company(book: Book) -> Sentence:
    """The company's demand of a year, where its families add up."""
    unit = book.total_unit()
    if not unit.agrees:
        return say("Families are counted in different units: each stands in its own.")
    plan = book.in_total_unit(book.frame("demand_plan"), "quantity", of="company")
    past = book.in_total_unit(book.frame("demand_history"), "quantity", of="company")
    ahead, pairs = book.horizon[:_YEAR], book.year_on_year
    planned, alike, before = _sum(plan, "quantity", ahead), *_year(plan, past, pairs)
    if planned is None:
        return say("No demand is planned.")
    opening = f"Demand of the next {len(ahead)} months is "
    lead: list[str | Span] = [opening, strong(f"{number(planned)} {unit.name}")]
    if not before or alike is None:
        return say(*lead, ".")
    change = alike / before - 1
    way = f"{percent(abs(change))} {'over' if change >= 0 else 'under'}"
    if pairs.is_whole:
        return say(*lead, ", ", toned(f"{way} {pairs.words}", change), ".")
    return say(*lead, "; of months with a year before, ", toned(f"{way} it", change), ".")


def _streams(book: Book) -> Sentence:
    """What every stream changed, in the company's unit."""
    data = book.frame("demand_adjustments")
    data = data[data["month"].isin(set(book.horizon[:_YEAR]))]
    if data.empty or not book.total_unit().agrees:
        return ()
    data = book.in_total_unit(data, "change", of="company")
    sums = data.groupby(["precedence", "stream"])[["change"]].sum().reset_index()
    told = [f"{row.stream} {number(float(row.change))}" for row in each_row(sums) if abs(row.change) >= 0.5]
    if not told:
        return say("No stream changed the statistical forecast.")
    return say(f"What people know changed the statistical forecast: {', '.join(told)} {book.total_unit().name}.")


def _year(plan: pd.DataFrame, past: pd.DataFrame, pairs: YearOnYear) -> tuple[float | None, float | None]:
    """Planned months that have a year before, and that year before."""
    return _sum(plan, "quantity", pairs.ahead), _sum(past, "quantity", pairs.before)


def _sum(data: pd.DataFrame, column: str, months: Iterable[date]) -> float | None:
    return total(data[data["month"].isin(set(months))], column)


# -- families ----------------------------------------------------------------------------------------------------------


def _families(book: Book) -> Listing:
    """A row a family in its own unit, the largest change first."""
    found = [_figures(book, family) for family in book.families]
    found.sort(key=lambda row: (-abs(row["change"] or 0.0), row["family"]))
    rows, left = cut([_family_row(row) for row in found if row["planned"] is not None], _MOST_FAMILIES)
    headings = [
        *((name, _GROUPS[0]) for name in _headings(book)),
        ("a month", _GROUPS[1]),
        *((name, _GROUPS[2]) for name in ("Units", "Gap")),
        *((name, _GROUPS[3]) for name in ("Statistical", "Streams", "WMAPE", "Bias", "Signal")),
    ]
    columns = [
        Column("Family", "left", "16%"),
        Column("Unit", "left", "7%"),
        *(Column(name, group=group) for name, group in headings),
    ]
    note = "each in its own unit, largest change first; range of a single month; errors at the planning lag"
    return Listing("Families", columns, rows, note, "No family has demand.", left)


def _headings(book: Book) -> tuple[str, str, str]:
    count = len(book.year_on_year.before)
    return ("Last 12" if count == _YEAR else "Year before"), f"Next {len(book.horizon[:_YEAR])}", "Change"


def _figures(book: Book, family: str) -> dict[str, Any]:
    unit, ahead = book.total_unit(family), book.horizon[:_YEAR]
    if not unit.agrees:
        return {"family": family, "planned": None, "change": None}
    plan = book.in_total_unit(of_family(book.frame("demand_plan"), family), "quantity")
    plan = plan.assign(statistical=book.in_total_unit(plan, "statistical")["statistical"])
    past = book.in_total_unit(of_family(book.frame("demand_history"), family), "quantity")
    ranges = book.frame("demand_range")
    ranges = ranges[(ranges["level"] == "family") & (ranges["item_id"] == family)]
    gap = of_family(book.frame("plan_gap"), family)
    planned, alike, before = _sum(plan, "quantity", ahead), *_year(plan, past, book.year_on_year)
    business = None if unit.is_money else _sum(gap[gap["measure"] == "units"], "business_plan", ahead)
    error = accuracy_row(book, "family", family)
    return {
        "family": family,
        "unit": unit.name,
        "before": before,
        "planned": planned,
        "change": None if not before or alike is None else alike / before - 1,
        "range": _half_range(ranges[ranges["month"].isin(ahead)]),
        "business": business,
        "gap": None if business is None or planned is None else planned - business,
        "statistical": _sum(plan, "statistical", ahead),
        **{name: None if error is None else error[name] for name in ("wmape", "bias", "tracking_signal")},
    }


def _half_range(ranges: pd.DataFrame) -> float | None:
    """Half the range from P10 to P90 of a month as a share of its mean, on average."""
    mean = ranges["mean"].sum()
    return None if not mean else float((ranges["p90"] - ranges["p10"]).sum() / 2 / mean)


def _family_row(row: dict[str, Any]) -> Row:
    streams = None if row["statistical"] is None else row["planned"] - row["statistical"]
    signal = row["tracking_signal"]
    loud = signal is not None and not missing(signal) and abs(signal) > TRACKING
    cells = [
        Cell(shortened(row["family"], 40), "strong", title=row["family"]),
        Cell(row["unit"], "quiet"),
        Cell(number(row["before"], 0, NOTHING)),
        Cell(number(row["planned"], 0, NOTHING), "strong"),
        Cell(percent(row["change"], 1, NOTHING), tone_of(row["change"])),
        Cell(NOTHING if row["range"] is None else f"± {percent(row['range'], 0)}", "quiet"),
        Cell(number(row["business"], 0, NOTHING)),
        Cell(number(row["gap"], 0, NOTHING), tone_of(row["gap"])),
        Cell(number(row["statistical"], 0, NOTHING), "quiet"),
        Cell(number(streams, 0, NOTHING)),
        Cell(percent(row["wmape"], 1, NOTHING)),
        Cell(percent(row["bias"], 1, NOTHING)),
        Cell(number(signal, 1, NOTHING), "worse" if loud else "plain"),
    ]
    return Row(
        cells,
        source="demand_plan, demand_history, demand_range, plan_gap.business_plan, forecast_accuracy; measure: units",
    )


# -- what streams changed ----------------------------------------------------------------------------------------------


def _changes(book: Book) -> Listing:
    """The largest changes that people made to the forecast, a row a stream and product, with whose and why."""
    data = book.frame("demand_adjustments")
    data = data[data["month"].isin(set(book.horizon)) & (data["change"] != 0) & (data["stream"] != _PRODUCTS)]
    keys = ["stream", "product_id"]
    whole = data.groupby(keys)["change"].sum()
    first = data.assign(size=data["change"].abs()).sort_values(["size", "month"], ascending=[False, True])
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in records(first):
        told.setdefault((row["stream"], row["product_id"]), []).append(row)
    order = sorted(whole.index, key=lambda key: (-abs(float(whole[key])), *map(str, key)))
    scale = scale_for([float(value) for value in whole], ("k", ""))
    rows, left = cut([_change_row(book, told[key], float(whole[key]), scale) for key in order], _MOST_CHANGES)
    columns = (
        Column("Stream", "left", "11%"),
        Column("Product", "left", "22%"),
        Column("Why", "left"),
        Column("Owner", "left", "19%"),
        Column(f"{scale.suffix} units".strip(), "right", "9%"),
    )
    empty = "Nobody changed the forecast; launches and phase-outs are in the product review."
    return Listing(
        "What people know",
        columns,
        rows,
        "change over the horizon, largest first; launches and phase-outs are in the product review",
        empty,
        left,
    )


def _change_row(book: Book, changes: list[dict[str, Any]], change: float, scale: Any) -> Row:
    """What a stream changed of a product in all its months, with each reason, that of the largest month first."""
    row = changes[0]
    reasons = dict.fromkeys(part for each in changes for part in adjustment_words(each).split("; ") if part)
    cells = (
        Cell(str(row["stream"]), "quiet"),
        Cell(book.product(row["product_id"], 40), "strong", title=str(row["product_id"])),
        Cell(shortened("; ".join(reasons), 120)),
        Cell("" if missing(row["owner"]) else shortened(row["owner"], 50), "quiet"),
        Cell(scale.write(change), tone_of(change)),
    )
    source = (
        f"demand_adjustments.change, replaced, overridden; stream: {row['stream']}; product_id: {row['product_id']}"
    )
    return Row(cells, source=source)
