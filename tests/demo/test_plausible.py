"""The economics make sense, so that plans made from them do."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.demo.conftest import Demo


@pytest.fixture(scope="module")
def products(demo):
    return demo.table("products").set_index("product_id")


def test_revenue_is_some_four_hundred_million(sales):
    year = sales[sales["date"] >= "2025-11-01"]["euro"].sum()
    assert 380e6 < year < 430e6


def test_margins_and_costs(products):
    margin = 1 - products["standard_cost"] / products["unit_price"]
    assert margin.between(0.23, 0.48).all()
    assert margin.groupby(products["family"]).mean().between(0.25, 0.45).all()
    assert (products["unit_material_cost"] < products["standard_cost"]).all()
    bought_in = products.dropna(subset=["subcontract_cost"])
    assert (bought_in["subcontract_cost"] > bought_in["standard_cost"]).all()
    assert (products["lost_sales_cost"] > products["standard_cost"]).all()


def test_list_price_is_what_customers_pay(sales, products):
    year = sales[sales["date"] >= "2026-01-01"]
    at_list = (year["quantity"] * year["product_id"].map(products["unit_price"])).sum()
    assert year["euro"].sum() / at_list == pytest.approx(1.0, abs=0.02)


def test_stock_covers_three_to_five_weeks(demo, sales, products):
    stock = demo.table("inventory")
    stock["value"] = stock["on_hand"] * stock["product_id"].map(products["standard_cost"])
    year = sales[sales["date"] >= "2025-11-01"]
    cost = (year["quantity"] * year["product_id"].map(products["standard_cost"])).sum() / 52
    held = stock[stock["date"] >= "2025-11-01"].groupby("date")["value"].sum().mean()
    assert 3 < held / cost < 5


def load(demo: Demo, units: pd.Series, feature: str) -> float:
    features = demo.table("product_features")
    per_unit = features[features["feature"] == feature].set_index("product_id")["quantity"]
    return float((units.reindex(per_unit.index).fillna(0) * per_unit).sum())


def test_tube_lines_are_short_of_hours_at_the_peak_and_bottle_lines_are_not(demo, sales):
    days = demo.table("calendar")
    days = days[days["site_id"].isna()].set_index("month")["working_days"]
    lines = demo.table("resources").set_index("resource_id")["opening_units"]
    found = {}
    for machine in ("tube_lines", "bottle_lines"):
        for month in ("2026-02", "2026-05", "2026-06"):
            units = sales[sales["month"] == month].groupby("product_id")["quantity"].sum()
            found[machine, month] = load(demo, units, machine) / (lines[machine] * 15 * days[month])
    assert found["tube_lines", "2026-06"] > 1.05
    assert found["tube_lines", "2026-02"] < 0.85
    assert max(found["bottle_lines", month] for month in ("2026-02", "2026-05", "2026-06")) < 0.95


def test_the_crews_fit_the_work(demo, sales):
    year = sales[sales["date"] >= "2025-11-01"].groupby("product_id")["quantity"].sum()
    crew = demo.table("resources").set_index("resource_id")["opening_units"]
    for site in ("labour_ulm", "labour_lyon"):
        paid = crew[site] * 7.5 * 245
        assert 0.9 < load(demo, year, site) / paid < 1.1


def test_the_business_plan_is_the_companys(demo, sales):
    plan = demo.table("business_plan")
    assert set(plan["month"].str[:4].astype(int)) == {2026, 2027, 2028}
    assert len(plan) == 36 * 6
    upto = plan[(plan["month"] >= "2026-01") & (plan["month"] <= "2026-10")]["revenue"].sum()
    assert 0.95 < sales[sales["date"] >= "2026-01-01"]["euro"].sum() / upto < 1.0
    share = plan["margin"].sum() / plan["revenue"].sum()
    assert 0.25 < share < 0.45


def test_most_orders_are_on_time_and_in_full_but_for_the_product_that_ran_out(demo):
    orders = demo.table("orders")
    due = orders[pd.to_datetime(orders["requested_on"]) < "2026-11-01"]
    good = (pd.to_datetime(due["shipped_on"]) <= pd.to_datetime(due["requested_on"])) & (
        due["quantity_shipped"] >= due["quantity"]
    )
    assert 0.93 < good.mean() < 0.97
    ran_out = (due["product_id"] == "FC-402") & pd.to_datetime(due["requested_on"]).between("2025-08-20", "2025-09-20")
    assert ran_out.sum() > 20
    assert good[ran_out].mean() < 0.2
    open_lines = orders[orders["shipped_on"].isna()]
    assert len(open_lines) == 60
    assert (pd.to_datetime(open_lines["requested_on"]) >= "2026-11-01").all()


def test_an_earlier_cycle_knows_less(demo):
    inputs = demo.table("demand_inputs")
    then = inputs[inputs["recorded_on"] < "2026-10-10"]
    now = inputs[inputs["recorded_on"] < "2026-11-10"]
    assert len(then) < len(now) < len(inputs)
    assert set(inputs["stream"]) == {"sales", "marketing", "finance", "customers"}
    for column in ("change_units", "change_pct", "replace_units"):
        assert now[column].notna().any()
    assert now["product_id"].isna().any() and (now["product_id"].isna() & now["family"].isna()).any()
    stick = demo.table("new_products").query("product_id == 'SC-511'").sort_values("recorded_on")
    assert list(stick["launch_month"]) == ["2027-03", "2027-04"]
