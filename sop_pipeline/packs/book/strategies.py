"""The order in which strategies are shown: level, chase, blended, then others by name."""

from __future__ import annotations

from collections.abc import Iterable

_ORDER = {"level": 0, "chase": 1, "blended": 2}


def rank(strategy: str) -> int:
    """The place of a strategy; strategies of one rank go by name."""
    return _ORDER.get(strategy, 9)


def in_order(strategies: Iterable[str]) -> list[str]:
    """Strategies in the order they are shown in, each once."""
    return sorted(set(strategies), key=lambda name: (rank(name), name))
