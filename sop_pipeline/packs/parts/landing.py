"""Where the fiscal year lands: the gap month by month, family by family, and what would close it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sop_pipeline.language.money import amount
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import ALIKE, NOTHING, missing, percent
from sop_pipeline.language.scale import Scale, footing, scale_for
from sop_pipeline.language.sentence import Sentence, say, tone_of, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month
from sop_pipeline.packs.book.reference import (
    Reference,
    covers_the_year,
    gap_rows,
    measure,
    paired_rows,
    reference_in,
    references_in,
)
from sop_pipeline.packs.charts.bars import month_bars
from sop_pipeline.packs.parts.page import Figure
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, RowKind, cut

_MOST_FAMILIES = 8


def to_close(book: Book) -> Sentence:
    """What of the year's own gap decisions, and risks and opportunities not in the numbers, would close."""
    gap = paired_rows(gap_rows(book, book.year_months, "margin"), "business_plan")
    if gap.empty or not book.has_money or not covers_the_year(book):
        return ()
    short = float(gap["latest"].sum() - gap["business_plan"].sum())
    closing = book.frame("gap_closing")
    closing = closing[closing["fiscal_year"] == book.fiscal_year]
    decided = float(closing[closing["source"] == "decision"]["amount"].sum())
    weighted = float(closing[closing["source"] != "decision"]["amount"].sum())
    scale = scale_for([short, decided, weighted])
    side = "under" if short < 0 else "over"
    short_words, decided_words, weighted_words = (
        amount(value, scale, book.company.currency) for value in (abs(short), decided, weighted)
    )
    return say(
        "The full-year margin is ",
        toned(f"{short_words} {side} the business plan", short),
        f". What falls into {book.fiscal_year}: recommended decisions {decided_words}; other risks and opportunities "
        f"outside the numbers, weighted by probability, {weighted_words}.",
    )


def since_last(book: Book) -> Sentence:
    """Why the full year differs from what the last cycle's pack said of it: corrections, what came, what is planned."""
    rows = gap_rows(book, book.year_months)
    if not book.adds_up or rows["last_plan"].isna().all():
        return ()
    change = rows["latest"].fillna(0.0) - rows["last_plan"].fillna(0.0)
    was_actual = rows["last_basis"] == "actual"
    parts = {"restated actuals": float(change[was_actual].sum())}
    for name, basis in (("months that came", "actual"), ("came in part", "partial"), ("months still planned", "plan")):
        of_these = change[(rows["basis"] == basis) & ~was_actual]
        if len(of_these) or basis != "partial":
            parts[name] = float(of_these.sum())
    whole, latest = sum(parts.values()), float(rows["latest"].sum())
    lead = f"Against {book.last_name}’s pack, full-year {measure(book)} "
    if all(abs(value) < ALIKE * abs(latest) for value in (whole, *parts.values())):
        return say(lead, "is the same to a tenth of a percent.")
    scale = scale_for([latest]).finer([whole, *parts.values()])
    first, *others = footing([*parts.values()], scale.divisor, scale.places, scale.rounded(whole))
    unit = "" if book.has_money else f" {book.unit().name}"
    words = [
        f"{name} {amount(value, scale, book.currency)}" for name, value in zip(parts, (first, *others), strict=True)
    ]
    return say(
        lead,
        "moved by ",
        toned(f"{amount(whole, scale, book.currency)}{unit}", whole),
        f": {', '.join(words)}.",
    )


def gap_by_month(book: Book, height: int) -> Figure:
    """The gap to the most binding reference, a bar a month of the fiscal year."""
    key, title, months = "gap-months", "Gap by month", book.year_months
    rows = gap_rows(book, months)
    reference = reference_in(book, rows)
    if reference is None:
        why = "Nothing to compare with: no business plan, no last cycle, no year before."
        return Figure(key, title, "", None, why)
    if not book.adds_up:
        return Figure(key, title, "", None, "Units differ between families and nothing is priced.")
    paired = paired_rows(rows, reference.column)
    gaps = by_month(paired.assign(gap=paired["latest"] - paired[reference.column]), "gap", months)
    scale = scale_for(gaps)
    against = f"against {reference.name}, {book.measure_unit(scale)}"
    ended = sum(1 for each in months if each < book.cycle.month and each not in book.partial_months)
    chart = month_bars(gaps, months, words=f"{title} {against}.", now=ended, scale=scale, size=(500, height))
    return Figure(key, title, f"{measure(book)} {against}; planned months lighter", chart)


def landing(book: Book) -> Listing:
    """The full year of every family beside every reference, the largest gap first."""
    rows = gap_rows(book, book.year_months)
    references = references_in(book, rows)
    families = rows.groupby("family")[["latest", *(each.column for each in references)]].sum(min_count=1)
    scale = _scale(families, references)
    lines, left = cut(
        [
            _row(str(name), row, references, scale, measure(book))
            for name, row in _ranked(families, references).iterrows()
        ],
        _MOST_FAMILIES,
    )
    company = (
        [_row("Company", families.sum(min_count=1), references, scale, measure(book), "total")] if len(families) else []
    )
    unit = book.money_unit(scale) if book.has_money else f"{scale.suffix} units".strip()
    note = f"{measure(book)}, {unit}, {book.fiscal_year}"
    empty = "No family has a figure for this fiscal year."
    shown = [*lines, *(company if book.adds_up else [])]
    return Listing("Full-year landing", _columns(references), shown, note, empty, left)


def _scale(families: pd.DataFrame, references: Sequence[Reference]) -> Scale:
    """A scale for the families' values with places enough for their gaps, two at most."""
    scale = scale_for(list(families["latest"]))
    gaps = [gap for each in references for gap in families["latest"] - families[each.column]]
    return Scale(scale.divisor, scale.suffix, min(2, scale.finer(gaps).places))


def _ranked(families: pd.DataFrame, references: Sequence[Reference]) -> pd.DataFrame:
    size = families["latest"]
    if references:
        size = (size - families[references[0].column]).abs()
    return families.assign(size=size).sort_values("size", ascending=False, kind="stable")


def _columns(references: Sequence[Reference]) -> list[Column]:
    titles = {"business_plan": "Business plan", "last_year": "Last year"}
    groups = [titles.get(each.column, each.name) for each in references]
    compared = [Column(name, group=group) for group in groups for name in ("Value", "Gap", "%")]
    return [Column("Family", "left", "20%"), Column("Latest view"), *compared]


def _row(
    name: str, row: pd.Series, references: Sequence[Reference], scale: Scale, what: str, kind: RowKind = "plain"
) -> Row:
    cells = [Cell(shortened(name, 28), title=name), Cell(scale.write(row["latest"], NOTHING))]
    for each in references:
        before = row[each.column]
        change = None if missing(before) or missing(row["latest"]) else float(row["latest"]) - float(before)
        share = None if change is None or not before else change / float(before)
        tone = tone_of(change)
        cells += [
            Cell(scale.write(before, NOTHING)),
            Cell(scale.write(change, NOTHING), tone),
            Cell(percent(share, 1, NOTHING), tone),
        ]
    return Row(cells, kind=kind, source=f"plan_gap.latest, business_plan, last_plan, last_year; measure: {what}")
