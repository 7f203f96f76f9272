"""Dates decided over the whole column, and refused where they can be read in two ways."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells import dates


def read(*texts, **how):
    return dates.read(texts, dates.evidence(texts), **how).days


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "2026/3/4",
        "2026.03.04",
        "20260304",
        "2026-03-04 00:00:00",
        "2026-03-04T23:59:59.999Z",
        "2026-03-04 10:15+02:00",
        "4.3.2026",
        "04.03.26",
        "4 Mar 2026",
        "04-MAR-26",
        "4th March 2026",
        "March 4, 2026",
    ],
)
def test_ways_to_write_a_day(text):
    assert read(text) == {text: date(2026, 3, 4)}


@pytest.mark.parametrize(
    "text", ["2026-11", "2026/11", "2026M11", "202611", "11/2026", "Nov 2026", "Nov-26", "November 2026"]
)
def test_ways_to_write_a_month(text):
    assert read(text) == {text: date(2026, 11, 1)}
    assert read(text, month_end=True) == {text: date(2026, 11, 30)}


def test_one_value_settles_the_column():
    assert read("03/04/2026", "25/04/2026")["03/04/2026"] == date(2026, 4, 3)
    assert read("03/04/2026", "04/25/2026")["03/04/2026"] == date(2026, 3, 4)


@pytest.mark.parametrize("texts", [("03/04/2026",), ("03-04-2026", "2026-05-01"), ("25/04/2026", "04/25/2026")])
def test_what_can_be_read_in_two_ways_is_refused(texts):
    with pytest.raises(dates.Undecidable):
        read(*texts)


def test_a_day_equal_to_its_month_needs_no_decision():
    assert read("03/03/2026") == {"03/03/2026": date(2026, 3, 3)}


@pytest.mark.parametrize(
    "text", ["2026-02-30", "tomorrow", "2026-13-01", "32.01.2026", "1500-01-01", "2026-1-1-1", "12"]
)
def test_what_is_no_day_has_no_meaning(text):
    assert read(text) == {}


def test_excel_day_numbers_only_where_the_whole_column_has_them():
    assert read("46327", "46328") == {"46327": date(2026, 11, 1), "46328": date(2026, 11, 2)}
    assert "46327" not in read("46327", "2026-11-02")


def test_a_declared_form_is_held_to():
    assert dates.read_declared(["04/03/2026", "2026-03-04"], "%m/%d/%Y").days == {"04/03/2026": date(2026, 4, 3)}


@given(st.lists(st.dates(date(1970, 1, 1), date(2199, 12, 31)), min_size=1, max_size=30), st.sampled_from("/-"))
def test_a_column_is_never_misread(days, separator):
    texts = [f"{day:%d}{separator}{day:%m}{separator}{day:%Y}" for day in days]
    try:
        found = read(*texts)
    except dates.Undecidable:
        assert all(day.day <= 12 for day in days)
    else:
        assert [found[text] for text in texts] == days


def test_a_declared_form_that_fits_nothing_is_a_slip_in_the_settings(folder):
    folder.sources["sales"]["date_format"] = "%d/%m/%Y"
    with pytest.raises(BadInput, match=r"column date: found '2026-09-01', and no cell that fits.*as date_format says"):
        folder.take_in()


def test_the_error_names_file_and_column(folder):
    folder.table("sales", "date,product_id,quantity\n03/04/2026,P1,1\n")
    with pytest.raises(BadInput, match=r"sales\.csv, column date: found '03/04/2026'.*date_format: '%d/%m/%Y'"):
        folder.take_in()


def test_another_date_column_of_the_file_settles_it(folder):
    folder.table(
        "orders",
        "order_id,line,product_id,ordered_on,requested_on,quantity\n1,1,P1,03/04/2026,25/04/2026,5\n",
    )
    row = folder.take_in().tables["orders"].to_pylist()[0]
    assert (row["ordered_on"], row["requested_on"]) == (date(2026, 4, 3), date(2026, 4, 25))


def test_days_in_several_forms_are_read_when_each_is_clear(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,1\n25.09.2026,P1,2\n3 Oct 2026,P1,3\nsoon,P1,4\n")
    result = folder.take_in()
    assert [row["date"] for row in result.tables["sales"].to_pylist()] == [
        date(2026, 9, 1),
        date(2026, 9, 25),
        date(2026, 10, 3),
    ]
    assert result.quarantine.to_pylist()[0]["reason"].startswith("Needed a day such as 2026-11-30")


def test_a_month_of_stock_is_its_last_day_and_a_month_of_sales_its_first(folder):
    folder.table("inventory", "date,product_id,on_hand\n2026-10,P1,5\n")
    folder.table("sales", "date,product_id,quantity\n2026-10,P1,5\n")
    found = folder.take_in().tables
    assert found["inventory"].column("date").to_pylist() == [date(2026, 10, 31)]
    assert found["sales"].column("date").to_pylist() == [date(2026, 10, 1)]


def test_a_year_long_past_is_a_slip(folder):
    folder.table("sales", "date,product_id,quantity\n0026-09-01,P1,1\n1926-09-01,P1,1\n2026-09-01,P1,1\n")
    result = folder.take_in()
    assert [row["row"] for row in result.quarantine.to_pylist()] == [2, 3]


def daily(first_month, last_month, turned, days=range(1, 29)):
    """Days of some months, year first; those up to the 12th with day and month turned where ``turned``."""
    pairs = [(month, day) for month in range(first_month, last_month + 1) for day in days]
    return [f"2026-{d:02d}-{m:02d}" if turned and d <= 12 else f"2026-{m:02d}-{d:02d}" for m, d in pairs]


def test_days_and_months_turned_round_before_a_second_export_are_refused():
    """January to June read as July to December: the newest cycle would be half a year ahead."""
    with pytest.raises(
        dates.Undecidable, match="days up to the 12th such as '2026-07-01' alone in months without later"
    ):
        read(*daily(1, 6, turned=True))
    with pytest.raises(dates.Undecidable, match="turned round"):
        read(*daily(4, 6, turned=True, days=range(2, 30, 3)))


@pytest.mark.parametrize(
    "texts",
    [
        daily(1, 6, turned=False),
        daily(1, 12, turned=False),
        [*daily(1, 6, turned=False), "2026-07-01", "2026-07-02", "2026-07-03"],
        [f"2026-{month:02d}-01" for month in range(1, 13)],
        [f"2026-{month:02d}-{day}" for month in range(1, 7) for day in ("01", "15")] + ["2026-07-01"],
        [*(f"2026-{month:02d}-15" for month in range(1, 7)), "2026-08-01", "2026-09-01", "2026-10-01"],
    ],
)
def test_days_of_a_month_that_has_begun_are_no_turned_ones(texts):
    assert len(read(*texts)) == len(set(texts))


@pytest.mark.parametrize("text", ["9999-12-31", "0000-00-00", "01.01.1900", "00000000", "1753-01-01 00:00:00"])
def test_no_date_of_an_erp_system_is_a_blank_with_a_count(folder, text):
    head = "product_id,product_name,launched_on,discontinued_on\n"
    folder.table("products", f"{head}P1,Soap,2020-01-31,{text}\nP2,Cream,2020-02-29,{text}\n")
    result = folder.take_in()
    assert [row["discontinued_on"] for row in result.tables["products"].to_pylist()] == [None, None]
    told = next(row for row in result.source_files.to_pylist() if row["table"] == "products")["remarks"]
    assert told == f"discontinued_on: 2 cells such as {text!r} read as blank: it says that there is no date"
