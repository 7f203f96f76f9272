"""The S&OP grid of a family: six months of actuals and the months ahead, in units and money.

A planner can read it, an executive can skip it. Rows with nothing to show are left out; exact values are in the
workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import pandas as pd

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.numbers import percent
from sop_pipeline.language.scale import PLAIN, Scale, scale_for
from sop_pipeline.language.sentence import Tone
from sop_pipeline.packs.book.book import Book, Unit
from sop_pipeline.packs.book.frames import Values, by_month, of_family
from sop_pipeline.packs.book.resources import FULL, fullest_first, utilised
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, RowKind

PAST = 6


@dataclass(frozen=True)
class Line:
    """One row of the grid before it is written: its name, a value a month or None, how it reads, its source."""

    name: str
    values: Values
    kind: RowKind
    source: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Place:
    """Whose grid it is and over which months."""

    book: Book
    family: str
    months: Sequence[date]

    @property
    def unit(self) -> Unit:
        """The unit the grid's quantities are in."""
        return self.book.total_unit(self.family)

    def of(self, table: str, column: str, where: Callable[[pd.DataFrame], pd.Series] | None = None) -> Values:
        """A family's column along the grid's months."""
        data = of_family(self.book.frame(table), self.family)
        return by_month(data[where(data)] if where is not None and len(data) else data, column, self.months)

    def amount(self, table: str, column: str) -> Values:
        """A quantity by product, added up in the unit of the family's total."""
        data = of_family(self.book.frame(table), self.family)
        return by_month(self.book.in_total_unit(data, column), column, self.months)

    def business_plan(self, measure: str) -> Values:
        """The business plan in a measure."""
        return self.of("plan_gap", "business_plan", lambda data: data["measure"] == measure)

    def earlier_plan(self, measure: str) -> Values:
        """What the cycle before a past month planned for it."""
        return self.of("plan_attainment", "plan", lambda data: data["measure"] == measure)

    def last_plan(self, column: str) -> Line:
        """What the last cycle planned for the months ahead."""
        values = self.book.ahead(self.months, self.amount("last_plan", column))
        return Line(f"{self.book.last_name}’s plan", values, "quiet", f"last_plan.{column}")


def grid(book: Book, family: str, ahead: int) -> Listing:
    """The family's grid over six past and ``ahead`` planned months."""
    months = [*book.past(PAST), *book.horizon[:ahead]]
    place = Place(book, family, months)
    rows = [*(_volumes(place) if place.unit.agrees else []), *_money(place)]
    columns = [Column("", "left"), *(Column(_heading(book, each)) for each in months)]
    empty = "Its products are counted in different units and nothing is priced, so the grid has no line to add up."
    note = f"* {book.came()}" if set(book.partial_months) & set(months) else ""
    return Listing("S&OP grid", columns, rows, note, empty, kind="sop-grid")


def _heading(book: Book, month: date) -> str:
    """A month's name, with a star where its last days are forecast."""
    return short_month(month, year=month.month == 1) + ("*" if month in book.partial_months else "")


# -- units -------------------------------------------------------------------------------------------------------------


def _volumes(place: Place) -> list[Row]:
    to_order = place.family in place.book.company.make_to_order
    sales, production = _sales(place), _production(place)
    inventory = _backlog(place) if to_order else _inventory(place)
    scale = _column_scale([*sales, *production, *inventory])
    told = scale.suffix or not place.book.unit(place.family).agrees
    unit = f", {f'{scale.suffix} {place.unit.name}'.strip()}" if told else ""
    return [
        *_block(f"Sales{unit}", sales, scale),
        *_block(f"Production{unit}", production, scale),
        *_utilisation(place),
        *_block(f"{'Backlog' if to_order else 'Inventory'}{unit}", inventory, scale),
        *(_in_full(place) if to_order else _days_of_supply(place)),
    ]


def _sales(place: Place) -> list[Line]:
    demand, plan = place.amount("sales_plan", "demand"), place.amount("sales_plan", "sales")
    actual, earlier = place.amount("actuals", "sales"), place.earlier_plan("sales")
    short = any(d is not None and s is not None and d - s >= 0.5 for d, s in zip(demand, plan, strict=True))
    return [
        *([Line("Demand, unconstrained", demand, "quiet", "sales_plan.demand")] if short else []),
        Line("Plan", _either(plan, earlier), "plain", _since("sales_plan.sales", earlier, "sales")),
        Line("Actual", actual, "plain", "actuals.sales"),
        _variance(actual, earlier, "sales"),
        _cumulative_variance(actual, earlier, "sales"),
        place.last_plan("sales"),
        *([] if place.unit.is_money else [_planned_units(place)]),
    ]


def _planned_units(place: Place) -> Line:
    """The business plan's units; of a family counted in money its revenue stands among the money."""
    return Line("Business plan", place.business_plan("units"), "quiet", "plan_gap.business_plan; measure: units")


def _production(place: Place) -> list[Line]:
    output, subcontract = (place.amount("production_plan", column) for column in ("output", "subcontract"))
    actual, earlier = place.amount("actuals", "output"), place.earlier_plan("production")
    plan = _either(_sum(output, subcontract), earlier)
    bought = [Line("of which subcontracted", subcontract, "quiet", "production_plan.subcontract")]
    return [
        Line("Plan", plan, "plain", _since("production_plan.output + subcontract", earlier, "production")),
        *(bought if any(subcontract) else []),
        Line("Actual", actual, "plain", "actuals.output"),
        _variance(actual, earlier, "production"),
        place.last_plan("output"),
    ]


def _inventory(place: Place) -> list[Line]:
    plan, actual = place.amount("inventory_plan", "inventory"), place.amount("actuals", "inventory")
    earlier, backlog = place.earlier_plan("inventory"), place.amount("inventory_plan", "backlog")
    late = any(value and value >= 0.5 for value in backlog)
    return [
        Line("Plan", _either(plan, earlier), "plain", _since("inventory_plan.inventory", earlier, "inventory")),
        Line("Actual", actual, "plain", "actuals.inventory"),
        _variance(actual, earlier, "inventory"),
        Line("Minimum", place.amount("inventory_plan", "target_low"), "quiet", "inventory_plan.target_low"),
        *([Line("Backlog", backlog, "plain", "inventory_plan.backlog", "worse")] if late else []),
    ]


def _backlog(place: Place) -> list[Line]:
    """What is owed, in place of stock, of a family made to order; bookings and shipments behind it."""
    flows = ("bookings", "shipments")
    return [
        Line("Plan", place.amount("inventory_plan", "backlog"), "plain", "inventory_plan.backlog"),
        Line("Actual", place.amount("order_book", "closing_backlog"), "plain", "order_book.closing_backlog"),
        Line("of which overdue", place.amount("order_book", "overdue"), "plain", "order_book.overdue", "worse"),
        *(Line(name.capitalize(), place.amount("order_book", name), "quiet", f"order_book.{name}") for name in flows),
    ]


def _in_full(place: Place) -> list[Row]:
    """Share of the order lines due in a month that were shipped whole by the day asked for."""
    due, full = (place.of("order_book", name) for name in ("lines_due", "lines_in_full"))
    shares = [f / d if d and f is not None else None for d, f in zip(due, full, strict=True)]
    if all(share is None for share in shares):
        return []
    cells = [Cell("" if share is None else percent(share, 0)[:-1]) for share in shares]
    return [Row([Cell("Lines on time in full %"), *cells], "quiet", "order_book.lines_in_full / lines_due")]


def _since(source: str, earlier: Values, measure: str) -> str:
    """Where a plan is from: months that have ended show what the cycle before them planned."""
    known = any(value is not None for value in earlier)
    return f"{source}; past: plan_attainment.plan; measure: {measure}" if known else source


def _variance(actual: Values, plan: Values, measure: str) -> Line:
    source = f"plan_attainment.actual − plan; measure: {measure}"
    return Line("Variance", _difference(actual, plan), "quiet", source)


def _cumulative_variance(actual: Values, plan: Values, measure: str) -> Line:
    off = _difference(actual, plan)
    running = accumulate(value or 0.0 for value in off)
    values = [None if value is None else level for value, level in zip(off, running, strict=True)]
    return Line(
        "Cumulative variance", values, "quiet", f"plan_attainment.actual − plan, running sum; measure: {measure}"
    )


def _difference(first: Values, second: Values) -> Values:
    return [None if a is None or b is None else a - b for a, b in zip(first, second, strict=True)]


def _either(first: Values, second: Values) -> Values:
    return [b if a is None else a for a, b in zip(first, second, strict=True)]


def _sum(first: Values, second: Values) -> Values:
    return [None if a is None and b is None else (a or 0.0) + (b or 0.0) for a, b in zip(first, second, strict=True)]


# -- utilisation, days of supply, money --------------------------------------------------------------------------------


def tightest(place: Place) -> tuple[str, Values] | None:
    """The family's tightest resource by name, and how full it is month by month; None where it has none."""
    plan = utilised(place.book)
    plan = plan[plan["resource_id"].isin(place.book.resources_of(place.family))]
    if plan.empty:
        return None
    top = fullest_first(plan).iloc[0]["resource_id"]
    return place.book.resource(top, 16), by_month(plan[plan["resource_id"] == top], "utilisation", place.months)


def _utilisation(place: Place) -> list[Row]:
    full = tightest(place)
    if full is None:
        return []
    name, values = full
    cells = [Cell("") if value is None else Cell(percent(value, 0)[:-1], _full(value)) for value in values]
    return [Row([Cell(f"Utilisation, {name} %"), *cells], "quiet", "resource_plan.utilisation")]


def _full(share: float) -> Tone:
    return "worse" if share > FULL else "plain"


def days_of_supply(place: Place) -> Values:
    """Days of supply of the family: its products' days weighted by their demand."""
    stock = of_family(place.book.frame("inventory_plan"), place.family)
    demand = of_family(place.book.frame("sales_plan"), place.family)[["product_id", "month", "demand"]]
    data = place.book.in_total_unit(stock.merge(demand, on=["product_id", "month"], how="left"), "demand")
    data = data[data["days_of_supply"].notna() & (data["demand"] > 0)]
    data = data.assign(weighted=data["days_of_supply"] * data["demand"])
    days, weight = by_month(data, "weighted", place.months), by_month(data, "demand", place.months)
    return [None if d is None or not w else d / w for d, w in zip(days, weight, strict=True)]


def _days_of_supply(place: Place) -> list[Row]:
    days = days_of_supply(place)
    if all(each is None for each in days):
        return []
    cells = [Cell("" if each is None else PLAIN.write(each)) for each in days]
    return [
        Row([Cell("Days of supply"), *cells], "quiet", "inventory_plan.days_of_supply, weighted by sales_plan.demand")
    ]


def _money(place: Place) -> list[Row]:
    if not place.book.has_money:
        return []
    lines = [
        Line("Revenue", place.of("financial_plan", "revenue"), "plain", "financial_plan.revenue"),
        Line("Business plan", place.business_plan("revenue"), "quiet", "plan_gap.business_plan; measure: revenue"),
        Line("Gross margin", place.of("financial_plan", "margin"), "plain", "financial_plan.margin"),
    ]
    scale = _column_scale(lines, ("m", "k", ""))
    return _block(f"Money, {place.book.money_unit(scale)}", lines, scale)


# -- rows --------------------------------------------------------------------------------------------------------------


def _block(title: str, lines: Sequence[Line], scale: Scale) -> list[Row]:
    """A heading and its lines, those without a value left out."""
    rows = [_row(line, scale) for line in lines if any(value is not None for value in line.values)]
    heading = [Cell(title, "strong"), *(Cell("") for _ in lines[0].values)]
    return [Row(heading, "head"), *rows] if rows else []


def _row(line: Line, scale: Scale) -> Row:
    cells = [Cell(scale.write(value), line.tone if value else "plain") for value in line.values]
    return Row([Cell(line.name), *cells], line.kind, line.source)


def _column_scale(lines: Sequence[Line], steps: tuple[str, ...] = ("k", "")) -> Scale:
    """A scale whose figures fit a narrow column: at most five digits."""
    values = [value for line in lines for value in line.values]
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if largest < 99_500:
        return Scale(1.0, "", 0 if largest >= 100 or not largest else 1)
    scale = scale_for(values, steps)
    return Scale(scale.divisor, scale.suffix, 0 if largest / scale.divisor >= 1000 else 1)
