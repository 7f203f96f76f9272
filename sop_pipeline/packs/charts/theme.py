"""The one visual language of every chart: palette, type, layers under one theme.

A colour always means the same thing. Charts are Altair specifications with their data inside; the same one becomes an
SVG for paper and an interactive drawing on a screen. Not here: axes (``axis``), what is drawn (a module a kind of
chart) and the dark palette, which is CSS.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

INK, GREY, RULE, PAPER = "#16202a", "#66727f", "#d5dbe1", "#ffffff"
PLAN, BAND, BUSINESS, LAST = "#1f5a96", "#cfe0f1", "#d08a1d", "#9aa5b1"
BUSINESS_TEXT, LAST_TEXT = "#9a6410", "#66727f"
WORSE, BETTER = "#b3362a", "#2b7a5b"
FONT = "Source Sans Pro"
SIZE = 10.5


@dataclass(frozen=True)
class Style:
    """How a line of one meaning is drawn; ``text`` is its label's colour, dark enough to read."""

    color: str
    text: str
    width: float = 1.6
    dash: tuple[int, ...] = ()


STYLES: Mapping[str, Style] = {
    "actual": Style(INK, INK, 2.0),
    "plan": Style(PLAN, PLAN, 2.2),
    "business": Style(BUSINESS, BUSINESS_TEXT, 1.6, (5, 3)),
    "last": Style(LAST, LAST_TEXT, 1.4),
    "other": Style(LAST, LAST_TEXT, 1.6, (2, 2)),
    "limit": Style(GREY, GREY, 1.0, (3, 3)),
}


@dataclass(frozen=True)
class Chart:
    """A chart ready to draw: its specification, its size on paper in pixels, and what it shows in words."""

    spec: dict[str, Any]
    width: int
    height: int
    alt: str


class Drawing:
    """The layers of one chart, with their rows kept aside.

    Rows are named, not handed to Altair: it copies what it is given each time a layer is touched, which took most of a
    pack's time.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def on(self, rows: Sequence[Mapping[str, Any]], name: str | None = None, role: str = "") -> alt.Chart:
        """Start a layer over rows (not-a-numbers become empty); one of a ``role`` is found by it on the screen."""
        key = f"rows{len(self._rows)}"
        name = f"{role}_{key}" if role else name
        self._rows[key] = [{column: _finite(value) for column, value in row.items()} for row in rows]
        return alt.Chart(alt.NamedData(name=key), name=name or alt.Undefined)

    def finish(self, layers: Sequence[alt.Chart], words: str) -> Chart:
        """Put layers together under the theme and freeze them into a specification.

        Layers are joined as dictionaries: ``alt.layer`` copies each of them several times over.
        """
        parts = [layer.to_dict(validate=False) for layer in layers]
        spec = {
            "$schema": alt.SCHEMA_URL,
            "width": self.width,
            "height": self.height,
            "layer": [
                {key: value for key, value in part.items() if key not in ("$schema", "config")} for part in parts
            ],
            "config": _CONFIG,
            "datasets": self._rows,
        }
        return Chart(spec, self.width, self.height, words)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": None,
    "padding": {"left": 2, "right": 2, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelFont": FONT,
        "labelFontSize": SIZE - 0.5,
        "labelColor": GREY,
        "titleFont": FONT,
        "titleFontSize": SIZE - 0.5,
        "titleColor": GREY,
        "titleFontWeight": "normal",
    },
    "text": {"font": FONT, "fontSize": SIZE},
}
