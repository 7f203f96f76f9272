"""A bridge from one total to another, cause by cause.

Bars stand on zero where the steps can be seen that way; where they cannot, the two totals are cut and show the cut.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from sop_pipeline.language.names import shortened
from sop_pipeline.language.scale import PLAIN, Scale
from sop_pipeline.packs.charts.axis import name_axis
from sop_pipeline.packs.charts.theme import BETTER, GREY, INK, PAPER, SIZE, WORSE, Chart, Drawing

_CUTS, _GAP = (0.10, 0.135), 0.018


@dataclass(frozen=True)
class Step:
    """One bar: a change, or a total that stands on the axis."""

    name: str
    amount: float
    is_total: bool = False


@dataclass(frozen=True)
class _Bar:
    name: str
    amount: float
    low: float
    high: float
    end: float
    is_total: bool


def is_cut(steps: Sequence[Step]) -> bool:
    """Whether the totals are so much larger than the steps that their bars are cut."""
    bars = _bars(steps)
    ends = [bar.end for bar in bars]
    span = max(ends) - min(ends)
    return min(ends) > 0 and span < 0.5 * max(ends)


def waterfall(
    steps: Sequence[Step], *, words: str, scale: Scale = PLAIN, size: tuple[int, int] = (420, 160), good: int = 1
) -> Chart | None:
    """Draw a bridge; None without steps. Up is better, or worse where ``good`` is -1."""
    if not steps:
        return None
    bars = _bars(steps)
    floor, top = _domain(bars, is_cut(steps))
    drawing = Drawing(*size)
    place = _Place(drawing, bars, floor, top)
    rows = [_row(n, bar, floor, scale, good) for n, bar in enumerate(bars)]
    layers = [_connectors(place), _columns(place, rows), _amounts(place, rows), _baseline(place)]
    if is_cut(steps):
        layers += [_cuts(place)]
    return drawing.finish(layers, words)


def _bars(steps: Sequence[Step]) -> list[_Bar]:
    out, level = [], 0.0
    for step in steps:
        before = 0.0 if step.is_total else level
        level = step.amount if step.is_total else level + step.amount
        out.append(_Bar(step.name, step.amount, min(before, level), max(before, level), level, step.is_total))
    return out


def _domain(bars: Sequence[_Bar], cut: bool) -> tuple[float, float]:
    ends = [bar.end for bar in bars]
    low, high = min(*ends, 0.0) if not cut else min(ends), max(*ends, 0.0)
    span = (high - low) or abs(high) or 1.0
    return (low - 0.45 * span if cut else low - (0.12 * span if low < 0 else 0.0)), high + 0.14 * span


@dataclass(frozen=True)
class _Place:
    drawing: Drawing
    bars: Sequence[_Bar]
    floor: float
    top: float

    def x(self, band: float | None = None) -> alt.X:
        wide = 12 if len(self.bars) <= 6 else 8
        names = [textwrap.wrap(shortened(bar.name, 26), wide, break_long_words=False) or [""] for bar in self.bars]
        place = alt.Undefined if band is None else band
        return alt.X(
            "n:O", axis=name_axis(names), scale=alt.Scale(paddingInner=0.32, paddingOuter=0.1), bandPosition=place
        )

    def y(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[self.floor, self.top], nice=False, zero=False))


def _row(n: int, bar: _Bar, floor: float, scale: Scale, good: int) -> dict[str, Any]:
    color = INK if bar.is_total else BETTER if bar.amount * good > 0 else WORSE
    label = scale.write(bar.amount)
    shown = {"n": n, "low": max(bar.low, floor), "high": bar.high, "color": color, "label": label}
    return shown | {"name": bar.name, "value": f"{label}{scale.suffix}"}


def _columns(place: _Place, rows: list[dict[str, Any]]) -> alt.Chart:
    return (
        place.drawing.on(rows)
        .mark_bar()
        .encode(
            x=place.x(),
            y=place.y("low"),
            y2=alt.Y2("high:Q"),
            color=alt.Color("color:N", scale=None),
            tooltip=[alt.Tooltip("name:N", title="Step"), alt.Tooltip("value:N", title="Amount")],
        )
    )


def _amounts(place: _Place, rows: list[dict[str, Any]]) -> alt.Chart:
    mark = place.drawing.on(rows).mark_text(dy=-7, color=INK, fontSize=SIZE, fontWeight="bold")
    return mark.encode(x=place.x(), y=place.y("high"), text=alt.Text("label:N"))


def _connectors(place: _Place) -> alt.Chart:
    rows = [{"n": n, "to": n + 1, "y": bar.end} for n, bar in enumerate(place.bars[:-1])]
    mark = place.drawing.on(rows).mark_rule(color=GREY, strokeWidth=0.8)
    return mark.encode(x=place.x(1), x2=alt.X2("to:O", bandPosition=0), y=place.y("y"))


def _baseline(place: _Place) -> alt.Chart:
    y = max(place.floor, 0.0) if place.floor >= 0 else 0.0
    return place.drawing.on([{"y": y}]).mark_rule(color=GREY, strokeWidth=0.8).encode(y=place.y("y"))


def _cuts(place: _Place) -> alt.Chart:
    """The mark of a cut axis across each total's bar: two paper-coloured gaps that part it."""
    span = place.top - place.floor
    rows = [
        {"n": n, "low": place.floor + at * span, "high": place.floor + (at + _GAP) * span}
        for n, bar in enumerate(place.bars)
        if bar.is_total
        for at in _CUTS
    ]
    mark = place.drawing.on(rows).mark_bar(color=PAPER)
    return mark.encode(x=place.x(), y=place.y("low"), y2=alt.Y2("high:Q"))
