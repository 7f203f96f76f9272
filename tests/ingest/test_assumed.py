"""What reading had to assume is listed among the pack's assumptions, with how many, how much and of what."""

from __future__ import annotations

from sop_pipeline import tables
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.reconciliation import defaults_used

SALES = (
    "date,product_id,quantity\n2026-10-29,P1,10\n2026-10-29,P1,10\n2026-10-29,P1,10\n2026-10-30,P2,5\n2026-10-30,P2,5\n"
)


def used(result):
    return {row["default_id"]: row for row in result.ingest_defaults.to_pylist()}


def test_repeats_that_count_are_listed_with_rows_amount_and_products(folder):
    folder.table("sales", SALES)
    row = used(folder.take_in())["repeats_counted"]
    assert (row["items"], row["amount"], row["subject"]) == (3, 25, "sales (P1, P2)")
    assert ENGLISH.say("default.repeats_counted.missing", row) == (
        "rows that differ: 3 rows of sales (P1, P2), 25 in all, equal an earlier one of their file"
    )


def test_repeats_that_are_dropped_are_no_assumption(folder):
    folder.table("sales", SALES, duplicates="drop")
    assert "repeats_counted" not in used(folder.take_in())


def test_tables_that_end_early_are_listed(folder):
    folder.table("sales", "date,product_id,quantity\n" + "".join(f"2026-{m:02d}-15,P1,5\n" for m in range(1, 11)))
    folder.table("inventory", "date,product_id,on_hand\n2026-07-31,P1,50\n")
    row = used(folder.take_in())["stale_data"]
    assert (row["items"], row["subject"], row["amount"]) == (1, "inventory", 65)
    assert "inventory up to the cut-off: up to 65 working days lack" in ENGLISH.say("default.stale_data.missing", row)


def test_weeks_shared_out_are_listed(folder):
    folder.table("sales", "date,product_id,quantity\n2026-W43,P1,10\n2026-W44,P1,10\n")
    row = used(folder.take_in())["periods_shared"]
    assert (row["items"], row["subject"]) == (2, "sales")


def test_they_stand_in_the_list_of_all_steps(folder):
    folder.table("sales", SALES)
    ours = folder.take_in().ingest_defaults
    demand, supply, money = (tables.empty(name) for name in ("demand_defaults", "supply_defaults", "money_defaults"))
    listed = defaults_used(demand, supply, money, ingest_defaults=ours).to_pylist()
    assert [(row["step"], row["default_id"]) for row in listed] == [("ingest", "repeats_counted")]


def test_a_heading_that_was_renamed_is_a_default(folder):
    folder.table("products", "product_id,product_name,unit_prise\nP1,Soap,5\nP2,Cream,6\n")
    rows = {row["default_id"]: row for row in folder.take_in().ingest_defaults.to_pylist()}
    assert rows["column_not_used"]["subject"] == "unit_prise of products.csv (did you mean unit_price?)"
    folder.table("products", "product_id,product_name,unit_price\nP1,Soap,5\nP2,Cream,6\n")
    assert folder.take_in().ingest_defaults.num_rows == 0
