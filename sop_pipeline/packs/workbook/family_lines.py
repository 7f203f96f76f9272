"""The S&OP grid of a family as a planner works in it: every month there is, balances and variances as formulas.

Stock is what stood before, and what is made and bought, less what is sold. Figures are those of the tables; a formula
comes to the figure that the tables hold.
"""

from __future__ import annotations

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import Values, by_month, either, of_family
from sop_pipeline.packs.parts.grid import Place, days_of_supply, tightest
from sop_pipeline.packs.workbook.input_lines import input_block
from sop_pipeline.packs.workbook.lines import Block, Line, Weight, difference, running, share
from sop_pipeline.packs.workbook.month_sheet import Chart, MonthSheet, column

CAME = 12
"""Months of actuals on a sheet: a year, so that seasons can be compared."""

_SAME = 1e-6

CHARTS = (
    Chart(
        "Sales",
        (
            ("sales_actual", "Actual", "#16202a"),
            ("sales_plan", "Plan", "#1f5a96"),
            ("sales_last", "Last plan", "#9aa5b1"),
            ("sales_business", "Business plan", "#d08a1d"),
        ),
    ),
    Chart(
        "Stock at month end",
        (
            ("stock_actual", "Actual", "#16202a"),
            ("stock_plan", "Plan", "#1f5a96"),
            ("stock_low", "Minimum", "#9aa5b1"),
        ),
    ),
)


def family_sheet(book: Book, family: str, name: str) -> MonthSheet:
    """The sheet of a family."""
    months = [*book.past(CAME), *book.horizon]
    place = Place(book, family, months)
    unit = place.unit
    volumes = _volumes(place, unit.name) if unit.agrees else []
    sales, stock = (volumes[0].lines, volumes[2].lines) if volumes else ((), ())
    typed = input_block(family, unit.name if volumes else None, len(months), sales, stock)
    told = f"{unit.name}; money in {book.company.currency}" if book.has_money else unit.name
    return MonthSheet(
        name,
        f"{family} · S&OP {book.cycle}",
        f"{told} · plan: {book.chosen.strategy} · marked cells are yours, others the tables’ figures and formulas",
        months,
        CAME,
        [*volumes, *_money(place), typed],
        CHARTS,
    )


def _volumes(place: Place, unit: str) -> list[Block]:
    sales, supply = _sales(place), _supply(place)
    stock = _stock(place, sales[1], supply[2])
    return [Block(f"Sales, {unit}", sales), Block(f"Production, {unit}", supply), Block(f"Stock, {unit}", stock)]


# -- sales -------------------------------------------------------------------------------------------------------------


def _sales(place: Place) -> list[Line]:
    demand = Line("demand", "Demand", place.amount("sales_plan", "demand"), "sales_plan.demand", weight="quiet")
    plan_values = either(place.amount("sales_plan", "sales"), place.earlier_plan("sales"))
    plan = Line("sales_plan", "Plan", plan_values, "sales_plan.sales; past: plan_attainment.plan", weight="strong")
    actual = Line("sales_actual", "Actual", place.amount("actuals", "sales"), "actuals.sales")
    off = difference("sales_variance", "Actual less plan", actual, plan, "formula")
    business = Line(
        "sales_business",
        "Business plan",
        place.business_plan("units"),
        "plan_gap.business_plan; measure: units",
        weight="quiet",
    )
    gap = difference("sales_gap", "Plan less business plan", plan, business, "formula")
    return [
        demand,
        plan,
        actual,
        off,
        running("sales_cumulative", "Cumulative variance", off, column(0), "formula"),
        _last(place, "sales_last", "sales"),
        *([] if place.unit.is_money else [business, gap]),
    ]


def _last(place: Place, key: str, measure: str) -> Line:
    line = place.last_plan(measure)
    return Line(key, line.name, line.values, line.source, weight="quiet", adds_up=measure != "inventory")


# -- production --------------------------------------------------------------------------------------------------------


def _supply(place: Place) -> list[Line]:
    output = Line("output", "Made", place.amount("production_plan", "output"), "production_plan.output")
    bought = place.amount("production_plan", "subcontract")
    subcontract = Line("subcontract", "Subcontracted", _unless_nothing(bought), "production_plan.subcontract")
    planned = _made(place, output, subcontract)
    actual = Line("output_actual", "Actual", place.amount("actuals", "output"), "actuals.output")
    off = difference("output_variance", "Actual less plan", actual, planned, "formula")
    full = tightest(place)
    return [
        output,
        subcontract,
        planned,
        actual,
        off,
        running("output_cumulative", "Cumulative variance", off, column(0), "formula"),
        _last(place, "output_last", "output"),
        *([] if full is None else [_load(*full)]),
    ]


def _load(resource: str, values: Values) -> Line:
    return Line("load", f"Utilisation, {resource}", values, "resource_plan.utilisation", (), "share", "quiet", False)


def _made(place: Place, output: Line, subcontract: Line) -> Line:
    """Made and bought of a month ahead, as their sum; what the cycle before planned of a past one."""
    earlier, template = place.earlier_plan("production"), "={at}{output}"
    if not subcontract.is_empty:
        template += "+{at}{subcontract}"
    sums = [
        None if made is None and bought is None else (made or 0.0) + (bought or 0.0)
        for made, bought in zip(output.values, subcontract.values, strict=True)
    ]
    formulas = [None if value is None else template for value in sums]
    source = "formula; past: plan_attainment.plan"
    return Line("output_plan", "Plan", either(sums, earlier), source, formulas, weight="strong")


# -- stock -------------------------------------------------------------------------------------------------------------


def _stock(place: Place, sales: Line, made: Line) -> list[Line]:
    closing = place.amount("inventory_plan", "inventory")
    opening = _opening(place, closing)
    before = Line("stock_before", "Before", *opening, weight="quiet", adds_up=False)
    template = "={at}{stock_before}+{at}{output_plan}-{at}{sales_plan}"
    formulas = [
        template if _balances(value, stood, out, sold) else None
        for value, stood, out, sold in zip(closing, before.values, made.values, sales.values, strict=True)
    ]
    values, source = (
        either(closing, place.earlier_plan("inventory")),
        "formula; inventory_plan.inventory; past: plan_attainment.plan",
    )
    plan = Line("stock_plan", "Plan", values, source, formulas, weight="strong", adds_up=False)
    actual = Line("stock_actual", "Actual", place.amount("actuals", "inventory"), "actuals.inventory", adds_up=False)
    low = place.amount("inventory_plan", "target_low")
    least = Line("stock_low", "Minimum", low, "inventory_plan.target_low", weight="quiet", adds_up=False)
    late = place.amount("inventory_plan", "backlog")
    days = days_of_supply(place)
    return [
        before,
        plan,
        actual,
        _balance(difference("stock_variance", "Actual less plan", actual, plan, "formula")),
        least,
        _balance(difference("stock_room", "Plan less minimum", plan, least, "formula")),
        Line("backlog", "Backlog", _unless_nothing(late), "inventory_plan.backlog", adds_up=False),
        _last(place, "stock_last", "inventory"),
        Line("days", "Days of supply", days, "inventory_plan.days_of_supply", (), "days", "quiet", False),
    ]


def _balances(closing: float | None, before: float | None, made: float | None, sold: float | None) -> bool:
    """Whether stock is what stood before, was made and was sold: else the figure stands as the table has it."""
    if closing is None or before is None or made is None or sold is None:
        return False
    return abs(before + made - sold - closing) < _SAME * max(1.0, abs(closing))


def _unless_nothing(values: Values) -> Values:
    """The values, or none at all where every month has nothing: the line is then left out."""
    return values if any(values) else [None] * len(values)


def _balance(line: Line) -> Line:
    return Line(line.key, line.name, line.values, line.source, line.formulas, line.counted, line.weight, False)


def _opening(place: Place, closing: Values) -> tuple[Values, str, list[str | None]]:
    """Stock at the start of each month ahead: the schedule's of the first one, then what closed the month before."""
    first = CAME
    schedule = of_family(place.book.frame("production_schedule"), place.family)
    opened = by_month(place.book.in_total_unit(schedule, "opening_stock"), "opening_stock", place.months)[first]
    past: Values = [None] * first
    values: Values = [*past, opened, *closing[first:-1]]
    formulas = [None if month <= first else "={before}{stock_plan}" for month in range(len(closing))]
    known = [None if value is None else formula for value, formula in zip(values, formulas, strict=True)]
    return values, "formula; first month: production_schedule.opening_stock", known


# -- money -------------------------------------------------------------------------------------------------------------


def _money(place: Place) -> list[Block]:
    if not place.book.has_money:
        return []
    revenue = _of_plan(place, "revenue", "Revenue", weight="strong")
    planned, source = place.business_plan("revenue"), "plan_gap.business_plan; measure: revenue"
    business = Line("revenue_business", "Business plan", planned, source, (), "money", "quiet")
    gap = difference("revenue_gap", "Less business plan", revenue, business, "formula")
    margin = _of_plan(place, "margin", "Gross margin", weight="strong")
    lines = [
        revenue,
        business,
        gap,
        running("revenue_cumulative", "Cumulative gap", gap, column(0), "formula"),
        margin,
        share("margin_share", "Margin, % of revenue", margin, revenue, "formula"),
        _of_plan(place, "inventory_value", "Stock at standard cost", adds_up=False),
    ]
    return [Block(f"Money, {place.book.company.currency}", lines)]


def _of_plan(place: Place, measure: str, name: str, *, weight: Weight = "plain", adds_up: bool = True) -> Line:
    values = place.of("financial_plan", measure)
    return Line(measure, name, values, f"financial_plan.{measure}", (), "money", weight, adds_up)
