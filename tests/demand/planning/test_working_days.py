"""Given a history and its working days, whether demand follows them, and what that does to the forecast."""

from datetime import date
from decimal import Decimal
from math import pi, sin

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.history.working_days import working_day_factors
from sop_pipeline.demand.statistical.forecast import statistical_forecast

CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 12})
DAYS = [22, 20, 21, 20, 19, 21, 23, 20, 22, 21, 20, 18]


def days(month: date) -> int:
    """Working days that move from year to year as they do in life."""
    return DAYS[(month.month - 1 + 5 * month.year) % 12]


def calendar():
    every = [add_months(CYCLE.month, step) for step in range(-60, 12)]
    return tables.conform(
        "working_calendar", [{"month": month, "working_days": days(month), "source": "test"} for month in every]
    )


def history(amount, months=48):
    every = [add_months(CYCLE.month, step) for step in range(-months, 0)]
    rows = [
        {
            "product_id": name,
            "family": "F",
            "month": month,
            "quantity": amount(month),
            "cleansed": amount(month),
            "returns": 0,
            "signal": "sales",
        }
        for name in "AB"
        for month in every
    ]
    return tables.conform("demand_history", rows)


def season(month):
    return 1 + 0.3 * sin(2 * pi * month.month / 12)


def per_day(month):
    return round(10.3 * days(month) * season(month))


def whatever_the_days(month):
    return round(210 * season(month))


def test_demand_that_follows_the_days_gets_factors_around_one():
    factors = working_day_factors(history(per_day), calendar()).to_pylist()
    assert len(factors) == 72
    assert factors[0]["factor"] == pytest.approx(days(factors[0]["month"]) / (sum(DAYS) / 12), rel=0.01)


@pytest.mark.parametrize(("amount", "months"), [(whatever_the_days, 48), (per_day, 20)])
def test_demand_that_does_not_or_cannot_be_seen_to_gets_none(amount, months):
    assert working_day_factors(history(amount, months), calendar()).num_rows == 0


def test_a_calendar_without_any_change_gives_none():
    rows = [{**row, "working_days": 21} for row in tables.rows(calendar())]
    assert working_day_factors(history(per_day), tables.conform("working_calendar", rows)).num_rows == 0


@pytest.fixture(scope="module")
def result():
    lifecycle = [
        {
            "product_id": name,
            "product_name": name,
            "family": "F",
            "status": "active",
            "first_month": date(2022, 1, 1),
            "history_months": 48,
        }
        for name in "AB"
    ]
    return statistical_forecast(
        history(per_day), tables.conform("product_lifecycle", lifecycle), calendar(), company=COMPANY, cycle=CYCLE
    )


def test_the_forecast_knows_the_working_days_of_the_months_ahead(result):
    rows = [row for row in tables.rows(result.forecast) if row["chosen"] and row["item_id"] == "A"]
    assert [float(row["mean"]) for row in rows] == pytest.approx([per_day(row["month"]) for row in rows], rel=0.03)
    assert all(row["per_working_day"] for row in rows)


def test_levels_still_add_up_to_the_last_unit(result):
    means: dict[tuple, dict[tuple, Decimal]] = {}
    for row in tables.rows(result.forecast):
        means.setdefault((row["approach"], row["month"]), {})[row["level"], row["item_id"]] = row["mean"]
    for of in means.values():
        assert of["company", "Acme"] == of["family", "F"] == of["product", "A"] + of["product", "B"]


def test_backtest_and_accuracy_are_in_units_as_sold(result):
    rows = tables.rows(result.forecast_backtest)
    for row in rows:
        times = 1 if row["level"] == "product" else 2
        assert float(row["actual"]) == pytest.approx(times * per_day(row["month"]), abs=0.001)
    ours = [r for r in rows if (r["approach"], r["level"], r["lag"]) == ("bottom_up", "product", 0) and r["is_judged"]]
    wmape = sum(abs(r["forecast"] - r["actual"]) for r in ours) / sum(r["actual"] for r in ours)
    told = [
        row
        for row in tables.rows(result.forecast_accuracy)
        if (row["approach"], row["level"], row["item_id"], row["lag"]) == ("bottom_up", "product", "all", 0)
    ]
    assert float(told[0]["wmape"]) == pytest.approx(float(wmape), abs=1e-6)
    assert told[0]["n"] == len(ours)


def test_scaled_errors_are_in_units_as_sold_too(result):
    """MASE: errors of the months as sold over the changes of the months as sold on a year before."""
    rows = [
        row
        for row in tables.rows(result.forecast_backtest)
        if (row["approach"], row["item_id"], row["lag"]) == ("bottom_up", "A", 1) and row["is_judged"]
    ]
    months = [add_months(CYCLE.month, step) for step in range(-48, 0)]
    benchmark = [abs(per_day(month) - per_day(add_months(month, -12))) for month in months[12:]]
    scale = sum(benchmark) / len(benchmark)
    squares = sum(step**2 for step in benchmark) / len(benchmark)
    errors = [float(row["forecast"] - row["actual"]) for row in rows]
    told = next(
        row
        for row in tables.rows(result.forecast_accuracy)
        if (row["approach"], row["item_id"], row["lag"]) == ("bottom_up", "A", 1)
    )
    assert float(told["mase"]) == pytest.approx(sum(map(abs, errors)) / len(errors) / scale, abs=1e-6)
    mean_square = sum(error**2 for error in errors) / len(errors)
    assert float(told["rmsse"]) == pytest.approx((mean_square / squares) ** 0.5, abs=1e-6)
