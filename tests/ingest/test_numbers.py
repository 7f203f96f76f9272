"""Numbers as people write them, and the decimal mark decided by the whole file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells import numbers
from sop_pipeline.reading.cells.numbers import Evidence


def quantities(folder, *texts, **source):
    rows = "".join(f'2026-09-{day:02d};P1;"{text}"\n' for day, text in enumerate(texts, start=1))
    folder.table("sales", f"date;product_id;quantity\n{rows}", **source)
    result = folder.take_in()
    read = {row["date"].day: float(row["quantity"]) for row in result.tables["sales"].to_pylist()}
    return [read.get(day) for day in range(1, len(texts) + 1)]


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("1", "1.5", "-2", "+3", "1e3"), [1, 1.5, -2, 3, 1000]),
        (("1,5", "1.234,5", "1.234.567", "12"), [1.5, 1234.5, 1234567, 12]),
        (("1,234.5", "1,234,567", "1 234.25", "1'234.5"), [1234.5, 1234567, 1234.25, 1234.5]),
        (("12-", "(12.50)", "€ 7.20", "−3.1"), [-12, -12.5, 7.2, -3.1]),
        (("0,125", "3"), [0.125, 3]),
        (("2,375", "1234"), [2.375, 1234]),
        (("1\u00a0234,5", "2"), [1234.5, 2]),
        (("1,23,45,678.5", "1.5"), [12345678.5, 1.5]),
    ],
)
def test_numbers_are_read_as_meant(folder, texts, wanted):
    assert quantities(folder, *texts) == wanted


def test_one_comma_among_points_is_set_aside_not_misread(folder):
    assert quantities(folder, "1.5", "2.5", "3,7") == [1.5, 2.5, None]


def test_numbers_that_can_be_a_thousand_times_more_are_refused(folder):
    with pytest.raises(BadInput, match=r"found '1,234', which is a thousand times more.*decimal: '\.' or decimal: ','"):
        quantities(folder, "1,234", "5,678")


def test_a_declared_mark_settles_it(folder):
    assert quantities(folder, "1,234", "5,678", decimal=",") == [1.234, 5.678]
    assert quantities(folder, "1,234", "5,678", decimal=".") == [1234, 5678]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ten", "Needed a number"),
        ("1,2,3", "Needed a number"),
        ("inf", "Needed a number"),
        ("-Infinity", "Needed a number"),
        ("0x10", "Needed a number"),
        ("NaN", "Blank; needed: units sold"),
        ("", "Blank; needed: units sold"),
        ("N/A", "Blank; needed: units sold"),
        ("1e30", "Needed a number of at most 14 digits"),
        ("123456789012345", "Needed a number of at most 14 digits"),
        ("5%", "Needed a number, not a percentage"),
    ],
)
def test_what_is_no_quantity_is_set_aside_with_the_reason(folder, text, reason):
    folder.table("sales", f'date;product_id;quantity\n2026-09-01;P1;"{text}"\n2026-09-02;P1;1.5\n')
    rows = folder.take_in().quarantine.to_pylist()
    assert [row["row"] for row in rows] == [2]
    assert rows[0]["reason"].startswith(reason)


def test_shares_may_be_written_as_percentages(folder):
    folder.table(
        "products", "product_id,product_name,service_level,shelf_life_months\nP1,Soap,95%,6\nP2,Cream,0.9,12.0\n"
    )
    rows = folder.take_in().tables["products"].to_pylist()
    assert [(float(row["service_level"]), row["shelf_life_months"]) for row in rows] == [(0.95, 6), (0.9, 12)]


def test_limits_of_the_registry_hold(folder):
    folder.table(
        "products",
        "product_id,product_name,service_level,unit_price,shelf_life_months\n"
        "P1,Soap,95,1,1\nP2,Cream,0.9,-1,1\nP3,Gel,0.9,1,1.5\nP4,Oil,0.9,1,1\n",
    )
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P4,1\n")
    result = folder.take_in()
    assert [row["product_id"] for row in result.tables["products"].to_pylist()] == ["P1", "P2", "P3", "P4"]
    assert result.tables["products"].column("service_level").to_pylist() == [None, *[Decimal("0.9")] * 3]
    assert result.tables["products"].column("unit_price").to_pylist() == [1, None, 1, 1]
    assert result.tables["products"].column("shelf_life_months").to_pylist() == [1, 1, None, 1]
    assert (
        result.source_files.to_pylist()[0]["remarks"].split("; ", 1)[0]
        == "unit_price: '-1' in 1 row read as blank. Needed at least 0."
    )


def test_decimals_beyond_the_lakes_are_rounded_once(folder):
    assert quantities(folder, "341.9999999999999", "0.00005") == [342, 0.0001]


@pytest.mark.parametrize(
    ("evidence", "delimiter", "mark"),
    [
        ([Evidence()], ";", "."),
        ([Evidence(comma=3, point=1)], ";", ","),
        ([Evidence(maybe_point=2, example="1.234")], ",", "."),
        ([Evidence(maybe_comma=2, unmarked=1, example="1,234")], ";", ","),
        ([Evidence(maybe_point=2, unmarked=1, example="1.234")], ";", "."),
        ([Evidence(maybe_point=2, example="1.234"), Evidence(comma=1)], None, ","),
    ],
)
def test_the_decimal_mark(evidence, delimiter, mark):
    assert (
        numbers.decimal_mark({f"column {position}": each for position, each in enumerate(evidence)}, delimiter) == mark
    )


@pytest.mark.parametrize(
    ("evidence", "delimiter"),
    [
        ([Evidence(point=2, comma=2)], ";"),
        ([Evidence(maybe_point=1, example="1.234")], ";"),
        ([Evidence(maybe_point=1, maybe_comma=1, unmarked=4, example="1.234")], ";"),
        ([Evidence(maybe_point=1, example="1.234"), Evidence(unmarked=4)], ";"),
        ([Evidence(maybe_comma=2, example="1,234")], ","),
        ([Evidence(maybe_point=2, example="1.234")], None),
    ],
)
def test_undecidable_marks_are_refused(evidence, delimiter):
    with pytest.raises(numbers.Undecidable):
        numbers.decimal_mark({f"column {position}": each for position, each in enumerate(evidence)}, delimiter)
