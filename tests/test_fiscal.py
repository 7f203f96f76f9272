"""Fiscal years are named by the year they end in, whatever month they begin with."""

from datetime import date

import pytest

from sop_pipeline.fiscal import FiscalYear


@pytest.mark.parametrize(
    ("first_month", "month", "year", "quarter"),
    [
        (1, date(2026, 1, 1), 2026, 1),
        (1, date(2026, 12, 1), 2026, 4),
        (4, date(2026, 3, 1), 2026, 4),
        (4, date(2026, 4, 1), 2027, 1),
        (10, date(2026, 9, 1), 2026, 4),
        (10, date(2027, 1, 1), 2027, 2),
        (12, date(2026, 12, 1), 2027, 1),
        (2, date(2026, 1, 1), 2026, 4),
    ],
)
def test_a_month_has_one_year_and_quarter(first_month, month, year, quarter):
    fiscal = FiscalYear(first_month)
    assert (fiscal.of(month), fiscal.quarter(month)) == (year, quarter)


@pytest.mark.parametrize("first_month", range(1, 13))
def test_a_year_has_twelve_months_that_belong_to_it(first_month):
    fiscal = FiscalYear(first_month)
    months = fiscal.months(2027)
    assert (months[0].month, len(set(months))) == (first_month, 12)
    assert {fiscal.of(month) for month in months} == {2027}
    assert [fiscal.quarter(month) for month in months] == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
