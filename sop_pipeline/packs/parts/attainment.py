"""How well earlier plans were kept: in a sentence, and family by family over the last months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from sop_pipeline.language.dates import short_month, span_of
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.book.reference import gap_rows, measure, paired_rows
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, shade

_MEASURES = ("sales", "production", "inventory")
_WORSE_THAN = (0.05, 0.10, 0.20, 0.35)
_MOST_FAMILIES, _MOST_MONTHS, _MOST_YEAR = 8, 4, 12


def attainment_sentence(book: Book) -> Sentence:
    """How far the plans for the last month were kept, and what was furthest off."""
    data = book.frame("plan_attainment")
    if data.empty and _waits(book):
        return say(f"Plan attainment waits for whole months: {book.came()}.")
    if data.empty:
        return _against_business_plan_sentence(book)
    last = max(data["month"])
    data = data[data["month"] == last]
    weighted = [words for name in _MEASURES if (words := _weighted(data, name))]
    return say(
        f"In {short_month(last, year=True)} plans were kept to ",
        strong(", ".join(weighted)),
        f" (weighted by plan){_furthest_off(data)}",
    )


def _waits(book: Book) -> bool:
    """Whether there was a plan for the newest month, which came in part."""
    return book.has_last_cycle and bool(book.partial_months)


def _weighted(data: pd.DataFrame, measure: str) -> str:
    """Attainment of families as the table has it, never below 0, each weighing as much as its plan."""
    rows = data[(data["measure"] == measure) & data["attainment"].notna()].astype({"plan": float, "attainment": float})
    plan = float(rows["plan"].sum())
    return f"{measure} {percent(float((rows['plan'] * rows['attainment']).sum()) / plan)}" if plan > 0 else ""


def _furthest_off(data: pd.DataFrame) -> str:
    judged = data[data["attainment"].notna()]
    if judged.empty:
        return "."
    low = judged.sort_values(["attainment", "family", "measure"]).iloc[0]
    return (
        f"; furthest off was {low['measure']} of {shortened(low['family'], 30)} at {percent(low['attainment'])}: "
        f"{number(low['actual'])} against {number(low['plan'])} planned."
    )


def attainment(book: Book) -> Listing:
    """Attainment by family, measure and month; of the last month the units behind it, too."""
    data = book.frame("plan_attainment")
    months = sorted(set(data["month"]))[-_MOST_MONTHS:]
    title, note = "Plan attainment", "1 − |actual − plan| / plan of the cycle before; darker is further off"
    if not months and not _waits(book) and len(met := _business_plan_met(book)):
        return _against_business_plan(book, met)
    if not months:
        why = (
            f"No whole month has met an earlier plan: {book.came()}."
            if _waits(book)
            else "The cycle before planned no month that has ended."
            if book.has_last_cycle
            else "No actuals have met an earlier plan yet: attainment appears from the second cycle on."
        )
        return Listing(title, (), (), note, why)
    scale = scale_for([*data["actual"], *data["plan"]], ("k", ""))
    last = short_month(months[-1])
    columns = [Column("Family", "left", "16%")]
    for name in _MEASURES:
        columns += [Column(short_month(each), "center", group=name.capitalize()) for each in months]
        columns += [Column(f"{last} {scale.suffix} of plan".replace("  ", " "), "right", "9%", group=name.capitalize())]
    rows, left = cut([_row(data, family, months, scale) for family in sorted(set(data["family"]))], _MOST_FAMILIES)
    return Listing(title, columns, rows, note, "", left, kind="heat")


# -- a first cycle, whose plans no actuals have met --------------------------------------------------------------------


def _business_plan_met(book: Book) -> pd.DataFrame:
    """The ended months of the fiscal year with what came and the business plan, by family."""
    rows = paired_rows(gap_rows(book, book.year_months), "business_plan")
    return rows[(rows["basis"] == "actual") & (rows["business_plan"] > 0)]


def _against_business_plan_sentence(book: Book) -> Sentence:
    """How much of the business plan came in the ended months of the year."""
    opening = "Plan attainment starts with the second cycle: no earlier plan has met its actuals yet"
    met = _business_plan_met(book)
    if met.empty or not book.adds_up:
        return say(f"{opening}.")
    share = float(met["latest"].sum()) / float(met["business_plan"].sum())
    months = span_of(sorted(set(met["month"])))
    return say(
        f"{opening}; ", strong(f"{percent(share)} of the business plan’s {measure(book)}"), f" came in {months}."
    )


def _against_business_plan(book: Book, met: pd.DataFrame) -> Listing:
    """What came as a share of the business plan, by family and month of the year."""
    months = sorted(set(met["month"]))[-_MOST_YEAR:]
    columns = [Column("Family", "left", "20%"), *(Column(short_month(each), "center") for each in months)]
    shares = {(row.family, row.month): float(row.latest) / float(row.business_plan) for row in each_row(met)}
    rows = [
        Row(
            [Cell(shortened(family, 24), title=str(family)), *(_met(shares.get((family, month))) for month in months)],
            source=f"plan_gap.latest / business_plan; measure: {measure(book)}",
        )
        for family in sorted(set(met["family"]))
    ]
    shown, left = cut(rows, _MOST_FAMILIES)
    note = (
        f"{measure(book)} as a share of the business plan: no earlier plan has met its actuals; darker is further off"
    )
    return Listing("Business plan met", columns, shown, note, "", left, kind="heat")


def _met(share: float | None) -> Cell:
    if share is None:
        return Cell(NOTHING, "quiet")
    return Cell(percent(share, 0), shade=shade(abs(1 - share), _WORSE_THAN), hot=True)


# -- plans that actuals have met ---------------------------------------------------------------------------------------


def _row(data: pd.DataFrame, family: str, months: list[date], scale: Scale) -> Row:
    known = {(row.measure, row.month): row for row in each_row(data[data["family"] == family])}
    cells: list[Cell] = []
    for name in _MEASURES:
        found = [known.get((name, month)) for month in months]
        cells += [_cell(None if row is None else row.attainment) for row in found]
        cells.append(_units(found[-1], scale))
    return Row(
        [Cell(shortened(family, 24), title=str(family)), *cells], source="plan_attainment.attainment, actual, plan"
    )


def _units(row: Any, scale: Scale) -> Cell:
    """What came of what was planned: ``119.1/128.4``."""
    if row is None:
        return Cell(NOTHING, "quiet")
    return Cell(f"{scale.write(row.actual)}/{scale.write(row.plan)}", "quiet")


def _cell(share: float | None) -> Cell:
    if share is None or missing(share):
        return Cell(NOTHING, "quiet")
    return Cell(percent(share, 0), shade=shade(1 - share, _WORSE_THAN), hot=True)
