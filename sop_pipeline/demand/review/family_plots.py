"""A small picture of each family's demand: history, forecast with its range, last year.

Drawn by hand as SVG, since the orchestrator's page shows a dozen of them on every run and a chart library would take
longer than the forecast. Not here: the packs' charts, nor where these are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.cycle import Cycle, add_months

MOST = 12
"""Families drawn; the others are named."""
PAST_MONTHS = 36
_WIDTH, _HEIGHT = 720, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 26, 22
_INK, _QUIET, _LINE, _PLAN, _RANGE = "#1c2b36", "#5b6b76", "#d8dfe4", "#0b6e99", "#b9dcea"

Points = Sequence[float | None]
_Row = dict[str, Any]


@dataclass(frozen=True)
class Plot:
    """A family's picture as SVG."""

    family: str
    svg: str


def family_plots(
    forecast: pa.Table, demand_history: pa.Table, demand_units: pa.Table, *, cycle: Cycle
) -> tuple[list[Plot], list[str]]:
    """Return the pictures of the families with most demand ahead, and the names of those not drawn.

    The forecast is the chosen approach's, in the family's unit. A family without a total (METHODS 1) is not drawn.
    """
    inputs = {"forecast": forecast, "demand_history": demand_history, "demand_units": demand_units}
    params = {"first_month": add_months(cycle.month, -PAST_MONTHS)}
    rows: dict[str, list[_Row]] = {}
    for row in sql.query("demand/pictures/family_months", inputs, params).to_pylist():
        rows.setdefault(row["family"], []).append(row)
    ahead = {name: sum(row["mean"] or 0.0 for row in of) for name, of in rows.items()}
    order = sorted(rows, key=lambda name: (-ahead[name], name))
    families = {str(name) for name in demand_units["family"].unique().to_pylist()}
    unit = dict(zip(demand_units["family"].to_pylist(), demand_units["family_unit"].to_pylist(), strict=True))
    drawn = [Plot(name, _drawn(name, str(unit[name]), rows[name])) for name in order[:MOST]]
    return drawn, sorted(families - {plot.family for plot in drawn})


def _drawn(family: str, unit: str, rows: Sequence[_Row]) -> str:
    months: list[date] = [row["month"] for row in rows]
    series: dict[str, Points] = {
        name: [row[name] for row in rows] for name in ("actual", "mean", "p10", "p90", "last_year")
    }
    most = max((value for points in series.values() for value in points if value is not None), default=0.0) or 1.0
    least = min((value for points in series.values() for value in points if value is not None), default=0.0)
    frame = _Frame(len(months), min(least, 0.0), most)
    title = f"{family}, {unit} a month"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img" font-family="sans-serif" font-size="11" fill="{_QUIET}"><title>{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="8" y="16" font-size="13" font-weight="bold" fill="{_INK}">{escape(title)}</text>',
        _legend(),
        *frame.axes(months),
        _band(frame, series["p10"], series["p90"]),
        _line(frame, series["last_year"], _QUIET, 'stroke-width="1.2" stroke-dasharray="2 3"'),
        _line(frame, series["actual"], _INK, 'stroke-width="1.6"'),
        _line(frame, series["mean"], _PLAN, 'stroke-width="2.2"'),
        "</svg>",
    ]
    return "".join(parts)


@dataclass(frozen=True)
class _Frame:
    """Where months and quantities lie in the picture."""

    months: int
    least: float
    most: float

    def x(self, place: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / max(self.months - 1, 1)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - self.least) / (self.most - self.least)

    def axes(self, months: Sequence[date]) -> list[str]:
        parts = []
        for value in (self.least, (self.least + self.most) / 2, self.most):
            y = self.y(value)
            parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_LINE}"/>')
            parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
        for place, month in enumerate(months):
            if month.month == 1:
                x = self.x(place)
                parts.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="{_LINE}"/>')
                parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 7}" text-anchor="middle">{month.year}</text>')
        return parts


def _legend() -> str:
    """What the lines are, in the upper right."""
    entries = [("asked for", _INK, ""), ("a year before", _QUIET, ' stroke-dasharray="2 3"'), ("forecast", _PLAN, "")]
    parts, x = [], _WIDTH - 376
    for words, colour, more in entries:
        parts.append(f'<path d="M{x} 12h18" stroke="{colour}" stroke-width="2"{more}/>')
        parts.append(f'<text x="{x + 22}" y="16">{words}</text>')
        x += 34 + 6 * len(words)
    parts.append(f'<rect x="{x}" y="6" width="18" height="11" fill="{_RANGE}"/>')
    parts.append(f'<text x="{x + 22}" y="16">P10 to P90</text>')
    return "".join(parts)


def _runs(points: Points) -> list[list[tuple[int, float]]]:
    """Unbroken runs of known values with their places."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(points):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _line(frame: _Frame, points: Points, colour: str, style: str) -> str:
    runs = [
        "M" + "L".join(f"{frame.x(place):.1f} {frame.y(value):.1f}" for place, value in run) for run in _runs(points)
    ]
    return f'<path d="{"".join(runs)}" fill="none" stroke="{colour}" {style}/>' if runs else ""


def _band(frame: _Frame, low: Points, high: Points) -> str:
    areas = []
    for upper, lower in zip(_runs(high), _runs(low), strict=True):
        around = [*upper, *reversed(lower)]
        areas.append("M" + "L".join(f"{frame.x(place):.1f} {frame.y(value):.1f}" for place, value in around) + "Z")
    return f'<path d="{"".join(areas)}" fill="{_RANGE}" fill-opacity="0.7"/>' if areas else ""


def _short(value: float) -> str:
    """A quantity in at most four figures with its scale."""
    for divisor, suffix in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= divisor:
            return f"{value / divisor:.{0 if abs(value) >= 100 * divisor else 1}f}{suffix}"
    return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2g}"
