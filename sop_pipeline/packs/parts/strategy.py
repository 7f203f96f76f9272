"""How strategies are told apart: the one in use marked, costs with places enough to differ."""

from __future__ import annotations

from collections.abc import Sequence

from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.packs.parts.table import Cell


def name_cell(strategy: str, chosen: bool, title: str = "") -> Cell:
    """A strategy's name, marked where the operational plan uses it."""
    return Cell(f"{strategy.capitalize()}{' ●' if chosen else ''}", "strong" if chosen else "plain", title=title)


def cost_scale(costs: Sequence[float]) -> Scale:
    """A scale with places enough to tell the costs apart."""
    scale = scale_for(costs)
    span = (max(costs) - min(costs)) / scale.divisor if costs else 0.0
    if span > 4:
        return scale
    return Scale(scale.divisor, scale.suffix, max(scale.places, 1 if span > 0.8 else 2))
