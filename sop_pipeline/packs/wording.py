"""How numbers and sentences are written in every pack.

Negative in brackets, thousands separated, units named, no adjective without a number. A sentence is a tuple of spans so
that the same words serve HTML, PDF and the workbook. Not here: where the numbers come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from sop_pipeline.currencies import symbol

Tone = Literal["plain", "strong", "worse", "better", "quiet"]
NOTHING = "–"


@dataclass(frozen=True)
class Span:
    """Some words of a sentence and how they are said."""

    text: str
    tone: Tone = "plain"


Sentence = tuple[Span, ...]


def say(*parts: str | Span) -> Sentence:
    """Put words together into a sentence."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts if part)


def strong(text: str) -> Span:
    """Words that carry the sentence."""
    return Span(text, "strong")


def quiet(text: str) -> Span:
    """Words one may skip."""
    return Span(text, "quiet")


def tone_of(value: float | None, good: int = 1) -> Tone:
    """Better or worse by the sign of a difference, plain when there is none; ``good`` -1: less is better."""
    if value is None or missing(value) or not value:
        return "plain"
    return "better" if value * good > 0 else "worse"


def toned(text: str, value: float | None, *, good: int = 1) -> Span:
    """Words about a difference in the tone of its sign."""
    return Span(text, tone_of(value, good))


def plain_text(sentence: Sentence) -> str:
    """The words alone."""
    return "".join(span.text for span in sentence)


def missing(value: object) -> bool:
    """Whether a cell holds no number or no text."""
    return value is None or value != value or (isinstance(value, float) and not math.isfinite(value))


def number(value: float | None, places: int = 0, nothing: str = "") -> str:
    """Write a number: ``1,234``, ``(1,234)`` when negative, ``nothing`` when there is none."""
    if value is None or missing(value):
        return nothing
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    words = f"{abs(rounded):,}"
    return f"({words})" if rounded < 0 else words


def percent(share: float | None, places: int = 1, nothing: str = "") -> str:
    """Write a share as a percentage: ``12.3%``, ``(1.9%)``."""
    if share is None or missing(share):
        return nothing
    words = number(share * 100, places)
    return f"{words[:-1]}%)" if words.endswith(")") else f"{words}%"


def points(share: float | None, places: int = 1, nothing: str = "") -> str:
    """Write a difference of shares in percentage points, without their unit."""
    return number(None if missing(share) else (share or 0.0) * 100, places, nothing)


def day(value: date | None) -> str:
    """Write a day: ``28 Nov 2026``."""
    return NOTHING if value is None or missing(value) else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Write a month in a sentence: ``March 2027``."""
    return f"{_LONG[value.month - 1]} {value.year}"


def month_name(value: date) -> str:
    """The name of a month alone, the same in every locale: ``October``."""
    return _LONG[value.month - 1]


def short_month(value: date, *, year: bool = False) -> str:
    """Write a month over a column: ``Mar``, ``Jan ’27``."""
    name = _MONTHS[value.month - 1]
    return f"{name} ’{value.year % 100:02d}" if year else name


_LONG = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS = tuple(name[:3] for name in _LONG)


@dataclass(frozen=True)
class Scale:
    """How amounts of one size are read: divided, with so many places and a suffix."""

    divisor: float = 1.0
    suffix: str = ""
    places: int = 0

    def write(self, value: float | None, nothing: str = "") -> str:
        """Write an amount at this scale without its suffix, as in a table that names the unit above."""
        return number(None if missing(value) else (value or 0.0) / self.divisor, self.places, nothing)

    def finer(self, values: Sequence[float | None]) -> Scale:
        """The same with places enough for the largest of ``values`` to show two digits (three places at most)."""
        largest = max((abs(value) for value in values if value is not None and not missing(value)), default=0.0)
        places = self.places
        while largest and places < 3 and self.suffix and largest / self.divisor * 10**places < 10:
            places += 1
        return Scale(self.divisor, self.suffix, places)

    def rounded(self, value: float) -> float:
        """The amount as it will be read."""
        return round(value / self.divisor, self.places) * self.divisor


PLAIN = Scale()


def scale_for(values: Sequence[float | None], steps: tuple[str, ...] = ("m", "k", "")) -> Scale:
    """Choose a scale at which the largest value shows three or four digits."""
    largest = max((abs(value) for value in values if value is not None and not missing(value)), default=0.0)
    for divisor, suffix in ((1e6, "m"), (1e3, "k")):
        if suffix in steps and largest >= divisor * (1 if suffix == "m" else 10):
            ratio = largest / divisor
            return Scale(divisor, suffix, 0 if ratio >= 1000 else 1 if ratio >= 10 else 2)
    return Scale(1.0, "", 0 if largest >= 100 or largest == 0 else 1)


def amount(value: float | None, scale: Scale, currency: str = "", nothing: str = NOTHING) -> str:
    """Write an amount of money in a sentence: ``€8.7m``, ``(€8.7m)``."""
    if value is None or missing(value):
        return nothing
    words = scale.write(abs(value))
    sign = symbol(currency) if currency else ""
    if not words.strip("0.,"):
        return f"{sign}0"
    text = f"{sign}{words}{scale.suffix}"
    return f"({text})" if value < 0 else text


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 product``, ``2 products``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def units_of(unit: str) -> str:
    """The plural of a unit's name: ``cases``, ``boxes``; symbols such as ``t`` or ``kg`` stay as they are."""
    if len(unit) <= 3 and unit.lower() not in ("box", "bag", "can", "jar", "keg", "lot", "pcs"):
        return unit
    if unit.endswith("s") or not unit.isascii() or not unit.isalpha():
        return unit
    return f"{unit}es" if unit.endswith(("x", "ch", "sh")) else f"{unit}s"


def possessive(name: str) -> str:
    """``sales’``, ``marketing’s``."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def shortened(text: str, longest: int = 40) -> str:
    """A name that fits: cut at ``longest`` characters with an ellipsis."""
    clean = " ".join(str(text).split())
    return clean if len(clean) <= longest else f"{clean[: longest - 1].rstrip()}…"


def footing(parts: Sequence[float], divisor: float = 1.0, places: int = 0, total: float | None = None) -> list[float]:
    """Round parts so that what is read adds up to the rounded total (largest remainder).

    ``total`` is what they must add up to as read, where that is given by other figures on the page. Returns the parts
    in their own unit, each a multiple of ``divisor / 10**places``.
    """
    if not parts:
        return []
    step = divisor / 10**places
    exact = [part / step for part in parts]
    down = [math.floor(value) for value in exact]
    target = sum(exact) if total is None else total / step
    short = int(Decimal(repr(target)).quantize(Decimal(1), ROUND_HALF_UP)) - sum(down)
    order = sorted(range(len(exact)), key=lambda n: (down[n] - exact[n], n))
    for turn in range(abs(short)):
        n = order[turn % len(order)] if short > 0 else order[-1 - turn % len(order)]
        down[n] += 1 if short > 0 else -1
    return [value * step for value in down]


def span_of(months: Sequence[date]) -> str:
    """Months as a span from the first to the last: ``Feb ’27``, ``Feb to May ’27``."""
    first, last = months[0], months[-1]
    if first == last:
        return short_month(first, year=True)
    return f"{short_month(first, year=first.year != last.year)} to {short_month(last, year=True)}"
