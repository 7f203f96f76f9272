"""Names at the ends of lines that do not overlap.

Pure arithmetic: where each label wants to stand, and where it may. Not here: drawing.
"""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], low: float, high: float, gap: float) -> list[float]:
    """Move positions apart until neighbours are ``gap`` apart, staying within ``low`` to ``high`` where they fit.

    Every label keeps its order and moves as little as the group it collides with allows: colliding labels are merged
    into blocks that stand around the mean of what they wanted.
    """
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    blocks: list[tuple[float, list[int]]] = []
    for n in order:
        members, centre = [n], min(max(wanted[n], low), high)
        while blocks and blocks[-1][0] + _half(blocks[-1][1], gap) > centre - _half(members, gap) - gap:
            before, earlier = blocks.pop()
            members = [*earlier, *members]
            centre = (before * len(earlier) + centre * (len(members) - len(earlier))) / len(members)
            centre = _inside(centre, _half(members, gap), low, high)
        blocks.append((centre, members))
    placed = [0.0] * len(wanted)
    for centre, members in blocks:
        first = centre - _half(members, gap)
        for position, n in enumerate(members):
            placed[n] = first + position * gap
    return placed


def _half(members: Sequence[int], gap: float) -> float:
    return (len(members) - 1) * gap / 2


def _inside(centre: float, half: float, low: float, high: float) -> float:
    return (low + high) / 2 if high - low < 2 * half else min(max(centre, low + half), high - half)
