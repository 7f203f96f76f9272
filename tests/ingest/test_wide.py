"""Wide files become rows; a repeated heading is never added up or dropped in silence."""

from __future__ import annotations

import pytest

from sop_pipeline.errors import BadInput

WIDE = {"wide": {"keep": ["Date"], "names_to": "product_id", "values_to": "quantity"}}


def test_a_column_a_product(folder, counts):
    folder.table("sales", "Date,P1,P2\n2026-09-01,10,0\n2026-09-02,,5.5\n", **WIDE)
    assert folder.sales() == [("2026-09-01", "P1", 10.0), ("2026-09-02", "P2", 5.5)]
    result = folder.take_in()
    assert counts(result, "sales.csv") == {"read": 2, "used": 2}
    assert "wide: 2 rows by 2 columns, 2 blank or zero cells" in result.source_files.to_pylist()[-1]["note"]


def test_zeros_stay_on_request(folder):
    wide = {"wide": {**WIDE["wide"], "drop_zeros": False}}
    folder.table("sales", "Date,P1,P2\n2026-09-01,10,0\n", **wide)
    assert folder.sales() == [("2026-09-01", "P1", 10.0), ("2026-09-01", "P2", 0.0)]


@pytest.mark.parametrize(
    ("header", "repeat"), [("Date,P1,P2,P1.1", "P1.1"), ("Date,P1,P2,P1", "P1.1"), ("Date,P1,P2,P1_1", "P1_1")]
)
def test_a_repeated_heading_is_set_aside_with_the_way_out(folder, header, repeat):
    folder.table("sales", f"{header}\n2026-09-01,10,4,7\n", **WIDE)
    result = folder.take_in()
    assert result.tables["sales"].num_rows == 2
    row = result.quarantine.to_pylist()[0]
    assert (row["row"], row["column"], row["value"]) == (2, repeat, repeat)
    assert f"rename_values: {{'{repeat}': 'P1'}} adds the columns up" in row["reason"]


def test_a_repeated_heading_can_be_added_up_or_be_an_item_of_its_own(folder):
    folder.table("sales", "Date,P1,P1\n2026-09-01,10,10\n", **WIDE, rename_values={"product_id": {"P1.1": "P1"}})
    assert folder.sales() == [("2026-09-01", "P1", 10.0), ("2026-09-01", "P1", 10.0)]
    folder.table("sales", "Date,P1,P1\n2026-09-01,10,10\n", **WIDE, rename_values={"product_id": {"P1.1": "P2"}})
    assert folder.sales() == [("2026-09-01", "P1", 10.0), ("2026-09-01", "P2", 10.0)]


def test_a_product_really_called_so_is_no_repeat(folder):
    folder.table("products", "product_id,product_name\nP1,Soap\nP1_1,Soap small\n")
    folder.table("sales", "Date,P1,P1_1\n2026-09-01,10,7\n", **WIDE)
    assert folder.take_in().quarantine.num_rows == 0


def test_a_repeated_heading_of_regions_is_set_aside_too(folder):
    wide = {"wide": {"keep": ["date", "product_id"], "names_to": "region", "values_to": "quantity"}}
    folder.table("sales", "date,product_id,North,South,North\n2026-09-01,P1,1,2,3\n", **wide)
    result = folder.take_in()
    assert result.tables["sales"].column("region").to_pylist() == ["North", "South"]
    assert result.quarantine.to_pylist()[0]["value"] == "North.1"


def test_a_bad_cell_names_its_column_and_a_bad_day_its_own(folder):
    folder.table("sales", "Date,P1,P2\n2026-09-01,ten,4\nsoon,5,6\n", **WIDE)
    rows = folder.take_in().quarantine.to_pylist()
    found = [(row["row"], row["column"], row["value"], row["reason"]) for row in rows]
    assert found == [
        (2, "P1", "ten", "Needed a number such as 1234.5."),
        (3, "P1", "soon", "Column Date: Needed a day such as 2026-11-30; correct it, or set date_format in sop.yaml."),
        (3, "P2", "soon", "Column Date: Needed a day such as 2026-11-30; correct it, or set date_format in sop.yaml."),
    ]


def test_a_row_repeated_whole_is_dropped_on_request_but_equal_cells_of_other_rows_count(folder):
    wide = {"wide": {"keep": ["date", "plant"], "names_to": "product_id", "values_to": "quantity"}}
    folder.table(
        "sales", "date,plant,P1,P2\n2026-09-01,A,3,4\n2026-09-01,A,3,4\n2026-09-01,A,3,5\n", **wide, duplicates="drop"
    )
    assert sorted(quantity for _, _, quantity in folder.sales()) == [3, 3, 4, 5]


def test_settings_that_name_no_column_of_ours(folder):
    wide = {"wide": {**WIDE["wide"], "names_to": "product"}}
    folder.table("sales", "Date,P1\n2026-09-01,10\n", **wide)
    with pytest.raises(BadInput, match=r"found wide\.names_to: product; needed a column of table sales"):
        folder.take_in()


def test_a_wide_file_without_items(folder):
    folder.table("sales", "Date\n2026-09-01\n", **WIDE)
    with pytest.raises(BadInput, match=r"found no column but those that wide\.keep names"):
        folder.take_in()


def test_a_kept_column_that_is_absent_is_named(folder):
    folder.table("sales", "Day,P1\n2026-09-01,10\n", **WIDE)
    with pytest.raises(BadInput, match=r"no column 'Date'; needed the column that wide\.keep names"):
        folder.take_in()


def test_zeros_of_stock_are_counts_and_zeros_of_sales_are_none(folder):
    stock = {"wide": {"keep": ["date"], "names_to": "product_id", "values_to": "on_hand"}}
    folder.table("inventory", "date,P1,P2\n2026-08-31,1500,4\n2026-09-30,0,\n", **stock)
    folder.table("sales", "date,P1,P2\n2026-09-01,0,4\n", wide={**stock["wide"], "values_to": "quantity"})
    result = folder.take_in()
    counted = [(f"{row['date']}", row["product_id"], row["on_hand"]) for row in result.tables["inventory"].to_pylist()]
    assert sorted(counted) == [("2026-08-31", "P1", 1500), ("2026-08-31", "P2", 4), ("2026-09-30", "P1", 0)]
    assert [row["product_id"] for row in result.tables["sales"].to_pylist()] == ["P2"]
