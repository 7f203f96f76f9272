"""Given a history, the benchmark's forecast of months ahead: last year's month, of young products the last one."""

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.statistical.benchmark import benchmark_forecast
from sop_pipeline.demand.units import one_unit

CYCLE = Cycle.parse("2026-01")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "horizon_months": 14})


def planned(series, statuses=None, days=()):
    """The mean of every month ahead, by product; ``series`` ends in December 2025."""
    history = [
        {
            "product_id": name,
            "family": "F",
            "month": add_months(CYCLE.month, place - len(amounts)),
            "quantity": 7777,
            "cleansed": cleansed,
            "returns": 0,
            "signal": "sales",
        }
        for name, amounts in series.items()
        for place, cleansed in enumerate(amounts)
    ]
    of = {**dict.fromkeys(series, "active"), **(statuses or {})}
    life = [
        {"product_id": name, "product_name": name, "family": "F", "status": status, "history_months": 1}
        for name, status in of.items()
    ]
    lifecycle = tables.conform("product_lifecycle", life)
    calendar = tables.conform("working_calendar", list(days)) if days else tables.empty("working_calendar")
    found = benchmark_forecast(
        tables.conform("demand_history", history),
        lifecycle,
        calendar,
        one_unit(lifecycle),
        company=COMPANY,
        cycle=CYCLE,
    )
    means: dict[str, list[Decimal]] = {name: [] for name in of}
    for row in sorted(tables.rows(found), key=lambda row: row["month"]):
        assert row["p10"] == row["p50"] == row["p90"] == row["mean"]
        assert (row["approach"], row["level"], row["chosen"]) == ("naive", "product", True)
        means[row["item_id"]].append(row["mean"])
    return means


YEAR = [100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210]


def test_the_cleansed_month_of_the_year_before_and_again_in_the_second_year():
    assert planned({"A": [1, 2, 3, *YEAR]})["A"] == [*YEAR, 100, 110]


@pytest.mark.parametrize(("given", "ahead"), [(YEAR, [*YEAR, 100, 110]), (YEAR[1:], [210] * 14), ([40], [40] * 14)])
def test_under_a_year_of_history_the_last_month(given, ahead):
    assert planned({"A": given})["A"] == ahead


def test_a_product_that_is_not_forecast_has_zero():
    found = planned({"A": YEAR, "OVER": YEAR}, {"OVER": "ended", "NEW": "launching", "NEVER": "never_sold"})
    assert found["A"][0] == 100
    assert found["OVER"] == found["NEW"] == found["NEVER"] == [0] * 14


def test_where_demand_follows_the_working_days_it_is_sold_by_the_day():
    """Ten a day, whatever the month: a month ahead has ten for each of its own days, not of those a year before."""
    pattern = [22, 20, 21, 20, 19, 21, 23, 20, 22, 21, 20, 18, 17]
    months = [add_months(CYCLE.month, step) for step in range(-36, 14)]
    working = {month: pattern[place % 13] for place, month in enumerate(months)}
    days = [{"month": month, "working_days": count, "source": "test"} for month, count in working.items()]
    found = planned({"A": [10 * working[month] for month in months[:36]]}, days=days)
    expected = [10 * working[month] for month in months[36:]]
    assert expected != [10 * working[month] for month in months[24:36]] + expected[12:]
    assert all(abs(mean - wanted) < Decimal("0.001") for mean, wanted in zip(found["A"], expected, strict=True))
