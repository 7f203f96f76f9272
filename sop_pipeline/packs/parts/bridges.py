"""Bridges from a reference to the latest view, footed as they are read.

By cause from the reconciliation's own table; by family from the gap table. What does not add up is shown as its own
bar, never spread over the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import missing
from sop_pipeline.language.scale import Scale, footing, scale_for
from sop_pipeline.packs.charts.waterfall import Step, is_cut, waterfall
from sop_pipeline.packs.parts.book import Book
from sop_pipeline.packs.parts.compare import gap_rows, key_figure, measure, reference_column, yardsticks
from sop_pipeline.packs.parts.page import Figure

_CAUSES = {
    "volume": "Volume",
    "mix": "Mix",
    "price": "Price",
    "cost": "Cost",
    "exchange": "Exchange",
    "new": "New products",
    "ended": "Ended products",
    "family": "Families without plan",
}
MOST_BARS = 7


def by_cause(book: Book, size: tuple[int, int] = (296, 140)) -> Figure:
    """From the business plan to the latest full-year revenue by cause; by family where there is no business plan."""
    bridge, row = book.frame("bridge"), key_figure(book, "revenue")
    found = bridge[(bridge["measure"] == "revenue") & (bridge["fiscal_year"] == book.fiscal_year)]
    if found.empty or row is None or missing(row["business_plan"]):
        return by_family(book, "bridge", size)
    amounts = found.groupby("cause")["amount"].sum()
    parts = [(name, float(amounts[cause])) for cause, name in _CAUSES.items() if amounts.get(cause, 0.0)]
    return _figure(book, "bridge", "Business plan", float(row["business_plan"]), parts, float(row["latest"]), size)


def by_family(book: Book, key: str = "bridge-family", size: tuple[int, int] = (500, 150)) -> Figure:
    """From the first reference there is to the latest full-year view, family by family."""
    rows = gap_rows(book, book.months_of_year(book.fiscal_year))
    column = reference_column(rows)
    title = "From reference to latest view"
    if column is None:
        return Figure(
            key, title, "", None, "No business plan, no earlier cycle and no year before: nothing to bridge from."
        )
    if not (book.has_money or book.unit().agrees):
        return Figure(key, title, "", None, "Units differ between families and nothing is priced: they do not add up.")
    paired = rows[rows[column].notna() & rows["latest"].notna()]
    unpaired = rows[rows[column].isna() & rows["latest"].notna()]
    change = paired.groupby("family")["latest"].sum() - paired.groupby("family")[column].sum()
    most = MOST_BARS if size[0] >= 400 else MOST_BARS - 2
    parts = _largest([(str(name), float(value)) for name, value in change.items()], most)
    if len(unpaired) and float(unpaired["latest"].sum()):
        parts.append(("Nothing before", float(unpaired["latest"].sum())))
    start, end = float(paired[column].sum()), float(rows["latest"].sum())
    name = next(each.name for each in yardsticks(book) if each.column == column)
    return _figure(book, key, name.removeprefix("the ").capitalize(), start, parts, end, size)


def _largest(parts: Sequence[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """The largest parts by size, the rest as one."""
    ranked = sorted(parts, key=lambda part: (-abs(part[1]), part[0]))
    if len(ranked) <= most:
        return [part for part in ranked if part[1]]
    rest = ranked[most - 1 :]
    return [*ranked[: most - 1], (f"{len(rest)} others", sum(value for _, value in rest))]


def steps(start_name: str, start: float, parts: Sequence[tuple[str, float]], end: float, scale: Scale) -> list[Step]:
    """Bars whose figures add up as read; a remainder of the source is its own bar."""
    left = end - start - sum(value for _, value in parts)
    named = [*parts, ("Unexplained", left)] if abs(left) >= scale.divisor / 10**scale.places else list(parts)
    first, last = scale.rounded(start), scale.rounded(end)
    shown = footing([value for _, value in named], scale.divisor, scale.places, last - first)
    bars = [Step(name, value) for (name, _), value in zip(named, shown, strict=True) if value]
    return [Step(start_name, first, True), *bars, Step("Latest view", last, True)]


def _figure(
    book: Book,
    key: str,
    start_name: str,
    start: float,
    parts: Sequence[tuple[str, float]],
    end: float,
    size: tuple[int, int],
) -> Figure:
    scale = scale_for([start, end]).finer([value for _, value in parts])
    bars = steps(start_name, start, parts, end, scale)
    unit = (
        f"{book.money_sign.strip()}{scale.suffix}" if book.has_money else f"{scale.suffix} {book.unit().name}".strip()
    )
    told = ", ".join(f"{shortened(bar.name, 30)} {scale.write(bar.amount)}" for bar in bars)
    chart = waterfall(bars, words=f"Bridge in {unit}: {told}.", scale=scale, size=size)
    what = "revenue" if measure(book) == "revenue" else "units"
    note = f"full-year {book.fiscal_year} {what}, {unit}" + ("; the two totals are cut" if is_cut(bars) else "")
    return Figure(key, f"From {start_name[0].lower()}{start_name[1:]} to latest view", note, chart, "")
