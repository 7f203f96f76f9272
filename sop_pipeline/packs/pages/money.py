"""Revenue, margin, inventory, working capital and cash, past and ahead; in units where nothing is priced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import ALIKE, NOTHING, percent
from sop_pipeline.language.scale import Scale, footing, scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, past_and_plan, total
from sop_pipeline.packs.book.plan_money import chosen_money, has_balance
from sop_pipeline.packs.book.reference import gap_rows
from sop_pipeline.packs.charts.bars import month_bars
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import room
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

_PAST = 12
_BALANCES = {
    "inventory_value": "Inventory",
    "receivables": "Receivables",
    "payables": "Payables",
    "working_capital": "Working capital",
}
_FIGURES = {
    "revenue": "Revenue",
    "margin": "Gross margin",
    "inventory_value": "Inventory value",
    "working_capital": "Working capital",
    "cash_flow": "Cash flow",
}
_RESULTS = {
    "overhead_in_stock": "Overhead absorbed in stock",
    "spending_over_standard": "Spending over standard",
    "operating_result": "Operating result",
    "contribution": "Contribution",
    "cash_flow": "Cash flow",
}
"""From gross margin down to the operating result, the contribution before fixed cost, and cash."""
_VOLUMES = (
    ("Sales", "sales", "sales_plan"),
    ("Production", "output", "production_plan"),
    ("Inventory", "inventory", "inventory_plan"),
)
_WIDTH, _LEAST, _TALLEST = 330, 80, 116
_SIZE_OF_VOLUMES = (_WIDTH, 170)
_BESIDES = 14.5
"""Room in mm that the captions of two rows of charts take."""
_MOST_QUARTERS = 13


def money(book: Book) -> Page:
    """Fill the page; without prices or costs it says so and shows units."""
    if not book.has_money:
        return _in_units(book)
    quarters = _quarters(book)
    sentences = [
        _change(book, "Revenue", "revenue"),
        _change(book, "Gross margin", "margin"),
        _results(book),
        _cash(book),
    ]
    size = _size(quarters, sentences)
    return Page(
        "money",
        "Money",
        f"{book.money_unit()}, {_PAST} months past and {len(book.horizon)} ahead",
        sentences=sentences,
        body=[Beside([_figure(book, column, size) for column in _FIGURES], "three"), quarters],
    )


def _size(quarters: Listing, sentences: Sequence[Sentence]) -> tuple[int, int]:
    """The charts above the table: two rows of them, lower where it has more rows or the sentences are longer."""
    rest = room.PAGE - _BESIDES - room.of_sentences(sentences) - room.taken(quarters) - room.of_chart(2 * _LEAST)
    return _WIDTH, room.chart(_LEAST, rest / 2, _TALLEST)


# -- sentences ---------------------------------------------------------------------------------------------------------


def _year(book: Book, column: str, months: Sequence[date]) -> float | None:
    data = book.frame("financial_plan")
    return total(data[data["month"].isin(list(months))], column)


def _scale(book: Book) -> Scale:
    """The scale of the sentences: that of the past and the next year's flows."""
    years = (book.year_on_year.before, book.horizon[:12])
    return scale_for([_year(book, column, year) for column in ("revenue", "margin", "cash_flow") for year in years])


def _change(book: Book, name: str, column: str) -> Sentence:
    """A year ahead against the year before, or those of its months that have one."""
    pairs, ahead = book.year_on_year, book.horizon[:12]
    will, alike, was = (_year(book, column, months) for months in (ahead, pairs.ahead, pairs.before))
    if will is None:
        return ()
    scale, currency = _scale(book), book.company.currency
    lead: list[str | Span] = [f"{name} over the next {len(ahead)} months is ", strong(amount(will, scale, currency))]
    if not was or alike is None:
        return say(*lead, ".")
    share, before = alike / was - 1, amount(was, scale, currency)
    way = toned(f"{percent(abs(share))} {'above' if share >= 0 else 'below'}", share)
    if not pairs.is_whole:
        known = f"; in the {plural(len(pairs.before), 'month')} that {_have(len(pairs.before))} a year before, "
        return say(*lead, known, way, f" it ({amount(alike, scale, currency)} against {before}).")
    if abs(share) < ALIKE:
        return say(*lead, f", as in {pairs.words}.")
    return say(*lead, ", ", way, f" {pairs.words} ({before}).")


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _results(book: Book) -> Sentence:
    """The way from gross margin to operating result over the next year."""
    ahead = book.horizon[:12]
    rows = chosen_money(book)
    rows = rows[rows["month"].isin(list(ahead))]
    names = ("gross_margin", "contribution", "operating_result", "overhead_in_stock", "spending_over_standard")
    sums = {name: value for name in names if (value := total(rows, name)) is not None}
    if len(sums) < len(names):
        return ()
    gross, contribution, result = (amount(sums[name], _scale(book), book.company.currency) for name in names[:3])
    overhead, spending = _between(book, sums)
    return say(
        "Contribution over the same months is ",
        strong(contribution),
        ", operating result ",
        strong(result),
        f": gross margin {gross}",
        _step(book, overhead, "of overhead absorbed in stock", "of overhead that leaves stock"),
        _step(book, spending, "spent over standard", "not spent of the standard"),
        ".",
        _unstated(book, sums["contribution"] - sums["gross_margin"]),
    )


def _between(book: Book, sums: Mapping[str, float]) -> list[float]:
    """Overhead in stock and spending over standard, rounded so that gross margin less both is the result as read."""
    scale = _scale(book)
    taken = scale.rounded(sums["gross_margin"]) - scale.rounded(sums["operating_result"])
    return footing([sums["overhead_in_stock"], sums["spending_over_standard"]], scale.divisor, scale.places, taken)


def _step(book: Book, amount_off: float, taken: str, added: str) -> str:
    """What lies between two results: what is taken off, or what comes on top where it is negative; nothing for zero."""
    if not amount_off:
        return ""
    words = amount(abs(amount_off), _scale(book), book.company.currency)
    return f", less {words} {taken}" if amount_off >= 0 else f", plus {words} {added}"


def _unstated(book: Book, above: float) -> str:
    """Why contribution is above gross margin where no fixed cost is stated that standard cost would stand for."""
    if above <= 0 or book.company.finance.fixed_cost_month:
        return ""
    words = amount(above, _scale(book), book.company.currency)
    return (
        f" Contribution is {words} above gross margin: standard cost carries overhead, and no fixed cost is stated "
        "beside it (finance.fixed_cost_month is 0)."
    )


def _cash(book: Book) -> Sentence:
    """The closing and the lowest cash of the next year: the balance, or its change where no balance is given."""
    ahead = book.horizon[:12]
    rows, column = chosen_money(book), "cash" if has_balance(book) else "cash_change"
    course = by_month(rows, column, ahead)
    known = [(value, each) for value, each in zip(course, ahead, strict=True) if value is not None]
    if not known:
        return ()
    (closing, _), (lowest, when) = known[-1], min(known)
    scale, currency = scale_for([closing, lowest]), book.company.currency
    lead = "Cash at the end of these months is " if has_balance(book) else "Cash changes over the same months by "
    note = "" if has_balance(book) else " (the opening balance is not given, so only the change is shown)"
    return say(
        lead,
        toned(amount(closing, scale, currency), closing),
        f"; lowest {amount(lowest, scale, currency)} at the end of {month(when)}{note}.",
    )


# -- charts ------------------------------------------------------------------------------------------------------------


def _figure(book: Book, column: str, size: tuple[int, int]) -> Figure:
    """A column of the financial plan by month, past and ahead; cash flow as bars, which may be negative."""
    data, months, name = book.frame("financial_plan"), [*book.past(_PAST), *book.horizon], _FIGURES[column]
    actual, plan = past_and_plan(data, column, months)
    scale = scale_for([*actual, *plan])
    unit, empty = book.money_unit(scale), f"{name} is not known for any month."
    words = f"{name} by month, {unit}."
    if column == "cash_flow":
        flows = [a if p is None else p for a, p in zip(actual, plan, strict=True)]
        bars = month_bars(flows, months, words=words, now=_PAST, scale=scale, size=size)
        return Figure(f"money-{column}", name, f"{unit} a month; planned months lighter", bars, empty)
    lines = [
        Line("Business plan", "business", by_month(gap_rows(book, months, column), "business_plan", months)),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
    ]
    chart = timeline(lines, months, words=words, now=_PAST, scale=scale, size=size)
    when = "month end" if column in _BALANCES else "a month"
    return Figure(f"money-{column}", name, f"{unit}, {when}", chart, empty)


# -- quarters ----------------------------------------------------------------------------------------------------------


def _quarters(book: Book) -> Listing:
    """Flows summed and balances at the end of every whole quarter; results and cash of quarters that are planned."""
    data = book.frame("financial_plan")
    quarters = _whole_quarters(book, data)
    flows = {"revenue": "Revenue", "cogs": "Cost of goods sold", "margin": "Gross margin"}
    months = [each for quarter in quarters for each in quarter]
    scale = scale_for([value for column in flows for value in by_month(data, column, months)])
    ends = [quarter[-1:] for quarter in quarters]
    lines = [_quarter_row(data, name, column, quarters, scale) for column, name in flows.items()]
    balances = [_quarter_row(data, name, column, ends, scale, " at quarter end") for column, name in _BALANCES.items()]
    planned = chosen_money(book)
    results = [_planned_row(book, planned, name, column, quarters, scale) for column, name in _RESULTS.items()]
    cash = _planned_row(book, planned, "Cash, quarter end", "cash", ends, scale)
    rows = [*lines, _margin_row(data, quarters), *results, *balances, cash]
    rows = [row for row in rows if any(cell.text not in ("", NOTHING) for cell in row.cells[1:])]
    columns = [Column("", "left", "13%"), *(Column(_quarter_name(book, quarter)) for quarter in quarters)]
    note = f"{book.money_unit(scale)}; whole quarters of the fiscal year; balances at quarter end"
    return Listing("By quarter", columns, rows, note, "No whole quarter is known.", kind="grid")


def _planned_row(
    book: Book, data: pd.DataFrame, name: str, column: str, spans: Sequence[Sequence[date]], scale: Scale
) -> Row:
    """A column of ``plan_money`` summed over each span of planned months; what was paid in the past is in no table."""
    sums = [
        total(data[data["month"].isin(list(span))], column) if span[0] >= book.cycle.month else None for span in spans
    ]
    return Row([Cell(name), *(Cell(scale.write(value, NOTHING)) for value in sums)], source=f"plan_money.{column}")


def _whole_quarters(book: Book, data: pd.DataFrame) -> list[list[date]]:
    """The quarters of which every month has a row, the last of them where there are too many."""
    years = [book.company.fiscal_year.months(book.fiscal_year + shift) for shift in (-1, 0, 1, 2)]
    quarters = [year[at : at + 3] for year in years for at in (0, 3, 6, 9)]
    return [quarter for quarter in quarters if set(quarter) <= set(data["month"])][-_MOST_QUARTERS:]


def _quarter_name(book: Book, quarter: Sequence[date]) -> str:
    fiscal = book.company.fiscal_year
    ended = quarter[-1] < book.cycle.month and not set(quarter) & set(book.partial_months)
    basis = "" if ended else " plan" if quarter[0] >= book.cycle.month else " mixed"
    return f"Q{fiscal.quarter(quarter[0])} ’{fiscal.of(quarter[0]) % 100:02d}{basis}"


def _quarter_row(
    data: pd.DataFrame, name: str, column: str, spans: Sequence[Sequence[date]], scale: Scale, when: str = ""
) -> Row:
    """A column summed over each span of months; ``when`` is said of a balance, whose spans are single months."""
    sums = [total(data[data["month"].isin(list(span))], column) for span in spans]
    title = Cell(name, "strong" if column == "revenue" else "plain")
    return Row([title, *(Cell(scale.write(value, NOTHING)) for value in sums)], source=f"financial_plan.{column}{when}")


def _margin_row(data: pd.DataFrame, quarters: Sequence[Sequence[date]]) -> Row:
    cells = []
    for quarter in quarters:
        rows = data[data["month"].isin(list(quarter))]
        margin, revenue = total(rows, "margin"), total(rows, "revenue")
        cells.append(Cell(percent(margin / revenue) if margin is not None and revenue else NOTHING, "quiet"))
    return Row([Cell("Margin, % of revenue", "quiet"), *cells], "quiet", "financial_plan.margin / revenue")


# -- a company without money -------------------------------------------------------------------------------------------


def _in_units(book: Book) -> Page:
    why = "The company’s files give no price and no cost, so nothing is valued; volumes stand in for money here."
    figures = [_volume(book, *volume) for volume in _VOLUMES] if book.unit().agrees else []
    return Page("money", "Money, in units", book.unit().name, sentences=[say(why)], body=[Beside(figures, "three")])


def _volume(book: Book, name: str, column: str, table: str) -> Figure:
    months = [*book.past(_PAST), *book.horizon]
    actual, plan = by_month(book.frame("actuals"), column, months), by_month(book.frame(table), column, months)
    scale = scale_for([*actual, *plan])
    unit = book.volume_unit(scale)
    lines = [Line("Actual", "actual", actual), Line("Plan", "plan", plan)]
    words = f"{name} by month, {unit}."
    chart = timeline(lines, months, words=words, now=_PAST, scale=scale, size=_SIZE_OF_VOLUMES)
    return Figure(f"volume-{column}", name, unit, chart, f"{name} is not known for any month.")
