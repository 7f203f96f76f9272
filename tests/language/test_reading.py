"""Numbers as they are read: brackets, rounding, units, parts that add up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline.language.dates import span_of
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import listed, possessive, shortened, units_of
from sop_pipeline.language.numbers import number, percent
from sop_pipeline.language.scale import Scale, footing, scale_for
from sop_pipeline.language.sentence import tone_of


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [
        (1234.5, 0, "1,235"),
        (-1234.4, 0, "(1,234)"),
        (-0.3, 0, "0"),
        (0.5, 0, "1"),
        (None, 0, ""),
        (float("nan"), 1, ""),
        (12.345, 2, "12.35"),
    ],
)
def test_numbers_are_rounded_half_up_with_negatives_in_brackets(value, places, words):
    assert number(value, places) == words


def test_percentages_keep_the_sign_inside_the_bracket():
    assert percent(-0.019) == "(1.9%)"
    assert percent(0.1234) == "12.3%"


@pytest.mark.parametrize(
    ("largest", "scale"),
    [
        (412.6e6, Scale(1e6, "m", 1)),
        (2.5e6, Scale(1e6, "m", 2)),
        (48_200, Scale(1e3, "k", 1)),
        (412_300, Scale(1e3, "k", 0)),
        (950, Scale(1, "", 0)),
    ],
)
def test_the_scale_shows_three_digits_or_four_of_millions(largest, scale):
    assert scale_for([largest, None, -1.0]) == scale


def test_amounts_of_money_carry_sign_scale_and_brackets():
    assert amount(-8.7e6, Scale(1e6, "m", 1), "EUR") == "(€8.7m)"
    assert amount(12e3, Scale(1e3, "k", 0), "CHF") == "CHF 12k"
    assert amount(-400.0, Scale(1e6, "m", 1), "EUR") == "€0"


def test_a_finer_scale_shows_two_digits_of_a_small_change():
    assert scale_for([19.4e6]).finer([0.39e6]).write(0.39e6) == "0.39"


@given(st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=12), st.integers(0, 2))
def test_rounded_parts_add_up_to_the_rounded_total(parts, places):
    shown = footing(parts, 1000.0, places)
    step = 1000.0 / 10**places
    total = Scale(1000.0, "k", places).write(sum(parts))
    assert Scale(1000.0, "k", places).write(sum(shown)) == total
    assert all(abs(shown[n] - part) <= step * 1.000001 for n, part in enumerate(parts))


def test_parts_foot_to_a_total_given_by_other_figures():
    assert sum(footing([1.4, 1.4], total=4.0)) == 4.0
    assert sum(footing([1.4, 1.4], total=1.0)) == 1.0


def test_names_are_cut_with_an_ellipsis_and_lists_read_well():
    assert shortened("x" * 300, 10) == "xxxxxxxxx…"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert possessive("sales") == "sales’" and possessive("marketing") == "marketing’s"
    assert [units_of(name) for name in ("case", "box", "t", "kg", "units")] == ["cases", "boxes", "t", "kg", "units"]


def test_spans_of_months_name_the_year_once():
    assert span_of([date(2027, 2, 1), date(2027, 3, 1)]) == "Feb to Mar ’27"
    assert span_of([date(2026, 11, 1), date(2027, 1, 1)]) == "Nov ’26 to Jan ’27"
    assert span_of([date(2027, 2, 1)]) == "Feb ’27"


def test_less_is_better_where_it_is():
    assert tone_of(-2.0) == "worse" and tone_of(-2.0, good=-1) == "better" and tone_of(0.0) == "plain"
