"""A long sheet says what the library would have written: values, looks, and text that XML cannot hold as it is."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter

from sop_pipeline import tables as registry
from sop_pipeline.packs.workbook import table_sheet
from sop_pipeline.packs.workbook.formats import Formats
from sop_pipeline.packs.workbook.long_rows import LongRows, with_rows
from sop_pipeline.packs.workbook.sheets import Sheet
from sop_pipeline.tables.schema import Column, Kind, Table

TEXTS = ["plain", None, "", "a & b < c > d", "=1+1", "  spaces  ", "_x0041_", "bell \x07", "quotes \" and '", "Grüße ✓"]
SPEC = Table(
    "demand_plan",
    grain="one row per product",
    step="demand",
    meaning="rows of every kind",
    columns=(
        Column("product_id", Kind.TEXT, "product"),
        Column("month", Kind.MONTH, "month"),
        Column("since", Kind.DATE, "day"),
        Column("quantity", Kind.QUANTITY, "units"),
        Column("share", Kind.RATE, "share", unit="share"),
        Column("count", Kind.COUNT, "count"),
        Column("kept", Kind.FLAG, "kept"),
    ),
    key=("product_id",),
)
DAYS = [date(2026, 2, 28), None, date(1999, 12, 31)]


def rows(count):
    """Values of every kind, empty ones among them, the first row included."""
    return pa.table(
        {
            "product_id": [TEXTS[(at + 1) % len(TEXTS)] for at in range(count)],
            "month": pa.array([date(2026, 1 + at % 12, 1) for at in range(count)], pa.date32()),
            "since": pa.array([DAYS[at % 3] for at in range(count)], pa.date32()),
            "quantity": pa.array(
                [Decimal(at - 40) / 8 if at % 7 else None for at in range(count)], pa.decimal128(18, 4)
            ),
            "share": pa.array([Decimal(at) / 1000 for at in range(count)], pa.decimal128(18, 6)),
            "count": pa.array([None if at % 5 == 4 else at * 1_000_003 for at in range(count)], pa.int64()),
            "kept": pa.array([None if at % 4 == 3 else at % 2 == 0 for at in range(count)], pa.bool_()),
        }
    )


def book(count):
    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    file.set_properties({"created": datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None)})
    file.add_worksheet("before").write_string(0, 0, "as it was")
    names = {"product_id": [f"name {at}" if at % 3 else "" for at in range(count)]}
    sheet = Sheet("plan", SPEC, rows(count), {"words": [f"word {at} & more" for at in range(count)]}, names)
    long = table_sheet.write_table(file, Formats(file), sheet)
    file.close()
    return with_rows(out.getvalue(), {2: long}) if long else out.getvalue(), long


def read(written):
    found = openpyxl.load_workbook(io.BytesIO(written))
    assert found["before"]["A1"].value == "as it was"
    page = found["plan"]
    cells = [
        [(_said(cell.value), cell.number_format if cell.value is not None else "") for cell in row] for row in page
    ]
    return cells, page.dimensions, page.auto_filter.ref, page["D1"].comment.text


def _said(value):
    """A text as a spreadsheet says it: openpyxl takes the mark before ``_x0041_`` off shared texts alone."""
    return value.replace("_x005F", "") if isinstance(value, str) else value


@pytest.mark.parametrize("count", [3, 47])
def test_a_long_sheet_reads_as_the_librarys_own(monkeypatch, count):
    whole, none = book(count)
    assert none is None
    monkeypatch.setattr(table_sheet, "LONG", 2)
    monkeypatch.setattr("sop_pipeline.packs.workbook.long_rows._AT_ONCE", 10)
    long, put_in = book(count)
    assert isinstance(put_in, LongRows)
    assert read(long) == read(whole)
    assert len(read(long)[0]) == count + 1


def test_the_same_rows_give_the_same_bytes(monkeypatch):
    monkeypatch.setattr(table_sheet, "LONG", 2)
    assert book(30)[0] == book(30)[0]


def test_the_kinds_of_the_registry_are_those_tried_here():
    kinds = {column.kind for table in registry.REGISTRY.values() for column in table.columns}
    assert kinds - {column.kind for column in SPEC.columns} <= {Kind.MONEY, Kind.FIGURE}


def test_a_sheet_without_a_row_to_go_by_is_refused():
    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True})
    file.add_worksheet("empty")
    file.close()
    with pytest.raises(ValueError, match="one row that has every column"):
        with_rows(out.getvalue(), {1: LongRows([Kind.COUNT], [pa.chunked_array([[1]])])})
