"""Companies whose files are dated by weeks or by the periods of a 4-4-5 calendar: months get what was sold in them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company
from sop_pipeline.periods import PeriodCalendar, label_of
from tests.present import present

DAY, WEEK = timedelta(days=1), timedelta(days=7)
RETAIL = {"pattern": "4-5-4", "year_ends": "saturday nearest end of january", "named_by": "start"}


def weekly(write=str, first=date(2026, 1, 5), count=42, amount="35.7"):
    rows = [f"{write(first + number * WEEK)},P1,{amount}" for number in range(count)]
    return "date,product_id,quantity\n" + "\n".join(rows) + "\n"


def by_month(folder, table="sales", cycle="2026-11"):
    months: Counter[str] = Counter()
    for row in folder.take_in(cycle).tables[table].to_pylist():
        months[f"{row['date']:%Y-%m}"] += row["quantity"]
    return dict(months)


@pytest.mark.parametrize(
    ("write", "dated_by"),
    [
        (lambda day: f"{day:%G-W%V}", None),
        (lambda day: f"W{day:%V} {day:%G}", None),
        (lambda day: f"{day:%G%V}", "week"),
        (str, "week_start"),
        (lambda day: str(day + 6 * DAY), "week_end"),
        (str, None),  # Mondays, 7 days apart
    ],
)
def test_a_week_over_a_months_end_is_shared_by_the_days_worked(folder, write, dated_by):
    """35.7 a week are 7.14 a working day; January begins on the 5th: 20 days, and every later month has all of its."""
    folder.table("sales", weekly(write), **({"dated_by": dated_by} if dated_by else {}))
    worked = {"01": 20, "02": 20, "03": 22, "04": 22, "05": 21, "06": 22, "07": 23, "08": 21, "09": 22, "10": 17}
    found = by_month(folder)
    assert found == {f"2026-{month}": days * Decimal("7.14") for month, days in worked.items()}
    assert sum(found.values()) == 42 * Decimal("35.7")


def test_shares_add_up_to_the_last_decimal_and_money_and_hours_are_shared_too(folder):
    folder.settings = {"company": "Test", "country": "DE"}  # Friday 1 May 2026 is not worked
    folder.table(
        "sales",
        "date,product_id,quantity,revenue\n2026-W18,P1,10,0.10\n2026-W19,P1,-1,7\n2026-W18,P2,0.0001,100.01\n",
    )
    folder.table("production", "date,product_id,quantity,hours\n2026-W18,P1,3,1\n")
    result = folder.take_in()
    rows = result.tables["sales"].to_pylist()
    for product, quantity, revenue in (("P1", "9", "7.10"), ("P2", "0.0001", "100.01")):
        own = [row for row in rows if row["product_id"] == product]
        assert sum(row["quantity"] for row in own) == Decimal(quantity)
        assert sum(row["revenue"] for row in own) == Decimal(revenue)
    assert {row["date"] for row in rows if row["product_id"] == "P2"} == {date(2026, 4, 27) + n * DAY for n in range(4)}
    made = result.tables["production"].to_pylist()
    assert [row["hours"] for row in made] == [Decimal("0.25")] * 4
    assert sum(row["quantity"] for row in made) == 3


def test_a_week_without_a_worked_day_keeps_its_amount(folder):
    folder.settings = {
        "company": "Test",
        "weekend": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
    }
    folder.table("sales", "date,product_id,quantity\n2026-W18,P1,7\n")
    assert by_month(folder) == {"2026-05": 7}  # Sunday 3 May alone is worked


@pytest.mark.parametrize(
    ("write", "source"),
    [
        (lambda span, name: name, {}),
        (lambda span, name: str(span.first), {"dated_by": "period_start"}),
        (lambda span, name: str(span.last), {"dated_by": "period_end"}),
    ],
)
def test_periods_become_months_by_the_days_worked(folder, write, source):
    """Ten a working day in every period, so ten a working day in every month, fifty-third week or not.

    Retail year 2023 has 53 weeks: it ends on 3 February 2024, a week later than a year of 52 would.
    """
    calendar = PeriodCalendar.of(RETAIL["pattern"], RETAIL["year_ends"], named_by="start")
    assert calendar.weeks(2023) == 53
    periods = [(year, number) for year in (2023, 2024) for number in range(1, 13)]
    spans = [(present(calendar.span(*period)), "{}-P{:02d}".format(*period)) for period in periods]
    rows = [f"{write(span, name)},P1,{50 * span.weeks}" for span, name in spans]
    folder.settings = {"company": "Test", "periods": RETAIL}
    folder.table("sales", "date,product_id,quantity\n" + "\n".join(rows) + "\n", **source)
    found = by_month(folder, cycle="2025-02")
    assert found["2024-01"] == 230  # 23 working days
    assert found["2024-02"] == 210
    assert found["2024-12"] == 220
    assert sum(found.values()) == 50 * (53 + 52)


def test_a_calendar_that_labels_need_is_not_called_unused(folder):
    folder.settings = {"company": "Test", "periods": RETAIL}
    folder.table("sales", "date,product_id,quantity\n2026-P01,P1,5\n2026-P02,P1,5\n")
    folder.company()
    assert "no source is dated by" not in str(check_company(folder.root))
    folder.table("sales", "date,product_id,quantity\n2026-01-02,P1,5\n2026-03-02,P1,5\n")
    folder.company()
    assert "no source is dated by" in str(check_company(folder.root))


def test_days_of_a_week_from_the_cutoff_on_are_not_known(folder):
    """The week of Monday 28 September has three days before October, and two that cycle October knows nothing of."""
    folder.table("sales", weekly(lambda day: f"{day:%G-W%V}", count=45))
    found = by_month(folder, cycle="2026-10")
    assert max(found) == "2026-09"
    assert found["2026-09"] == 22 * Decimal("7.14")


def test_a_weekly_file_that_begins_and_ends_within_a_month_has_no_whole_month_there(folder):
    """From Monday 12 January to Sunday 13 September: the days without rows are missing, not zero."""
    folder.table("sales", weekly(first=date(2026, 1, 12), count=35))
    row = next(row for row in folder.take_in("2026-10").data_freshness.to_pylist() if row["table"] == "sales")
    assert (row["covered_to"], row["missing_days"], row["status"]) == (date(2026, 9, 11), 13, "stops")
    folder.company()
    assert check_company(folder.root).newest_cycle == "2026-09"


def test_what_was_decided_about_dates_is_told(folder):
    folder.table("sales", weekly())
    folder.company()
    report = str(check_company(folder.root))
    assert "rows lie 7 days apart, on Monday: each is taken for the week that starts on it" in report
    assert "42 rows of weeks, shared out over the days worked in them" in report


def test_weekly_dates_are_days_where_that_is_said(folder):
    folder.table("sales", weekly(), dated_by="day")
    assert by_month(folder)["2026-01"] == 4 * Decimal("35.7")


def test_stock_of_a_week_or_period_is_counted_at_its_end(folder):
    folder.settings = {"company": "Test", "periods": RETAIL}
    folder.table("inventory", "date,product_id,on_hand\n2026-W40,P1,5\n2026-P08,P2,7\n")
    rows = {row["product_id"]: row for row in folder.take_in().tables["inventory"].to_pylist()}
    assert {name: (row["date"], row["on_hand"]) for name, row in rows.items()} == {
        "P1": (date(2026, 10, 4), 5),
        "P2": (date(2026, 10, 3), 7),
    }


@pytest.mark.parametrize(
    ("rows", "source", "settings", "said"),
    [
        ([f"{year}Q{q}" for year in (2024, 2025) for q in range(1, 5)], {}, {}, "'2024Q1', a quarter.*export months"),
        ([f"{year}-{m:02d}-01" for year in (2024, 2025) for m in (2, 5, 8, 11)], {}, {}, "every third month"),
        (["2025-P01", "2025-P02"], {}, {}, "'2025-P01', a period of a calendar that is not stated"),
        (["2026-01-03"], {"dated_by": "period_end"}, {}, "dated_by: period_end of a calendar that is not stated"),
        (
            [str(date(2025, 2, 1) + n * 4 * WEEK) for n in range(12)],
            {},
            {},
            "4 and 5 weeks.*dated_by: period_end",
        ),
        ([str(date(2025, 2, 2) + n * WEEK) for n in range(12)], {}, {}, "7 days apart.*week_start, week_end or day"),
        (["202552", "202601"], {}, {}, "'202552', which is no month.*dated_by: week"),
        (["2025-01-06", "2025-01-14"], {"dated_by": "week_start"}, {}, "monday and on tuesday"),
        (["2025-01-06"], {"dated_by": "period_start"}, {"periods": RETAIL}, "2024-P12 is 2025-01-05 to 2025-02-01"),
    ],
)
def test_what_is_no_month_is_never_taken_for_one(folder, rows, source, settings, said):
    folder.settings = {"company": "Test", **settings}
    folder.table("sales", "date,product_id,quantity\n" + "".join(f"{row},P1,9\n" for row in rows), **source)
    with pytest.raises(BadInput, match=f"(?s){said}"):
        folder.take_in()


def test_a_label_that_no_calendar_has_is_set_aside(folder):
    folder.settings = {"company": "Test", "tolerances": {"quarantine_pct": 100}}
    folder.table("sales", "date,product_id,quantity\n2026-W54,P1,9\n2025-W53,P1,9\n2026-W02,P1,10\n")
    result = folder.take_in()
    assert sum(row["quantity"] for row in result.tables["sales"].to_pylist()) == 10
    assert [row["value"] for row in result.quarantine.to_pylist()] == ["2026-W54", "2025-W53"]


@pytest.mark.parametrize(
    ("rule", "year", "end", "weeks"),
    [
        # years of 53 weeks as the retailers' federation has published them
        ({"year_ends": "saturday nearest end of january", "named_by": "start"}, 2006, date(2007, 2, 3), 53),
        ({"year_ends": "saturday nearest end of january", "named_by": "start"}, 2012, date(2013, 2, 2), 53),
        ({"year_ends": "saturday nearest end of january", "named_by": "start"}, 2017, date(2018, 2, 3), 53),
        ({"year_ends": "saturday nearest end of january", "named_by": "start"}, 2018, date(2019, 2, 2), 52),
        ({"year_ends": "saturday nearest end of january", "named_by": "start"}, 2023, date(2024, 2, 3), 53),
        # a company whose years end on the last Saturday of September: 2017 and 2023 had 53 weeks
        ({"year_ends": "last saturday of september"}, 2017, date(2017, 9, 30), 53),
        ({"year_ends": "last saturday of september"}, 2022, date(2022, 9, 24), 52),
        ({"year_ends": "last saturday of september"}, 2023, date(2023, 9, 30), 53),
        ({"year_ends": "2025-01-04", "long_years": (2024,)}, 2024, date(2025, 1, 4), 53),
        ({"year_ends": "2025-01-04", "long_years": (2024,)}, 2023, date(2023, 12, 30), 52),
        ({"year_ends": "2025-01-04", "long_years": (2024, 2026)}, 2026, date(2027, 1, 9), 53),
        ({"year_ends": "2024-02-03", "long_years": (2023,), "named_by": "start"}, 2023, date(2024, 2, 3), 53),
    ],
)
@pytest.mark.parametrize("pattern", ["4-4-5", "4-5-4", "5-4-4", "13"])
def test_years_have_the_weeks_that_were_published(rule, year, end, weeks, pattern):
    calendar = PeriodCalendar.of(pattern, **rule)
    assert calendar.weeks(year) == weeks
    last = present(calendar.span(year, calendar.periods))
    assert last.last == end
    spans = [present(calendar.span(year, number)) for number in range(1, calendar.periods + 1)]
    assert sum(span.weeks for span in spans) == weeks
    for number, span in enumerate(spans, start=1):
        assert calendar.period_of(span.first) == calendar.period_of(span.last) == (year, number)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2026-W07", ("week", 2026, 7)),
        ("2026W7", ("week", 2026, 7)),
        ("kw 07/2026", ("week", 2026, 7)),
        ("Week 7, 2026", None),
        ("Week 7 2026", ("week", 2026, 7)),
        ("2026-P13", ("period", 2026, 13)),
        ("FY26-P03", ("period", 2026, 3)),
        ("P3 FY2026", ("period", 2026, 3)),
        ("Q4 2026", ("quarter", 2026, 4)),
        ("2026-Q4", ("quarter", 2026, 4)),
        ("2026Q5", None),
        ("2026-P14", None),
        ("2026-W00", None),
        ("2026-03", None),
        ("202603", None),
        ("2026M03", None),
        ("P1", None),
    ],
)
def test_labels(text, label):
    found = label_of(text)
    assert (found and (found.kind, found.year, found.number)) == label


# -- what is planned by month ------------------------------------------------------------------------------------------


def plan_of(labels, table="business_plan"):
    head, row = {
        "business_plan": ("month,family,units", "{},Care,{}"),
        "exchange_rates": ("month,currency,rate", "{},USD,1.{}"),
        "calendar": ("month,site_id,working_days", "{},north,{}"),
    }[table]
    lines = [row.format(label, 10 + place % 9) for place, label in enumerate(labels)]
    return "\n".join([head, *lines]) + "\n"


WEEKS_OF_PLAN = [str(date(2026, 1, 5) + timedelta(days=7 * week)) for week in range(30)]
EVERY_DAY = [str(date(2026, 9, 1) + timedelta(days=day)) for day in range(60)]


@pytest.mark.parametrize(
    ("table", "labels", "source", "said"),
    [
        (
            "exchange_rates",
            ["2026-Q1", "2026-Q2"],
            {},
            "'2026-Q1', a quarter; needed a month.*shared out over its three",
        ),
        ("calendar", ["2026-W01", "2026-W02"], {}, "'2026-W01', a week; needed a month.*add its weeks up"),
        ("calendar", ["2026-P01", "2026-P02"], {}, "'2026-P01', a period; needed a month.*share each period out"),
        (
            "business_plan",
            [f"2026-{m:02d}-01" for m in (1, 4, 7, 10)],
            {},
            "every third month, such as 2026-01 and 2026-04",
        ),
        ("business_plan", [f"2026-{m:02d}" for m in (3, 6, 9, 12)], {}, "a quarter's amount is no month's"),
        ("business_plan", WEEKS_OF_PLAN, {}, "dates weeks apart, such as 2026-01-05.*dated_by: week_start"),
        ("business_plan", WEEKS_OF_PLAN[:7], {}, "up to 4 rows of one month, such as 2026-01, in 2 of 2 cases"),
        ("business_plan", EVERY_DAY, {}, "needed one row per month and family.*dated_by: week_start, .* or day"),
        (
            "exchange_rates",
            EVERY_DAY,
            {},
            "up to 30 rows of one month, such as 2026-09.*one row per month and currency",
        ),
        ("calendar", WEEKS_OF_PLAN, {}, "needed one row per month and site_id"),
        ("calendar", WEEKS_OF_PLAN, {"dated_by": "week_start"}, "dated_by: week_start; needed sales, production"),
        ("exchange_rates", ["2026-P01"], {"dated_by": "period"}, "dated_by: period; needed sales, production"),
    ],
)
def test_a_plan_that_is_not_by_month_is_refused_in_a_sentence(folder, table, labels, source, said):
    folder.table(table, plan_of(labels, table), **source)
    with pytest.raises(BadInput, match=said):
        folder.take_in()


@pytest.mark.parametrize(
    ("labels", "source", "rows"),
    [
        ([f"2026-{month:02d}" for month in range(1, 13)], {}, 12),
        ([f"2026-{month:02d}-15" for month in range(1, 13)], {}, 12),
        ([f"2026-{month:02d}" for month in (1, 4, 7, 10)], {"dated_by": "month"}, 4),
        (["2026-01", "2026-04"], {}, 2),
        ([*(f"2026-{month:02d}" for month in range(1, 13)), "2026-03"], {}, 12),
    ],
)
def test_a_plan_by_month_is_taken(folder, labels, source, rows):
    folder.table("business_plan", plan_of(labels), **source)
    assert folder.take_in().tables["business_plan"].num_rows == rows


def test_rows_that_a_table_of_two_months_repeats_are_shown_by_the_month_they_speak_of(folder):
    """``external_forecasts`` has the month of its cycle, too; the example is a month forecast."""
    rows = [f"crm,2026-08,P1,2026-{month:02d},5\n" for month in (9, 10, 11)] * 2
    folder.table("external_forecasts", "model,cycle,product_id,month,mean\n" + "".join(rows))
    with pytest.raises(BadInput, match=r"column month: .*such as 2026-09"):
        folder.take_in()
