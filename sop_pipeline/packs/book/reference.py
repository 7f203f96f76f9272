"""What the latest view is compared with, and in which measure, for a company with or without money and plans.

Business plan first; without one the cycle before, then the year before (METHODS 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sop_pipeline.language.numbers import missing
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.packs.book.book import Book


@dataclass(frozen=True)
class Reference:
    """A column to compare with, and its name in a sentence."""

    column: str
    name: str


def references(book: Book) -> list[Reference]:
    """Every reference, the most binding first."""
    return [
        Reference("business_plan", "the business plan"),
        Reference("last_plan", f"{book.last_name}’s plan"),
        Reference("last_year", "last year"),
    ]


def references_in(book: Book, rows: pd.DataFrame) -> list[Reference]:
    """The references that have any value in these rows; the business plan where it covers the company's year."""
    known = [each for each in references(book) if rows[each.column].notna().any()]
    return known if covers_the_year(book) else [each for each in known if each.column != "business_plan"]


def covers_the_year(book: Book) -> bool:
    """Whether the business plan knows the whole of the cycle's fiscal year, where money is known at all."""
    row = key_figure(book, "revenue")
    return row is None or not missing(row["business_plan"])


def reference_in(book: Book, rows: pd.DataFrame) -> Reference | None:
    """The most binding of them, None where there is none."""
    return next(iter(references_in(book, rows)), None)


@dataclass(frozen=True)
class Comparison:
    """A value beside the most binding reference that has one."""

    latest: float
    value: float
    reference: Reference

    @property
    def gap(self) -> float:
        """Latest less reference."""
        return self.latest - self.value


def compared(book: Book, row: pd.Series) -> Comparison | None:
    """Compare a row's ``latest`` with the most binding reference it has; None where it has none."""
    for each in references(book):
        if not missing(row[each.column]):
            return Comparison(float(row["latest"]), float(row[each.column]), each)
    return None


def key_figure(book: Book, measure: str) -> pd.Series | None:
    """The full-year row of a measure in the cycle's fiscal year, where it has a latest value."""
    figures = book.frame("key_figures")
    rows = figures[(figures["measure"] == measure) & (figures["fiscal_year"] == book.fiscal_year)]
    return None if rows.empty or missing(rows.iloc[0]["latest"]) else rows.iloc[0]


def measure(book: Book) -> str:
    """The measure gaps are told in: revenue, or units where nothing is priced."""
    return "revenue" if book.has_money else "units"


def gap_rows(book: Book, months: Sequence[date], what: str | None = None) -> pd.DataFrame:
    """The gap table's rows of a measure over some months."""
    gap = book.frame("plan_gap")
    return gap[(gap["measure"] == (what or measure(book))) & gap["month"].isin(list(months))]


def paired_rows(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows that have both a latest value and one in the column of a reference."""
    return rows[rows[column].notna() & rows["latest"].notna()]


def company_scale(book: Book) -> Scale:
    """The scale at which the company's full-year money, or units, is read."""
    row = key_figure(book, "revenue")
    if row is not None:
        return scale_for([row["latest"], row["business_plan"]])
    rows = gap_rows(book, book.year_months)
    return scale_for([float(rows["latest"].sum())]) if len(rows) else Scale()
