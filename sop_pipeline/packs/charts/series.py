"""Lines over months and the range around one, before they are drawn: where they begin, where plan meets actual.

Pure data. Not here: drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sop_pipeline.language.numbers import missing

Values = Sequence[float | None]


@dataclass(frozen=True)
class Line:
    """One line: its name, what it means (a key of STYLES), one value a month or None."""

    name: str
    role: str
    values: Values


@dataclass(frozen=True)
class Band:
    """A range around a line, one pair a month."""

    low: Values
    high: Values
    names: tuple[str, str] = ("P10", "P90")


@dataclass(frozen=True)
class Series:
    """What one chart over months shows; ``now`` is the position of the first planned month, if any is."""

    lines: Sequence[Line]
    months: Sequence[date]
    band: Band | None = None
    now: int | None = None

    def trimmed(self) -> Series:
        """Leave out empty lines, and the first months without a value: a short history is not drawn as a gap."""
        lines = [line for line in self.lines if present(line.values)]
        first = min((n for line in lines for n, value in enumerate(line.values) if not missing(value)), default=0)
        band = self.band and replace(self.band, low=self.band.low[first:], high=self.band.high[first:])
        return Series(
            [replace(line, values=line.values[first:]) for line in lines],
            self.months[first:],
            band,
            None if self.now is None else max(self.now - first, 0),
        )

    def joined(self) -> Series:
        """Start planned lines and the band at the last actual, so that the eye runs through."""
        actual = next((line for line in self.lines if line.role == "actual"), None)
        last = (self.now or 0) - 1
        anchor = actual.values[last] if actual and 0 <= last < len(actual.values) else None
        if anchor is None:
            return self
        lines = [_anchored(line, last, anchor) if line.role == "plan" else line for line in self.lines]
        band = self.band
        if band is not None and band.names == ("P10", "P90") and missing(band.low[last]):
            band = replace(band, low=_with(band.low, last, anchor), high=_with(band.high, last, anchor))
        return replace(self, lines=lines, band=band)

    def values(self) -> list[float]:
        """Every value of lines and band."""
        edges = (self.band.low, self.band.high) if self.band else ()
        return [value for series in (*(line.values for line in self.lines), *edges) for value in present(series)]


def present(values: Values) -> list[float]:
    """The values that are there."""
    return [value for value in values if value is not None and not missing(value)]


def _anchored(line: Line, place: int, value: float) -> Line:
    return replace(line, values=_with(line.values, place, value)) if missing(line.values[place]) else line


def _with(values: Values, place: int, value: float) -> Values:
    return [*values[:place], value, *values[place + 1 :]]
