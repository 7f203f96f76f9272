"""How a number is written: thousands separated, negative in brackets, a share as a percentage, nothing as a dash."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from sop_pipeline.language.conventions import DEFAULT, conventions, locale

ALIKE = 0.0005
"""A share, or a change of one, below which it is read as 0.0%."""
NOTHING = "–"
WHOLE_FROM = 10
"""Quantities in a sentence are read whole from here on."""
Number = float | Decimal


def missing(value: object) -> bool:
    """Whether a cell holds no number or no text."""
    return value is None or value != value or (isinstance(value, float) and not math.isfinite(value))


def number(value: Number | None, places: int = 0, nothing: str = "", *, language: str = DEFAULT) -> str:
    """Write a number: ``1,234``, ``(1,234)`` when negative, ``nothing`` when there is none."""
    return nothing if value is None or missing(value) else _written(value, places, "", language)


def percent(share: Number | None, places: int = 1, nothing: str = "", *, language: str = DEFAULT) -> str:
    """Write a share as a percentage: ``12.3%``, ``(1.9%)``."""
    if share is None or missing(share):
        return nothing
    return _written(share * 100, places, conventions(language).percent, language)


def points(share: Number | None, places: int = 1, nothing: str = "", *, language: str = DEFAULT) -> str:
    """Write a difference of shares in percentage points, without their unit."""
    return number(None if share is None or missing(share) else share * 100, places, nothing, language=language)


def quantity(value: Number, *, language: str = DEFAULT) -> str:
    """Write a quantity in a sentence: whole from 10 on and where it is whole, else with one decimal."""
    places = 0 if value >= WHOLE_FROM or value <= -WHOLE_FROM or value == int(value) else 1
    return number(value, places, language=language)


def _written(value: Number, places: int, suffix: str, language: str) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    words = f"{_grouped(abs(rounded), language)}{suffix}"
    return f"({words})" if rounded < 0 else words


def _grouped(value: Decimal, language: str) -> str:
    ways = conventions(language)
    if ways.groups != (3, 3):
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=locale(language), decimal_quantization=False))
    words = f"{value:,}"
    if (ways.group, ways.decimal) == (",", "."):
        return words
    return words.translate({ord(","): ways.group, ord("."): ways.decimal})
