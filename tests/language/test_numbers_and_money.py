"""Numbers, money, dates and lists as they are read, in English and by the conventions of another language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline.language.conventions import plural_form, sign
from sop_pipeline.language.dates import day, month, month_of_year, short_month, span_of
from sop_pipeline.language.money import amount, money, price
from sop_pipeline.language.names import listed
from sop_pipeline.language.numbers import number, percent, quantity
from sop_pipeline.language.scale import Scale
from sop_pipeline.language.sentence import Span, toned


@pytest.mark.parametrize(
    ("value", "words"),
    [(Decimal("0.25"), "0.3"), (Decimal("7"), "7"), (Decimal("6.34"), "6.3"), (Decimal("1327.6"), "1,328")],
)
def test_quantities_show_a_decimal_only_where_it_tells(value, words):
    assert quantity(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (412_600_000, "€412.6m"),
        (Decimal("1240000.00"), "€1.24m"),
        (950, "€950"),
        (50.4, "€50"),
        (412_300, "€412k"),
        (67_290, "€67.3k"),
        (-16_400_000, "(€16.4m)"),
        (0, "€0"),
        (None, "–"),
    ],
)
def test_an_amount_is_written_at_its_own_size(value, words):
    assert money(value, "EUR") == words


def test_amounts_that_are_compared_share_a_scale():
    scale = Scale(1e6, "m", 1)
    assert [amount(value, scale, "EUR") for value in (407.5e6, -8.5e6)] == ["€407.5m", "(€8.5m)"]


def test_prices_are_written_to_the_cent():
    assert price(Decimal("31.476"), "EUR") == "€31.48"
    assert price(1234.5, "CHF") == "CHF 1,234.50"


def test_currencies_without_a_sign_are_named_by_their_code():
    assert [sign(code) for code in ("EUR", "GBP", "JPY", "CHF", "AUD")] == ["€", "£", "¥", "CHF ", "A$"]


def test_days_and_months_do_not_depend_on_the_machine():
    assert day(date(2026, 9, 28)) == "28 Sep 2026" and day(None) == "–"
    assert month(date(2027, 3, 1)) == "March 2027" and month_of_year(date(2027, 3, 1)) == "Mar 2027"
    assert short_month(date(2027, 1, 1), year=True) == "Jan ’27"


def test_another_language_writes_by_its_own_conventions():
    assert number(-1234567.5, 1, language="de") == "(1.234.567,5)"
    assert number(1234567, language="hi") == "12,34,567"
    assert percent(0.123, language="de") == "12,3\u00a0%"
    assert money(12_400_000, "EUR", language="de") == "12,4\u00a0Mio.\u00a0€"
    assert listed(["a", "b", "c"], language="de") == "a, b und c"
    assert day(date(2026, 11, 28), language="de") == "28.11.2026"
    assert span_of([date(2027, 2, 1), date(2027, 2, 1)], language="de") == "Feb. ’27"
    assert [plural_form(count, "pl") for count in (1, 2, 5)] == ["one", "few", "many"]


@pytest.mark.parametrize(
    ("text", "value", "tone"),
    [
        ("0.0 pt to plan", -0.0004, "plain"),
        ("(0.1) pt to plan", -0.0006, "worse"),
        ("€0.00m since October", 40, "plain"),
        ("10 units under 2025", -10, "worse"),
        ("better", 1, "better"),
    ],
)
def test_what_is_written_as_nothing_is_neither_better_nor_worse(text, value, tone):
    assert toned(text, value) == Span(text, tone)
