"""What a language's writing looks like, from Babel: separators, percent, months, plurals, signs of currencies.

Read once per language. Babel is imported when the first word is written, so that nothing else waits for it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

DEFAULT = "en"
"""The language written where none is asked for."""
_SUFFIXES: Mapping[str, Mapping[str, str]] = {DEFAULT: {"m": "m", "k": "k"}}
"""How this house writes millions and thousands; other languages write them as Babel has it."""
_DAYS: Mapping[str, str] = {DEFAULT: "d MMM y"}
"""The order of a day's parts where it is not the language's own (in Babel, ``en`` is American)."""


@dataclass(frozen=True)
class Conventions:
    """How one language writes.

    ``groups`` are the sizes of the groups of digits (3 and 3, in Hindi 3 and 2), ``percent`` what follows a percentage,
    ``day`` a pattern of Babel's, ``pair`` how two names are joined.
    """

    decimal: str
    group: str
    groups: tuple[int, int]
    percent: str
    currency_first: bool
    suffixes: Mapping[str, str]
    day: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    pair: str


@functools.cache
def locale(language: str) -> Locale:
    """Return Babel's locale of a language code such as ``en`` or ``pt_BR``."""
    from babel import Locale

    return Locale.parse(language)


_PATTERNS: Mapping[str, str] = {
    "28 Nov 2026": "d MMM y",
    "Nov 28, 2026": "MMM d, y",
    "28.11.2026": "dd.MM.y",
    "28/11/2026": "dd/MM/y",
    "2026-11-28": "y-MM-dd",
}
"""Babel's pattern of a day written as in the example."""
_OWN: ContextVar[tuple[str, str]] = ContextVar("own", default=("", ""))


@contextmanager
def writing(numbers: str, days: str) -> Iterator[None]:
    """Write numbers and days as in these examples inside, in whatever language; an empty one is the language's own."""
    before = _OWN.set((numbers, days))
    try:
        yield
    finally:
        _OWN.reset(before)


def conventions(language: str) -> Conventions:
    """Return how a language writes, or the company has it written."""
    return _conventions(language, *_OWN.get())


@functools.cache
def _conventions(language: str, numbers: str, days: str) -> Conventions:
    known = _of_language(language)
    if numbers:
        known = replace(known, group=numbers[1], decimal=numbers[-2], groups=(3, 3))
    return replace(known, day=_PATTERNS[days]) if days else known


def _of_language(language: str) -> Conventions:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    known = locale(language)
    months = known.months["format"]
    return Conventions(
        decimal=get_decimal_symbol(known),
        group=get_group_symbol(known),
        groups=known.decimal_formats[None].grouping,
        percent=known.percent_formats[None].pattern.rpartition("0")[2],
        currency_first=known.currency_formats["standard"].pattern.startswith("¤"),
        suffixes=_SUFFIXES.get(language) or _suffixes(known),
        day=_DAYS.get(language, "medium"),
        months=tuple(months["wide"][number] for number in range(1, 13)),
        short_months=tuple(months["abbreviated"][number] for number in range(1, 13)),
        pair=known.list_patterns["standard"]["2"],
    )


def _suffixes(known: Locale) -> dict[str, str]:
    """The language's abbreviations of a million and a thousand; the letter where it has none."""
    short = known.compact_decimal_formats["short"]["other"]
    written = {letter: short[size].suffix[0].replace("'", "") for letter, size in (("m", "1000000"), ("k", "1000"))}
    return {letter: words or f" {letter}" for letter, words in written.items()}


@functools.cache
def sign(currency: str, language: str = DEFAULT) -> str:
    """Return the sign of a currency (ISO code), or its code and a space where the language has no sign for it."""
    from babel.numbers import get_currency_symbol

    written: str = get_currency_symbol(currency, locale(language))
    return written if written != currency else f"{currency} "


def plural_form(count: int, language: str = DEFAULT) -> str:
    """Return the form a noun takes beside a count: ``one``, ``few``, ``many`` or ``other`` (CLDR)."""
    return str(locale(language).plural_form(count))
