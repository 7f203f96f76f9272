"""Texts that name a period: ``2026-W07``, ``KW 7/2026``, ``2026-P03``, ``FY26 P3``, ``2026Q1``, ``Q1 2026``.

A label says what it is, so that it is never taken for a month. Six digits alone (``202607``) are a month, unless
whoever reads them says that they number weeks or periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Named = Literal["quarter", "week", "period"]

_YEAR = r"(?:FY ?)?(?P<year>\d{4}|(?<=FY)\d{2}|(?<=FY )\d{2})"
_LETTERS: dict[Named, str] = {"quarter": "Q", "week": "W|KW|CW|WK|WEEK", "period": "P|PER|PERIOD"}
_MOST: dict[Named, int] = {"quarter": 4, "week": 53, "period": 13}
_FORMS = {
    name: (
        re.compile(rf"{_YEAR}[-/. ]*(?:{letters})[-/. ]*(?P<number>\d{{1,2}})", re.IGNORECASE),
        re.compile(rf"(?:{letters})[-/. ]*(?P<number>\d{{1,2}})[-/. ]+{_YEAR}", re.IGNORECASE),
    )
    for name, letters in _LETTERS.items()
}
_SIX_DIGITS = re.compile(r"(?P<year>(?:19|20)\d{2})[-/.]?(?P<number>\d{2})")


@dataclass(frozen=True)
class Label:
    """A period by its year and number."""

    kind: Named
    year: int
    number: int


def label_of(text: str, digits_are: Named | None = None) -> Label | None:
    """Return the period a text names, or None; ``digits_are`` says what ``202607`` numbers."""
    for kind, forms in _FORMS.items():
        for form in forms:
            match = form.fullmatch(text.strip())
            if match and 1 <= int(match["number"]) <= _MOST[kind]:
                year = int(match["year"])
                return Label(kind, year if year > 99 else 2000 + year, int(match["number"]))
    match = _SIX_DIGITS.fullmatch(text.strip()) if digits_are else None
    if match and digits_are and 1 <= int(match["number"]) <= _MOST[digits_are]:
        return Label(digits_are, int(match["year"]), int(match["number"]))
    return None


def numbers_weeks(texts: list[str]) -> str | None:
    """Return a text such as ``202637``, whose last digits number no month but may number a week; None without one."""
    six = [match for text in texts if (match := _SIX_DIGITS.fullmatch(text))]
    return min((match[0] for match in six if 12 < int(match["number"]) <= 53), default=None)
