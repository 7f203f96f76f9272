"""Bars over months that stand on zero: a gap month by month, better up, worse down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from sop_pipeline.packs.charts.theme import (
    BETTER,
    GREY,
    INK,
    RULE,
    SIZE,
    WORSE,
    Chart,
    Drawing,
    month_axis,
    tick_names,
    ticks,
)
from sop_pipeline.packs.wording import PLAIN, Scale, missing, month


def month_bars(
    amounts: Sequence[float | None],
    months: Sequence[date],
    *,
    words: str,
    now: int | None = None,
    scale: Scale = PLAIN,
    size: tuple[int, int] = (500, 150),
    good: int = 1,
) -> Chart | None:
    """Draw one bar a month; months still planned are lighter. None when there is no amount.

    ``good`` is -1 where less is better (stock).
    """
    found = [value for value in amounts if value is not None and not missing(value)]
    if not found:
        return None
    room = 1.12 if len(months) <= 13 else 1.0
    rules = ticks(min(*found, 0.0) * room, max(*found, 0.0) * room, max(2, round(size[1] / 38)))
    drawing = Drawing(*size)
    rows = [_row(n, value, months[n], now, scale, good) for n, value in enumerate(amounts) if not missing(value)]
    across = alt.Scale(domain=[-0.6, len(months) - 0.4], nice=False)
    x = alt.X("i:Q", axis=month_axis(months, size[0] - 20), scale=across)
    y = _value_axis(rules, scale)
    grid = drawing.on([{"y": value} for value in rules]).mark_rule(color=RULE, strokeWidth=0.8).encode(y=y)
    bars = (
        drawing.on(rows)
        .mark_bar()
        .encode(
            x=alt.X("from:Q", axis=month_axis(months, size[0] - 20), scale=across),
            x2="to:Q",
            y=y,
            y2=alt.Y2Datum(0),
            color=alt.Color("color:N", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=[alt.Tooltip("Month:N"), alt.Tooltip("Gap:N"), alt.Tooltip("Basis:N")],
        )
    )
    zero = drawing.on([{"y": 0}]).mark_rule(color=INK, strokeWidth=0.9).encode(y=y)
    layers = [grid, bars, zero]
    if len(months) <= 13:
        text = drawing.on(rows).mark_text(fontSize=SIZE - 0.5, color=INK, dy={"expr": "datum.y < 0 ? 9 : -7"})
        layers.append(text.encode(x=x, y=y, text="label:N"))
    return drawing.finish(layers, words)


def _row(n: int, value: float | None, each: date, now: int | None, scale: Scale, good: int) -> dict[str, Any]:
    amount = value or 0.0
    is_plan = now is not None and n >= now
    return {
        "i": n,
        "from": n - 0.34,
        "to": n + 0.34,
        "y": amount,
        "color": (BETTER if amount * good > 0 else WORSE) if amount else GREY,
        "opacity": 0.6 if is_plan else 1.0,
        "label": scale.write(amount),
        "Month": month(each),
        "Gap": f"{scale.write(amount)}{scale.suffix}",
        "Basis": "plan" if is_plan else "actual",
    }


def _value_axis(rules: Sequence[float], scale: Scale) -> alt.Y:
    names = tick_names(rules, scale)
    axis = alt.Axis(
        values=list(rules),
        labelExpr=f"{json.dumps(names)}[indexof({list(rules)!r}, datum.value)]",
        grid=False,
        domain=False,
        ticks=False,
        title=None,
        labelPadding=6,
    )
    return alt.Y("y:Q", axis=axis, scale=alt.Scale(domain=[rules[0], rules[-1]], nice=False))
