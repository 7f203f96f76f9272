"""A workbook as its reader has it: its numbers, each with how it is found in the released tables. Not a test."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from tests.packs.read_back.ledger import Ledger
from tests.packs.read_back.page import Place

TABLES = {"strategies": "plan_summary", "anomalies": "demand_anomalies", "cleansing": "demand_history"}
"""Sheets that have another name than their table; the rest are called as it is."""
SHARES = ("days_of_supply",)
"""Means, not sums: weighted by demand."""
_SOURCE = re.compile(r"([a-z_]+)\.([a-z_]+)")

Cell = tuple[str, str, float, str]
"""Sheet, address, number, and how it is found; nothing where it is not."""


def read_back(path: Path, ledger: Ledger, families: list[str]) -> Iterator[Cell]:
    """Every number of the book: those of a deliverable in their table's column, those of a family by its row's note."""
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        table = TABLES.get(sheet.title, sheet.title)
        if table in ledger.frames:
            yield from _of_table(sheet, ledger.frames[table])
        elif sheet.title in families:
            yield from _of_family(sheet, ledger)


def _of_table(sheet: Any, data: pd.DataFrame) -> Iterator[Cell]:
    """As often as a number stands in a column it stands in the table's; the sheet's rows may be some of them."""
    for column in sheet.iter_cols():
        name = column[0].value
        known = Counter(round(float(each), 6) for each in data[name].dropna()) if _is_number(data, name) else Counter()
        for cell in column[1:]:
            if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                value = round(float(cell.value), 6)
                yield sheet.title, cell.coordinate, cell.value, f"{name}" if known[value] > 0 else ""
                known[value] -= 1


def _is_number(data: pd.DataFrame, name: object) -> bool:
    return name in data and pd.api.types.is_numeric_dtype(data[name])


def _of_family(sheet: Any, ledger: Ledger) -> Iterator[Cell]:
    """The months of a row whose note names a column: sums over the family's rows, or a resource's.

    A month ahead that is a formula is of no column: what formulas come to is worked out in ``test_workbook``.
    """
    months = [cell.value.date() if isinstance(cell.value, datetime) else None for cell in sheet[4]]
    for row in sheet.iter_rows(min_row=5):
        note = row[0].comment.text if row[0].comment else ""
        named = _SOURCE.findall(note)
        if note.startswith("typed in") or not named:
            continue
        for cell, month in zip(row[1:], months[1:], strict=True):
            if month and "past: " in note and note.startswith("formula") and month >= ledger.cycle:
                continue
            if month and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                yield (
                    sheet.title,
                    cell.coordinate,
                    cell.value,
                    _found(ledger, sheet.title, str(row[0].value), note, month, cell.value),
                )


def _found(ledger: Ledger, family: str, row: str, note: str, month: date, value: float) -> str:
    for table, column in _SOURCE.findall(note):
        data = ledger.frames[table]
        data = data[data["month"] == month] if "month" in data else data
        data = data[data["family"] == family] if "family" in data else data
        if "resource_id" in data:
            data = ledger.rows(table, _place(row, month))
        if "measure" in data:
            stated = re.search(r"measure: (\w+)", note)
            data = data[data["measure"] == stated[1]] if stated else data
            if any(abs(float(each) - value) < 1e-6 for each in data[column].dropna()):
                return f"{table}.{column}"
        weights = ledger.frames["sales_plan"]
        total = _weighted(data, weights, column) if column in SHARES else float(data[column].astype(float).sum())
        if abs(total - value) < 1e-6 * max(1.0, abs(value)):
            return f"{table}.{column}"
    return ""


def _place(row: str, month: date) -> Place:
    return Place(row=row, months=(month,))


def _weighted(data: pd.DataFrame, weights: pd.DataFrame, column: str) -> float:
    both = data.merge(weights[["product_id", "month", "demand"]], on=["product_id", "month"])
    both = both[both[column].notna() & (both["demand"].astype(float) > 0)].astype({column: float, "demand": float})
    return float((both[column] * both["demand"]).sum() / both["demand"].sum()) if len(both) else 0.0
