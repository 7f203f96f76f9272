"""Rows whose own cells contradict each other: told, set aside, or refused; never taken in silence."""

from __future__ import annotations

import pytest

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company
from sop_pipeline.ingest.rows.contradictions import ROWS, Effect

TOLD = {
    (
        "products",
        "product_id,product_name,family,unit_price\nP1,Soap,Care,0\nP2,Cream,Care,2\n",
    ): "unit_price 0; needed",
    (
        "products",
        "product_id,product_name,unit_price,unit_material_cost\nP1,Soap,2,2.5\nP2,Cream,2,2\n",
    ): "unit_material_cost 2.5, unit_price 2; needed material that costs less",
    (
        "products",
        "product_id,product_name,unit_material_cost,standard_cost\nP1,Soap,3,2\nP2,Cream,1,2\n",
    ): "unit_material_cost 3, standard_cost 2; needed",
    (
        "products",
        "product_id,product_name,launched_on,discontinued_on\nP1,Soap,2026-05-01,2025-05-01\nP2,Cream,2025-01-01,\n",
    ): "launched_on 2026-05-01, discontinued_on 2025-05-01; needed",
    (
        "products",
        "product_id,product_name,cover_days_min,cover_days_max\nP1,Soap,20,10\nP2,Cream,5,10\n",
    ): "cover_days_min 20, cover_days_max 10; needed",
    (
        "products",
        "product_id,product_name,min_lot,max_stock\nP1,Soap,50,40\nP2,Cream,5,10\n",
    ): "min_lot 50, max_stock 40",
    (
        "resources",
        "resource_id,kind,opening_units,hours_per_day\nline,machine,1,160\ncrew,labour,10,8\n",
    ): "resource_id line, hours_per_day 160; needed hours of one machine",
    (
        "resources",
        "resource_id,kind,hours_per_day,hours_per_month\nline,machine,8,160\ncrew,labour,8,\n",
    ): "hours_per_day 8, hours_per_month 160; needed one of the two",
    (
        "resources",
        "resource_id,kind,min_units,max_units\nline,machine,5,2\ncrew,labour,2,5\n",
    ): "min_units 5, max_units 2",
    (
        "resources",
        "resource_id,kind,regular_rate,overtime_rate\ncrew,labour,24,2.4\nline,machine,0,15\n",
    ): "regular_rate 24, overtime_rate 2.4; needed",
    ("materials", "material_id,min_order,max_receipt\nflour,500,50\nsalt,5,50\n"): "min_order 500, max_receipt 50",
    (
        "demand_inputs",
        "stream,product_id,month_from,change_units,change_pct\nsales,P1,2026-12,300,5\nsales,P2,2026-12,300,\n",
    ): "change_pct 5, change_units 300; needed one of the two",
    (
        "demand_inputs",
        "stream,product_id,month_from,change_units,replace_units\nsales,P1,2026-12,300,5\nsales,P2,2026-12,,9\n",
    ): "replace_units 5, change_units 300; needed a replacement or a change",
    (
        "demand_inputs",
        "stream,product_id,month_from,change_units,change_pct\nsales,P1,2026-12,,\nsales,P2,2026-12,300,\n",
    ): "needed change_units, change_pct or replace_units",
    (
        "cost_changes",
        "product_id,month_from,change_pct,replace_rate\nP1,2026-12,5,3\nP2,2026-12,5,\n",
    ): "change_pct 5, replace_rate 3; needed one of the two",
    (
        "external_forecasts",
        "model,cycle,product_id,month,mean,p10,p90\nrep,2026-09,P1,2026-10,5,4,\nrep,2026-09,P2,2026-10,5,4,7\n",
    ): "model rep, p10 4; needed both, or neither",
    (
        "external_forecasts",
        "model,cycle,product_id,month,mean,p10,p90\nrep,2026-09,P1,2026-10,5,6,8\nrep,2026-09,P2,2026-10,5,4,7\n",
    ): "mean 5, p10 6, p90 8; needed a mean between",
    (
        "external_forecasts",
        "model,cycle,product_id,month,mean\nrep,2026-09,P1,2026-08,5\nrep,2026-09,P2,2026-09,5\n",
    ): "cycle 2026-09, month 2026-08; needed a month that was still to come",
    (
        "demand_events",
        "product_id,family,kind,month_from\nP1,Care,promotion,2026-09\nP2,,promotion,2026-09\n",
    ): "product_id P1, family Care; needed one of the two",
    (
        "cost_changes",
        "product_id,month_from,change_pct\nP1,2026-12,\nP2,2026-12,5\n",
    ): "needed change_pct or replace_rate",
    (
        "new_products",
        "product_id,launch_month,like_product_id\nN1,2027-01,N1\nN2,2027-01,P1\n",
    ): "product_id N1, like_product_id N1; needed another product",
    ("calendar", "month,working_days\n2027-02,30\n2027-03,23\n"): "month 2027-02, working_days 30; needed no more",
    (
        "inventory",
        "product_id,date,on_hand\nP1,2026-09-30,-5\nP2,2026-09-30,5\n",
    ): "product_id P1, date 2026-09-30, on_hand -5; needed stock of 0 or more",
    (
        "orders",
        "order_id,line,product_id,ordered_on,requested_on,shipped_on,quantity\n"
        "A,1,P1,2026-09-10,2026-09-12,2026-09-01,5\nB,1,P1,2026-09-10,2026-09-12,2026-09-11,5\n",
    ): "ordered_on 2026-09-10, shipped_on 2026-09-01; needed a shipment after",
    (
        "decisions",
        "decision_id,question,on,due\nD1,Hire?,2026-09-10,2026-08-01\nD2,Buy?,2026-09-10,2026-10-01\n",
    ): "on 2026-09-10, due 2026-08-01; needed a day due after",
}
SET_ASIDE = {
    ("demand_inputs", "stream,product_id,month_from,month_to,change_units\nsales,P1,2026-12,2026-03,5\n"): "month_to",
    ("price_list", "product_id,family,month,unit_price\n,,2026-12,5\n"): "family",
    ("cost_changes", "resource_id,product_id,month_from,change_pct\n,,2026-12,5\n"): "product_id",
    ("external_forecasts", "model,cycle,product_id,month,mean,p10,p90\nrep,2026-09,P1,2026-10,5,9,4\n"): "p90",
    ("demand_events", "product_id,kind,month_from,month_to\nP1,promotion,2026-09,2026-08\n"): "month_to",
    ("exchange_rates", "month,currency,rate\n2026-09,USD,0\n"): "rate",
}


@pytest.mark.parametrize(
    ("given", "said"), TOLD.items(), ids=lambda value: value[0] if isinstance(value, tuple) else ""
)
def test_what_is_unlikely_is_told_once_and_counts(folder, given, said):
    table, content = given
    folder.table(table, content)
    folder.company()
    report = check_company(folder.root)
    (line,) = [line for line in report.remarks if said in line]
    assert line.startswith(f"{table}: {table}.csv: row 2: found ")
    assert folder.take_in().tables[table].num_rows == 2


@pytest.mark.parametrize(
    ("given", "column"), SET_ASIDE.items(), ids=lambda value: value[0] if isinstance(value, tuple) else ""
)
def test_what_cannot_be_meant_is_set_aside_and_said(folder, given, column):
    table, content = given
    folder.table(table, content)
    taken = folder.take_in()
    (row,) = taken.quarantine.to_pylist()
    assert (row["table"], row["row"], row["column"]) == (table, 2, column)
    assert taken.tables[table].num_rows == 0


def test_the_months_of_a_demand_input_are_shown_as_they_stand(folder):
    folder.table("demand_inputs", "stream,product_id,month_from,month_to,change_units\nsales,P1,2026-12,2026-03,5\n")
    (row,) = folder.take_in().quarantine.to_pylist()
    assert (row["value"], row["reason"]) == (
        "2026-03-01",
        "Needed a last month that is not before the first. Turn them round, or clear month_to.",
    )


@pytest.mark.parametrize(
    ("hours", "refused"), [("7.5,", False), ("24,", False), ("75,", True), (",744", False), (",7440", True)]
)
def test_a_head_that_works_more_than_a_day_has_stops_the_cycle(folder, hours, refused):
    folder.table("resources", f"resource_id,kind,hours_per_day,hours_per_month\ncrew,labour,{hours}\n")
    folder.company()
    report = check_company(folder.root)
    assert report.passed is not refused
    if refused:
        assert "resources: resources.csv, row 2: found resource_id crew, hours_per_" in report.problems[0]
        with pytest.raises(BadInput, match="needed hours of one head: at most 24 a day, 744 a month"):
            folder.take_in()


def test_the_capacity_that_stands_in_counts_units_and_is_no_machine_of_the_files(folder):
    folder.company()
    assert check_company(folder.root).passed
    assert not [line for line in check_company(folder.root).remarks if "hours_per_day" in line]


def test_more_than_one_row_is_one_line(folder):
    folder.table("products", "product_id,product_name,unit_price\nP1,Soap,0\nP2,Cream,0\nP3,Balm,0\n")
    folder.company()
    (line,) = [line for line in check_company(folder.root).remarks if "unit_price" in line]
    assert "row 2: found product_id P1, unit_price 0 (and 2 more rows); needed a price" in line


def test_a_product_under_another_familys_name_is_told(folder):
    folder.table("products", "product_id,product_name,family\nP1,Soap,Care\nP2,Tea,Food\n")
    rows = "sales,P1,Food,2026-12,5\nsales,P1,Care,2026-12,5\nsales,P2,,2026-12,5\n"
    folder.table("demand_inputs", f"stream,product_id,family,month_from,change_units\n{rows}")
    folder.company()
    (line,) = [line for line in check_company(folder.root).remarks if "family" in line]
    assert line.startswith("demand_inputs: demand_inputs.csv: row 2: found family 'Food' for P1; needed 'Care'")
    assert folder.take_in().tables["demand_inputs"].num_rows == 3


def test_every_contradiction_is_tried_here():
    tried = {table for table, _ in TOLD} | {table for table, _ in SET_ASIDE}
    assert {rule.table for rule in ROWS} == tried
    assert len([rule for rule in ROWS if rule.effect is Effect.TOLD]) == len(TOLD)
    assert len([rule for rule in ROWS if rule.effect is Effect.SET_ASIDE]) == len(SET_ASIDE)
    assert all(set(rule.shown) <= set(tables.get(rule.table).names) for rule in ROWS)


def test_products_without_a_family_are_told(folder):
    folder.table("products", "product_id,product_name,family\nP1,Soap,Care\nP2,Cream,\n")
    folder.company()
    told = str(check_company(folder.root))
    assert "no family for 'P2' (1 of 2 products): planned as family 'All products'" in told
    folder.table("products", "product_id,product_name\nP1,Soap\nP2,Cream\n")
    folder.company()
    assert "no family in products: every product is of one family, 'All products'" in str(check_company(folder.root))
    folder.table("products", "product_id,product_name,family\nP1,Soap,Care\nP2,Cream,Care\n")
    folder.company()
    assert "All products" not in str(check_company(folder.root))
