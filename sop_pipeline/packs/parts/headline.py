"""The month in one sentence: landing, comparison, largest cause, and the first date to decide by."""

from __future__ import annotations

from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import total
from sop_pipeline.packs.book.reference import (
    Comparison,
    company_scale,
    compared,
    gap_rows,
    key_figure,
    paired_rows,
    reference_in,
)
from sop_pipeline.packs.parts.decisions import day_and_month, first_date

Words = list[str | Span]


def headline(book: Book) -> Sentence:
    """Full-year revenue, or demand where nothing is priced, beside what it is compared with."""
    landing = _money_landing(book) or _unit_landing(book)
    due = first_date(book)
    decide: Words = [" ", strong(f"Decide by {day_and_month(due)}.")] if due else []
    return say(*landing, *decide)


# -- money -------------------------------------------------------------------------------------------------------------


def _money_landing(book: Book) -> Words:
    row = key_figure(book, "revenue")
    if row is None:
        return []
    scale, currency = company_scale(book), book.company.currency
    opening, lands = f"Full-year {book.fiscal_year} revenue lands at ", amount(row["latest"], scale, currency)
    comparison = compared(book, row)
    if comparison is None:
        return [opening, strong(lands), "; there is nothing to compare it with yet."]
    finer = scale.finer([comparison.gap])
    side = "under" if comparison.gap < 0 else "over"
    gap = f"{amount(abs(comparison.gap), finer, currency)} {side} {comparison.reference.name}"
    return [opening, strong(f"{lands}, {gap}"), _largest_part(book, comparison, finer), "."]


def _largest_part(book: Book, comparison: Comparison, scale: Scale) -> str:
    """The family that makes most of the gap, where there are several."""
    rows = gap_rows(book, book.year_months)
    families = rows.groupby("family")[["latest", comparison.reference.column]].sum()
    parts = (families["latest"] - families[comparison.reference.column]).dropna()
    if len(parts) < 2 or not comparison.gap:
        return ""
    family = str(parts.idxmin() if comparison.gap < 0 else parts.idxmax())
    words = amount(abs(float(parts[family])), scale, book.company.currency)
    if abs(parts[family]) > abs(comparison.gap):  # others make up for some of it
        return f"; {shortened(family, 30)} alone is {words} {'under' if comparison.gap < 0 else 'over'}"
    return f"; {shortened(family, 30)} is {words} of it"


# -- units -------------------------------------------------------------------------------------------------------------


def _unit_landing(book: Book) -> Words:
    plan, ahead, unit = book.frame("demand_plan"), book.horizon[:12], book.unit()
    demand = total(plan[plan["month"].isin(ahead)], "quantity")
    if demand is None or not unit.agrees:
        return [
            f"{plural(len(book.families), 'family', 'families')} planned over {len(book.horizon)} months; "
            "their units differ and nothing is priced, so there is no total to state."
        ]
    scale = scale_for([demand])
    words = f"{scale.write(demand)}{scale.suffix} {unit.name}"
    opening, against = f"Demand for the next {len(ahead)} months is ", _against(book)
    if not against:
        return [opening, strong(words), "; there is nothing to compare it with yet."]
    return [opening, strong(f"{words}, {against}"), "."]


def _against(book: Book) -> str:
    """Demand of the next 12 months against the most binding reference, over the months that have one."""
    ahead = book.horizon[:12]
    rows = gap_rows(book, ahead, "units")
    reference = reference_in(book, rows)
    paired = rows.iloc[:0] if reference is None else paired_rows(rows, reference.column)
    before = None if reference is None else total(paired, reference.column)
    if reference is None or not before:
        return ""
    share = float(paired["latest"].sum()) / before - 1
    name = "the same months a year before" if reference.column == "last_year" else reference.name
    months = paired["month"].nunique()
    only = "" if months == len(ahead) else f" in the {plural(months, 'month')} that have one"
    return f"{percent(abs(share))} {'under' if share < 0 else 'over'} {name}{only}"
