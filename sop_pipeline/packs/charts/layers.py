"""The layers of a chart over months: rules, range, lines, their names, and what the pointer reads.

Each draws one thing into a frame. Not here: which layers a chart has (``timeline``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt

from sop_pipeline.language.dates import month
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing
from sop_pipeline.language.scale import Scale
from sop_pipeline.packs.charts.frame import Frame
from sop_pipeline.packs.charts.labels import spread
from sop_pipeline.packs.charts.series import Band, Line, Series, Values
from sop_pipeline.packs.charts.theme import BAND, GREY, INK, RULE, SIZE, STYLES

_LABEL_GAP, _CHARACTER, _LONGEST = 12.0, 5.5, 18


def grid(frame: Frame) -> alt.Chart:
    """A rule at every value the axis names."""
    rows = [{"i": 0, "end": frame.last, "y": value} for value in frame.rules]
    mark = frame.drawing.on(rows).mark_rule(color=RULE, strokeWidth=0.8)
    return mark.encode(x=frame.x(), x2=alt.X2("end:Q"), y=frame.y())


def area(frame: Frame, band: Band | None) -> list[alt.Chart]:
    """The range, where both its edges are there."""
    if band is None:
        return []
    rows = [
        {"i": n, "low": low, "high": high}
        for n, (low, high) in enumerate(zip(band.low, band.high, strict=True))
        if not missing(low) and not missing(high)
    ]
    mark = frame.drawing.on(rows, role="range").mark_area(color=BAND, opacity=0.85, line=False)
    return [mark.encode(x=frame.x(), y=frame.y("low"), y2=alt.Y2("high:Q"))] if rows else []


def now_rule(frame: Frame, now: int | None) -> list[alt.Chart]:
    """An upright rule at the last actual month."""
    if not now or now > frame.last:
        return []
    look: dict[str, Any] = {"color": STYLES["last"].color, "strokeWidth": 1}
    if not frame.bare:
        look = {"color": INK, "strokeDash": [3, 3], "strokeWidth": 0.9}
    return [frame.drawing.on([{"i": now - 1}]).mark_rule(**look).encode(x=frame.x())]


def line(frame: Frame, drawn: Line) -> alt.Chart:
    """A line, or a point where it has one value."""
    style = STYLES[drawn.role]
    rows = [{"i": n, "y": value} for n, value in enumerate(drawn.values) if not missing(value)]
    look: dict[str, Any] = {"color": style.color, "strokeWidth": style.width, "strokeJoin": "round"}
    if style.dash:
        look["strokeDash"] = list(style.dash)
    chart = frame.drawing.on(rows, role=drawn.role)
    mark = chart.mark_line(**look) if len(rows) > 1 else chart.mark_point(color=style.color, filled=True, size=30)
    return mark.encode(x=frame.x(), y=frame.y())


def label_space(series: Series) -> float:
    """The room in pixels that the names at the ends of lines and band take."""
    names = [shortened(each.name, _LONGEST) for each in series.lines if each.name]
    names += series.band.names if series.band else ()
    return max((len(name) for name in names), default=0) * _CHARACTER + 12


def labels(frame: Frame, series: Series) -> Iterator[alt.Chart]:
    """Names in the right margin, at the height their line ends at, moved apart where they would collide.

    A layer a role, which a reader can put away together with the lines.
    """
    wanted = list(_ends(frame, series))
    placed = spread([pixel for pixel, *_ in wanted], 2, frame.height - 2, _LABEL_GAP)
    for role in dict.fromkeys(role for _, _, role, _, _ in wanted):
        rows = [
            {"i": frame.last, "y": frame.value(pixel), "text": text, "color": color, "weight": weight}
            for pixel, (_, text, own, color, weight) in zip(placed, wanted, strict=True)
            if own == role
        ]
        chart = frame.drawing.on(rows, role=role)
        mark = chart.mark_text(align="left", dx=6, fontSize=SIZE, fontWeight={"expr": "datum.weight"})
        yield mark.encode(x=frame.x(), y=frame.y(), text=alt.Text("text:N"), color=alt.Color("color:N", scale=None))


def _ends(frame: Frame, series: Series) -> Iterator[tuple[float, str, str, str, str]]:
    """Height, text, role, colour and weight of every name; a line that ends in the first half has none."""
    for each in series.lines:
        end = _end(each.values)
        if end is not None and each.name and end[0] > frame.last // 2:
            weight = "bold" if each.role in ("plan", "business", "actual") else "normal"
            yield frame.pixel(end[1]), shortened(each.name, _LONGEST), each.role, STYLES[each.role].text, weight
    band = series.band
    for values, name in zip((band.low, band.high), band.names, strict=True) if band else ():
        end = _end(values)
        if end is not None and name:
            yield frame.pixel(end[1]), name, "range", GREY, "normal"


def _end(values: Values) -> tuple[int, float] | None:
    """Position and size of the last value."""
    there = [(n, value) for n, value in enumerate(values) if value is not None and not missing(value)]
    return there[-1] if there else None


def hover(frame: Frame, series: Series, scale: Scale) -> list[alt.Chart]:
    """A rule at the month under the pointer, and an unseen field over each month that tells every line's value there.

    A field a month, and not the month nearest the pointer: Vega-Lite 6.4 tells ``undefined`` for names there.
    """
    columns = [(each.name, each.values) for each in series.lines if each.name]
    if series.band is not None:
        columns += zip(series.band.names, (series.band.low, series.band.high), strict=True)
    rows = [
        {"i": n, "from": max(0.0, n - 0.5), "to": min(float(frame.last), n + 0.5), "Month": month(each)}
        | {
            f"value{place}": NOTHING if missing(values[n]) else f"{scale.write(values[n])}{scale.suffix}"
            for place, (_, values) in enumerate(columns)
        }
        for n, each in enumerate(frame.months)
    ]
    near = alt.selection_point(name="near", fields=["i"], on="pointerover", clear="pointerout", empty=False)
    # names stay titles: as field names Vega-Lite would read dots and brackets in them as paths
    fields = [("Month", "Month"), *((f"value{place}", name) for place, (name, _) in enumerate(columns))]
    told = [alt.Tooltip(field=field, type="nominal", title=name) for field, name in fields]
    near_only = alt.OpacityValue(0, condition={"param": near.name, "value": 0.8, "empty": False})
    rule = frame.drawing.on([{"i": n} for n in range(len(rows))]).mark_rule(color=GREY, strokeWidth=1)
    shown = rule.encode(x=frame.x(), opacity=near_only)
    over = (
        frame.drawing.on(rows, name="hover")
        .mark_rect(opacity=0)
        .encode(x=frame.x("from"), x2=alt.X2("to:Q"), tooltip=told)
    )
    return [shown, over.add_params(near)]
