"""Charts over months: lines with a range, named at their ends, and the small one of a key figure.

The pointer finds the nearest month and reads every line there. A line chart need not start at zero; where it does not,
its lowest rule says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sop_pipeline.language.scale import PLAIN, Scale
from sop_pipeline.packs.charts import layers
from sop_pipeline.packs.charts.axis import ticks
from sop_pipeline.packs.charts.frame import Frame
from sop_pipeline.packs.charts.series import Band, Line, Series
from sop_pipeline.packs.charts.theme import Chart, Drawing


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
) -> Chart | None:
    """Draw lines over months; None when no line has a value.

    ``now`` is the position of the first planned month: planned lines and the band are joined to the last actual there.
    """
    series = Series(lines, months, band, now).trimmed()
    if not series.lines or not series.months:
        return None
    joined = series.joined()
    rules = _rules(joined.values(), zero, size[1])
    frame = Frame(Drawing(*size), joined.months, rules, layers.label_space(joined), scale)
    drawn = [
        layers.grid(frame),
        *layers.area(frame, joined.band),
        *layers.now_rule(frame, joined.now),
        *(layers.line(frame, line) for line in joined.lines),
        *layers.labels(frame, joined),
        *layers.hover(frame, replace(joined, lines=series.lines), scale),
    ]
    return frame.drawing.finish(drawn, words)


def sparkline(
    lines: Sequence[Line],
    months: Sequence[date],
    *,
    words: str,
    now: int | None = None,
    scale: Scale = PLAIN,
    size: tuple[int, int] = (236, 54),
) -> Chart | None:
    """Draw lines small, without axes or names, for a tile; None when no line has a value."""
    series = Series(lines, months, now=now).trimmed()
    if not series.lines:
        return None
    joined = series.joined()
    low, high = min(joined.values()), max(joined.values())
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    frame = Frame(Drawing(*size), joined.months, [low - pad, high + pad], 3, bare=True)
    drawn = [
        *layers.now_rule(frame, joined.now),
        *(layers.line(frame, line) for line in joined.lines),
        *layers.hover(frame, series, scale),
    ]
    return frame.drawing.finish(drawn, words)


def _rules(values: Sequence[float], zero: bool, height: int) -> list[float]:
    """The values that rules stand at; from zero where that costs little of the height, or ``zero`` asks for it."""
    low, high = min(values), max(values)
    if zero or low < 0 < high or (low >= 0 and low < 0.25 * high):
        low, high = min(low, 0.0), max(high, 0.0)
    rules = ticks(low, high, max(2, round(height / 38)))
    return rules if len(rules) > 1 else [rules[0], rules[0] + 1]
