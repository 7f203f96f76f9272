"""The axes of every chart: where rules and names stand and how they are written.

An axis has no line and no ticks: rules are a layer of their own. Not here: scales and encodings, which differ by chart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.numbers import number
from sop_pipeline.language.scale import Scale

_BARE: dict[str, Any] = {"domain": False, "ticks": False}


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round values that span ``low`` to ``high`` in about ``count`` steps of 1, 2 or 5."""
    span = (high - low) or abs(high) or 1.0
    raw = span / count
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in (1, 2, 2.5, 5, 10) if magnitude * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def tick_names(at: Sequence[float], scale: Scale) -> list[str]:
    """What an axis says at its rules: as few places as tell them apart exactly."""
    steps = [value / scale.divisor for value in at]
    places = next((n for n in range(4) if all(abs(step * 10**n - round(step * 10**n)) < 1e-6 for step in steps)), 4)
    return [number(step, places) for step in steps]


def value_axis(at: Sequence[float], names: Sequence[str], title: str | None = None, **more: Any) -> alt.Axis:
    """An axis that names the values ``at`` and no others."""
    return alt.Axis(
        values=list(at),
        labelExpr=f"{json.dumps(list(names))}[indexof({list(at)!r}, datum.value)]",
        grid=False,
        title=title,
        labelPadding=6,
        **_BARE,
        **more,
    )


def month_axis(months: Sequence[date], room: float = 500) -> alt.Axis:
    """The axis under months laid out by their position 0, 1, 2 ..., so that no time zone can move them.

    Every month is named where ``room`` (pixels) lets it, else every quarter's first, else every half year's.
    """
    each = room / max(1, len(months))
    named = range(1, 13) if each >= 34 else (1, 4, 7, 10) if each * 3 >= 34 else (1, 7)
    shown = [n for n, month in enumerate(months) if month.month in named]
    names = [short_month(month, year=month.month == 1) for month in months]
    return alt.Axis(
        values=shown,
        labelExpr=f"{json.dumps(names)}[datum.value]",
        grid=False,
        title=None,
        labelPadding=6,
        labelOverlap="greedy",
        labelSeparation=4,
        **_BARE,
    )


def name_axis(lines: Sequence[Sequence[str]]) -> alt.Axis:
    """An axis under columns 0, 1, 2 ..., each with a name of one or more lines."""
    return alt.Axis(
        labelExpr=f"{json.dumps(lines)}[datum.value]",
        labelAngle=0,
        title=None,
        labelPadding=5,
        labelLimit=78,
        labelOverlap=False,
        labelLineHeight=11,
        **_BARE,
    )
