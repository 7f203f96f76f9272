"""CSV as companies send it: delimiters, encodings, marks, and files that are not what they say."""

from __future__ import annotations

import pytest

from sop_pipeline.errors import BadInput

WANTED = [("2026-09-01", "P1", 1234.5), ("2026-09-02", "P2", -0.25)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(folder, delimiter):
    rows = [("date", "product_id", "quantity"), ("2026-09-01", "P1", "1234.5"), ("2026-09-02", "P2", "-0.25")]
    folder.table("sales", "\n".join(delimiter.join(row) for row in rows))
    assert folder.sales() == WANTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_detected(folder, encoding):
    text = "product_id,product_name,family\nP1,Crème brûlée,Süß\nP2,Käse,Süß\n"
    folder.table("products", text.encode(encoding))
    names = folder.take_in().tables["products"].column("product_name").to_pylist()
    assert names == ["Crème brûlée", "Käse"]


def test_a_windows_file_is_known_by_letters_that_latin_1_lacks(folder):
    folder.table("products", "product_id,product_name,family\nP1,Œuvre – 5 €,x\nP2,y,x\n".encode("cp1252"))
    assert folder.take_in().tables["products"].column("product_name").to_pylist()[0] == "Œuvre – 5 €"


def test_a_declared_encoding_that_does_not_fit_names_the_row(folder):
    folder.table("products", "product_id,product_name\nP1,Soap\nP2,Käse\n".encode("latin-1"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"products\.csv, row 3: found byte 0xe4 that utf-8 does not know"):
        folder.take_in()


def test_an_unknown_encoding_is_refused(folder):
    folder.table("products", "product_id,product_name\nP1,Soap\n", encoding="latin-99")
    with pytest.raises(BadInput, match=r"encoding 'latin-99'.*an encoding Python knows"):
        folder.take_in()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"\x1f\x8b\x08rest", "a gzip archive"),
        (bytes(range(256)) * 8, "bytes that are not text"),
        (b"PAR1rest", "a Parquet file"),
        (b"\xef\xbb\xbf", "an empty file"),
        (bytes(range(0x80, 0xA0)) * 20, "bytes that are not text"),
        (b'[{"date": "2026-09-01"}]', "JSON"),
        (b"<html><body>", "a web page or XML"),
    ],
)
def test_what_is_no_csv_is_refused_by_name(folder, content, said):
    folder.table("sales", content)
    with pytest.raises(BadInput, match=rf"sales\.csv: found {said}"):
        folder.take_in()


def test_a_header_alone_has_no_rows(folder):
    folder.table("orders", "order_id,line,product_id,requested_on,quantity\n")
    assert folder.take_in().tables["orders"].num_rows == 0


def test_sales_with_a_header_alone_cannot_be_planned(folder):
    folder.table("sales", "date,product_id,quantity\n")
    with pytest.raises(BadInput, match=r"sales\.csv: found no usable row \(read 0"):
        folder.take_in()


def test_quotes_line_breaks_and_delimiters_inside_cells(folder):
    folder.table("products", 'product_id,product_name,family\nP1,"Soap, ""mild""","two\nlines"\nP2,Cream,x\n')
    row = folder.take_in().tables["products"].to_pylist()[0]
    assert (row["product_name"], row["family"]) == ('Soap, "mild"', "two\nlines")


SHORT_AND_LONG = "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-02,P2\n\n2026-09-03,P1,1,5\n2026-09-04,P1,4"


def test_rows_of_the_wrong_length_are_set_aside_with_their_number(folder):
    folder.table("sales", SHORT_AND_LONG)
    result = folder.take_in()
    rows = result.quarantine.to_pylist()
    assert [(row["row"], row["value"]) for row in rows] == [(3, "2"), (5, "4")]
    assert "The row has 2 cells, the header 3" in rows[0]["reason"]
    assert rows[1]["content"].endswith('"quantity": "1", "beyond the last column": "5"}')
    assert result.tables["sales"].num_rows == 2


def test_row_numbers_count_blank_lines(folder):
    folder.table("sales", "date,product_id,quantity\n\n\n2026-09-01,P1,ten\n2026-09-02,P1,1\n")
    assert folder.take_in().quarantine.column("row").to_pylist() == [4]


def test_a_quote_that_never_closes_is_refused(folder):
    folder.table("sales", 'date,product_id,quantity\n2026-09-01,"P1,10\n2026-09-02,P2,5\n')
    with pytest.raises(BadInput, match=r"sales\.csv, line 2: found a quotation mark that opens and never closes"):
        folder.take_in()


def test_trailing_delimiters_and_mixed_line_ends_do_no_harm(folder):
    folder.table("sales", "date,product_id,quantity,\r\n2026-09-01,P1,10,\n2026-09-02,P2,5,\r\n")
    assert folder.sales() == [("2026-09-01", "P1", 10.0), ("2026-09-02", "P2", 5.0)]


def test_the_header_may_stand_lower(folder):
    folder.table("sales", "Export of sales\n\ndate,product_id,quantity\n2026-09-01,P1,10\n", header_row=3)
    assert folder.sales() == [("2026-09-01", "P1", 10.0)]


def test_a_title_above_the_header_is_pointed_at(folder):
    folder.table("sales", "Sales of the year,,\n,,\ndate,product_id,quantity\n2026-09-01,P1,10\n")
    with pytest.raises(BadInput, match="The column names seem to stand in row 3: set header_row: 3"):
        folder.take_in()


def test_a_first_line_written_for_excel_names_the_delimiter(folder):
    folder.table("sales", "sep=;\ndate;product_id;quantity\n2026-09-01;P1;10\n")
    assert folder.sales() == [("2026-09-01", "P1", 10.0)]


def test_formula_like_text_stays_text(folder):
    folder.table("products", "product_id,product_name,family\nP1,=1+1,@x\nP2,Cream,-y\n")
    assert folder.take_in().tables["products"].column("product_name").to_pylist()[0] == "=1+1"


def test_a_formula_is_no_number(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,=1+1\n2026-09-02,P1,1\n")
    row = folder.take_in().quarantine.to_pylist()[0]
    assert (row["row"], row["column"], row["value"], row["reason"]) == (
        2,
        "quantity",
        "=1+1",
        "Needed a number such as 1234.5.",
    )
