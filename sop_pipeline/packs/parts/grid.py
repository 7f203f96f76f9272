"""The S&OP grid of a family: six months of actuals and the months ahead, in units and money.

A planner can read it, an executive can skip it. Rows with nothing to show are left out; exact values are in the
workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.numbers import percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Tone
from sop_pipeline.packs.parts.book import Book, by_month
from sop_pipeline.packs.parts.exceptions import of_family
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

PAST = 6
Series = list[float | None]


@dataclass(frozen=True)
class Place:
    """Whose grid it is and over which months."""

    book: Book
    family: str
    months: Sequence[date]

    def of(self, table: str, column: str, where: Callable[[pd.DataFrame], pd.Series] | None = None) -> Series:
        """A family's column along the grid's months."""
        data = of_family(self.book.frame(table), self.family)
        return by_month(data[where(data)] if where is not None and len(data) else data, column, self.months)

    def gap(self, measure: str, column: str) -> Series:
        """A column of the gap table."""
        return self.of("plan_gap", column, lambda data: data["measure"] == measure)

    def attained(self, measure: str, column: str) -> Series:
        """The earlier plan, or the actual, of a past month."""
        return self.of("plan_attainment", column, lambda data: data["measure"] == measure)

    def ahead(self, series: Series) -> Series:
        """The same with past months empty."""
        return [
            value if each >= self.book.cycle.month else None for each, value in zip(self.months, series, strict=True)
        ]


def grid(book: Book, family: str, ahead: int) -> Listing:
    """The family's grid over six past and ``ahead`` planned months."""
    months = [*book.past(PAST), *book.horizon[:ahead]]
    place = Place(book, family, months)
    unit = book.unit(family)
    blocks = [*(_volumes(place) if unit.agrees else []), *_money(place)]
    heads = [short_month(each, year=each.month == 1) for each in months]
    columns = [Column("", "left"), *(Column(name) for name in heads)]
    empty = "Its products are counted in different units and nothing is priced, so the grid has no line to add up."
    return Listing("S&OP grid", columns, blocks, "", empty, kind="sop-grid")


def _volumes(place: Place) -> list[Row]:
    sales, made, stock = _sales(place), _production(place), _inventory(place)
    values = [value for _, series, _, _ in (*sales, *made, *stock) for value in series]
    scale = _column_scale(values)
    suffix = f", {scale.suffix} {place.book.unit(place.family).name}" if scale.suffix else ""
    rows = [
        *_block(f"Sales{suffix}", sales, scale),
        *_block(f"Production{suffix}", made, scale),
        *_utilisation(place),
        *_block(f"Inventory{suffix}", stock, scale),
    ]
    return [*rows, *_cover(place)]


_Line = tuple[str, Series, str, str]


def _sales(place: Place) -> list[_Line]:
    demand, plan = place.of("sales_plan", "demand"), place.of("sales_plan", "sales")
    actual = place.of("actuals", "sales")
    earlier = place.attained("sales", "plan")
    short = any(d is not None and s is not None and d - s >= 0.5 for d, s in zip(demand, plan, strict=True))
    return [
        *([("Demand, unconstrained", demand, "quiet", "sales_plan.demand")] if short else []),
        ("Plan", _either(plan, earlier), "strong", "sales_plan.sales"),
        ("Actual", actual, "plain", "actuals.sales"),
        *_variances(actual, earlier),
        (f"{place.book.previous_name}’s plan", place.ahead(place.of("last_plan", "sales")), "quiet", "last_plan.sales"),
        ("Business plan", place.gap("units", "business_plan"), "quiet", "business_plan.units"),
    ]


def _production(place: Place) -> list[_Line]:
    made, bought = place.of("production_plan", "output"), place.of("production_plan", "subcontract")
    actual, earlier = place.of("actuals", "output"), place.attained("production", "plan")
    lines: list[_Line] = [
        ("Plan", _either(_sum(made, bought), earlier), "strong", "production_plan.output + subcontract"),
        ("Actual", actual, "plain", "actuals.output"),
        *_variances(actual, earlier)[:1],
        (
            f"{place.book.previous_name}’s plan",
            place.ahead(place.of("last_plan", "output")),
            "quiet",
            "last_plan.output",
        ),
    ]
    if any(value for value in bought):
        lines.insert(1, ("of which bought in", bought, "quiet", "production_plan.subcontract"))
    return lines


def _inventory(place: Place) -> list[_Line]:
    plan, actual = place.of("inventory_plan", "inventory"), place.of("actuals", "inventory")
    earlier, backlog = place.attained("inventory", "plan"), place.of("inventory_plan", "backlog")
    lines: list[_Line] = [
        ("Plan", _either(plan, earlier), "strong", "inventory_plan.inventory"),
        ("Actual", actual, "plain", "actuals.inventory"),
        *_variances(actual, earlier)[:1],
        ("Minimum", place.of("inventory_plan", "target_low"), "quiet", "inventory_plan.target_low"),
    ]
    if any(value and value >= 0.5 for value in backlog):
        lines.append(("Backlog", backlog, "worse", "inventory_plan.backlog"))
    return lines


def _variances(actual: Series, plan: Series) -> list[_Line]:
    off = [None if a is None or p is None else a - p for a, p in zip(actual, plan, strict=True)]
    running: Series = []
    level = 0.0
    for value in off:
        level += value or 0.0
        running.append(None if value is None else level)
    return [
        ("Variance", off, "quiet", "plan_attainment.actual − plan"),
        ("Cumulative variance", running, "quiet", "plan_attainment, running sum"),
    ]


def _either(first: Series, second: Series) -> Series:
    return [b if a is None else a for a, b in zip(first, second, strict=True)]


def _sum(first: Series, second: Series) -> Series:
    return [None if a is None and b is None else (a or 0.0) + (b or 0.0) for a, b in zip(first, second, strict=True)]


def _block(title: str, lines: Sequence[_Line], scale: Scale) -> list[Row]:
    shown = [line for line in lines if any(value is not None for value in line[1])]
    if not shown:
        return []
    width = len(shown[0][1])
    rows = [Row([Cell(title, "strong"), *(Cell("") for _ in range(width))], "head")]
    for name, series, tone, source in shown:
        cells = [Cell(scale.write(value), "worse" if tone == "worse" and value else "plain") for value in series]
        rows.append(Row([Cell(name), *cells], "quiet" if tone == "quiet" else "plain", source))
    return rows


def _utilisation(place: Place) -> list[Row]:
    """The family's tightest resource, month by month."""
    plan = place.book.plan_of("resource_plan")
    plan = plan[plan["resource_id"].isin(place.book.resources_of(place.family)) & plan["utilisation"].notna()]
    if plan.empty:
        return []
    top = plan.sort_values(["utilisation", "resource_id"], ascending=[False, True]).iloc[0]["resource_id"]
    series = by_month(plan[plan["resource_id"] == top], "utilisation", place.months)
    cells = [Cell(percent(value, 0)[:-1] if value is not None else "", _full(value)) for value in series]
    return [Row([Cell(f"Utilisation, {place.book.resource(top, 16)} %"), *cells], "quiet", "resource_plan.utilisation")]


def _full(value: float | None) -> Tone:
    return "worse" if value is not None and value > 1.005 else "plain"


def _cover(place: Place) -> list[Row]:
    """Days of supply of the family: its products' days weighted by their demand."""
    stock = of_family(place.book.frame("inventory_plan"), place.family)
    demand = of_family(place.book.frame("sales_plan"), place.family)[["product_id", "month", "demand"]]
    both = stock.merge(demand, on=["product_id", "month"], how="left")
    both = both[both["days_of_supply"].notna() & (both["demand"] > 0)]
    if both.empty:
        return []
    both = both.assign(weighted=both["days_of_supply"] * both["demand"])
    days, weight = by_month(both, "weighted", place.months), by_month(both, "demand", place.months)
    cells = [Cell("" if d is None or not w else Scale().write(d / w)) for d, w in zip(days, weight, strict=True)]
    return [Row([Cell("Days of supply"), *cells], "quiet", "inventory_plan.days_of_supply, weighted by demand")]


def _money(place: Place) -> list[Row]:
    if not place.book.has_money:
        return []
    lines: list[_Line] = [
        ("Revenue", place.of("financial_plan", "revenue"), "strong", "financial_plan.revenue"),
        ("Business plan", place.gap("revenue", "business_plan"), "quiet", "business_plan.revenue"),
        ("Gross margin", place.of("financial_plan", "margin"), "plain", "financial_plan.margin"),
    ]
    scale = _column_scale([value for _, series, _, _ in lines for value in series], ("m", "k", ""))
    return _block(f"Money, {place.book.money_sign.strip()}{scale.suffix}", lines, scale)


def _column_scale(values: Sequence[float | None], steps: tuple[str, ...] = ("k", "")) -> Scale:
    """A scale whose figures fit a narrow column: at most five digits."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if largest < 99_500:
        return Scale(1.0, "", 0 if largest >= 100 or not largest else 1)
    found = scale_for(values, steps)
    return Scale(found.divisor, found.suffix, 0 if largest / found.divisor >= 1000 else 1)
