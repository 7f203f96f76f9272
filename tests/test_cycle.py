"""The arithmetic of months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline.cycle import Cycle, add_months, cycles_wanted, month_text, months_between, parse_month
from sop_pipeline.errors import BadInput

MONTHS = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(lambda day: day.replace(day=1))


@given(MONTHS, st.integers(-600, 600))
def test_adding_and_counting_months_undo_each_other(month, count):
    later = add_months(month, count)
    assert later.day == 1
    assert months_between(month, later) == count
    assert add_months(later, -count) == month


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month):
    assert parse_month(month_text(month)) == month


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-11", "2026/11", "2026-11-01", "", "november"])
def test_anything_else_is_refused_with_the_form(text):
    with pytest.raises(BadInput, match="needed a month written YYYY-MM, such as 2026-11"):
        Cycle.parse(text)


def test_the_cycle_month_is_lag_zero_and_the_last_bucket_is_kept():
    cycle = Cycle.parse("2026-11")
    horizon = cycle.horizon(24)
    assert (horizon[0], horizon[-1], len(horizon)) == (date(2026, 11, 1), date(2028, 10, 1), 24)
    assert (cycle.cutoff, cycle.last_actual_month) == (date(2026, 11, 1), date(2026, 10, 1))
    assert str(cycle.previous(11)) == "2025-12"
    assert cycle.previous() < cycle


def test_several_cycles_come_oldest_first():
    assert [each.name for each in cycles_wanted(None, "2026-11", "2027-02")] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
    ]
    assert cycles_wanted("2026-11", None, None) == [Cycle.parse("2026-11")]


@pytest.mark.parametrize(
    "asked",
    [
        (None, None, None),
        ("2026-11", "2026-11", "2026-12"),
        (None, "2026-12", "2026-11"),
        (None, "2026-12", None),
        (None, None, "2026-12"),
    ],
)
def test_one_cycle_or_a_span_is_needed(asked):
    with pytest.raises(BadInput, match="needed --cycle YYYY-MM, or --from YYYY-MM --to YYYY-MM"):
        cycles_wanted(*asked)
