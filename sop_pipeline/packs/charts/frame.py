"""Where a chart over months puts things: months across, values up, room for names on the right.

Not here: what is drawn there (``layers``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from sop_pipeline.language.scale import PLAIN, Scale
from sop_pipeline.packs.charts.axis import month_axis, tick_names, value_axis
from sop_pipeline.packs.charts.theme import Drawing


@dataclass(frozen=True)
class Frame:
    """Months across and values up between the first and the last of ``rules``; a ``bare`` one has no axes.

    ``label_space`` is the room on the right in pixels; values are named at ``scale``.
    """

    drawing: Drawing
    months: Sequence[date]
    rules: Sequence[float]
    label_space: float
    scale: Scale = PLAIN
    bare: bool = False

    @property
    def height(self) -> int:
        """Height of the plot in pixels."""
        return self.drawing.height

    @property
    def last(self) -> int:
        """Position of the last month."""
        return len(self.months) - 1

    def x(self, field: str = "i") -> alt.X:
        """The months' encoding."""
        axis = None if self.bare else month_axis(self.months, self.drawing.width - self.label_space - 20)
        reach: list[Any] = [0, {"expr": f"width - {self.label_space:.0f}"}]
        return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, max(self.last, 1)], range=reach, nice=False))

    def y(self, field: str = "y") -> alt.Y:
        """The values' encoding; its axis names the rules alone."""
        axis = None if self.bare else value_axis(self.rules, tick_names(self.rules, self.scale))
        domain = [self.rules[0], self.rules[-1]]
        return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(domain=domain, nice=False, zero=False))

    def pixel(self, value: float) -> float:
        """Height of a value from the bottom of the plot, in pixels."""
        return (value - self.rules[0]) / ((self.rules[-1] - self.rules[0]) or 1) * self.height

    def value(self, pixel: float) -> float:
        """The value at a height."""
        return self.rules[0] + pixel / self.height * (self.rules[-1] - self.rules[0])
