"""``sop forecast`` by weeks, days, quarters and the periods of a 4-4-5 calendar: amounts of what was truly sold."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from sop_pipeline.config import single_file
from sop_pipeline.demand.analyst.file import Columns
from sop_pipeline.demand.analyst.forecast import FileForecast, forecast_file
from sop_pipeline.demand.forecast.settings import Frequency, Settings
from sop_pipeline.errors import BadInput

YEARS = "periods: {pattern: 4-5-4, year_ends: 2023-07-01, long_years: [2023, 2028]}"
"""A retailer whose year 2023 has 53 weeks: its last period ends on 1 July 2023."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[FileForecast, dict[str, float]]]:
    """Forecast rows of one series; returns the mean by period."""

    def forecast(rows: list[tuple], freq: Frequency = "M", read: str | None = None, horizon: int = 3, name: str = "a"):
        path, out = tmp_path / "in.csv", tmp_path / "out.csv"
        path.write_text("sku,when,qty\n" + "".join(f"{name},{when},{amount}\n" for when, amount in rows))
        settings = Settings(horizon=horizon, freq=freq)
        report = forecast_file(path, out, Columns("sku", "when", "qty"), settings, source=single_file(read))
        with out.open() as lines:
            found = [row for row in csv.DictReader(lines) if row["level"] == "sku"]
        return report, {row.get("period") or row["month"]: float(row["mean"]) for row in found}

    return forecast


def period_ends(pattern=(4, 5, 4), first=date(2018, 7, 1), years=6, long=(2023,)) -> list[tuple[date, int]]:
    """The days that end the periods of years from ``first`` on, each with its weeks."""
    ends, day = [], first - DAY
    for year in range(first.year + 1, first.year + 1 + years):
        for place, weeks in enumerate(pattern * (12 // len(pattern))):
            longer = weeks + (place == 11 and year in long)
            day += longer * WEEK
            ends.append((day, longer))
    return ends


def test_a_fifty_third_week_is_no_demand(run):
    """200 a week throughout: 800 or 1,000 a period, and 1,000 in the last period of the long year."""
    ends = period_ends()
    assert [day for day, weeks in ends if weeks == 5][-5] == date(2023, 7, 1)
    _, found = run([(day, 200 * weeks) for day, weeks in ends], "P", YEARS, horizon=12)
    assert found == {f"2025-P{n:02d}": pytest.approx(200 * (5 if n % 3 == 2 else 4), abs=0.01) for n in range(1, 13)}


def test_the_long_year_has_its_week_in_the_forecast_too(run):
    """Year 2028 has 53 weeks, its last period five: it is forecast longer, not busier."""
    ends = period_ends(years=9)[: 8 * 12 + 12]
    _, found = run([(day, 200 * weeks) for day, weeks in ends], "P", YEARS, horizon=12)
    assert found["2028-P12"] == pytest.approx(1000, abs=0.01)
    assert sum(found.values()) == pytest.approx(53 * 200, abs=0.1)


def test_a_season_by_period_stays_in_its_period(run):
    """Twice the weekly rate in every fourth period, the long year included: the profile is that of weekly rates."""
    rows = [(day, (400 if place % 12 == 3 else 200) * weeks) for place, (day, weeks) in enumerate(period_ends())]
    _, found = run(rows, "P", YEARS, horizon=12)
    assert found["2025-P04"] == pytest.approx(1600, rel=0.02)
    assert found["2025-P12"] == pytest.approx(800, rel=0.02)


@pytest.mark.parametrize("form", ["{y}-P{n:02d}", "P{n}/{y}", "FY{s:02d} P{n:02d}", "{y}P{n}"])
def test_periods_by_label(run, form):
    labels = [(2019 + place // 12, place % 12 + 1, weeks) for place, (_, weeks) in enumerate(period_ends())]
    rows = [(form.format(y=year, s=year % 100, n=number), 100 * weeks) for year, number, weeks in labels]
    _, found = run(rows, "P", YEARS)
    assert found == {"2025-P01": 400, "2025-P02": 500, "2025-P03": 400}


def test_periods_that_start_on_their_date_and_thirteen_a_year(run):
    first = date(2020, 1, 5)
    rows = [(first + number * 4 * WEEK, 40) for number in range(39)]  # three years of 52 weeks, to 31 December 2022
    _, found = run(rows, "P", "periods: {pattern: 13, year_ends: 2022-12-31}", horizon=13)
    assert found == {f"2023-P{number:02d}": 40 for number in range(1, 14)}


def test_periods_become_months_by_the_days_worked(run):
    """20 a working day: a month has 20 times its working days, whatever periods it takes from."""
    rows = [(day, 100 * weeks) for day, weeks in period_ends()]
    report, found = run(rows, "M", f"dated_by: period_end, {YEARS}")
    assert "only a part" not in str(report)  # from Sunday 1 July 2018 to Saturday 29 June 2024 no working day lacks
    assert list(found) == ["2024-07", "2024-08", "2024-09"]
    assert all(value == pytest.approx(435, rel=0.06) for value in found.values())


def weeks(count: int, first=date(2020, 1, 6)) -> list[date]:
    return [first + number * WEEK for number in range(count)]


@pytest.mark.parametrize(
    ("write", "read", "freq", "expected"),
    [
        (lambda day: f"{day:%G-W%V}", None, "W", ["2022-W52", "2023-W01"]),
        (lambda day: f"KW {day:%V}/{day:%G}", None, "W", ["2022-W52", "2023-W01"]),
        (lambda day: f"{day:%G%V}", "dated_by: week", "W", ["2022-W52", "2023-W01"]),
        (lambda day: f"{day}", None, "W", ["2022-12-26", "2023-01-02"]),
        (lambda day: f"{day + 6 * DAY}", "dated_by: week_end", "W", ["2023-01-01", "2023-01-08"]),
    ],
)
def test_weeks_are_forecast_under_the_names_the_file_has(run, write, read, freq, expected):
    """2020 has 53 ISO weeks; the week after 2022-W51 is 2022-W52."""
    _, found = run([(write(day), 70) for day in weeks(155)], freq, read, horizon=2)
    assert found == dict.fromkeys(expected, 70)


def test_weeks_become_months_by_the_days_worked(run):
    """50 a week, 10 a working day, from Monday 6 January 2020 to Sunday 2 January 2022.

    January 2020 lacks its first three working days, and January 2022 all but its first two days: both are left out.
    """
    report, found = run([(f"{day:%G-W%V}", 50) for day in weeks(104)])
    assert "only a part of them: 2020-01" in str(report)
    assert "2021-12" not in found
    assert list(found) == ["2022-01", "2022-02", "2022-03"]
    assert all(value == pytest.approx(217, rel=0.06) for value in found.values())


def days(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def test_days_are_forecast_with_the_days_of_the_week(run):
    """40 on every working day and nothing at weekends: the next two weeks are the same."""
    rows = [(day, 40 * (day.weekday() < 5)) for day in days(date(2021, 1, 4), date(2021, 6, 27))]
    _, found = run(rows, "D", horizon=14)
    assert next(iter(found)) == "2021-06-28"
    assert sum(found.values()) == pytest.approx(400, rel=0.05)


def test_days_are_added_up_where_that_is_asked_for(run):
    rows = [(day, 40) for day in days(date(2019, 12, 20), date(2021, 12, 10)) if day.weekday() < 5]
    report, found = run(rows, "M", "dated_by: day")
    assert "only a part of them: 2019-12, 2021-12" in str(report)
    assert list(found) == ["2021-12", "2022-01", "2022-02"]
    assert all(value == pytest.approx(870, rel=0.06) for value in found.values())
    _, found = run(rows, "W", "dated_by: day", horizon=1)
    assert found == {"2021-W50": 200}


@pytest.mark.parametrize(
    ("rows", "freq", "read", "said"),
    [
        ([(f"{2019 + q // 4}Q{q % 4 + 1}", 300) for q in range(12)], "M", None, "found quarters.*--freq Q"),
        ([(f"Q{q % 4 + 1}-{2019 + q // 4}", 300) for q in range(3)], "M", None, "a quarter is no month"),
        ([(f"{2019 + q // 4}-{3 * (q % 4) + 2:02d}-01", 9) for q in range(8)], "M", None, "months apart.*--freq Q"),
        ([(day, 9) for day, _ in period_ends()], "M", None, "4 and 5 weeks apart.*--freq P"),
        ([(day + DAY, 9) for day, _ in period_ends()], "M", None, "4 and 5 weeks apart.*--freq P"),
        ([(date(2020, 1, 5) + n * 4 * WEEK, 9) for n in range(20)], "M", None, "4 and 5 weeks apart.*--freq P"),
        ([(day, 9) for day in weeks(20)], "M", None, "rows for a in the period.*--freq W"),
        ([(day, 9) for day in days(date(2020, 1, 1), date(2020, 3, 1))], "M", None, "--freq D"),
        ([(f"{day:%G%V}", 9) for day in weeks(50)], "M", None, "'202013'.*dated_by: week"),
        ([(f"{day:%G-W%V}", 9) for day in weeks(9)], "D", None, "found weeks.*needed days"),
        ([(f"{2020 + n // 12}-{n % 12 + 1:02d}", 9) for n in range(12)], "D", None, "one date a month.*--freq M"),
        ([(day, 9) for day in weeks(20)], "D", None, "7 days apart; needed days.*--freq W"),
        ([(day, 9) for day in days(date(2020, 1, 1), date(2020, 1, 9))], "W", None, "several days of the week"),
        ([("2020-P01", 9)], "P", None, "'2020-P01', a period of a calendar that is not stated"),
        ([("2020-01-01", 9)], "P", None, "--freq P without a calendar"),
        ([("2020-P13", 9), ("2020-P12", 9)], "P", YEARS, "found '2020-P13'"),
        ([("2020-W54", 9), ("2020-W10", 9)], "W", None, "found '2020-W54'"),
        ([("2021-W53", 9), ("2020-W53", 9)], "W", None, "found '2021-W53'"),
        ([(day + DAY * (place == 3), 9) for place, (day, _) in enumerate(period_ends())], "P", YEARS,
         "2018-10-28, which neither starts nor ends its period, 2019-P05"),
        ([(day, 9) for day in weeks(9)], "P", f"dated_by: period_end, {YEARS}", "on which no period ends"),
        ([(day + DAY * (n == 4), 9) for n, day in enumerate(weeks(9))], "W", "dated_by: week_start", "monday and on"),
        ([("2020-01", 9)], "M", "periods: {pattern: 4-4-5, year_ends: last caturday of may}", "last caturday of may"),
        ([("2020-01", 9)], "M", "decimals: ','", "Did you mean decimal"),
        ([("2020-01", 9)], "M", "decimal: ',", "settings of a source"),
    ],
)  # fmt: skip
def test_what_is_no_period_is_never_taken_for_one(run, rows, freq, read, said):
    with pytest.raises(BadInput, match=f"(?s){said}"):
        run(rows, freq, read)


def test_every_third_month_is_months_where_that_is_said(run):
    rows = [(f"{2019 + q // 4}-{3 * (q % 4) + 2:02d}", 12) for q in range(16)]
    report, found = run(rows, "M", "dated_by: month", horizon=1)
    assert "gaps filled" in str(report)
    assert found == {"2022-12": 12}


def test_last_saturdays_of_months_are_months(run):
    last = [max(day for day in days(date(2020, m, 1), date(2020, m, 28) + 3 * DAY)
                if day.month == m and day.weekday() == 5) for m in range(1, 13)]  # fmt: skip
    _, found = run([(day, 5) for day in last], horizon=1)
    assert found == {"2021-01": 5}
