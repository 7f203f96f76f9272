"""Rows that name what does not exist go to quarantine with the nearest name."""

from __future__ import annotations

import pytest

from sop_pipeline.errors import BadInput


def reasons(result):
    return {(row["table"], row["value"]): row["reason"] for row in result.quarantine.to_pylist()}


def test_an_unknown_product_is_set_aside(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-01,XX-999,3\n")
    result = folder.take_in()
    row = result.quarantine.to_pylist()[0]
    assert (row["row"], row["column"], row["value"]) == (3, "product_id", "XX-999")
    assert row["reason"].startswith("Needed a name that products has.")
    assert row["content"] == '{"date": "2026-09-01", "product_id": "XX-999", "quantity": "3"}'
    assert result.tables["sales"].num_rows == 1


def test_a_name_in_other_letters_is_pointed_at(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-01,p-2,3\n2026-09-01,p1,3\n")
    found = reasons(folder.take_in())
    assert "Did you mean 'P1'?" in found["sales", "p1"]


def test_zeros_lost_by_a_spreadsheet_are_named(folder):
    folder.table("products", "product_id,product_name\n0012345,Soap\n")
    folder.table("sales", "date,product_id,quantity\n2026-09-01,12345,10\n2026-09-01,0012345,3\n")
    assert "'0012345' differs by zeros alone" in reasons(folder.take_in())["sales", "12345"]


def test_sales_of_a_product_whose_own_row_is_bad_say_so(folder):
    folder.table("products", "product_id,product_name,unit_price\nP1,,2\nP2,Cream,3\n")
    assert reasons(folder.take_in())["sales", "P1"].startswith("Its row in products could not be used")


def test_planners_may_speak_of_products_still_to_come(folder):
    launches = "N1,2027-01,P1\nN2,2027-01,N1\nN3,2027-01,ZZ\n"
    folder.table("new_products", f"product_id,launch_month,like_product_id\n{launches}")
    folder.table("demand_inputs", "stream,product_id,month_from,change_units\nsales,N1,2027-02,5\nsales,N9,2027-02,5\n")
    folder.table("products", "product_id,product_name,successor_id\nP1,Soap,N1\nP2,Cream,\n")
    result = folder.take_in()
    assert set(reasons(result)) == {("new_products", "ZZ"), ("demand_inputs", "N9")}
    assert result.tables["products"].num_rows == 2


def test_a_month_of_an_unknown_resource(folder):
    folder.table("resources", "resource_id,kind\nline_1,Machine\n")
    folder.table("resource_months", "resource_id,month,units_down\nline_1,2026-12,1\nline_7,2026-12,1\n")
    result = folder.take_in()
    assert "Did you mean 'line_1'?" in reasons(result)["resource_months", "line_7"]
    assert result.tables["resources"].column("kind").to_pylist() == ["machine"]


def test_other_words_for_a_kind_need_renaming(folder):
    folder.table("resources", "resource_id,kind\nline_1,Anlage\n")
    assert "Use rename_values in sop.yaml" in reasons(folder.take_in())["resources", "Anlage"]
    folder.table("resources", "resource_id,kind\nline_1,Anlage\n", rename_values={"kind": {"Anlage": "machine"}})
    assert folder.take_in().tables["resources"].num_rows == 1


def test_without_a_usable_product_nothing_is_planned(folder):
    folder.table("products", "product_id,product_name,unit_price\nP1,,2\n")
    with pytest.raises(BadInput, match=r"products\.csv: found no usable row \(read 1.*row 2: Blank; needed: name"):
        folder.take_in()


NEAR_FAMILIES = {
    "business_plan": "month,family,units\n2026-12,{},5\n",
    "demand_inputs": "stream,family,month_from,change_pct\nsales,{},2026-12,5\n",
    "price_list": "family,month,unit_price\n{},2026-12,5\n",
    "risks_opportunities": "item_id,kind,description,family\nR1,risk,storm,{}\n",
    "external_forecasts": "model,cycle,family,month,mean\nrep,2026-10,{},2026-12,5\n",
    "demand_events": "family,kind,month_from\n{},promotion,2026-12\n",
    "levers": "lever_id,kind,family,limit\nL1,price,{},5\n",
}


@pytest.mark.parametrize("table", NEAR_FAMILIES)
@pytest.mark.parametrize("written", ["care", "Cares", "Care."])
def test_a_family_that_is_nearly_one_is_named_in_every_table(folder, table, written):
    folder.table(table, NEAR_FAMILIES[table].format(written))
    assert "Did you mean 'Care'?" in reasons(folder.take_in())[table, written]


def test_a_total_row_of_the_business_plan_is_left_out_and_one_that_adds_up_to_nothing_is_set_aside(folder):
    folder.table("products", "product_id,product_name,family\nP1,Soap,Care\nP2,Oil,Food\n")
    months = ("2026-12", "2027-01")
    rows = [f"{month},{family},{units}" for month in months for family, units in (("Care", 5), ("Food", 7))]
    folder.table("business_plan", "\n".join(["month,family,units", *rows, *(f"{month},Total,12" for month in months)]))
    result = folder.take_in()
    assert sum(row["units"] for row in result.tables["business_plan"].to_pylist()) == 24
    assert reasons(result) == {}
    folder.table("business_plan", "\n".join(["month,family,units", *rows, "2026-12,Total,13"]))
    assert reasons(folder.take_in())["business_plan", "Total"].startswith("It is called a total and is not the sum")


def test_a_total_among_forecasts_made_elsewhere_is_left_out(folder):
    """Of two cycles and two models: their sums by month are those of their products."""
    rows = [
        f"{model},{cycle},{month},{name},{mean}"
        for model, size in (("rep", 1), ("chronos", 2))
        for cycle in ("2026-09", "2026-10")
        for month in ("2026-10", "2026-11", "2026-12")
        for name, mean in (("P1", 100 * size), ("P2", 50 * size), ("Total", 150 * size))
    ]
    folder.table("external_forecasts", "model,cycle,month,product_id,mean\n" + "\n".join(rows) + "\n")
    taken = folder.take_in()
    assert taken.tables["external_forecasts"].num_rows == 24
    assert not taken.quarantine.num_rows
