"""What the latest view is held against, and in which measure, for a company with or without money and plans.

Business plan first; without one the cycle before, then the year before (METHODS 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from sop_pipeline.language.numbers import missing
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.packs.parts.book import Book


@dataclass(frozen=True)
class Yardstick:
    """A column of comparison and its name in a sentence."""

    column: str
    name: str
    short: str


def yardsticks(book: Book) -> list[Yardstick]:
    """Every comparison, the most binding first."""
    return [
        Yardstick("business_plan", "the business plan", "plan"),
        Yardstick("last_plan", f"{book.previous_name}’s plan", book.previous_name),
        Yardstick("last_year", "last year", "last year"),
    ]


@dataclass(frozen=True)
class Measured:
    """A value beside the first yardstick that has one."""

    latest: float
    reference: float | None
    against: Yardstick | None

    @property
    def gap(self) -> float | None:
        """Latest less reference."""
        return None if self.reference is None else self.latest - self.reference


def measured(book: Book, row: pd.Series) -> Measured | None:
    """Hold a row's ``latest`` against the first yardstick it has; None without a latest value."""
    if missing(row["latest"]):
        return None
    for each in yardsticks(book):
        if not missing(row[each.column]):
            return Measured(float(row["latest"]), float(row[each.column]), each)
    return Measured(float(row["latest"]), None, None)


def key_figure(book: Book, measure: str) -> pd.Series | None:
    """The full-year row of a measure in the cycle's fiscal year, where it has a latest value."""
    figures = book.frame("key_figures")
    found = figures[(figures["measure"] == measure) & (figures["fiscal_year"] == book.fiscal_year)]
    return None if found.empty or missing(found.iloc[0]["latest"]) else found.iloc[0]


def measure(book: Book) -> str:
    """The measure gaps are told in: revenue, or units where nothing is priced."""
    return "revenue" if book.has_money else "units"


def gap_rows(book: Book, months: list[date], what: str | None = None) -> pd.DataFrame:
    """The gap table's rows of a measure over some months.

    The last cycle's view of a month that had already ended is its actual, as it is this cycle's.
    """
    gap = book.frame("plan_gap")
    rows = gap[(gap["measure"] == (what or measure(book))) & gap["month"].isin(months)]
    if rows["last_plan"].isna().all():
        return rows
    ended = rows["month"] < book.last_cycle.month
    return rows.assign(last_plan=rows["last_plan"].where(~ended | rows["last_plan"].notna(), rows["latest"]))


def reference_column(rows: pd.DataFrame) -> str | None:
    """The first yardstick's column that has any value in these rows."""
    for column in ("business_plan", "last_plan", "last_year"):
        if len(rows) and rows[column].notna().any():
            return column
    return None


def company_scale(book: Book) -> Scale:
    """The scale at which the company's own full-year money, or units, is read."""
    row = key_figure(book, "revenue")
    if row is not None:
        return scale_for([row["latest"], row["business_plan"]])
    rows = gap_rows(book, book.months_of_year(book.fiscal_year))
    return scale_for([float(rows["latest"].sum())]) if len(rows) else Scale()
