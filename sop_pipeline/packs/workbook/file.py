"""Puts the workbook together: index, company, a sheet a family, deliverables, the tables that pages cut short."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from sop_pipeline import tables as registry
from sop_pipeline.inputs.form import RECORD, Identity
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.workbook import index, input_sheets, month_sheet
from sop_pipeline.packs.workbook.company_lines import company_sheet
from sop_pipeline.packs.workbook.family_lines import family_sheet
from sop_pipeline.packs.workbook.formats import Formats
from sop_pipeline.packs.workbook.guarded import LISTS, GuardedFile
from sop_pipeline.packs.workbook.input_sheets import write_inputs, write_lists
from sop_pipeline.packs.workbook.long_rows import LongRows, with_rows
from sop_pipeline.packs.workbook.month_sheet import MonthSheet
from sop_pipeline.packs.workbook.names import sheet_names
from sop_pipeline.packs.workbook.sheets import Sheet, sheets
from sop_pipeline.packs.workbook.table_sheet import write_table
from sop_pipeline.pointers import content_of

COMPANY = "Company"
MOST_FAMILIES = 200
"""Families with a sheet of their own; a book of more sheets is none that anybody turns the pages of."""


def workbook(book: Book) -> bytes:
    """Write the workbook; equal tables give equal bytes."""
    import xlsxwriter

    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _describe(file, book)
    tables = sheets(book)
    grids = _grids(book, [sheet.name for sheet in tables])
    formats, guarded = Formats(file), GuardedFile(file)
    index.write_index(file, formats, book, _groups(book, grids, tables))
    for grid in grids:
        month_sheet.write(guarded, formats, grid)
    write_inputs(guarded, formats, book)
    long: dict[int, LongRows] = {}
    for table in tables:
        if rows := write_table(file, formats, table):
            long[len(file.worksheets())] = rows
    write_lists(file, formats, book)
    guarded.write_record(_identity(book), formats)
    file.close()
    return with_rows(out.getvalue(), long) if long else out.getvalue()


def _describe(file: Any, book: Book) -> None:
    month = book.cycle.month
    file.set_properties(
        {
            "title": f"{book.company.company} · S&OP {book.cycle} · {book.status}",
            "author": book.company.company,
            "created": datetime(month.year, month.month, 1, tzinfo=UTC).replace(tzinfo=None),
        }
    )


def _identity(book: Book) -> Identity:
    return Identity(book.company.company, book.cycle.name, book.status, content_of(book.hashes))


def _grids(book: Book, taken: list[str]) -> list[MonthSheet]:
    """The company's sheet and, after it, those of its families."""
    families = book.families[:MOST_FAMILIES]
    if not families:
        return []
    names = sheet_names(families, [index.NAME, COMPANY, RECORD, LISTS, *input_sheets.NAMES, *taken])
    each = [(family, family_sheet(book, family, names[family])) for family in families]
    return [company_sheet(book, COMPANY, each), *(sheet for _, sheet in each)]


def _groups(book: Book, grids: list[MonthSheet], tables: list[Sheet]) -> list[index.Group]:
    deliverables = {table.name for table in registry.DELIVERABLES}
    told = [(sheet.name, f"{sheet.table.meaning} ({sheet.table.grain}); {len(sheet.rows):,} rows") for sheet in tables]
    plans = [line for line, sheet in zip(told, tables, strict=True) if sheet.table.name in deliverables]
    left_out = len(book.families) - MOST_FAMILIES
    more = f"Families ({left_out} more in the tables)" if left_out > 0 else "Families"
    return [
        ("The company", [(grid.name, "money, people and load by month") for grid in grids[:1]]),
        (more, [(grid.name, "sales, production, stock and money by month") for grid in grids[1:]]),
        ("Your input", input_sheets.told(book)),
        ("Deliverables", plans),
        ("Details behind the pages", [line for line in told if line not in plans]),
    ]
