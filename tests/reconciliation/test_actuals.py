"""Actuals by hand: returns, currencies, missing revenue, month-end stock, sales that are only known as output."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.reconciliation.actuals import History, Records, actuals
from tests.reconciliation.conftest import by, make


def run(products, lifecycle, company, cycle, *, sales=(), production=(), inventory=(), rates=(), history=None):
    return actuals(
        Records(make("sales", *sales), make("production", *production), make("inventory", *inventory)),
        products,
        make("exchange_rates", *rates),
        lifecycle,
        history,
        company=company,
        cycle=cycle,
    )


def sale(date, quantity, revenue=None, product="bar", currency=None):
    return {"date": date, "product_id": product, "quantity": quantity, "revenue": revenue, "currency": currency}


def test_returns_are_netted_and_margin_is_at_standard_cost(products, lifecycle, company, cycle):
    found = run(
        products, lifecycle, company, cycle, sales=[sale("2026-01-05", 10, 95), sale("2026-01-20", -2, -19)]
    ).to_pylist()
    assert len(found) == 1
    row = found[0]
    assert (row["sales"], row["revenue"], row["margin"]) == (8, 76, 76 - 8 * 6)
    assert row["family"] == "Snacks"
    assert row["output"] is None
    assert row["inventory"] is None


def test_revenue_converts_at_the_rate_of_its_month_rounded_to_the_cent(products, lifecycle, company, cycle):
    found = run(
        products,
        lifecycle,
        company,
        cycle,
        sales=[sale("2026-01-05", 1, 10.01, currency="CHF"), sale("2026-02-05", 1, 10.01, currency="CHF")],
        rates=[
            {"month": "2026-01", "currency": "CHF", "rate": 1.05},
            {"month": "2026-02", "currency": "CHF", "rate": 1.123456},
        ],
    )
    rows = by(found, "month")
    assert rows["2026-01"]["revenue"] == Decimal("10.51")
    assert rows["2026-02"]["revenue"] == Decimal("11.25")


def test_a_missing_rate_is_an_error_that_names_month_and_currency(products, lifecycle, company, cycle):
    with pytest.raises(BadInput, match=r"exchange_rates: .*CHF in 2026-02;"):
        run(
            products,
            lifecycle,
            company,
            cycle,
            sales=[sale("2026-01-05", 1, 10, currency="CHF"), sale("2026-02-05", 1, 10, currency="CHF")],
            rates=[{"month": "2026-01", "currency": "CHF", "rate": 1.05}],
        )


def test_a_rate_is_needed_only_for_revenue_before_the_cutoff(products, lifecycle, company, cycle):
    found = run(
        products,
        lifecycle,
        company,
        cycle,
        sales=[sale("2026-03-01", 1, 10, currency="CHF"), sale("2026-01-05", 1, None, currency="CHF")],
    )
    assert by(found, "month")["2026-01"]["revenue"] == 10


def test_units_without_revenue_count_at_list_price_and_without_a_price_not_at_all(
    products, products_without_money, lifecycle, company, cycle
):
    sold = [sale("2026-01-05", 3, None), sale("2026-01-06", 2, 15)]
    assert by(run(products, lifecycle, company, cycle, sales=sold), "month")["2026-01"]["revenue"] == 45
    row = by(run(products_without_money, lifecycle, company, cycle, sales=sold), "month")["2026-01"]
    assert row["sales"] == 5
    assert row["revenue"] is None
    assert row["margin"] is None


def test_month_end_stock_is_each_sites_last_count_added_up(products, lifecycle, company, cycle):
    counted = [
        {"date": "2026-01-10", "product_id": "bar", "on_hand": 99, "site_id": "north"},
        {"date": "2026-01-31", "product_id": "bar", "on_hand": 40, "site_id": "north"},
        {"date": "2026-01-30", "product_id": "bar", "on_hand": 2, "site_id": None},
        {"date": "2026-03-01", "product_id": "bar", "on_hand": 7, "site_id": "north"},
    ]
    rows = by(run(products, lifecycle, company, cycle, inventory=counted), "month")
    assert list(rows) == ["2026-01"]
    assert rows["2026-01"]["inventory"] == 42
    assert rows["2026-01"]["inventory_value"] == 252
    assert rows["2026-01"]["sales"] == 0


def test_output_less_change_of_stock_stands_for_sales_of_a_product_without_any(products, lifecycle, company, cycle):
    made = [{"date": f"2026-0{number}-15", "product_id": "bar", "quantity": 100} for number in (1, 2)]
    counted = [
        {"date": "2026-01-31", "product_id": "bar", "on_hand": 10},
        {"date": "2026-02-28", "product_id": "bar", "on_hand": 35},
    ]
    rows = by(run(products, lifecycle, company, cycle, production=made, inventory=counted), "month")
    assert rows["2026-01"]["sales"] == 100
    assert rows["2026-02"]["sales"] == 75
    assert rows["2026-02"]["revenue"] == 750
    assert rows["2026-02"]["output"] == 100


def test_a_month_without_output_is_zero_for_a_product_that_is_made(products, lifecycle, company, cycle):
    made = [{"date": "2026-01-15", "product_id": "bar", "quantity": 100}]
    rows = by(run(products, lifecycle, company, cycle, sales=[sale("2026-02-05", 4, 40)], production=made), "month")
    assert rows["2026-02"]["output"] == 0
    assert rows["2026-01"]["revenue"] == 0


def test_nothing_in_nothing_out(products, lifecycle, company, cycle):
    assert run(products, lifecycle, company, cycle) == tables.empty("actuals")


def test_row_order_changes_nothing(products, lifecycle, company, cycle):
    sold = [sale(f"2026-01-{day:02d}", day, day * 10.01, product) for day in range(1, 29) for product in ("bar", "oil")]
    counted = [
        {"date": f"2026-01-{day:02d}", "product_id": "bar", "on_hand": day, "site_id": site}
        for day in (3, 31)
        for site in ("north", "south")
    ]
    there = run(products, lifecycle, company, cycle, sales=sold, inventory=counted)
    back = run(products, lifecycle, company, cycle, sales=sold[::-1], inventory=counted[::-1])
    assert there == back
    assert there.num_rows == 2


def early_end(*, quantity, cleansed, table="sales", reach="2026-02-09"):
    """February, of which the data know nine days, and how far a table reaches."""
    partial = {
        "product_id": "bar",
        "family": "Snacks",
        "month": "2026-02",
        "quantity": quantity,
        "cleansed": cleansed,
        "returns": 0,
        "signal": "sales",
        "flag": "partial_month",
        "coverage": "data_end",
        "edge_day": "2026-02-09",
        "covered_days": 7,
        "trading_days": 22,
        "remedy": "expected",
    }
    fresh = {
        "table": table,
        "newest": reach,
        "speaks_of": "day",
        "covered_to": reach,
        "missing_days": 16,
        "limit_days": 3,
        "is_demand": table == "sales",
        "status": "accepted",
    }
    return History(make("demand_history", partial), make("data_freshness", fresh))


def test_the_days_without_data_are_forecast_at_the_price_sales_had(products, lifecycle, company, cycle):
    sales = [sale("2026-01-05", 10, 90), sale("2026-02-05", 10, 70)]
    history = early_end(quantity=10, cleansed=35)
    rows = by(run(products, lifecycle, company, cycle, sales=sales, history=history), "month")
    assert (rows["2026-01"]["sales"], rows["2026-01"]["sales_estimated"]) == (10, 0)
    february = rows["2026-02"]
    assert (february["sales"], february["sales_estimated"]) == (35, 25)
    assert february["revenue"] == 70 + 25 * 8  # 160 for 20 pieces so far
    assert february["margin"] == 270 - 35 * 6


def test_a_month_sold_above_what_was_expected_is_taken_as_it_is(products, lifecycle, company, cycle):
    sales = [sale("2026-02-05", 40, 320)]
    history = early_end(quantity=40, cleansed=35)
    (february,) = run(products, lifecycle, company, cycle, sales=sales, history=history).to_pylist()
    assert (february["sales"], february["sales_estimated"], february["revenue"]) == (40, 0, 320)


@pytest.mark.parametrize(("reach", "known"), [("2026-02-09", False), ("2026-02-28", True)])
def test_output_and_stock_of_a_month_their_data_do_not_cover_are_not_known(
    products, lifecycle, company, cycle, reach, known
):
    made = [{"date": "2026-02-05", "product_id": "bar", "quantity": 12}]
    counted = [{"date": "2026-02-08", "product_id": "bar", "on_hand": 5}]
    sales = [sale("2026-02-05", 40, 320)]
    for table, column, value in (("production", "output", 12), ("inventory", "inventory", 5)):
        history = early_end(quantity=40, cleansed=40, table=table, reach=reach)
        (february,) = run(
            products, lifecycle, company, cycle, sales=sales, production=made, inventory=counted, history=history
        ).to_pylist()
        assert february[column] == (value if known else None)
