"""Lines over months with a band, labelled at their ends: demand, inventory, money, strategies side by side.

The pointer finds the nearest month and reads every line there. A line chart need not start at zero; where it does not,
its lowest rule says so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from sop_pipeline.packs.charts.labels import spread
from sop_pipeline.packs.charts.theme import (
    BAND,
    GREY,
    INK,
    RULE,
    SIZE,
    STYLES,
    Chart,
    Drawing,
    month_axis,
    tick_names,
    ticks,
)
from sop_pipeline.packs.wording import PLAIN, Scale, missing, month, shortened

_LABEL_GAP = 12.0
_CHARACTER = 5.5


@dataclass(frozen=True)
class Line:
    """One line: its name, what it means (a key of STYLES), one value a month or None."""

    name: str
    role: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Band:
    """A range around a line, one pair a month."""

    low: Sequence[float | None]
    high: Sequence[float | None]
    names: tuple[str, str] = ("P10", "P90")


@dataclass(frozen=True)
class Frame:
    """Where things stand: months, the value range and its rules."""

    drawing: Drawing
    months: Sequence[date]
    rules: Sequence[float]
    label_space: float

    @property
    def height(self) -> int:
        """Height of the plot in pixels."""
        return self.drawing.height

    @property
    def last(self) -> int:
        """Position of the last month."""
        return len(self.months) - 1

    def x(self, axis: bool = True) -> alt.X:
        """The months' encoding, with room for the labels on the right."""
        return alt.X(
            "i:Q",
            axis=month_axis(self.months, self.drawing.width - self.label_space - 20) if axis else None,
            scale=alt.Scale(
                domain=[0, max(self.last, 1)], range=[0, {"expr": f"width - {self.label_space:.0f}"}], nice=False
            ),
        )

    def y(self, field: str = "y", scale: Scale | None = None) -> alt.Y:
        """The values' encoding; its axis shows the rules' values alone."""
        names = tick_names(self.rules, scale or Scale())
        return alt.Y(
            f"{field}:Q",
            axis=alt.Axis(
                values=list(self.rules),
                labelExpr=f"{json.dumps(names)}[indexof({list(self.rules)!r}, datum.value)]",
                grid=False,
                domain=False,
                ticks=False,
                title=None,
                labelPadding=6,
            ),
            scale=alt.Scale(domain=[self.rules[0], self.rules[-1]], nice=False, zero=False),
        )

    def pixel(self, value: float) -> float:
        """Height of a value from the bottom of the plot, in pixels."""
        return (value - self.rules[0]) / ((self.rules[-1] - self.rules[0]) or 1) * self.height

    def value(self, pixel: float) -> float:
        """The value at a height."""
        return self.rules[0] + pixel / self.height * (self.rules[-1] - self.rules[0])


def timeline(
    lines: Sequence[Line],
    months: Sequence[date],
    *,
    words: str,
    band: Band | None = None,
    now: int | None = None,
    scale: Scale = PLAIN,
    size: tuple[int, int] = (500, 150),
    zero: bool = False,
    labels: bool = True,
) -> Chart | None:
    """Draw lines over months; None when no line has a value.

    ``now`` is the position of the first planned month: planned lines and the band are joined to the last actual there.
    """
    lines, months, band, now = _trimmed(lines, months, band, now)
    drawn = [line for line in lines if any(not missing(value) for value in line.values)]
    if not drawn or not months:
        return None
    joined, band = _joined(drawn, band, now)
    names = _label_texts(joined, band) if labels else []
    space = max((len(text) for text in names), default=0) * _CHARACTER + 12 if labels else 4
    frame = Frame(Drawing(*size), months, _rules(joined, band, zero, size[1]), space)
    layers = [_grid(frame, scale), *_band_layers(frame, band), *_now_rule(frame, now)]
    layers += [_line_layer(frame, line) for line in joined]
    layers += [_labels(frame, joined, band)] if labels else []
    layers += _hover(frame, drawn, band, scale)
    return frame.drawing.finish(layers, words)


def _trimmed(
    lines: Sequence[Line], months: Sequence[date], band: Band | None, now: int | None
) -> tuple[Sequence[Line], Sequence[date], Band | None, int | None]:
    """Leave out the first months in which nothing is known: a short history is not drawn as a gap."""
    known = [n for line in lines for n, value in enumerate(line.values) if not missing(value)]
    first = min(known, default=0)
    if not first:
        return lines, months, band, now
    shorter = [Line(line.name, line.role, line.values[first:]) for line in lines]
    around = None if band is None else Band(band.low[first:], band.high[first:], band.names)
    return shorter, months[first:], around, max(now - first, 0) if now is not None else None


def _joined(lines: Sequence[Line], band: Band | None, now: int | None) -> tuple[list[Line], Band | None]:
    """Start planned lines and the band at the last actual, so that the eye runs through."""
    if not now:
        return list(lines), band
    actual = next((line for line in lines if line.role == "actual"), None)
    anchor = actual.values[now - 1] if actual and now - 1 < len(actual.values) else None
    if anchor is None:
        return list(lines), band
    out = [
        Line(line.name, line.role, _with(line.values, now - 1, anchor))
        if line.role == "plan" and missing(line.values[now - 1])
        else line
        for line in lines
    ]
    if band is not None and band.names == ("P10", "P90") and missing(band.low[now - 1]):
        band = Band(_with(band.low, now - 1, anchor), _with(band.high, now - 1, anchor), band.names)
    return out, band


def _with(series: Sequence[float | None], place: int, value: float) -> list[float | None]:
    out = list(series)
    out[place] = value
    return out


def _rules(lines: Sequence[Line], band: Band | None, zero: bool, height: int) -> list[float]:
    found = [value for line in lines for value in line.values if value is not None and not missing(value)]
    if band is not None:
        found += [value for value in (*band.low, *band.high) if value is not None and not missing(value)]
    low, high = min(found), max(found)
    if zero or low < 0 < high or (low >= 0 and low < 0.25 * high):
        low, high = min(low, 0.0), max(high, 0.0)
    rules = ticks(low, high, max(2, round(height / 38)))
    return rules if len(rules) > 1 else [rules[0], rules[0] + 1]


def _grid(frame: Frame, scale: Scale) -> alt.Chart:
    rows = [{"i": 0, "end": frame.last, "y": value} for value in frame.rules]
    return (
        frame.drawing.on(rows)
        .mark_rule(color=RULE, strokeWidth=0.8)
        .encode(x=frame.x(), x2="end:Q", y=frame.y(scale=scale))
    )


def _band_layers(frame: Frame, band: Band | None) -> list[alt.Chart]:
    if band is None:
        return []
    rows = [
        {"i": n, "low": low, "high": high}
        for n, (low, high) in enumerate(zip(band.low, band.high, strict=True))
        if not missing(low) and not missing(high)
    ]
    area = frame.drawing.on(rows).mark_area(color=BAND, opacity=0.85, line=False)
    return [area.encode(x=frame.x(), y=frame.y("low"), y2="high:Q")] if rows else []


def _now_rule(frame: Frame, now: int | None) -> list[alt.Chart]:
    if not now or now > frame.last:
        return []
    rule = frame.drawing.on([{"i": now - 1}]).mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=0.9)
    return [rule.encode(x=frame.x())]


def _line_layer(frame: Frame, line: Line) -> alt.Chart:
    style = STYLES[line.role]
    rows = [{"i": n, "y": value} for n, value in enumerate(line.values) if not missing(value)]
    mark: dict[str, Any] = {"color": style.color, "strokeWidth": style.width, "strokeJoin": "round"}
    if style.dash:
        mark["strokeDash"] = list(style.dash)
    chart = frame.drawing.on(rows)
    drawn = chart.mark_line(**mark) if len(rows) > 1 else chart.mark_point(color=style.color, filled=True, size=30)
    return drawn.encode(x=frame.x(), y=frame.y())


def _label_texts(lines: Sequence[Line], band: Band | None) -> list[str]:
    return [shortened(line.name, 18) for line in lines if line.name] + (list(band.names) if band else [])


def _end(series: Sequence[float | None]) -> tuple[int, float] | None:
    found = [(n, value) for n, value in enumerate(series) if value is not None and not missing(value)]
    return found[-1] if found else None


def _labels(frame: Frame, lines: Sequence[Line], band: Band | None) -> alt.Chart:
    """Names in the right margin, at the height their line ends at, moved apart where they would collide."""
    wanted: list[tuple[float, str, str, str]] = []
    for line in lines:
        end = _end(line.values)
        if end is not None and line.name and (end[0] > frame.last // 2):
            weight = "bold" if line.role in ("plan", "business", "actual") else "normal"
            wanted.append((frame.pixel(end[1]), shortened(line.name, 18), STYLES[line.role].text, weight))
    for series, name in zip((band.low, band.high), band.names, strict=True) if band else ():
        end = _end(series)
        if end is not None and name:
            wanted.append((frame.pixel(end[1]), name, GREY, "normal"))
    placed = spread([pixel for pixel, *_ in wanted], 2, frame.height - 2, _LABEL_GAP)
    rows = [
        {"i": frame.last, "y": frame.value(pixel), "text": text, "color": color, "weight": weight}
        for pixel, (_, text, color, weight) in zip(placed, wanted, strict=True)
    ]
    mark = frame.drawing.on(rows).mark_text(align="left", dx=6, fontSize=SIZE, fontWeight={"expr": "datum.weight"})
    return mark.encode(x=frame.x(), y=frame.y(), text="text:N", color=alt.Color("color:N", scale=None))


def _hover(frame: Frame, lines: Sequence[Line], band: Band | None, scale: Scale, axis: bool = True) -> list[alt.Chart]:
    """A rule at the month nearest the pointer, with every line's value there."""
    rows = []
    series = [(line.name, line.values) for line in lines if line.name]
    if band is not None:
        series += list(zip(band.names, (band.low, band.high), strict=True))
    for n, each in enumerate(frame.months):
        row: dict[str, Any] = {"i": n, "Month": month(each)}
        for place, (_, found) in enumerate(series):
            if n < len(found) and not missing(found[n]):
                row[f"value{place}"] = f"{scale.write(found[n])}{scale.suffix}"
        rows.append(row)
    near = alt.selection_point(
        name="near", fields=["i"], nearest=True, on="pointerover", clear="pointerout", empty=False
    )
    # names stay titles: as field names Vega-Lite would read dots and brackets in them as paths
    shown = [("Month", "Month"), *((f"value{place}", name) for place, (name, _) in enumerate(series))]
    tooltip = [alt.Tooltip(field=field, type="nominal", title=name) for field, name in shown]
    base = frame.drawing.on(rows, name="hover")
    rule = base.mark_rule(color=GREY, strokeWidth=1).encode(
        x=frame.x(axis), opacity=alt.condition(near, alt.value(0.8), alt.value(0)), tooltip=tooltip
    )
    return [rule.add_params(near)]


def course(
    lines: Sequence[Line],
    months: Sequence[date],
    *,
    words: str,
    now: int | None = None,
    scale: Scale = PLAIN,
    size: tuple[int, int] = (236, 54),
) -> Chart | None:
    """Draw lines as a small course without axes or labels, for a tile; None when no line has a value."""
    lines, months, _, now = _trimmed(lines, months, None, now)
    drawn = [line for line in lines if any(not missing(value) for value in line.values)]
    if not drawn:
        return None
    joined, _ = _joined(drawn, None, now)
    found = [value for line in joined for value in line.values if value is not None and not missing(value)]
    low, high = min(found), max(found)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    frame = Frame(Drawing(*size), months, [low - pad, high + pad], 3)
    bare = _Bare(frame)
    layers = [bare.now_rule(now), *(bare.line(line) for line in joined), *_hover(frame, drawn, None, scale, axis=False)]
    return frame.drawing.finish([layer for layer in layers if layer is not None], words)


@dataclass(frozen=True)
class _Bare:
    """Layers without axes."""

    frame: Frame

    def _y(self) -> alt.Y:
        domain = [self.frame.rules[0], self.frame.rules[-1]]
        return alt.Y("y:Q", axis=None, scale=alt.Scale(domain=domain, nice=False, zero=False))

    def now_rule(self, now: int | None) -> alt.Chart | None:
        if not now or now > self.frame.last:
            return None
        rule = self.frame.drawing.on([{"i": now - 1}]).mark_rule(color=STYLES["last"].color, strokeWidth=1)
        return rule.encode(x=self.frame.x(axis=False))

    def line(self, line: Line) -> alt.Chart:
        rows = [{"i": n, "y": value} for n, value in enumerate(line.values) if not missing(value)]
        style = STYLES[line.role]
        mark = self.frame.drawing.on(rows).mark_line(color=style.color, strokeWidth=style.width, strokeJoin="round")
        return mark.encode(x=self.frame.x(axis=False), y=self._y())
