"""What a set of levers has to bring: by how much a figure of the plan has to rise or fall over which months."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """``form`` is a figure of ``ledger.FORMS``; ``gap`` in its unit, negative where the figure has to fall.

    A share is reached where ``form - share x of`` rises by the gap: ``share`` is the one wanted. ``floors`` are what a
    figure of every month may rise less by (``lowest_cash``: what the month is above the lowest).
    """

    form: str
    months: tuple[str, ...]
    gap: float
    of: str = ""
    share: float = 0.0
    floors: tuple[float, ...] = ()
