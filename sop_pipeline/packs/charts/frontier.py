"""Cost against stability: the frontier, its recommended point, chase beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from sop_pipeline.language.numbers import number
from sop_pipeline.language.scale import PLAIN, Scale
from sop_pipeline.packs.charts.axis import tick_names, ticks, value_axis
from sop_pipeline.packs.charts.theme import GREY, INK, LAST, PLAN, RULE, SIZE, Chart, Drawing

_FAR = 1.5
_INSTABILITY = "sum of changes in hours a working day and heads"


@dataclass(frozen=True)
class Point:
    """One plan: how unsteady it is, what it costs, its name where it has one."""

    instability: float
    cost: float
    name: str = ""
    on_frontier: bool = True
    recommended: bool = False


def frontier(
    points: Sequence[Point], *, words: str, scale: Scale = PLAIN, size: tuple[int, int] = (420, 190)
) -> Chart | None:
    """Draw cost (up) against instability (right); None with fewer than two points."""
    if len(points) < 2:
        return None
    drawing = Drawing(*size)
    near, far = _parted(points)
    x, y, levels = _axes(near, scale)
    rows = [_row(point, scale) for point in near]
    line = [row for row, point in zip(rows, near, strict=True) if point.on_frontier]
    best = [row for row, point in zip(rows, near, strict=True) if point.recommended]
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("Plan", "Cost", "Instability")]
    rules = [{"y": value} for value in levels]
    layers = [
        drawing.on(rules).mark_rule(color=RULE, strokeWidth=0.8).encode(y=y),
        drawing.on(line).mark_line(color=PLAN, strokeWidth=1.6).encode(x=x, y=y, order=alt.Order("x:Q")),
        drawing.on(best).mark_point(color=PLAN, size=230, strokeWidth=1.6, filled=False).encode(x=x, y=y),
        drawing.on(rows)
        .mark_point(filled=True, size=48, opacity=1)
        .encode(x=x, y=y, color=alt.Color("color:N", scale=None), tooltip=tooltip),
        *_names(drawing, rows, x, y),
        *_beyond(drawing, far, scale),
    ]
    return drawing.finish(layers, words)


def _parted(points: Sequence[Point]) -> tuple[list[Point], list[Point]]:
    """Points that share the frontier's scale, and those so far off that they would press it flat."""
    line = [point for point in points if point.on_frontier] or list(points)
    wide = max(point.instability for point in line) - min(point.instability for point in line)
    tall = max(point.cost for point in line) - min(point.cost for point in line)
    limit_x = max(point.instability for point in line) + _FAR * wide
    limit_y = max(point.cost for point in line) + _FAR * tall
    near = [point for point in points if point.on_frontier or (point.instability <= limit_x and point.cost <= limit_y)]
    return near, [point for point in points if point not in near]


def _beyond(drawing: Drawing, far: Sequence[Point], scale: Scale) -> list[alt.Chart]:
    """Far points in words, at the upper right where they would lie."""
    words = [
        {
            "line": n,
            "text": f"{point.name or 'a point'} lies beyond ↗  {scale.write(point.cost)}{scale.suffix}, "
            f"changes {number(point.instability)}",
        }
        for n, point in enumerate(far)
    ]
    out = []
    for row in words:
        mark = drawing.on([row]).mark_text(align="right", baseline="top", fontSize=SIZE, color=GREY)
        out.append(
            mark.encode(x=alt.XValue("width"), y=alt.YValue(2 + 14 * int(str(row["line"]))), text=alt.Text("text:N"))
        )
    return out


def _names(drawing: Drawing, rows: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    named = [row for row in rows if row["name"]]
    mark = drawing.on(named).mark_text(align="left", dx=9, dy=-7, fontSize=SIZE, fontWeight="bold")
    return [mark.encode(x=x, y=y, text=alt.Text("name:N"), color=alt.Color("ink:N", scale=None))] if named else []


def _row(point: Point, scale: Scale) -> dict[str, Any]:
    return {
        "x": point.instability,
        "y": point.cost,
        "name": f"{point.name} · recommended" if point.recommended and point.name else point.name,
        "color": PLAN if point.on_frontier else LAST,
        "ink": PLAN if point.recommended else INK if point.on_frontier else GREY,
        "Plan": point.name or "a point between",
        "Cost": f"{scale.write(point.cost)}{scale.suffix}",
        "Instability": number(point.instability),
    }


def _axes(points: Sequence[Point], scale: Scale) -> tuple[alt.X, alt.Y, list[float]]:
    across = ticks(min(p.instability for p in points), max(p.instability for p in points), 5)
    up = ticks(min(p.cost for p in points), max(p.cost for p in points), 4)
    reach = (across[-1] - across[0]) or 1.0
    x = alt.X(
        "x:Q",
        axis=value_axis(across, [number(value) for value in across], _INSTABILITY, labelOverlap="greedy"),
        scale=alt.Scale(domain=[across[0] - 0.03 * reach, across[-1] + 0.22 * reach], nice=False, zero=False),
    )
    low = up[0] - 0.05 * ((up[-1] - up[0]) or 1.0)
    y = alt.Y(
        "y:Q",
        axis=value_axis(up, tick_names(up, scale), labelOverlap="greedy"),
        scale=alt.Scale(domain=[low, up[-1]], nice=False, zero=False),
    )
    return x, y, up
