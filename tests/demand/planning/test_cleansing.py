"""Given a history with one trouble in it, that month is flagged and cleansed rightly, and no other is touched."""

from datetime import date, timedelta
from math import pi, sin
from random import Random

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.history.demand_history import WhatIsSaid, demand_history
from sop_pipeline.language.demand import finding_words

CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}})
MONTHS = 48
FIRST = add_months(CYCLE.month, -MONTHS)


def usual(month):
    """A growing, seasonal product: about 1,000 a month, 30% up and down."""
    age = (month.year - FIRST.year) * 12 + month.month - FIRST.month
    return round((1000 + 5 * age) * (1 + 0.3 * sin(2 * pi * month.month / 12)))


def monthly(change=None, first=FIRST, months=MONTHS):
    every = [add_months(first, step) for step in range(months)]
    return {month: (change or {}).get(month, usual(month)) for month in every}


def daily(amounts, until=date.max, since=date.min):
    """Spread each month's amount over its weekdays."""
    rows = []
    for month, amount in amounts.items():
        days = [month + timedelta(days=n) for n in range(31)]
        days = [day for day in days if day.month == month.month and day.weekday() < 5]
        share = amount / len(days)
        rows += [{"product_id": "A", "date": day, "quantity": share} for day in days if since <= day <= until]
    return rows


def run(sales, inventory=(), inputs=(), working_days=None, first=FIRST, events=()):
    lifecycle = [
        {
            "product_id": "A",
            "product_name": "A",
            "family": "F",
            "status": "active",
            "first_month": first,
            "history_months": MONTHS,
        }
    ]
    days = [
        {"month": month, "working_days": (working_days or {}).get(month, 21), "source": "test"} for month in monthly()
    ]
    result = demand_history(
        tables.conform("sales", sales),
        tables.empty("production"),
        tables.conform("inventory", list(inventory)),
        tables.conform("product_lifecycle", lifecycle),
        tables.conform("working_calendar", days),
        WhatIsSaid(
            tables.conform("demand_inputs", list(inputs)),
            tables.empty("order_book"),
            tables.conform("demand_events", list(events)),
        ),
        company=COMPANY,
        cycle=CYCLE,
    )
    return {row["month"]: row for row in tables.rows(result)}


def flags(rows):
    return {month: row["flag"] for month, row in rows.items() if row["flag"]}


def test_a_clean_seasonal_growing_history_is_left_alone():
    rows = run(daily(monthly()))
    assert flags(rows) == {}
    assert all(row["cleansed"] == row["quantity"] for row in rows.values())
    assert all(finding_words(row) == "" for row in rows.values())


@pytest.mark.parametrize("at", ["2024-03-01", "2025-07-01", "2022-02-01"])
@pytest.mark.parametrize("factor", [4, 0.1])
def test_an_outlier_is_named_and_replaced_by_what_the_months_around_it_expect(at, factor):
    month = date.fromisoformat(at)
    rows = run(daily(monthly({month: factor * usual(month)})))
    assert flags(rows) == {month: "outlier"}
    assert float(rows[month]["quantity"]) == pytest.approx(factor * usual(month), abs=0.01)
    assert float(rows[month]["cleansed"]) == pytest.approx(usual(month), rel=0.15)
    assert float(rows[month]["expected"]) == float(rows[month]["cleansed"])
    assert rows[month]["limits_away"] > 1
    assert "expected from the months around it" in finding_words(rows[month])


@pytest.mark.parametrize("months", [14, 24, 36])
@pytest.mark.parametrize("factor", [4, 0.1])
def test_in_a_short_history_an_outlier_is_not_taken_for_the_season_of_its_month(months, factor):
    first = add_months(CYCLE.month, -months)
    at = add_months(first, 8)
    random = Random(3)
    amounts = {month: round(1000 * random.uniform(0.9, 1.1)) for month in monthly(first=first, months=months)}
    rows = run(daily({**amounts, at: factor * amounts[at]}), first=first)
    assert flags(rows) == {at: "outlier"}
    assert float(rows[at]["cleansed"]) == pytest.approx(amounts[at], rel=0.15)


def test_a_yearly_peak_is_a_season_after_two_years():
    first = add_months(CYCLE.month, -24)
    december = {month: 5000 if month.month == 12 else 1000 for month in monthly(first=first, months=24)}
    assert flags(run(daily(december), first=first)) == {}


def test_noise_is_not_taken_for_a_season_that_hides_or_makes_outliers():
    flagged = 0
    for seed in range(8):
        random = Random(seed)
        flagged += len(flags(run(daily({month: max(0, random.gauss(1000, 350)) for month in monthly()}))))
    assert flagged <= 0.015 * 8 * MONTHS


def test_a_new_level_of_two_months_is_no_outlier_in_its_first():
    random = Random(1)
    amounts = {month: 1000 * random.uniform(0.8, 1.2) for month in monthly()}
    amounts |= {add_months(CYCLE.month, -2): 2600, add_months(CYCLE.month, -1): 2000}
    assert flags(run(daily(amounts))) == {}


def test_a_lasting_change_of_level_is_no_outlier():
    step = {add_months(CYCLE.month, -back): 2.5 * usual(add_months(CYCLE.month, -back)) for back in range(1, 16)}
    rows = run(daily(monthly(step)))
    start = add_months(CYCLE.month, -15)
    assert flags(rows) == {start: "level_shift"}
    assert all(row["cleansed"] == row["quantity"] for row in rows.values())
    assert float(rows[start]["level_change"]) == pytest.approx(2.5, rel=0.1)
    assert finding_words(rows[start]) == (
        f"from this month on {rows[start]['level_change']:.2f} times the level before; forecasts start from here"
    )


def test_a_peak_that_marketing_announced_is_a_promotion():
    month = date(2024, 5, 1)
    entry = {"stream": "marketing", "family": "F", "month_from": month, "change_pct": 200}
    rows = run(daily(monthly({month: 3 * usual(month)})), inputs=[entry])
    assert flags(rows) == {month: "promotion"}
    assert float(rows[month]["cleansed"]) == pytest.approx(usual(month), rel=0.15)


@pytest.mark.parametrize(
    ("scope", "flag"),
    [
        ({"product_id": "A"}, "promotion"),
        ({"product_id": "A", "family": "F"}, "promotion"),
        ({}, "promotion"),
        ({"month_from": date(2024, 3, 1), "month_to": date(2024, 6, 1)}, "promotion"),
        ({"month_to": date(2031, 6, 1)}, "promotion"),
        ({"product_id": "B"}, "outlier"),
        ({"family": "G"}, "outlier"),
        ({"product_id": "A", "family": "G"}, "outlier"),
        ({"month_from": date(2024, 3, 1), "month_to": date(2024, 4, 1)}, "outlier"),
        ({"stream": "sales"}, "outlier"),
    ],
)
def test_marketing_announces_a_product_a_family_or_all_for_some_months(scope, flag):
    month = date(2024, 5, 1)
    entry = {"stream": "marketing", "month_from": month, "change_pct": 200, **scope}
    assert flags(run(daily(monthly({month: 3 * usual(month)})), inputs=[entry])) == {month: flag}


def test_a_peak_that_an_event_explains_stays_as_it_was():
    month = date(2024, 5, 1)
    peak = daily(monthly({month: 3 * usual(month)}))
    event = {"family": "F", "kind": "promotion", "month_from": month, "size": 20}
    rows = run(peak, events=[event])
    assert flags(rows) == {month: "event"}
    assert rows[month]["cleansed"] == rows[month]["quantity"]
    assert float(rows[month]["expected"]) == pytest.approx(usual(month), rel=0.15)
    assert flags(run(peak, events=[{**event, "size": 0}])) == {month: "outlier"}


def test_no_stock_and_few_sales_is_a_stock_out():
    month = date(2025, 4, 1)
    sales = daily(monthly({month: 0.3 * usual(month)}))
    empty = [{"product_id": "A", "date": date(2025, 4, 30), "on_hand": 0, "site_id": None}]
    rows = run(sales, inventory=empty)
    assert flags(rows) == {month: "stock_out"}
    assert float(rows[month]["cleansed"]) == pytest.approx(usual(month), rel=0.15)
    held = [{**empty[0], "on_hand": 500}]
    assert flags(run(sales, inventory=held)) == {month: "outlier"}


def test_no_stock_but_usual_sales_is_no_stock_out():
    counts = [{"product_id": "A", "date": date(2025, 4, 30), "on_hand": 0, "site_id": None}]
    assert flags(run(daily(monthly()), inventory=counts)) == {}


def test_data_that_end_inside_the_last_month_are_scaled_up_by_trading_days():
    newest = CYCLE.last_actual_month
    rows = run(daily(monthly(), until=date(2025, 12, 19)))
    assert flags(rows) == {newest: "partial_month"}
    assert rows[newest]["quantity"] < rows[newest]["cleansed"]
    assert float(rows[newest]["cleansed"]) == pytest.approx(usual(newest), rel=0.001)
    facts = ("coverage", "edge_day", "covered_days", "trading_days", "remedy")
    assert [rows[newest][name] for name in facts] == ["data_end", date(2025, 12, 19), 15, 23, "scaled_up"]
    assert finding_words(rows[newest]) == "data end on 19 Dec 2025: 15 of 23 trading days; scaled up to the month"


def test_a_file_that_stops_months_early_leaves_expected_values_not_zeros():
    rows = run(daily(monthly(), until=date(2025, 10, 31)))
    missing = [date(2025, 11, 1), date(2025, 12, 1)]
    assert flags(rows) == dict.fromkeys(missing, "partial_month")
    for month in missing:
        assert rows[month]["quantity"] == 0
        assert float(rows[month]["cleansed"]) == pytest.approx(usual(month), rel=0.15)
        assert (rows[month]["coverage"], rows[month]["edge_day"]) == ("no_data_after", date(2025, 10, 31))
        assert finding_words(rows[month]).endswith("; taken as expected")


def test_data_that_begin_inside_the_first_month_are_scaled_up():
    rows = run(daily(monthly(), since=date(2022, 1, 17)))
    assert flags(rows) == {FIRST: "partial_month"}
    assert float(rows[FIRST]["cleansed"]) == pytest.approx(usual(FIRST), rel=0.001)


def test_rows_of_zero_are_data():
    zeros = daily(dict.fromkeys([date(2025, 12, 1)], 0))
    sold = daily(monthly(), until=date(2025, 12, 19))
    assert date(2025, 12, 1) in flags(run(sold))
    assert flags(run(sold + zeros)) == {}


def test_a_long_weekend_at_the_end_is_no_partial_month():
    assert flags(run(daily(monthly(), until=date(2025, 12, 29)))) == {}


def test_a_public_holiday_seen_before_is_no_missing_data():
    sales = daily(monthly(), until=date(2025, 12, 26))
    holiday = [row for row in sales if not date(2025, 4, 18) <= row["date"] <= date(2025, 4, 22)]
    assert flags(run(sales)) == {date(2025, 12, 1): "partial_month"}
    assert flags(run(holiday)) == {}


def test_monthly_data_have_no_partial_months():
    sales = [{"product_id": "A", "date": month, "quantity": amount} for month, amount in monthly().items()]
    assert flags(run(sales)) == {}


def test_of_a_month_with_more_returns_than_sales_what_was_sold_counts():
    month = date(2025, 4, 1)
    back = [{"product_id": "A", "date": date(2025, 4, 9), "quantity": -5000}]
    rows = run([*daily(monthly()), *back])
    assert flags(rows) == {month: "negative"}
    assert float(rows[month]["cleansed"]) == pytest.approx(usual(month), abs=0.01)
    assert rows[month]["returns"] == 5000
    assert finding_words(rows[month]) == f"returns exceed sales by {5000 - usual(month):,}; what was sold counts"


def test_months_are_compared_per_working_day():
    month = date(2025, 8, 1)
    amounts = monthly({month: 0.35 * usual(month)})
    assert flags(run(daily(amounts))) == {month: "outlier"}
    assert flags(run(daily(amounts), working_days={month: 7.5})) == {}


def test_an_intermittent_history_is_not_combed_for_outliers():
    every = list(monthly())
    amounts = {month: (40 if number % 3 == 0 else 0) for number, month in enumerate(every)}
    amounts[every[30]] = 400
    assert flags(run(daily(amounts))) == {}


@pytest.mark.parametrize("months", [1, 2, 5, 6, 7])
def test_short_histories_pass_unflagged(months):
    first = add_months(CYCLE.month, -months)
    rows = run(daily(monthly(first=first, months=months)), first=first)
    assert len(rows) == months
    assert flags(rows) == {}
