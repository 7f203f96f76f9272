"""The company on one sheet: families' money drawn from their sheets and added up, people and the load of resources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import Values, by_month
from sop_pipeline.packs.book.resources import by_peak, utilised
from sop_pipeline.packs.workbook.family_lines import CAME
from sop_pipeline.packs.workbook.lines import Block, Line, difference
from sop_pipeline.packs.workbook.month_sheet import Chart, MonthSheet
from sop_pipeline.packs.workbook.names import quoted

_MONEY = (
    ("revenue", "Revenue", True),
    ("revenue_business", "Business plan, revenue", True),
    ("margin", "Gross margin", True),
    ("inventory_value", "Stock at standard cost", False),
)
"""Lines of the families' sheets that are added up, and whether their months have a sum."""

_MOST_RESOURCES = 40

CHARTS = (
    Chart("Revenue", (("revenue", "Latest view", "#1f5a96"), ("revenue_business", "Business plan", "#d08a1d"))),
    Chart("Stock at standard cost", (("inventory_value", "Stock", "#1f5a96"),)),
)


def company_sheet(book: Book, name: str, families: Sequence[tuple[str, MonthSheet]]) -> MonthSheet:
    """The sheet of the company; ``families`` are its families with their sheets."""
    months = [*book.past(CAME), *book.horizon]
    money = [_added(key, title, families, sums) for key, title, sums in _MONEY]
    titles = [f"{title}, {book.company.currency}" for _, title, _ in _MONEY]
    blocks = [Block(title, lines) for title, lines in zip(titles, money, strict=True)]
    return MonthSheet(
        name,
        f"{book.company.company} · S&OP {book.cycle}",
        f"plan: {book.chosen.strategy} · families are drawn from their sheets, totals are sums",
        months,
        CAME,
        [*blocks, *_gap(money), *_people(book, months)],
        CHARTS,
    )


def _added(key: str, title: str, families: Sequence[tuple[str, MonthSheet]], sums: bool) -> list[Line]:
    """A line a family that has it, and their total."""
    parts = []
    for number, (family, sheet) in enumerate(families):
        line, row = _line_of(sheet, key), sheet.row(key)
        if line is not None and row is not None:
            template = f"={quoted(sheet.name).replace('{', '{{').replace('}', '}}')}!{{at}}{row}"
            formulas = [None if value is None else template for value in line.values]
            source = f"{sheet.name}, row {row}"
            parts.append(Line(f"{key}_{number}", family, line.values, source, formulas, "money", adds_up=sums))
    if not parts:
        return []
    whole = [_total(values) for values in zip(*(part.values for part in parts), strict=True)]
    template = f"=SUM({{at}}{{{parts[0].key}}}:{{at}}{{{parts[-1].key}}})"
    formulas = [None if value is None else template for value in whole]
    return [*parts, Line(key, title, whole, "formula", formulas, "money", "strong", adds_up=sums)]


def _line_of(sheet: MonthSheet, key: str) -> Line | None:
    return next((line for block in sheet.blocks for line in block.shown if line.key == key), None)


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _gap(money: Sequence[Sequence[Line]]) -> list[Block]:
    """Revenue less business plan of the company."""
    if not money[0] or not money[1]:
        return []
    return [Block("Gap", [difference("gap", "Revenue less business plan", money[0][-1], money[1][-1], "formula")])]


def _people(book: Book, months: Sequence[date]) -> list[Block]:
    """Heads of each labour resource, overtime, and how full every resource is, the fullest first."""
    plan = book.plan_of("resource_plan")
    labour, full = plan[plan["kind"] == "labour"], utilised(book)
    heads = [
        Line(f"heads_{n}", book.resource(name), values, "resource_plan.units", adds_up=False)
        for n, name in enumerate(labour["resource_id"].unique())
        if (values := _of(labour, name, "units", months))
    ]
    overtime = [
        Line(f"overtime_{n}", book.resource(name), values, "resource_plan.overtime_hours")
        for n, name in enumerate(plan["resource_id"].unique())
        if any(values := _of(plan, name, "overtime_hours", months))
    ]
    loads = [
        Line(f"load_{n}", book.resource(name), values, "resource_plan.utilisation", (), "share", adds_up=False)
        for n, name in enumerate(by_peak(full)[:_MOST_RESOURCES])
        if (values := _of(full, name, "utilisation", months))
    ]
    return [Block("Heads", heads), Block("Overtime, hours", overtime), Block("Utilisation", loads)]


def _of(plan: pd.DataFrame, resource: str, column: str, months: Sequence[date]) -> Values:
    return by_month(plan[plan["resource_id"] == resource], column, months)
