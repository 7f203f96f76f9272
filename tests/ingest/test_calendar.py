"""Working days: the calendar where it speaks, weekdays less public holidays where it does not."""

from __future__ import annotations

from datetime import date

import pytest

from sop_pipeline.errors import BadInput


def days(result):
    rows = result.working_calendar.to_pylist()
    return {
        f"{row['month']:%Y-%m}": (float(row["working_days"]), row["source"], row["week"], row["place"]) for row in rows
    }


def test_from_the_first_month_of_history_to_the_end_of_the_horizon(folder):
    folder.settings["horizon_months"] = 18
    months = folder.take_in("2026-11").working_calendar.column("month").to_pylist()
    assert (months[0], months[-1], len(months)) == (date(2026, 9, 1), date(2028, 4, 1), 20)


def test_weekdays_without_a_country(folder):
    assert days(folder.take_in())["2026-12"] == (23, "week", "12345", None)


def test_public_holidays_of_the_country(folder):
    folder.settings["country"] = "de"
    found = days(folder.take_in())
    # Friday 25 December is the only weekday holiday of December 2026, 26 December being a Saturday.
    assert found["2026-12"] == (22, "week", "12345", "DE")
    assert found["2026-11"][0] == 21


def test_a_country_nobody_knows(folder):
    folder.settings["country"] = "DEE"
    with pytest.raises(BadInput, match=r"sop\.yaml, country: found country 'DEE'.*Near ones: .*DE"):
        folder.take_in()


def test_the_company_row_counts_else_the_mean_of_sites(folder):
    folder.table(
        "calendar",
        "month,site_id,working_days,shutdown\n2026-12,,15,winter\n2026-12,A,10,\n2027-01,A,20,\n2027-01,B,15,stocktaking\n"
        "2027-02,,,maintenance\n",
    )
    result = folder.take_in()
    found = days(result)
    assert found["2026-12"] == (15, "calendar", None, None)
    assert found["2027-01"] == (17.5, "sites", None, None)
    assert found["2027-02"] == (20, "week", "12345", None)
    shutdowns = {f"{row['month']:%Y-%m}": row["shutdown"] for row in result.working_calendar.to_pylist()}
    assert [shutdowns[month] for month in sorted(found)[3:6]] == ["winter", "stocktaking", "maintenance"]
