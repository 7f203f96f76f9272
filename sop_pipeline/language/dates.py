"""How days and months are written: the same on every machine, whatever its locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sop_pipeline.language.conventions import DEFAULT, conventions, locale
from sop_pipeline.language.numbers import NOTHING, missing


def day(value: date | None, *, language: str = DEFAULT) -> str:
    """Write a day: ``28 Nov 2026``."""
    if value is None or missing(value):
        return NOTHING
    from babel.dates import format_date

    return str(format_date(value, conventions(language).day, locale(language)))


def month(value: date, *, language: str = DEFAULT) -> str:
    """Write a month in a sentence: ``March 2027``."""
    return f"{month_name(value, language=language)} {value.year}"


def month_name(value: date, *, language: str = DEFAULT) -> str:
    """The name of a month alone: ``October``."""
    return conventions(language).months[value.month - 1]


def month_of_year(value: date, *, language: str = DEFAULT) -> str:
    """Write a month briefly, with its year in full: ``Mar 2027``."""
    return f"{conventions(language).short_months[value.month - 1]} {value.year}"


def short_month(value: date, *, year: bool = False, language: str = DEFAULT) -> str:
    """Write a month over a column: ``Mar``, ``Jan ’27``."""
    name = conventions(language).short_months[value.month - 1]
    return f"{name} ’{value.year % 100:02d}" if year else name


def span_of(months: Sequence[date], *, language: str = DEFAULT) -> str:
    """Months as a span from the first to the last: ``Feb ’27``, ``Feb to May ’27``."""
    first, last = months[0], months[-1]
    if first == last:
        return short_month(first, year=True, language=language)
    begins = short_month(first, year=first.year != last.year, language=language)
    return f"{begins} to {short_month(last, year=True, language=language)}"
