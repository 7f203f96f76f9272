"""Workbooks: sheets, title rows, typed cells, and files that are no workbook."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from sop_pipeline.errors import BadInput


def workbook(rows, title=None, sheet="plan", more=()):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for name in more:
        book.create_sheet(name)
    page = book[sheet]
    if title:
        page.append([title])
        page.merge_cells("A1:C1")
        page.append([])
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


ROWS = [
    ("date", "product_id", "quantity"),
    (datetime.fromisoformat("2026-09-01"), "P1", 10.5),
    (date(2026, 9, 2), "P2", 3),
]
WANTED = [("2026-09-01", "P1", 10.5), ("2026-09-02", "P2", 3.0)]


def test_a_sheet_is_read_as_typed(folder):
    folder.table("sales", workbook(ROWS), path="sales.xlsx")
    assert folder.sales() == WANTED


def test_a_merged_title_above_the_header(folder):
    folder.table("sales", workbook(ROWS, title="Sales of the year"), path="sales.xlsx", header_row=3)
    assert folder.sales() == WANTED
    folder.table("sales", workbook(ROWS, title="Sales of the year"), path="sales.xlsx")
    with pytest.raises(BadInput, match="The column names seem to stand in row 3: set header_row: 3"):
        folder.take_in()


def test_a_missing_sheet_names_those_found(folder):
    folder.table("sales", workbook(ROWS, more=["notes"]), path="sales.xlsx", sheet="plam")
    with pytest.raises(BadInput, match=r"found sheets plan, notes; needed sheet plam. Did you mean plan\?"):
        folder.take_in()


def test_numbers_that_are_names_and_blank_rows(folder):
    rows = [("product_id", "product_name"), (1001, "Soap"), (None, None), (1002.0, "x")]
    folder.table("products", workbook(rows), path="p.xlsx")
    folder.table("sales", "date,product_id,quantity\n2026-09-01,1001,1\n2026-09-01,1002,1\n")
    result = folder.take_in()
    assert result.tables["products"].column("product_id").to_pylist() == ["1001", "1002"]
    assert result.tables["sales"].num_rows == 2


def test_text_in_a_number_column_and_an_error_cell(folder):
    cells = ("about ten", "#REF!", None)
    rows = [*ROWS, *((date(2026, 9, day), "P1", cell) for day, cell in enumerate(cells, start=3))]
    folder.table("sales", workbook(rows), path="sales.xlsx")
    found = [(row["row"], row["value"]) for row in folder.take_in().quarantine.to_pylist()]
    assert found == [(4, "about ten"), (5, "#REF!"), (6, None)]


def test_a_declared_comma_serves_text_cells_and_leaves_numbers_alone(folder):
    rows = [("date", "product_id", "quantity"), (date(2026, 9, 1), "P1", 1.234), (date(2026, 9, 2), "P1", "2,5")]
    folder.table("sales", workbook(rows), path="sales.xlsx", decimal=",")
    assert [quantity for _, _, quantity in folder.sales()] == [1.234, 2.5]


def test_a_text_comma_is_read_and_never_turns_a_real_number_into_thousands(folder):
    rows = [("date", "product_id", "quantity"), (date(2026, 9, 1), "P1", 1.234), (date(2026, 9, 2), "P1", "2,5")]
    folder.table("sales", workbook(rows), path="sales.xlsx")
    assert [quantity for _, _, quantity in folder.sales()] == [1.234, 2.5]


def test_a_header_row_beyond_the_sheet(folder):
    folder.table("sales", workbook(ROWS), path="sales.xlsx", header_row=9)
    with pytest.raises(BadInput, match="found no column names in row 9"):
        folder.take_in()


@pytest.mark.parametrize("content", [b"", b"date,product_id\n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_workbook(folder, content):
    folder.table("sales", content, path="sales.xlsx")
    with pytest.raises(BadInput, match=r"sales\.xlsx: found a file that is no Excel workbook"):
        folder.take_in()


def test_an_unknown_ending_asks_for_the_format(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n", path="sales.dat")
    with pytest.raises(BadInput, match=r"found file ending '\.dat'.*Set format: csv"):
        folder.take_in()
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n", path="sales.dat", format="csv")
    assert len(folder.sales()) == 1
