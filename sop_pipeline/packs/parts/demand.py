"""A family's demand: how much is planned, what changed it, and how it runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sop_pipeline.language.names import listed, plural, shortened
from sop_pipeline.language.numbers import ALIKE, number, percent
from sop_pipeline.language.reconciliation import cause_words
from sop_pipeline.language.scale import footing, scale_for
from sop_pipeline.language.sentence import Sentence, Span, quiet, say, strong, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, either, of_family, records
from sop_pipeline.packs.charts.series import Band, Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts.page import Figure

PAST, AHEAD = 18, 18
_SIZE = (500, 138)
_NAMED = 3


# -- the sentence ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Earlier:
    """Demand to compare with: quantities by product, the planned months they stand against, and whose it is."""

    by_product: pd.Series
    months: set[date]
    name: str


def demand_sentence(book: Book, family: str) -> Sentence:
    """Demand of the next 12 months, its change, and the products that make it; contributions add up as read."""
    plan = of_family(book.frame("demand_plan"), family)
    if plan.empty:
        return say("No demand is planned for this family.")
    unit = book.total_unit(family)
    if not unit.agrees:
        return say("Its products are counted in different units, so no total is stated; see the workbook.")
    ahead = book.horizon[:12]
    opening = f"Demand for the next {len(ahead)} months is "
    planned = strong(f"{number(float(_by_product(book, plan, set(ahead)).sum()))} {unit.name}")
    earlier = _earlier(book, family)
    if earlier is None or not float(earlier.by_product.sum()):
        return say(opening, planned, "; there is no earlier plan or year to compare it with.")
    change = _by_product(book, plan, earlier.months).subtract(earlier.by_product, fill_value=0.0)
    share = float(change.sum()) / float(earlier.by_product.sum())
    over = "" if len(earlier.months) == len(ahead) else f" over the {plural(len(earlier.months), 'month')} both plan"
    way = "under" if share < 0 else "over"
    compared = f"{percent(abs(share))} {way} {earlier.name}{over}"
    lead = f"as in {earlier.name}{over}" if abs(share) < ALIKE else toned(compared, share)
    return say(opening, planned, ", ", lead, *_contributions(book, change, unit.name))


def _by_product(book: Book, data: pd.DataFrame, months: set[date], column: str = "quantity") -> pd.Series:
    return book.weighed(data[data["month"].isin(months)].groupby("product_id")[column].sum())


def _earlier(book: Book, family: str) -> _Earlier | None:
    """The last cycle's plan, else the same months a year before; None without either."""
    ahead = book.horizon[:12]
    last = of_family(book.frame("last_plan"), family)
    months = set(ahead) & set(last["month"])
    if months:
        return _Earlier(_by_product(book, last, months, "demand"), months, f"{book.last_name}’s plan")
    history, year = of_family(book.frame("demand_history"), family), set(book.past(12))
    if len(ahead) == 12 and year <= set(history["month"]):
        return _Earlier(_by_product(book, history, year), set(ahead), "the 12 months before")
    return None


def _contributions(book: Book, change: pd.Series, unit: str) -> list[str | Span]:
    """The products that changed most and the rest, rounded so that they add up as read."""
    parts = sorted(change.items(), key=lambda part: (-abs(part[1]), str(part[0])))
    largest, rest = parts[:_NAMED], parts[_NAMED:]
    names = [book.product(str(key), 28) for key, _ in largest] + ([plural(len(rest), "other")] if rest else [])
    values = [float(value) for _, value in largest] + ([sum(float(value) for _, value in rest)] if rest else [])
    amounts = footing(values)
    if not any(amounts):
        return ["."]
    causes = [_cause(book, str(key), float(value)) for key, value in largest] + [""] * len(rest[:1])
    words = _by_cause((why, f"{name} {number(one)}") for why, name, one in zip(causes, names, amounts, strict=True))
    return [f": {words}. ", quiet(f"Contributions add up to {number(sum(amounts))} {unit}.")]


def _cause(book: Book, product_id: str, change: float) -> str:
    """What moved a product since the last cycle, in two or three words; nothing where that moved it the other way."""
    data = book.frame("plan_changes")
    for row in records(data[data["product_id"] == product_id]):
        if float(row["demand_change"]) * change > 0:
            return cause_words(row)
    return ""


def _by_cause(named: Iterable[tuple[str, str]]) -> str:
    """Contributions under what caused them, in the order they come in; those without a cause last."""
    groups: dict[str, list[str]] = {}
    for cause, words in named:
        groups.setdefault(cause, []).append(words)
    plain = groups.pop("", [])
    said = [f"{cause}: {listed(words)}" for cause, words in groups.items()]
    if plain:
        said.append(listed(plain))
    return "; ".join(said)


# -- the chart ---------------------------------------------------------------------------------------------------------


def demand_figure(book: Book, family: str, key: str) -> Figure:
    """Actual and planned demand with its range, beside the last cycle's plan and the business plan."""
    unit = book.total_unit(family)
    if not unit.agrees:
        return Figure(key, "Demand", "", None, "Its products are counted in different units.")
    months = [*book.past(PAST), *book.horizon[:AHEAD]]
    history = of_family(book.frame("demand_history"), family)
    history = book.in_total_unit(book.in_total_unit(history, "quantity"), "cleansed")
    last = book.in_total_unit(of_family(book.frame("last_plan"), family), "demand")
    gap, ranges = of_family(book.frame("plan_gap"), family), book.frame("demand_range")
    ranges = ranges[(ranges["level"] == "family") & (ranges["item_id"] == family)]
    # what is counted in money is planned in money: the plan's units are of another kind
    measured = "revenue" if unit.is_money else "units"
    actual, rest = book.past_demand(history, months)
    plan = either(by_month(ranges, "mean", months), rest)
    lines = [
        Line(f"{book.last_name}’s plan", "last", book.ahead(months, by_month(last, "demand", months))),
        Line("Business plan", "business", by_month(gap[gap["measure"] == measured], "business_plan", months)),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
    ]
    band = Band(by_month(ranges, "p10", months), by_month(ranges, "p90", months)) if len(ranges) else None
    scale = scale_for([*actual, *plan], ("k", ""))
    words = f"Demand of {shortened(family)} by month in {scale.suffix} {unit.name}, with its range."
    chart = timeline(lines, months, words=words, band=band, now=PAST, scale=scale, size=_SIZE)
    came = book.came() if book.partial_months else "actual"
    note = f"{scale.suffix} {unit.name} a month · {came}, plan with P10 to P90".strip()
    return Figure(key, "Demand", note, chart, "No month has demand.")
