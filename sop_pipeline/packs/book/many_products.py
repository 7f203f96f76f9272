"""What a pack holds of a company with more products than anybody pages through: families, and the products as files.

Here: from when on, and how a table by product is added up by family. Not here: the sheets (``media.sheets``) or the
files (``media.exports``).
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.tables.schema import Kind, Table, count

MOST_PRODUCTS = 5_000
"""Products up to which every row has a place in the workbook and in the files attached to the PDF."""
LONGEST_SHEET = 10_000
"""Rows of a sheet of the workbook where there are more products than that."""

_ADDED: dict[str, tuple[str, ...]] = {
    "sales_plan": ("demand", "sales", "revenue", "cogs", "margin"),
    "production_plan": ("output", "subcontract"),
    "inventory_plan": ("inventory", "backlog", "target_low", "inventory_value"),
    "demand_plan": ("statistical", "adjustment", "quantity"),
}
"""Columns of tables by product and month that may be added up over a family's products."""


def are_many(book: Book) -> bool:
    """Whether the company has more products than a workbook is for."""
    return book.table("product_lifecycle").num_rows > MOST_PRODUCTS


def is_too_long(rows: pa.Table, book: Book) -> bool:
    """Whether a table is a file of its own, rather than a sheet or an attachment."""
    return rows.num_rows > LONGEST_SHEET and are_many(book)


def shortened(table: Table, rows: pa.Table, book: Book) -> tuple[Table, pa.Table]:
    """Return a table as its sheet has it: as it is, by family, or its first rows, and says where all of it is."""
    if not is_too_long(rows, book):
        return table, rows
    where = f"every row is in exports/{table.name}.csv"
    if table.name not in _ADDED:
        first = f"{table.grain}; the first {LONGEST_SHEET:,} of {rows.num_rows:,}, {where}"
        return replace(table, grain=first), rows.slice(0, LONGEST_SHEET)
    spec = _by_family(table, f"one row per family and month, products added up; {where}")
    return spec, _added_up(table, rows, book, spec)


def _by_family(table: Table, grain: str) -> Table:
    added = [replace(table[name], required=False) for name in _ADDED[table.name]]
    columns = (table["family"], table["month"], *added)
    products = count("products", "products added up", "products", required=True)
    return replace(table, grain=grain, columns=(*columns, products), key=("family", "month"))


def _added_up(table: Table, rows: pa.Table, book: Book, spec: Table) -> pa.Table:
    kinds = {kind: [name for name in _ADDED[table.name] if table[name].kind is kind] for kind in Kind}
    added = sql.query(
        "packs/by_family",
        {table.name: rows, "demand_units": book.table("demand_units")},
        table=table.name,
        quantities=kinds[Kind.QUANTITY],
        money=kinds[Kind.MONEY],
    )
    return registry.conform(spec, added)
