"""Rows said twice, files sent twice, corrections: everything counted once, and counted."""

from __future__ import annotations

from sop_pipeline import tables

HEAD = "date,product_id,quantity,region,recorded_on,invoice\n"


def two(folder, first, second, head="date,product_id,quantity,region\n"):
    folder.write("sales_1.csv", head + first)
    folder.write("sales_2.csv", head + second)
    folder.sources["sales"] = {"path": "sales_*.csv"}
    return folder.take_in()


def total(result):
    return float(sum(row["quantity"] for row in result.tables["sales"].to_pylist()))


TWICE = "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-01,P1,10.0\n2026-09-01,P1,11\n"


def test_equal_rows_of_one_file_are_two_sales_and_are_told(folder, counts):
    folder.table("sales", TWICE)
    result = folder.take_in()
    assert total(result) == 31
    assert counts(result, "sales.csv") == {"read": 3, "used": 3}
    assert result.source_files.to_pylist()[-1]["remarks"] == (
        "1 row equals an earlier one of the file in date, product_id, quantity; all are counted (P1 10 in 1). "
        "If the export repeats rows, set duplicates: drop"
    )


def test_a_source_whose_export_repeats_rows_says_so(folder, counts):
    folder.table("sales", TWICE, duplicates="drop")
    result = folder.take_in()
    assert total(result) == 21
    assert counts(result, "sales.csv") == {"read": 3, "used": 2, "duplicate": 1}
    assert result.source_files.to_pylist()[-1]["remarks"] is None


def test_a_second_file_counts_only_the_occurrences_the_first_has_not(folder, counts):
    result = two(folder, "2026-09-01,P1,10,N\n2026-09-02,P1,4,N\n", "2026-09-01,P1,10,N\n" * 2 + "2026-09-02,P1,4,N\n")
    assert total(result) == 24
    assert counts(result, "sales_2.csv") == {"read": 3, "used": 1, "duplicate": 2}


def test_an_order_number_nobody_maps_keeps_rows_apart_across_files(folder, counts):
    head = "date,product_id,quantity,order,exported\n"
    rows = [f"2026-09-01,P1,10,{number},{{}}\n" for number in range(1, 5)]
    first, second = ("".join(chosen).format(*[at] * 4) for chosen, at in ((rows[:3], "9:00"), (rows, "17:00")))
    result = two(folder, first, second, head)
    assert total(result) == 40
    assert counts(result, "sales_2.csv") == {"read": 4, "used": 1, "duplicate": 3}


def test_orders_of_one_day_split_over_two_files_keep_their_numbers(folder, counts):
    head = "date,product_id,quantity,order\n"
    again = "".join(f"2026-09-0{day},P1,{day},{day}\n" for day in range(1, 5))
    result = two(folder, again, again + "2026-09-01,P1,1,7\n", head)
    assert total(result) == 11
    assert counts(result, "sales_2.csv") == {"read": 5, "used": 1, "duplicate": 4}


def test_the_moment_of_the_export_keeps_nothing_apart(folder, counts):
    head = "date,product_id,quantity,exported\n"
    rows = "2026-09-01,P1,10,{0}\n2026-09-02,P2,5,{0}\n"
    result = two(folder, rows.format("9:00"), rows.format("17:00"), head)
    assert total(result) == 15
    assert counts(result, "sales_2.csv") == {"read": 2, "duplicate": 2}


def test_rows_that_differ_in_a_column_nobody_maps_are_two_sales(folder):
    folder.table("sales", "date,product_id,quantity,invoice\n2026-09-01,P1,10,A1\n2026-09-01,P1,10,A2\n")
    assert total(folder.take_in()) == 20


def test_the_same_bytes_under_another_name_count_once(folder, counts):
    result = two(folder, "2026-09-01,P1,10,N\n2026-09-02,P2,5,N\n", "2026-09-01,P1,10,N\n2026-09-02,P2,5,N\n")
    assert total(result) == 15
    assert counts(result, "sales_2.csv") == {"read": 2, "duplicate": 2}
    assert "the same bytes as an earlier file" in result.source_files.to_pylist()[-1]["note"]


def test_the_same_bytes_read_for_other_columns_are_no_repeat(folder):
    folder.write("both.csv", "date,product_id,north,south\n2026-09-01,P1,10,4\n")
    folder.sources["sales"] = [
        {"path": "both.csv", "columns": {"quantity": "north"}, "constants": {"region": "north"}},
        {"path": "both.csv", "columns": {"quantity": "south"}, "constants": {"region": "south"}},
    ]
    result = folder.take_in()
    assert total(result) == 14
    assert result.source_files.column("file").to_pylist() == ["products.csv", "both.csv", "both.csv (2)"]


def test_a_file_contained_in_an_earlier_one_counts_once(folder, counts):
    result = two(
        folder,
        "2026-09-01,P1,10,N\n2026-09-02,P2,5,N\n2026-09-03,P2,6,N\n",
        "2026-09-03,P2,6,N\n2026-09-02,P2,5.0,N\n",
    )
    assert total(result) == 21
    assert counts(result, "sales_2.csv") == {"read": 2, "duplicate": 2}


def test_exports_that_overlap_count_the_shared_days_once(folder):
    result = two(
        folder,
        "2026-09-01,P1,10,N\n2026-09-02,P1,11,N\n2026-09-03,P1,12,N\n",
        "2026-09-02,P1,11,N\n2026-09-03,P1,12,N\n2026-09-03,P2,3,N\n2026-09-04,P1,13,N\n",
    )
    assert total(result) == 10 + 11 + 12 + 3 + 13


def test_two_shops_that_sell_alike_now_and_then_both_count(folder):
    result = two(
        folder,
        "2026-09-01,P1,1,\n2026-09-02,P1,2,\n2026-09-03,P1,7,\n",
        "2026-09-01,P1,1,\n2026-09-02,P1,3,\n2026-09-03,P1,8,\n",
    )
    assert total(result) == 22


def test_a_file_sent_again_in_another_format_counts_once(folder):
    folder.write("sales_1.csv", "date,product_id,quantity\n2026-09-01,P1,10.5\n2026-09-02,P2,5\n")
    folder.write("sales_2.csv", "Datum;Artikel;Menge\n01.09.2026;P1;10,50\n02.09.2026;P2;5,0\n")
    german = {"date": "Datum", "product_id": "Artikel", "quantity": "Menge"}
    folder.sources["sales"] = [{"path": "sales_1.csv"}, {"path": "sales_2.csv", "columns": german}]
    assert total(folder.take_in()) == 15.5


def test_what_a_file_sent_again_states_otherwise_replaces_the_first_statement(folder, counts):
    result = two(
        folder,
        "2026-09-01,P1,10,N\n2026-09-02,P1,11,N\n2026-09-03,P1,12,N\n",
        "2026-09-01,P1,10,N\n2026-09-02,P1,15,N\n2026-09-03,P1,12,N\n",
    )
    assert total(result) == 10 + 15 + 12
    assert counts(result, "sales_1.csv") == {"read": 3, "used": 2, "superseded": 1}
    assert counts(result, "sales_2.csv") == {"read": 3, "used": 1, "duplicate": 2}


def test_a_month_sent_three_times_counts_its_last_statement(folder, counts):
    rows = "2026-09-01,P1,10\n2026-09-02,P1,{}\n2026-09-03,P1,12\n"
    for number, quantity in enumerate((11, 11, 15)):
        folder.write(f"sales_{number}.csv", "date,product_id,quantity\n" + rows.format(quantity) + "\n" * number)
    folder.sources["sales"] = {"path": "sales_*.csv"}
    result = folder.take_in()
    assert total(result) == 10 + 15 + 12
    assert counts(result, "sales_0.csv") == {"read": 3, "used": 2, "superseded": 1}
    assert counts(result, "sales_1.csv") == {"read": 3, "duplicate": 2, "superseded": 1}
    assert counts(result, "sales_2.csv") == {"read": 3, "used": 1, "duplicate": 2}


def test_a_late_posting_beside_a_repeated_row_is_added(folder):
    result = two(
        folder,
        "2026-09-01,P1,10,N\n2026-09-02,P1,11,N\n",
        "2026-09-01,P1,10,N\n2026-09-02,P1,11,N\n2026-09-02,P1,2,N\n",
    )
    assert total(result) == 23


def test_a_correction_recorded_later_replaces_the_row(folder, counts):
    folder.table("sales", HEAD + "2026-09-01,P1,10,N,,A1\n2026-09-01,P1,4,S,,A2\n2026-09-01,P1,12,N,2026-09-20,A9\n")
    result = folder.take_in()
    assert total(result) == 16
    assert counts(result, "sales.csv") == {"read": 3, "used": 2, "superseded": 1}


def test_a_correction_from_after_the_cutoff_is_not_known_yet(folder, counts):
    folder.table("sales", HEAD + "2026-09-01,P1,10,N,,A1\n2026-09-01,P1,12,N,2026-10-05,A9\n")
    before, after = folder.take_in("2026-10"), folder.take_in("2026-11")
    assert (total(before), total(after)) == (10, 12)
    assert counts(before, "sales.csv") == {"read": 2, "used": 1, "later": 1}


def test_a_return_recorded_later_is_no_correction_of_the_sale(folder):
    folder.table("sales", HEAD + "2026-09-01,P1,10,N,2026-09-01,A1\n2026-09-01,P1,-2,N,2026-09-09,A2\n")
    assert total(folder.take_in()) == 8


def test_rows_of_the_cycle_month_are_not_known(folder, counts):
    folder.table("sales", "date,product_id,quantity\n2026-10-31,P1,10\n2026-11-01,P1,99\n")
    result = folder.take_in("2026-11")
    assert total(result) == 10
    assert counts(result, "sales.csv") == {"read": 2, "used": 1, "later": 1}


def test_planners_may_speak_until_the_tenth(folder):
    folder.table(
        "demand_inputs",
        "stream,product_id,month_from,change_units,recorded_on\n"
        "sales,P1,2026-11,1,2026-11-09\nsales,P1,2026-11,2,2026-11-10\nsales,P1,2026-11,3,\n",
    )
    known = folder.take_in("2026-11").tables["demand_inputs"]
    assert sorted(float(row["change_units"]) for row in known.to_pylist()) == [1, 3]


def test_an_order_shipped_after_the_cutoff_was_open_at_it(folder):
    folder.table(
        "orders",
        "order_id,line,product_id,ordered_on,requested_on,shipped_on,quantity,quantity_shipped\n"
        "1,1,P1,2026-10-20,2026-10-30,2026-11-02,5,5\n1,2,P1,2026-10-20,2026-10-30,2026-10-29,4,4\n"
        "2,1,P1,2026-11-03,2026-11-30,,9,\n",
    )
    rows = folder.take_in("2026-11").tables["orders"].to_pylist()
    assert [(row["shipped_on"] is None, float(row["quantity_shipped"])) for row in rows] == [(True, 0), (False, 4)]


def test_a_product_named_twice_alike_counts_once(folder, counts):
    folder.table("products", "product_id,product_name\nP1,Soap\nP2,Cream\nP1,Soap\n")
    assert counts(folder.take_in(), "products.csv") == {"read": 3, "used": 2, "duplicate": 1}


def test_a_product_named_twice_otherwise_uses_the_later_row_and_says_so(folder, counts):
    folder.table("products", "product_id,product_name\nP1,Soap\nP2,Cream\nP1,Soap mild\n")
    result = folder.take_in()
    assert result.tables["products"].column("product_name").to_pylist() == ["Soap mild", "Cream"]
    row = result.quarantine.to_pylist()[0]
    assert (row["row"], row["column"], row["value"]) == (2, "product_id", "P1")
    assert "a row further down has the same product_id" in row["reason"]
    assert counts(result, "products.csv") == {"read": 3, "used": 2, "quarantined": 1}


def test_of_two_master_rows_the_one_recorded_last_counts(folder, counts):
    folder.table(
        "products", "product_id,product_name,recorded_on\nP1,New,2026-10-01\nP1,Old,2025-01-01\nP1,Older,\nP2,Cream,\n"
    )
    result = folder.take_in()
    assert result.tables["products"].column("product_name").to_pylist() == ["New", "Cream"]
    assert counts(result, "products.csv") == {"read": 4, "used": 2, "superseded": 2}


def test_a_later_stock_count_replaces_the_earlier(folder):
    folder.table("inventory", "date,product_id,on_hand,recorded_on\n2026-09-30,P1,10,\n2026-09-30,P1,12,2026-10-04\n")
    assert [float(row["on_hand"]) for row in folder.take_in().tables["inventory"].to_pylist()] == [12]


def test_every_row_has_one_status(folder):
    folder.table(
        "sales",
        HEAD
        + "2026-09-01,P1,10,N,,A1\n2026-09-01,P1,10,N,,A1\n2026-09-01,P1,12,N,2026-09-20,A9\n2026-09-01,XX,1,N,,A3\n"
        + "soon,P1,1,N,,A4\n2026-12-01,P1,1,N,,A5\n2026-09-02,P1\n",
    )
    for row in folder.take_in().source_files.to_pylist():
        statuses = ("used", "duplicate", "superseded", "later", "total", "quarantined")
        assert row["rows_read"] == sum(row[f"rows_{status}"] for status in statuses)


def test_all_input_tables_are_there_and_conform(folder):
    result = folder.take_in()
    assert sorted(result.tables) == sorted(spec.name for spec in tables.INPUTS)
    for spec in tables.INPUTS:
        assert result.tables[spec.name].schema == spec.arrow
