"""Bridges from a reference to the latest view, footed as they are read.

By cause from the reconciliation's own table; by family from the gap table. What does not add up is shown as its own
bar, never spread over the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import missing
from sop_pipeline.language.scale import Scale, footing, scale_for
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.reference import (
    Reference,
    gap_rows,
    key_figure,
    measure,
    paired_rows,
    reference_in,
)
from sop_pipeline.packs.charts.waterfall import Step, is_cut, waterfall
from sop_pipeline.packs.parts.page import Figure

_CAUSES = {
    "volume": "Volume",
    "mix": "Mix",
    "price": "Price",
    "cost": "Cost",
    "exchange": "Exchange",
    "new": "New products",
    "ended": "Ended products",
    "family": "Families without units",
    "units": "Families in several units",
}
_MOST_BARS, _MOST_BARS_OF_NARROW = 7, 5
_TITLE = "From reference to latest view"

Size = tuple[int, int]


@dataclass(frozen=True)
class Bridge:
    """A total, the parts that change it, and the total they lead to."""

    start_name: str
    start: float
    parts: Sequence[tuple[str, float]]
    end: float

    def scale(self) -> Scale:
        """A scale at which totals are short and the parts can be told apart."""
        return scale_for([self.start, self.end]).finer([value for _, value in self.parts])

    def steps(self, scale: Scale) -> list[Step]:
        """Bars whose figures add up as read; a remainder of the source is its own bar."""
        rest = self.end - self.start - sum(value for _, value in self.parts)
        parts = list(self.parts)
        parts += [("Unexplained", rest)] if abs(rest) >= scale.divisor / 10**scale.places else []
        first, last = scale.rounded(self.start), scale.rounded(self.end)
        amounts = footing([value for _, value in parts], scale.divisor, scale.places, last - first)
        bars = [Step(name, amount) for (name, _), amount in zip(parts, amounts, strict=True) if amount]
        return [Step(self.start_name, first, True), *bars, Step("Latest view", last, True)]


def by_cause(book: Book, size: Size = (296, 140)) -> Figure:
    """From the business plan to the latest full-year revenue by cause; by family where there is no business plan."""
    rows, row = book.frame("bridge"), key_figure(book, "revenue")
    rows = rows[(rows["measure"] == "revenue") & (rows["fiscal_year"] == book.fiscal_year)]
    if rows.empty or row is None or missing(row["business_plan"]):
        return by_family(book, "bridge", size)
    amounts = rows.groupby("cause")["amount"].sum()
    parts = [(name, float(amounts[cause])) for cause, name in _CAUSES.items() if amounts.get(cause, 0.0)]
    bridge = Bridge("Business plan", float(row["business_plan"]), parts, float(row["latest"]))
    return _figure(book, "bridge", bridge, size)


def by_family(book: Book, key: str = "bridge-family", size: Size = (500, 150)) -> Figure:
    """From the most binding reference there is to the latest full-year view, family by family."""
    rows = gap_rows(book, book.year_months)
    reference = reference_in(book, rows)
    if reference is None:
        why = "No business plan, no earlier cycle and no year before: nothing to bridge from."
        return Figure(key, _TITLE, "", None, why)
    if not book.adds_up:
        why = "Units differ between families and nothing is priced: they do not add up."
        return Figure(key, _TITLE, "", None, why)
    most = _MOST_BARS if size[0] >= 400 else _MOST_BARS_OF_NARROW
    return _figure(book, key, _family_bridge(rows, reference, most), size)


def _family_bridge(rows: pd.DataFrame, reference: Reference, most: int) -> Bridge:
    paired = paired_rows(rows, reference.column)
    restated = _restated(paired, reference)
    moved = paired[~restated]
    change = moved.groupby("family")["latest"].sum() - moved.groupby("family")[reference.column].sum()
    parts = _largest([(str(name), float(value)) for name, value in change.items()], most)
    corrected = float(paired[restated]["latest"].sum() - paired[restated][reference.column].sum())
    parts += [("Restated actuals", corrected)] if corrected else []
    without = float(rows[rows[reference.column].isna()]["latest"].sum())
    parts += [("Nothing before", without)] if without else []
    name = reference.name.removeprefix("the ").capitalize()
    return Bridge(name, float(paired[reference.column].sum()), parts, float(rows["latest"].sum()))


def _restated(rows: pd.DataFrame, reference: Reference) -> pd.Series:
    """Which rows are actuals in both views, so that a difference to the last cycle is a restatement."""
    return (rows["last_basis"] == "actual") & (reference.column == "last_plan")


def _largest(parts: Sequence[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """The largest parts by size, the rest as one."""
    ranked = sorted(parts, key=lambda part: (-abs(part[1]), part[0]))
    if len(ranked) <= most:
        return [part for part in ranked if part[1]]
    rest = ranked[most - 1 :]
    return [*ranked[: most - 1], (f"{len(rest)} others", sum(value for _, value in rest))]


def _figure(book: Book, key: str, bridge: Bridge, size: Size) -> Figure:
    scale = bridge.scale()
    bars, unit = bridge.steps(scale), book.measure_unit(scale)
    steps = ", ".join(f"{shortened(bar.name, 30)} {scale.write(bar.amount)}" for bar in bars)
    chart = waterfall(bars, words=f"Bridge in {unit}: {steps}.", scale=scale, size=size)
    note = f"full-year {book.fiscal_year} {measure(book)}, {unit}"
    note += "; the two totals are cut" if is_cut(bars) else ""
    name = f"{bridge.start_name[0].lower()}{bridge.start_name[1:]}"
    return Figure(key, f"From {name} to latest view", note, chart)
