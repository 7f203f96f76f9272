"""The workbook: a sheet a deliverable, and every table a page of the pack cuts short.

Exact values with number formats, frozen headers, filters, a defined name a table. Text stays text, whatever it starts
with.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables as registry
from sop_pipeline.packs.parts.book import Book
from sop_pipeline.tables.schema import Column, Kind, Table

MOST_ROWS = 1_048_000
_SHEETS: tuple[tuple[str, str], ...] = (
    *((table.name, "") for table in registry.DELIVERABLES),
    ("plan_summary", "strategies"),
    ("plan_frontier", ""),
    ("plan_robustness", "robustness"),
    ("plan_robustness_months", ""),
    ("plan_costs", ""),
    ("resource_plan", ""),
    ("shadow_prices", ""),
    ("plan_shortfalls", ""),
    ("forecast_accuracy", ""),
    ("forecast_value_added", ""),
    ("forecast_approach", ""),
    ("demand_plan", ""),
    ("demand_history", "cleansing"),
    ("market_forecast", "markets"),
    ("market_accuracy", ""),
    ("demand_adjustments", ""),
    ("key_figures", ""),
    ("plan_gap", ""),
    ("bridge", ""),
    ("plan_attainment", ""),
    ("plan_changes", ""),
    ("decisions_wanted", ""),
    ("decisions", ""),
    ("risks_opportunities", ""),
    ("assumptions", ""),
    ("defaults_used", ""),
    ("product_lifecycle", ""),
    ("source_files", ""),
    ("quarantine", ""),
)
_NUMBER = "#,##0{places};(#,##0{places});0"


def workbook(book: Book) -> bytes:
    """Write the workbook; equal tables give equal bytes."""
    import xlsxwriter

    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    month = book.cycle.month
    file.set_properties(
        {
            "title": f"{book.company.company} · S&OP {book.cycle} · {book.status}",
            "author": book.company.company,
            "created": datetime(month.year, month.month, 1, tzinfo=UTC).replace(tzinfo=None),
        }
    )
    formats = _Formats(file)
    listed = [(name, title or name) for name, title in _SHEETS if _rows(book, name) or name in _always()]
    _front(file, formats, book, listed)
    for name, title in listed:
        _sheet(file, formats, registry.get(name), shown(book, name), title)
    file.close()
    return out.getvalue()


def _always() -> set[str]:
    return {table.name for table in registry.DELIVERABLES}


def shown(book: Book, name: str) -> pa.Table:
    """Return the rows of a table that its sheet has: all of them, but for the few tables that would drown a reader.

    Of ``plan_costs`` the chosen strategy's, of ``forecast_accuracy`` the approach in use and naive at the lags the
    company judges by, of ``shadow_prices`` those of limits rather than of demand, of ``demand_history`` the months
    with a finding, raw and cleansed side by side. The lake has the rest.
    """
    table = book.tables.get(name, registry.empty(name))
    keep = _PARTS.get(name)
    return table.filter(keep(book)) if keep is not None and table.num_rows else table


def _chosen_costs(book: Book) -> pc.Expression:
    strategy, scenario = book.chosen
    return (pc.field("strategy") == strategy) & (pc.field("scenario") == scenario)


def _approach_in_use(book: Book) -> pc.Expression:
    table = book.tables.get("forecast_approach", registry.empty("forecast_approach"))
    used = [row["approach"] for row in table.to_pylist() if row["chosen"]]
    return pc.field("approach").isin([*used, "naive"]) & pc.field("lag").isin(book.company.forecast.lags)


def _cleansed(_book: Book) -> pc.Expression:
    return pc.field("reason").is_valid()


def _limits(_book: Book) -> pc.Expression:
    return pc.field("constraint") != "demand"


_PARTS: Mapping[str, Callable[[Book], pc.Expression]] = {
    "plan_costs": _chosen_costs,
    "forecast_accuracy": _approach_in_use,
    "shadow_prices": _limits,
    "demand_history": _cleansed,
}


def _rows(book: Book, name: str) -> int:
    return shown(book, name).num_rows


class _Formats:
    """Cell formats, made once."""

    def __init__(self, file: Any) -> None:
        font = {"font_name": "Source Sans Pro", "font_size": 10}
        self._file, self._font = file, font
        self._made: dict[str, Any] = {}
        self.head = file.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = file.add_format({**font, "bold": True, "font_size": 14})
        self.quiet = file.add_format({**font, "font_color": "#66727f"})
        self.text = file.add_format(font)

    def of(self, column: Column) -> Any:
        """The format of a column's cells."""
        code = _code(column)
        if code not in self._made:
            self._made[code] = self._file.add_format({**self._font, "num_format": code} if code else self._font)
        return self._made[code]


def _code(column: Column) -> str:
    if column.kind is Kind.MONTH:
        return "yyyy-mm"
    if column.kind is Kind.DATE:
        return "yyyy-mm-dd"
    if column.kind is Kind.RATE and column.unit == "share":
        return "0.0%;(0.0%);0.0%"
    places = {Kind.QUANTITY: ".0", Kind.MONEY: ".00", Kind.RATE: ".00##", Kind.COUNT: ""}.get(column.kind)
    return "" if places is None else _NUMBER.format(places=places)


def _front(file: Any, formats: _Formats, book: Book, listed: list[tuple[str, str]]) -> None:
    sheet = file.add_worksheet("Contents")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 12)
    sheet.write_string(0, 0, f"{book.company.company} · S&OP cycle {book.cycle} · {book.status}", formats.title)
    words = (
        "Exact values of everything in the pack; negative in brackets; months are first days. Names match the tables."
    )
    sheet.write_string(1, 0, words, formats.quiet)
    for at, heading in enumerate(("Sheet", "What it holds", "Rows")):
        sheet.write_string(3, at, heading, formats.head)
    for line, (name, title) in enumerate(listed, start=4):
        sheet.write_url(line, 0, f"internal:'{title}'!A1", formats.text, title)
        spec = registry.get(name)
        sheet.write_string(line, 1, f"{spec.meaning} ({spec.grain})", formats.text)
        sheet.write_number(line, 2, _rows(book, name), formats.text)
    sheet.freeze_panes(4, 0)


def _sheet(file: Any, formats: _Formats, spec: Table, data: pa.Table, title: str) -> None:
    sheet = file.add_worksheet(title)
    rows = min(data.num_rows, MOST_ROWS)
    for at, column in enumerate(spec.columns):
        sheet.write_string(0, at, column.name, formats.head)
        meaning = f"{column.meaning}{f' ({column.unit})' if column.unit else ''}"
        sheet.write_comment(0, at, meaning, {"x_scale": 1.6, "author": ""})
        values = data.column(column.name).slice(0, rows).to_pylist()
        sheet.set_column(at, at, _width(column, values), formats.of(column))
        _column(sheet, at, column, values, formats.of(column))
    sheet.freeze_panes(1, len([name for name in spec.key if name in spec.names[: len(spec.key)]]))
    sheet.autofilter(0, 0, max(rows, 1), len(spec.columns) - 1)
    end = f"${_letters(len(spec.columns) - 1)}${max(rows, 1) + 1}"
    file.define_name(spec.name, f"='{title}'!$A$1:{end}")


def _column(sheet: Any, at: int, column: Column, values: list[Any], look: Any) -> None:
    write = _WRITERS[column.kind]
    for line, value in enumerate(values, start=1):
        if value is not None:
            write(sheet, line, at, value, look)


def _number(sheet: Any, line: int, at: int, value: Decimal | int, look: Any) -> None:
    sheet.write_number(line, at, float(value), look)


def _text(sheet: Any, line: int, at: int, value: str, look: Any) -> None:
    sheet.write_string(line, at, value[:32_000], look)


def _day(sheet: Any, line: int, at: int, value: Any, look: Any) -> None:
    sheet.write_datetime(line, at, value, look)


def _flag(sheet: Any, line: int, at: int, value: bool, look: Any) -> None:
    sheet.write_boolean(line, at, value, look)


_WRITERS: Mapping[Kind, Any] = {
    Kind.TEXT: _text,
    Kind.DATE: _day,
    Kind.MONTH: _day,
    Kind.QUANTITY: _number,
    Kind.MONEY: _number,
    Kind.RATE: _number,
    Kind.COUNT: _number,
    Kind.FLAG: _flag,
}


def _width(column: Column, values: list[Any]) -> float:
    longest = max((len(value) for value in values[:2000] if isinstance(value, str)), default=10)
    return min(60.0, max(len(column.name) + 3.0, longest + 2.0 if column.kind is Kind.TEXT else 12.0))


def _letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
