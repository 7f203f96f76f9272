"""Writes tables the way a company's systems would: Parquet, CSV of two dialects, workbooks. Equal data, equal bytes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

_CREATED = datetime(2026, 11, 9, 8, 0, 0)  # noqa: DTZ001 (a workbook's dates carry no zone)
_GERMAN = {
    "date": "Buchungstag",
    "product_id": "Artikel",
    "quantity": "Menge",
    "revenue": "Umsatz",
    "currency": "Währung",
    "region": "Gebiet",
    "channel": "Vertriebsweg",
}


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Parquet with dates as dates."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    for index, field in enumerate(arrow.schema):
        if pa.types.is_timestamp(field.type):
            arrow = arrow.set_column(index, field.name, arrow.column(index).cast(pa.date32()))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(arrow.replace_schema_metadata(None), path, compression="zstd")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """CSV with commas, decimal points and ISO dates, in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = map(str, table.select_dtypes("datetime").columns)
    text = table.assign(**{name: _written(table[name], "%Y-%m-%d") for name in dated})
    text.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_export(table: pd.DataFrame, path: Path) -> None:
    """The sales system's export: German headings, semicolons, decimal commas, 31.12.2026, Windows code page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = table.assign(date=_written(table["date"], "%d.%m.%Y"), revenue=_with_comma(table["revenue"]))
    text.rename(columns=_GERMAN).to_csv(path, index=False, sep=";", lineterminator="\r\n", encoding="cp1252")


def write_wide_rates(table: pd.DataFrame, path: Path) -> None:
    """Exchange rates with a column a currency, semicolons and decimal commas."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, sep=";", decimal=",", lineterminator="\n", encoding="utf-8")


def write_workbook(sheets: dict[str, tuple[str, pd.DataFrame]], path: Path) -> None:
    """A workbook: sheet name to (title above the table or "", table). With a title, column names stand in row 3."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        book.set_properties({"title": "Larkfield Care", "created": _CREATED})
        heading = book.add_format({"bold": True, "bottom": 1})
        for name, (title, table) in sheets.items():
            sheet = book.add_worksheet(name)
            top = 0
            if title:
                sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
                top = 2
            sheet.freeze_panes(top + 1, 1)
            for column, label in enumerate(table.columns):
                sheet.write_string(top, column, label, heading)
                sheet.set_column(column, column, max(11, min(44, len(label) + 3)))
                for row, value in enumerate(table[label], start=top + 1):
                    _write_cell(sheet, row, column, value)


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, pd.Timestamp | datetime | date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)


def _written(days: pd.Series, pattern: str) -> pd.Series:
    """Days as text; each day is put into words once, however many rows name it."""
    return days.map({day: day.strftime(pattern) for day in days.dropna().unique()})


def _with_comma(amounts: pd.Series) -> pd.Series:
    return amounts.map("{:.2f}".format).str.replace(".", ",", regex=False)
