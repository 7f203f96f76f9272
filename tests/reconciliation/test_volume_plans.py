"""Sales, production, inventory and new-product plans by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.reconciliation.volume_plans import inventory_plan, new_product_plan, production_plan, sales_plan
from tests.reconciliation.conftest import by, make, sites


def test_constrained_sales_are_demand_served_and_backlog_served_later(schedule, demand_plan, products):
    rows = by(sales_plan(schedule, demand_plan, products), "product_id", "month")
    assert rows["bar", "2026-03"]["sales"] == 100
    assert rows["bar", "2026-04"]["sales"] == 120 - 20 - 10
    assert rows["bar", "2026-05"]["sales"] == 90 + 20
    april = rows["bar", "2026-04"]
    assert (april["demand"], april["unit_price"]) == (120, 10)
    assert (april["revenue"], april["cogs"], april["margin"]) == (900, 540, 360)


def test_sales_are_what_leaves_stock(schedule, demand_plan, products):
    planned = by(sales_plan(schedule, demand_plan, products), "product_id", "month")
    for key, row in by(schedule, "product_id", "month").items():
        left = row["opening_stock"] + row["output"] + row["subcontract"] - row["inventory"]
        assert planned[key]["sales"] == left


def test_without_money_units_remain(schedule, demand_plan, products_without_money):
    rows = tables.rows(sales_plan(schedule, demand_plan, products_without_money))
    assert sum(row["sales"] for row in rows) == 420
    assert all(row[name] is None for row in rows for name in ("unit_price", "revenue", "cogs", "margin"))


def test_demand_that_nobody_makes_is_planned_as_no_sales(schedule, demand_plan, products):
    only_oil = tables.conform(
        "production_schedule", [row for row in tables.rows(schedule) if row["product_id"] == "oil"]
    )
    rows = by(sales_plan(only_oil, demand_plan, products), "product_id", "month")
    assert rows["bar", "2026-03"]["demand"] == 100
    assert rows["bar", "2026-03"]["sales"] == 0


def test_output_per_working_day_is_null_in_a_month_of_none(schedule, calendar):
    rows = by(production_plan(schedule, calendar, sites(schedule)), "product_id", "month")
    assert rows["bar", "2026-03"]["output_per_working_day"] == Decimal("3.636364")
    assert rows["bar", "2026-05"]["output_per_working_day"] is None
    assert rows["oil", "2026-03"]["subcontract"] == 10
    assert rows["bar", "2026-03"]["site_id"] == "north"


def test_the_site_is_the_one_that_makes_it_and_blank_where_several_do(schedule, calendar):
    """Oil names no site; its resources say south in March, south and north in April; May makes none."""
    oil = {"product_id": "oil", "family": "Oils"}
    where = make(
        "site_schedule",
        {**oil, "site_id": "south", "month": "2026-03", "output": 20},
        {**oil, "site_id": "south", "month": "2026-04", "output": 15},
        {**oil, "site_id": "north", "month": "2026-04", "output": 5},
    )
    rows = by(production_plan(schedule, calendar, where), "product_id", "month")
    assert [rows["oil", f"2026-0{number}"]["site_id"] for number in (3, 4, 5)] == ["south", None, None]
    assert [rows["oil", f"2026-0{number}"]["output"] for number in (3, 4, 5)] == [20, 20, 20]


def test_days_of_supply_deplete_the_demand_to_come(schedule, demand_plan, products):
    rows = by(inventory_plan(schedule, demand_plan, products), "product_id", "month")
    # 30 bars at the end of March last 30 of April's 120: a quarter of its 30 days
    assert rows["bar", "2026-03"]["days_of_supply"] == Decimal("7.5")
    assert rows["bar", "2026-04"]["days_of_supply"] == 0
    # 60 l at the end of March: all of April (30 days) and all of May (31 days)
    assert rows["oil", "2026-03"]["days_of_supply"] == 61
    # beyond the plan May's 30 l in 31 days repeat: 60 l are two such months
    assert rows["oil", "2026-05"]["days_of_supply"] == 62
    assert rows["bar", "2026-03"]["inventory_value"] == 180


def test_stock_that_demand_never_uses_has_no_days_of_supply(schedule, products):
    idle = make("production_schedule", {**tables.rows(schedule)[-1], "demand": 0, "inventory": 90})
    demand = make(
        "demand_plan",
        {**dict.fromkeys(("statistical", "adjustment", "quantity", "p10", "p50", "p90"), 0)}
        | {"product_id": "oil", "family": "Oils", "month": "2026-05", "lag": 0},
    )
    assert inventory_plan(idle, demand, products).column("days_of_supply").to_pylist() == [None]


def test_the_band_is_the_smaller_of_most_stock_and_most_cover(schedule, demand_plan, products):
    covered = make(
        "products",
        *[{**row, "cover_days_max": 45 if row["product_id"] != "nut" else None} for row in products.to_pylist()],
    )
    rows = by(inventory_plan(schedule, demand_plan, covered), "product_id", "month")
    # 45 days after March: April's 120 bars and 15 of May's 31 days at 90
    assert rows["bar", "2026-03"]["target_high"] == Decimal("163.5484")
    assert rows["bar", "2026-03"]["target_low"] == 5
    # 45 days after April: May's 30 l and 14 days of the month repeated
    assert rows["oil", "2026-04"]["target_high"] == Decimal("43.5484")
    assert rows["nut", "2026-04"]["target_high"] is None
    plain = by(inventory_plan(schedule, demand_plan, products), "product_id", "month")
    assert plain["bar", "2026-03"]["target_high"] == 500


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=2, max_size=6), st.integers(1, 900))
def test_cover_of_the_days_of_supply_is_the_stock(demands, stock):
    """Property: demand over the days of supply is the stock itself, whatever the demand."""
    months = [f"2026-{number + 1:02d}" for number in range(len(demands))]
    plan = make(
        "production_schedule", *[_row(when, wanted, stock) for when, wanted in zip(months, demands, strict=True)]
    )
    demand = make("demand_plan", *[_demand(when, wanted) for when, wanted in zip(months, demands, strict=True)])
    item = make("products", {"product_id": "x", "product_name": "x"})
    first = by(inventory_plan(plan, demand, item), "month")[months[0]]["days_of_supply"]
    if first is None:
        assert sum(demands[1:]) + 24 * demands[-1] < stock
        return
    back = make("products", {"product_id": "x", "product_name": "x", "cover_days_max": first})
    high = by(inventory_plan(plan, demand, back), "month")[months[0]]["target_high"]
    assert high == pytest.approx(stock, abs=Decimal("0.01"))


def _row(when, demand, stock):
    zeros = dict.fromkeys(("output", "subcontract", "backlog", "lost_sales", "target_stock", "opening_backlog"), 0)
    return {
        "product_id": "x",
        "family": "X",
        "month": when,
        "demand": demand,
        "inventory": stock,
        "opening_stock": 0,
    } | zeros


def _demand(when, quantity):
    values = dict.fromkeys(("statistical", "quantity", "p10", "p50", "p90"), quantity)
    return {"product_id": "x", "family": "X", "month": when, "lag": 0, "adjustment": 0} | values


def test_launches_and_phase_outs(schedule, demand_plan, products):
    moving = make(
        "product_lifecycle",
        _life("bar", "launching", launch_month="2026-04", probability=0.6, cannibalises="nut", cannibalisation_pct=25),
        _life("nut", "phase_out"),
        _life("oil", "active"),
    )
    sales = sales_plan(schedule, demand_plan, products)
    stock = inventory_plan(schedule, demand_plan, products)
    rows = by(new_product_plan(moving, sales, stock), "product_id", "month")
    assert sorted(rows) == [
        ("bar", "2026-04"),
        ("bar", "2026-05"),
        ("nut", "2026-03"),
        ("nut", "2026-04"),
        ("nut", "2026-05"),
    ]
    launch = rows["bar", "2026-04"]
    assert (launch["kind"], launch["units"], launch["cannibalised"]) == ("launch", 90, 30)
    assert (launch["revenue"], launch["expected_revenue"]) == (900, 540)
    ending = rows["nut", "2026-05"]
    assert (ending["kind"], ending["cannibalised"], ending["inventory"]) == ("phase_out", 0, 5)
    assert ending["expected_revenue"] == ending["revenue"] == 200


def _life(product, status, **more):
    return {
        "product_id": product,
        "product_name": product,
        "family": "Oils" if product == "oil" else "Snacks",
        "status": status,
        "history_months": 0,
    } | more


def test_empty_schedule_makes_empty_plans(empty):
    none = empty("production_schedule")
    sales = sales_plan(none, empty("demand_plan"), empty("products"))
    stock = inventory_plan(none, empty("demand_plan"), empty("products"))
    assert sales == empty("sales_plan")
    assert stock == empty("inventory_plan")
    assert production_plan(none, empty("working_calendar"), empty("site_schedule")) == empty("production_plan")
    assert new_product_plan(empty("product_lifecycle"), sales, stock) == empty("new_product_plan")
