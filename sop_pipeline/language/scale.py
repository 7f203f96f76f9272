"""At what size amounts are read: in millions, thousands or whole, with so many places; and rounding that adds up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sop_pipeline.language.conventions import DEFAULT
from sop_pipeline.language.numbers import missing, number


@dataclass(frozen=True)
class Scale:
    """How amounts of one size are read: divided, with so many places and a suffix."""

    divisor: float = 1.0
    suffix: str = ""
    places: int = 0

    def write(self, value: float | None, nothing: str = "", *, language: str = DEFAULT) -> str:
        """Write an amount at this scale without its suffix, as in a table that names the unit above."""
        shown = None if missing(value) else (value or 0.0) / self.divisor
        return number(shown, self.places, nothing, language=language)

    def finer(self, values: Sequence[float | None]) -> Scale:
        """The same with places enough for the largest of ``values`` to show two digits (three places at most)."""
        largest = _largest(values)
        places = self.places
        while largest and places < 3 and self.suffix and largest / self.divisor * 10**places < 10:
            places += 1
        return Scale(self.divisor, self.suffix, places)

    def rounded(self, value: float) -> float:
        """The amount as it will be read."""
        return round(value / self.divisor, self.places) * self.divisor


PLAIN = Scale()


def scale_for(values: Sequence[float | None], steps: tuple[str, ...] = ("m", "k", "")) -> Scale:
    """Choose a scale at which the largest value shows three digits, or four in tens and hundreds of millions."""
    largest = _largest(values)
    for divisor, suffix in ((1e6, "m"), (1e3, "k")):
        if suffix in steps and largest >= divisor * (1 if suffix == "m" else 10):
            return Scale(divisor, suffix, _places(largest / divisor, 1000 if suffix == "m" else 100))
    return Scale(1.0, "", 0 if largest >= 100 or largest == 0 else 1)


def _places(size: float, whole_from: int) -> int:
    """Places of an amount in millions or thousands: none from ``whole_from`` on, one from ten on, else two."""
    return 0 if size >= whole_from else 1 if size >= 10 else 2


def _largest(values: Sequence[float | None]) -> float:
    return max((abs(value) for value in values if value is not None and not missing(value)), default=0.0)


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
