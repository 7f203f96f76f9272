"""How far tables reach towards the cut-off: what stops a cycle, what is told, and which cycle is the newest."""

from datetime import date, timedelta

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import check_company
from sop_pipeline.ingest.freshness import too_old
from sop_pipeline.language.freshness import stale_words

SEPTEMBER = "2026-09"


def days(first, last, step=1, only=None):
    day, found = date.fromisoformat(first), []
    while day <= date.fromisoformat(last):
        if only is None or day.weekday() in only:
            found.append(day)
        day += timedelta(days=step)
    return found


def sales(folder, on):
    folder.table("sales", "date,product_id,quantity\n" + "".join(f"{day},P1,5\n" for day in on))


def stock(folder, on):
    folder.table("inventory", "date,product_id,on_hand\n" + "".join(f"{day},P1,50\n" for day in on))


def rows(folder, cycle=SEPTEMBER):
    return {row["table"]: row for row in folder.take_in(cycle).data_freshness.to_pylist()}


@pytest.mark.parametrize(
    ("last", "missing", "status"),
    [
        ("2026-08-31", 0, "fresh"),
        ("2026-08-26", 3, "fresh"),  # Thursday 27, Friday 28, Monday 31
        ("2026-08-25", 4, "stops"),
        ("2026-08-09", 16, "stops"),
        ("2026-09-03", 0, "fresh"),  # rows after the cut-off are no part of the cycle
    ],
)
def test_daily_sales_reach_to_their_newest_row(folder, last, missing, status):
    sales(folder, days("2026-03-02", last))
    row = rows(folder)["sales"]
    assert (row["missing_days"], row["limit_days"], row["status"], row["speaks_of"]) == (missing, 3, status, "day")


@pytest.mark.parametrize("number", ["01", "15", "28"])
def test_a_monthly_row_covers_its_month_whatever_day_it_carries(folder, number):
    sales(folder, [date.fromisoformat(f"2026-{month:02}-{number}") for month in range(1, 9)])
    row = rows(folder)["sales"]
    assert (row["speaks_of"], row["covered_to"], row["missing_days"]) == ("month", date(2026, 8, 31), 0)
    assert rows(folder, "2026-10")["sales"]["status"] == "stops"


def test_a_weekly_row_covers_the_days_of_its_week(folder):
    sales(folder, days("2026-03-02", "2026-08-24", step=7))
    row = rows(folder)["sales"]
    assert (row["speaks_of"], row["covered_to"], row["missing_days"]) == ("day", date(2026, 8, 28), 1)
    sales(folder, days("2026-03-02", "2026-08-10", step=7))
    assert rows(folder)["sales"]["missing_days"] == 11


def test_holidays_and_the_companys_own_limit_count(folder):
    sales(folder, days("2026-03-02", "2026-12-23"))
    folder.settings = {"company": "Test", "country": "DE"}  # 25 December is a Friday; 24, 28 to 31 are worked
    assert rows(folder, "2027-01")["sales"]["missing_days"] == 5
    folder.settings["freshness"] = {"by_table": {"sales": 5}}
    assert rows(folder, "2027-01")["sales"]["status"] == "fresh"
    folder.settings["freshness"] = {"working_days": 5}
    assert rows(folder, "2027-01")["sales"]["status"] == "fresh"


def test_the_stop_names_file_days_and_the_line_that_accepts_it_for_this_cycle(folder):
    sales(folder, days("2026-03-02", "2026-08-09"))
    result = folder.take_in(SEPTEMBER)
    (fault,) = too_old(result.data_freshness, result.source_files, Cycle.parse(SEPTEMBER))
    assert str(fault) == (
        "sales.csv: found sales that end on 2026-08-09, 16 working days before the cut-off; needed rows up to 3 "
        "working days before 2026-09-01. Add the file that did not come. To plan all the same: "
        "freshness: {accept_stale: {sales: 2026-09}} in sop.yaml; the days without data are then forecast."
    )
    folder.settings["freshness"] = {"accept_stale": {"sales": "2026-09"}}
    assert rows(folder)["sales"]["status"] == "accepted"
    assert rows(folder, "2026-10")["sales"]["status"] == "stops"


def test_old_stock_is_told_and_stops_nothing(folder):
    sales(folder, days("2026-03-02", "2026-08-31"))
    stock(folder, days("2026-03-31", "2026-06-30", step=91))
    found = rows(folder)
    assert found["inventory"]["status"] == "told"
    assert stale_words(found.values()) == ["stock was last counted on 30 Jun 2026, 44 working days before the cut-off"]


def test_without_sales_it_is_production_that_must_reach_the_cutoff(folder):
    del folder.sources["sales"]
    made = "date,product_id,quantity\n" + "".join(f"{day},P1,5\n" for day in days("2026-03-02", "2026-08-09"))
    folder.table("production", made)
    assert rows(folder)["production"]["status"] == "stops"


@pytest.mark.parametrize(
    ("last", "newest"), [("2026-08-31", "2026-09"), ("2026-08-26", "2026-09"), ("2026-08-09", "2026-08")]
)
def test_the_check_names_the_newest_cycle_that_a_run_would_plan(folder, last, newest):
    sales(folder, days("2026-03-02", last))
    folder.company()
    assert check_company(folder.root).newest_cycle == newest
    after = Cycle.parse(newest).previous(-1).name
    assert rows(folder, newest)["sales"]["status"] == "fresh"
    assert rows(folder, after)["sales"]["status"] == "stops"


@pytest.mark.parametrize("stray", ["2026-11-12", "2027-08-05"])
def test_one_row_dated_ahead_makes_no_newer_cycle_and_is_told(folder, stray):
    sales(folder, [*days("2026-03-02", "2026-08-31"), date.fromisoformat(stray)])
    folder.company()
    report = check_company(folder.root)
    assert report.newest_cycle == SEPTEMBER
    assert f"sales: 1 row is dated after 2026-09, the last {stray}; cycle 2026-09 leaves it out" in report.remarks


def test_a_cycle_accepted_in_the_settings_is_the_newest_and_what_it_lacks_is_a_remark(folder):
    sales(folder, days("2026-03-02", "2026-08-09"))
    folder.settings["freshness"] = {"accept_stale": {"sales": "2026-09"}}
    folder.company()
    report = check_company(folder.root)
    assert report.newest_cycle == SEPTEMBER
    assert "sales end on 9 Aug 2026, 16 working days before the cut-off." in report.remarks


def test_a_table_that_is_not_dated_cannot_be_accepted(folder):
    folder.settings["freshness"] = {"accept_stale": {"products": "2026-09"}}
    with pytest.raises(Exception, match="products"):
        folder.company()
