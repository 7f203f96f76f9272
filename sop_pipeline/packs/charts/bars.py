"""Bars over months that stand on zero: a gap month by month, better up, worse down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from sop_pipeline.language.dates import month
from sop_pipeline.language.numbers import missing
from sop_pipeline.language.scale import PLAIN, Scale
from sop_pipeline.packs.charts.axis import month_axis, tick_names, ticks, value_axis
from sop_pipeline.packs.charts.series import present
from sop_pipeline.packs.charts.theme import BETTER, GREY, INK, RULE, SIZE, WORSE, Chart, Drawing


def month_bars(
    amounts: Sequence[float | None],
    months: Sequence[date],
    *,
    words: str,
    now: int | None = None,
    scale: Scale = PLAIN,
    size: tuple[int, int] = (500, 150),
) -> Chart | None:
    """Draw one bar a month; ``now`` is the position of the first planned month, whose bars are lighter.

    None when there is no amount.
    """
    values = present(amounts)
    if not values:
        return None
    room = 1.12 if _labelled(months) else 1.0
    rules = ticks(min(*values, 0.0) * room, max(*values, 0.0) * room, max(2, round(size[1] / 38)))
    drawing = Drawing(*size)
    rows = [_row(n, value, months[n], now, scale) for n, value in enumerate(amounts) if not missing(value)]
    y = alt.Y(
        "y:Q",
        axis=value_axis(rules, tick_names(rules, scale)),
        scale=alt.Scale(domain=[rules[0], rules[-1]], nice=False),
    )
    layers = [_rule(drawing, rules, y, RULE, 0.8), _bars(drawing, rows, months, y), _rule(drawing, [0], y, INK, 0.9)]
    layers += [_amounts(drawing, rows, months, y)] if _labelled(months) else []
    return drawing.finish(layers, words)


def _labelled(months: Sequence[date]) -> bool:
    """Whether bars are wide enough for their amounts to stand over them."""
    return len(months) <= 13


def _rule(drawing: Drawing, at: Sequence[float], y: alt.Y, color: str, width: float) -> alt.Chart:
    return drawing.on([{"y": value} for value in at]).mark_rule(color=color, strokeWidth=width).encode(y=y)


def _across(drawing: Drawing, months: Sequence[date], field: str) -> alt.X:
    scale = alt.Scale(domain=[-0.6, len(months) - 0.4], nice=False)
    return alt.X(f"{field}:Q", axis=month_axis(months, drawing.width - 20), scale=scale)


def _bars(drawing: Drawing, rows: list[dict[str, Any]], months: Sequence[date], y: alt.Y) -> alt.Chart:
    mark = drawing.on(rows).mark_bar()
    return mark.encode(
        x=_across(drawing, months, "from"),
        x2=alt.X2("to:Q"),
        y=y,
        y2=alt.Y2Datum(0),
        color=alt.Color("color:N", scale=None),
        opacity=alt.Opacity("opacity:Q", scale=None),
        tooltip=[alt.Tooltip("Month:N"), alt.Tooltip("Gap:N"), alt.Tooltip("Basis:N")],
    )


def _amounts(drawing: Drawing, rows: list[dict[str, Any]], months: Sequence[date], y: alt.Y) -> alt.Chart:
    mark = drawing.on(rows).mark_text(fontSize=SIZE - 0.5, color=INK, dy={"expr": "datum.y < 0 ? 9 : -7"})
    return mark.encode(x=_across(drawing, months, "i"), y=y, text=alt.Text("label:N"))


def _row(n: int, value: float | None, each: date, now: int | None, scale: Scale) -> dict[str, Any]:
    amount = value or 0.0
    is_plan = now is not None and n >= now
    return {
        "i": n,
        "from": n - 0.34,
        "to": n + 0.34,
        "y": amount,
        "color": (BETTER if amount > 0 else WORSE) if amount else GREY,
        "opacity": 0.6 if is_plan else 1.0,
        "label": scale.write(amount),
        "Month": month(each),
        "Gap": f"{scale.write(amount)}{scale.suffix}",
        "Basis": "plan" if is_plan else "actual",
    }
