"""Page 3: revenue, margin, inventory, working capital and cash, past and 24 months ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import month
from sop_pipeline.language.money import amount
from sop_pipeline.language.numbers import NOTHING, missing, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong, toned
from sop_pipeline.packs.charts.bars import month_bars
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts.book import Book, by_month
from sop_pipeline.packs.parts.compare import gap_rows
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

_FLOWS = (
    ("Revenue", "revenue"),
    ("Cost of goods sold", "cogs"),
    ("Gross margin", "margin"),
    ("Cash flow", "cash_flow"),
)
_STOCKS = (
    ("Inventory", "inventory_value"),
    ("Receivables", "receivables"),
    ("Payables", "payables"),
    ("Working capital", "working_capital"),
)
_SIZE = (330, 136)


def money(book: Book) -> Page:
    """Fill the page; without prices or costs it says so and shows units."""
    if not book.has_money:
        return _units(book)
    data = book.frame("financial_plan")
    months = [*book.past(12), *book.horizon]
    return Page(
        "money",
        "Money",
        f"{book.money_sign.strip()}, 12 months past and {len(book.horizon)} ahead",
        sentences=_sentences(book, data),
        body=[
            Beside([_figure(book, data, months, name, column) for name, column in _drawn()], "three"),
            _quarters(book, data),
        ],
    )


def _drawn() -> list[tuple[str, str]]:
    return [
        ("Revenue", "revenue"),
        ("Gross margin", "margin"),
        ("Inventory value", "inventory_value"),
        ("Working capital", "working_capital"),
        ("Cash flow", "cash_flow"),
    ]


def _figure(book: Book, data: pd.DataFrame, months: Sequence[date], name: str, column: str) -> Figure:
    actual = by_month(data[data["basis"] == "actual"], column, months)
    plan = by_month(data[data["basis"] == "plan"], column, months)
    scale = scale_for([*actual, *plan])
    unit = f"{book.money_sign.strip()}{scale.suffix}"
    key = f"money-{column}"
    if column == "cash_flow":
        both = [a if p is None else p for a, p in zip(actual, plan, strict=True)]
        chart = month_bars(both, months, words=f"{name} by month, {unit}.", now=12, scale=scale, size=_SIZE)
        return Figure(
            key, name, f"{unit} a month; planned months lighter", chart, f"{name} is not known for any month."
        )
    business = by_month(gap_rows(book, list(months), column), "business_plan", months)
    lines = [
        Line("Business plan", "business", business),
        Line("Actual", "actual", actual),
        Line("Plan", "plan", plan),
    ]
    chart = timeline(lines, months, words=f"{name} by month, {unit}.", now=12, scale=scale, size=_SIZE, zero=False)
    ends = "month end" if column in ("inventory_value", "working_capital") else "a month"
    return Figure(key, name, f"{unit}, {ends}", chart, f"{name} is not known for any month.")


def _sentences(book: Book, data: pd.DataFrame) -> list[Sentence]:
    before, ahead = book.past(12), book.horizon[:12]
    out = []
    sums = {
        column: (_sum(data, column, before), _sum(data, column, ahead)) for column in ("revenue", "margin", "cash_flow")
    }
    scale = scale_for([value for pair in sums.values() for value in pair])
    write = lambda value: amount(value, scale, book.company.currency)  # noqa: E731
    for name, column in (("Revenue", "revenue"), ("Gross margin", "margin")):
        was, will = sums[column]
        if was and will is not None:
            share = will / was - 1
            side = "above" if share >= 0 else "below"
            out.append(
                say(
                    f"{name} over the next {len(ahead)} months is ",
                    strong(write(will)),
                    ", ",
                    toned(f"{percent(abs(share))} {side}", share),
                    f" the last {len(before)} ({write(was)}).",
                )
            )
    cash = sums["cash_flow"][1]
    flow = by_month(data, "cash_flow", ahead)
    known = [(value, each) for value, each in zip(flow, ahead, strict=True) if value is not None]
    if cash is not None and known:
        least, when = min(known)
        out.append(
            say(
                "Cash flow over the same months is ",
                toned(write(cash), cash),
                f"; lowest {write(least)} in {month(when)}.",
            )
        )
    return out


def _sum(data: pd.DataFrame, column: str, months: Sequence[date]) -> float | None:
    found = data[data["month"].isin(list(months))][column].sum(min_count=1)
    return None if missing(found) else float(found)


def _quarters(book: Book, data: pd.DataFrame) -> Listing:
    quarters = _whole_quarters(book, data)
    flows = [by_month(data, column, [each for quarter in quarters for each in quarter]) for _, column in _FLOWS]
    scale = scale_for([value for series in flows for value in series])
    columns = [Column("", "left", "13%"), *(Column(_quarter_name(book, quarter)) for quarter in quarters)]
    rows = [_flow_row(data, name, column, quarters, scale) for name, column in _FLOWS]
    rows.insert(3, _ratio_row(data, quarters))
    rows += [_stock_row(data, name, column, quarters, scale) for name, column in _STOCKS]
    rows = [row for row in rows if any(cell.text not in ("", NOTHING) for cell in row.cells[1:])]
    note = f"{book.money_sign.strip()}{scale.suffix}; whole quarters of the fiscal year; balances at quarter end"
    return Listing("By quarter", columns, rows if quarters else (), note, "No whole quarter is known.", kind="grid")


def _whole_quarters(book: Book, data: pd.DataFrame) -> list[list[date]]:
    known = set(data["month"])
    years = [book.fiscal_year + shift for shift in (-1, 0, 1, 2)]
    quarters = [book.months_of_year(year)[at : at + 3] for year in years for at in (0, 3, 6, 9)]
    return [quarter for quarter in quarters if set(quarter) <= known][-13:]


def _quarter_name(book: Book, quarter: Sequence[date]) -> str:
    fiscal = book.company.fiscal_year
    basis = "" if quarter[-1] < book.cycle.month else " plan" if quarter[0] >= book.cycle.month else " mixed"
    return f"Q{fiscal.quarter(quarter[0])} ’{fiscal.of(quarter[0]) % 100:02d}{basis}"


def _flow_row(data: pd.DataFrame, name: str, column: str, quarters: list[list[date]], scale: Scale) -> Row:
    cells = [Cell(scale.write(_sum(data, column, quarter), NOTHING)) for quarter in quarters]
    return Row([Cell(name, "strong" if column == "revenue" else "plain"), *cells], source=f"financial_plan.{column}")


def _ratio_row(data: pd.DataFrame, quarters: list[list[date]]) -> Row:
    cells = []
    for quarter in quarters:
        margin, revenue = _sum(data, "margin", quarter), _sum(data, "revenue", quarter)
        cells.append(Cell(percent(margin / revenue, 1) if margin is not None and revenue else NOTHING, "quiet"))
    return Row([Cell("Margin, % of revenue", "quiet"), *cells], "quiet", "financial_plan.margin / revenue")


def _stock_row(data: pd.DataFrame, name: str, column: str, quarters: list[list[date]], scale: Scale) -> Row:
    cells = [Cell(scale.write(_sum(data, column, quarter[-1:]), NOTHING)) for quarter in quarters]
    return Row([Cell(name), *cells], source=f"financial_plan.{column}")


# -- a company without money -------------------------------------------------------------------------------------------


def _units(book: Book) -> Page:
    why = "The company’s files give no price and no cost, so nothing is valued; volumes stand in for money here."
    months = [*book.past(12), *book.horizon]
    cases = (
        ("Sales", "sales", "sales_plan"),
        ("Production", "output", "production_plan"),
        ("Inventory", "inventory", "inventory_plan"),
    )
    drawn = [_volume(book, months, *case) for case in cases] if book.unit().agrees else []
    return Page("money", "Money, in units", book.unit().name, sentences=[say(why)], body=[Beside(drawn, "three")])


def _volume(book: Book, months: Sequence[date], name: str, column: str, table: str) -> Figure:
    actual = by_month(book.frame("actuals"), column, months)
    plan = by_month(book.frame(table), column, months)
    scale = scale_for([*actual, *plan])
    unit = f"{scale.suffix} {book.unit().name}".strip()
    lines = [Line("Actual", "actual", actual), Line("Plan", "plan", plan)]
    chart = timeline(lines, months, words=f"{name} by month, {unit}.", now=12, scale=scale, size=(330, 170))
    return Figure(f"volume-{column}", name, unit, chart, f"{name} is not known for any month.")
