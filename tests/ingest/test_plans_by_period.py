"""Business plans and demand inputs by weeks, periods, quarters and days: months get what is planned for their days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company
from sop_pipeline.periods import PeriodCalendar
from tests.present import present

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# years that end on the last Saturday of January: 2026 runs from 1 February 2026 to 30 January 2027
RETAIL = {"pattern": "4-4-5", "year_ends": "last saturday of january", "named_by": "start"}
WORKED = {1: 21, 2: 20, 3: 22, 4: 22, 5: 21, 6: 22, 7: 23, 8: 21, 9: 22, 10: 22, 11: 21, 12: 23}
"""Mondays to Fridays of the months of 2026, and of January 2027."""


def plan(folder, rows, head="month,family,units", **source):
    folder.table("business_plan", f"{head}\n" + "\n".join(rows) + "\n", **source)
    return folder.take_in().tables["business_plan"].to_pylist()


def units(rows):
    return {f"{row['month']:%Y-%m}": row["units"] for row in rows}


def per_worked_day(rate=10, first=1, last=12):
    return {f"2026-{month:02d}": rate * WORKED[month] for month in range(first, last + 1)}


@pytest.mark.parametrize("pattern", ["4-4-5", "4-5-4", "5-4-4", "13"])
@pytest.mark.parametrize("dated_by", [None, "period", "period_start", "period_end"])
def test_ten_a_working_day_by_any_period_is_ten_a_working_day_by_month(folder, pattern, dated_by):
    calendar = PeriodCalendar.of(pattern, RETAIL["year_ends"], named_by="start")
    spans = {n: present(calendar.span(2026, n)) for n in range(1, calendar.periods + 1)}
    name = {None: lambda n: f"2026-P{n:02d}", "period": lambda n: f"2026{n:02d}"}.get(
        dated_by, lambda n: str(spans[n].first if dated_by == "period_start" else spans[n].last)
    )
    folder.settings = {"company": "Test", "periods": RETAIL | {"pattern": pattern}}
    rows = [f"{name(number)},Care,{50 * span.weeks}" for number, span in spans.items()]
    found = units(plan(folder, rows, **({"dated_by": dated_by} if dated_by else {})))
    assert found == per_worked_day(first=2) | {"2027-01": 210}


@pytest.mark.parametrize(
    ("write", "dated_by"),
    [
        (lambda day: f"{day:%G-W%V}", None),
        (lambda day: f"KW {day:%V}/{day:%G}", None),
        (lambda day: f"{day:%G%V}", "week"),
        (str, "week_start"),
        (lambda day: str(day + 6 * DAY), "week_end"),
    ],
)
def test_a_plan_by_weeks_is_shared_by_the_days_worked(folder, write, dated_by):
    """Weeks from 29 December 2025 to 3 January 2027: 50 a week, 10 a working day."""
    rows = [f"{write(date(2025, 12, 29) + n * WEEK)},Care,50" for n in range(53)]
    found = units(plan(folder, rows, **({"dated_by": dated_by} if dated_by else {})))
    # January has 22 weekdays, of which 29 to 31 December are not: they are a part of a month that is left out
    assert found == per_worked_day() | {"2026-01": 220}


def test_a_plan_of_single_days_is_added_up(folder):
    days = [date(2026, 11, 1) + n * DAY for n in range(61)]
    rows = [f"{day},Care,{7 if day.weekday() == 5 else 1}" for day in days]
    found = units(plan(folder, rows, dated_by="day"))
    assert found == {"2026-11": 30 + 6 * 4, "2026-12": 31 + 6 * 4}
    assert sum(found.values()) == sum(7 if day.weekday() == 5 else 1 for day in days)


def test_a_plan_by_quarters_is_shared_over_three_months_to_the_last_decimal(folder):
    rows = plan(
        folder, [f"2026-Q{n},Care,100,0.10,{n}" for n in (1, 2, 3, 4)], "month,family,units,revenue,inventory_value"
    )
    assert len(rows) == 12
    assert sum(row["units"] for row in rows) == 400
    assert sum(row["revenue"] for row in rows) == Decimal("0.40")
    assert units(rows)["2026-01"] == Decimal("34.3750")  # 22 of 64 working days
    ends = {row["month"].month: row["inventory_value"] for row in rows}
    assert ends == {n: (n // 3 if n % 3 == 0 else None) for n in range(1, 13)}, "stock stands at the quarter's end"


def test_stock_is_that_of_the_nearest_end_and_service_the_mean_of_the_days(folder):
    folder.settings = {"company": "Test", "periods": RETAIL}
    head = "month,family,units,inventory_value,service_level"
    rows = plan(folder, [f"2026-P{n:02d},Care,1,{n},{'0.9' if n == 1 else '0.99'}" for n in range(1, 13)], head)
    by_name = {f"{row['month']:%Y-%m}": row for row in rows}
    # P01 ends on 28 February, P02 on 28 March (of April 4 weeks), P03 on 2 May, P12 on 30 January
    assert [by_name[f"2026-{m:02d}"]["inventory_value"] for m in (2, 3, 4)] == [1, 2, 3]
    assert by_name["2027-01"]["inventory_value"] == 12
    assert by_name["2026-02"]["service_level"] == Decimal("0.9")
    assert by_name["2026-03"]["service_level"] == Decimal("0.99")


def test_a_month_of_which_the_plan_has_a_part_is_left_out_and_said(folder):
    folder.table("business_plan", "month,family,units\n2026-W36,Care,5\n2026-W37,Care,5\n2026-W38,Care,5\n")
    result = folder.take_in()
    assert result.tables["business_plan"].num_rows == 0
    said = next(row for row in result.source_files.to_pylist() if row["table"] == "business_plan")
    assert (
        "left out, as the plan has only a part of the month: 2026-08 (1 of its 21 days), 2026-09 (14 of its 22 days)"
        in said["remarks"]
    )
    assert said["note"].endswith("3 rows of weeks, shared out over the days worked in them")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["2026-09,Care,5", "2026-W38,Care,5"], "1 rows that plan days which another row plans, as 2026-09-14 of Care"),
        (["2026-Q3,Care,5", "2026-08,Care,5"], "as 2026-08-01 of Care"),
        (["2026-P01,Care,5"], "'2026-P01', a period of a calendar that is not stated"),
    ],
)
def test_days_are_planned_once_and_by_a_known_calendar(folder, rows, said):
    with pytest.raises(BadInput, match=said):
        plan(folder, rows)


def test_wide_plans_have_periods_as_headings(folder):
    source = {"wide": {"keep": ["family"], "names_to": "month", "values_to": "units"}}
    weeks = [date(2025, 12, 29) + n * WEEK for n in range(53)]
    text = "family," + ",".join(f"{day:%G-W%V}" for day in weeks) + "\nCare," + ",".join("50" for _ in weeks) + "\n"
    folder.table("business_plan", text, **source)
    assert units(folder.take_in().tables["business_plan"].to_pylist())["2026-06"] == 220


# -- demand inputs -----------------------------------------------------------------------------------------------------

HEAD = "stream,product_id,month_from,month_to,change_units,change_pct,replace_units,recorded_on\n"


def inputs(folder, *rows, **source):
    folder.table("demand_inputs", HEAD + "\n".join(rows) + "\n", **source)
    return [
        (f"{row['month_from']:%Y-%m}", row["change_units"], row["change_pct"], row["replace_units"])
        for row in folder.take_in().tables["demand_inputs"].to_pylist()
    ]


@pytest.mark.parametrize(
    ("row", "source", "expected"),
    [
        # the week of 28 September: 3 days of September, 2 of October
        ("sales,P1,2026-W40,,10,,,", {}, [("2026-09", 6, None, None), ("2026-10", 4, None, None)]),
        ("sales,P1,2026-W38,2026-W40,10,,,", {}, [("2026-09", 26, None, None), ("2026-10", 4, None, None)]),
        # 30% more in a week of 5 of the month's 22 days
        ("sales,P1,2026-W38,,,22,,", {}, [("2026-09", None, 5, None)]),
        ("sales,P1,2026-09-14,2026-09-25,3,,,", {"dated_by": "day"}, [("2026-09", 30, None, None)]),
        ("sales,P1,2026-09-12,,3,,,", {"dated_by": "day"}, [("2026-09", 3, None, None)]),  # a Saturday
        (
            "sales,P1,2026-Q4,,66,,,",
            {},
            [("2026-10", 22, None, None), ("2026-11", 21, None, None), ("2026-12", 23, None, None)],
        ),
        ("sales,P1,2026-Q4,,,,66,", {}, [("2026-10", None, None, 22), ("2026-11", None, None, 21)]),
        # a week of September replaced by 7: its 5 of 22 days are taken off, the 7 added
        ("sales,P1,2026-W38,,,,7,", {}, [("2026-09", 7, Decimal("-22.727273"), None)]),
        ("sales,P1,2026-09,2026-11,5,,,", {}, [("2026-09", 5, None, None)]),
    ],
)
def test_an_entry_by_period_counts_for_its_own_days(folder, row, source, expected):
    assert inputs(folder, row, **source)[: len(expected)] == expected


def test_weeks_that_replace_a_whole_month_replace_it(folder):
    """Weeks 36 to 40: 31 August to 4 October; August and October keep the forecast of their other days."""
    rows = [f"customers,P1,2026-W{week},,,,50," for week in range(36, 41)]
    assert inputs(folder, *rows) == [
        ("2026-08", 10, Decimal("-4.761905"), None),
        ("2026-09", None, None, 220),
        ("2026-10", 20, Decimal("-9.090909"), None),
    ]


def test_of_two_that_replace_a_week_the_one_recorded_last_counts(folder):
    rows = ["customers,P1,2026-W38,,,,50,2026-08-02", "customers,P1,2026-W38,,,,7,2026-08-01"]
    assert inputs(folder, *rows) == [("2026-09", 50, Decimal("-22.727273"), None)]


def test_a_last_month_that_is_no_such_unit_is_set_aside(folder):
    folder.settings = {"company": "Test", "tolerances": {"quarantine_pct": 100}}
    assert inputs(folder, "sales,P1,2026-W38,2026-10,10,,,", "sales,P1,2026-09,,10,,,") == [("2026-09", 10, None, None)]
    lines = check_company(folder.root).remarks
    assert any("Needed the last week, period or month of those that month_from begins with" in line for line in lines)


def test_entries_of_periods_run_from_the_first_to_the_last(folder):
    """P01 and P02 are 1 February to 28 March 2026: 20 days of February, 20 of March, 5 added a week."""
    folder.settings = {"company": "Test", "periods": RETAIL}
    found = inputs(folder, "sales,P1,2026-P01,2026-P02,20,,,", "sales,P1,2026-P03,,50,,,")
    # P03 is 29 March to 2 May: 2 days of March, 22 of April, 1 of May, two units a day
    assert sorted(found) == [
        ("2026-02", 20, None, None),
        ("2026-03", 4, None, None),
        ("2026-03", 20, None, None),
        ("2026-04", 44, None, None),
        ("2026-05", 2, None, None),
    ]


def test_bare_weekly_dates_of_a_stream_are_refused(folder):
    rows = [f"customers,P1,{date(2026, 1, 5) + n * WEEK},,,,50," for n in range(10)]
    with pytest.raises(BadInput, match=r"dates weeks apart, such as 2026-01-05.*dated_by: week_start"):
        inputs(folder, *rows)
    assert inputs(folder, *rows, dated_by="month")[0] == ("2026-01", None, None, 50)
