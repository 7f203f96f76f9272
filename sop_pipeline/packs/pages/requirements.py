"""What demand takes of every resource, material and option, before any plan: total feature requirements, rough cut."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from sop_pipeline.language.dates import month, short_month
from sop_pipeline.language.names import plural, shortened, units_of
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import scale_for
from sop_pipeline.language.sentence import Sentence, Tone, say, strong, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, each_row, total
from sop_pipeline.packs.book.resources import FULL
from sop_pipeline.packs.parts.loads import month_columns, share_cells
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.room import fill
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut
from sop_pipeline.resource_kinds import HOUR_KINDS

_SHADES = (0.5, 0.7, 0.85, 0.95, FULL)
_MOST, _AHEAD, _YEAR = 12, 18, 12
_METHODS = {
    "overall_factors": "Overall factors",
    "bill_of_resources": "Bill of resources",
    "resource_profile": "Resource profile",
}


def requirements(book: Book) -> Page:
    """Fill the page."""
    needs = book.frame("feature_requirements")
    return Page(
        "requirements",
        "Total feature requirements",
        f"what the demand plan takes, {plural(needs['feature'].nunique(), 'feature')} of its products added up",
        sentences=[_fullest(book, needs), _drift(book, needs)],
        body=[fill(_needs(book, needs), 72.0), _months(book, needs), _rough_cut(book)],
    )


def _shares(needs: pd.DataFrame) -> pd.DataFrame:
    """Requirements of features that there is a limit of, with the share they take of it."""
    limited = needs[needs["available"].fillna(0.0) > 0]
    return limited.assign(share=limited["requirement"] / limited["available"])


def _tone(share: float | None) -> Tone:
    return "worse" if share is not None and share > FULL else "plain"


# -- sentences ---------------------------------------------------------------------------------------------------------


def _fullest(book: Book, needs: pd.DataFrame) -> Sentence:
    shares = _shares(needs)
    if needs.empty:
        return say("No product has a feature: the company’s files name no hours, materials or options that it takes.")
    if shares.empty:
        return say("No feature has a capacity to compare its requirement with.")
    top = shares.sort_values(["share", "feature", "month"], ascending=[False, True, True]).iloc[0]
    over = shares[shares["share"] > FULL]
    lead = f"Demand month by month takes {percent(top['share'], 0)} of {book.resource(top['feature'])} in "
    if over.empty:
        return say(strong("Every feature is within what there is"), f". {lead}{month(top['month'])}.")
    features, months = plural(over["feature"].nunique(), "feature"), plural(len(over), "feature month")
    beyond = f"{features} beyond what there is in {months}"
    rest = ", before stock, overtime or hires answer it: the plans say how."
    return say(toned(beyond, -1.0), f". {lead}{month(top['month'])}{rest}")


def _drift(book: Book, needs: pd.DataFrame) -> Sentence:
    """How far planning families by a reference mix would misstate a requirement."""
    known = needs[needs["mix_drift"].notna()]
    if known.empty:
        return ()
    known = known.assign(size=known["mix_drift"].abs())
    worst = known.sort_values(["size", "feature", "month"], ascending=[False, True, True]).iloc[0]
    return say(
        f"Families planned by their usual mix would misstate {book.resource(worst['feature'])} by up to "
        f"{percent(worst['size'])}, in {month(worst['month'])}."
    )


# -- tables ------------------------------------------------------------------------------------------------------------


def _needs(book: Book, needs: pd.DataFrame) -> Listing:
    """A row a feature: a year of it, what there is, its fullest month, what a top-down plan would say, its cost."""
    shares = _shares(needs)
    peak = shares.groupby("feature")["share"].max() if len(shares) else pd.Series(dtype=float)
    order = sorted(needs["feature"].unique(), key=lambda name: (-peak.get(name, 0.0), str(name)))
    year, money = set(book.horizon[:_YEAR]), scale_for(_costs(needs, set(book.horizon[:_YEAR])))
    each = [(needs[needs["feature"] == name], peak.get(name)) for name in order]
    rows, left = cut([_need(book, rows, year, money, fullest) for rows, fullest in each], _MOST)
    columns = [
        Column("Feature", "left", "22%"),
        Column("Kind", "left", "9%"),
        Column("Unit", "left", "8%"),
        *(Column(name) for name in ("Required", "Available", "Share", "Fullest month", "By family mix")),
        *([Column(f"Cost {book.money_unit(money)}")] if book.has_money else []),
    ]
    empty = "No product has a feature."
    return Listing("Required and available", columns, rows, f"next {len(year)} months, bottom-up", empty, left)


def _costs(needs: pd.DataFrame, months: set[date]) -> list[float]:
    return [float(value) for value in needs[needs["month"].isin(months)].groupby("feature")["cost"].sum()]


def _need(book: Book, rows: pd.DataFrame, months: set[date], money: Any, peak: float | None) -> Row:
    year, first = rows[rows["month"].isin(months)], rows.iloc[0]
    required, there, top_down = (total(year, column) for column in ("requirement", "available", "top_down"))
    share = None if required is None or not there else required / there
    off = None if not required or top_down is None else top_down / required - 1
    unit = "hours" if first["kind"] in HOUR_KINDS else "" if missing(first["unit"]) else units_of(str(first["unit"]))
    cells = [
        Cell(book.resource(first["feature"], 40), "strong", title=str(first["feature"])),
        Cell(str(first["kind"]), "quiet"),
        Cell(unit, "quiet"),
        Cell(number(required, 0, NOTHING)),
        Cell(number(there, 0, NOTHING)),
        Cell(percent(share, 0, NOTHING), _tone(share)),
        Cell(percent(peak, 0, NOTHING), _tone(peak)),
        Cell(percent(off, 1, NOTHING), "quiet"),
        *([Cell(money.write(total(year, "cost"), NOTHING))] if book.has_money else []),
    ]
    return Row(cells, source="feature_requirements.requirement, available, top_down, cost")


def _months(book: Book, needs: pd.DataFrame) -> Listing:
    """What demand takes of what there is, feature by month, the fullest first."""
    shares, months = _shares(needs), book.horizon[:_AHEAD]
    peak = shares.groupby("feature")["share"].max() if len(shares) else pd.Series(dtype=float)
    order = [str(name) for name in peak.sort_values(ascending=False, kind="stable").index]
    rows, left = cut([_heat(book, name, shares, months) for name in order], _MOST)
    columns = month_columns("Feature", months)
    note = "% of what there is, as demand falls, nothing built ahead; red is beyond"
    return Listing("Month by month", columns, rows, note, "No feature has a capacity.", left, kind="heat wide")


def _heat(book: Book, name: str, shares: pd.DataFrame, months: list[date]) -> Row:
    values = by_month(shares[shares["feature"] == name], "share", months)
    cells = [Cell(book.resource(name, 22), title=name), *share_cells(values, _SHADES)]
    return Row(cells, source="feature_requirements.requirement / available")


def _rough_cut(book: Book) -> Listing:
    """The fullest month of each resource by each of the three methods."""
    data = book.frame("rough_cut_capacity")
    data = data[data["utilisation"].notna()]
    worst = data.sort_values(["utilisation", "resource_id", "month"], ascending=[False, True, True])
    worst = worst.drop_duplicates(["method", "resource_id"])
    peaks = {(row.method, row.resource_id): row for row in each_row(worst)}
    order = list(dict.fromkeys(worst["resource_id"]))
    rows, left = cut([_peak(book, str(name), peaks) for name in order], _MOST // 2)
    columns = [
        Column("Resource", "left", "25%"),
        *(Column(name, group=title) for title in _METHODS.values() for name in ("Peak", "Month")),
    ]
    note = "load against regular hours, by method"
    return Listing("Rough-cut capacity", columns, rows, note, "No resource has hours to plan with.", left)


def _peak(book: Book, resource: str, peaks: dict[tuple[str, str], Any]) -> Row:
    cells = [Cell(shortened(book.resource(resource, 40)), title=resource)]
    for method in _METHODS:
        row = peaks.get((method, resource))
        share = None if row is None else float(row.utilisation)
        when = NOTHING if row is None else short_month(row.month, year=True)
        cells += [Cell(percent(share, 0, NOTHING), _tone(share)), Cell(when)]
    return Row(cells, source="rough_cut_capacity.utilisation")
