"""What moving a limit changes, found by solving again: the slope on either side of it and how far that slope holds.

The least cost is a convex function of a limit, made of straight pieces. Here: following one piece from the limit as it
stands to its end, which is then known from both sides: the cost lies on the piece up to there, and off it just beyond.
The basis found only says where to look first; where the optimum is degenerate its range is too short. Not here: which
limits there are (``limits``), what is printed of them (``shadow_prices``).

Gal: Postoptimal Analyses, Parametric Programming (1979); the end of a piece is where it meets a line that supports the
curve beyond (Newton's method on a convex function of straight pieces, which ends).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sop_pipeline.supply.strategies.planner import Solved
from sop_pipeline.supply.strategies.results.limits import Limit

SAME_SLOPE = 1e-6
NEAR = 1e-3
"""How far beyond an end the cost is looked at, and how near a limit its slope is, relative to the limit."""
WIDENING = 4.0
WITHOUT_END = 1e3
"""What holds this many times as far as the limit itself is taken to hold without end."""
MOST_STEPS = 40
EXACT = 1e-7


@dataclass(frozen=True)
class Side:
    """One side of a limit: cost by a unit moved away from it, how far that holds, whether both was looked at."""

    slope: float
    reach: float
    verified: bool = True


@dataclass(frozen=True)
class _Point:
    """Cost more than at the limit as it stands, and its slope, ``distance`` away from it."""

    distance: float
    more: float
    slope: float


@dataclass
class Relief:
    """Moves limits of a plan's final LP, one at a time, and puts them back; ``solves`` counts what that took."""

    solved: Solved
    base: float
    solves: int = field(default=0, init=False)

    def side(self, limit: Limit, direction: float) -> Side | None:
        """The right-hand side's piece upwards (1) or downwards (-1); None where no plan is left at once."""
        way = _Way(self, limit, direction)
        try:
            return way.followed()
        finally:
            self.put(limit, limit.bound)

    def at(self, limit: Limit, bound: float) -> tuple[float, float] | None:
        """Cost more than at the limit as it stands and its slope, with the right-hand side at ``bound``."""
        self.put(limit, bound)
        self.solves += 1
        solver = self.solved.solver
        found = solver.minimise()
        if not found.optimal:
            return None
        duals = solver.duals()
        slope = float((duals.rows if limit.is_row else duals.columns)[limit.index]) - limit.gain
        if limit.partner >= 0:
            slope += min(float(duals.columns[limit.partner]), 0.0)
        return found.objective - self.base - limit.gain * (bound - limit.bound), slope

    def put(self, limit: Limit, bound: float) -> None:
        """Set a limit's right-hand side; both sides of an equation move together, and so does a partner's bound."""
        solver, model, index = self.solved.solver, self.solved.model, limit.index
        if limit.is_row:
            low, high = model.row_lower[index], model.row_upper[index]
            solver.set_row(index, bound if low == limit.bound else low, bound if high == limit.bound else high)
        else:
            low, high = model.lower[index], model.upper[index]
            new = (low, bound) if limit.relief > 0 else (bound, high)
            solver.set_columns(np.array([index]), np.array([new[0]]), np.array([new[1]]))
        if limit.partner >= 0:
            room = max(model.upper[limit.partner] + bound - limit.bound, 0.0)
            solver.set_columns(np.array([limit.partner]), np.zeros(1), np.array([room]))


class _Way:
    """The way from a limit in one direction, along its first piece."""

    def __init__(self, relief: Relief, limit: Limit, direction: float) -> None:
        self.relief, self.limit, self.direction = relief, limit, direction
        self.unit = max(1.0, abs(limit.bound), abs(limit.figure))
        falls = direction * limit.sign < 0
        self.farthest = max(limit.figure - limit.least, 0.0) if falls else np.inf

    def followed(self) -> Side | None:
        """Find the piece's slope, then its end."""
        limit = self.limit
        if self.farthest <= EXACT * self.unit or (limit.fixed and self.direction < 0):
            return None
        if not limit.both_ways and self.direction == limit.relief and abs(limit.slope) <= SAME_SLOPE:
            # More room never costs more, and costs no less either where the limit is worth nothing.
            return Side(0.0, self.farthest)
        room = min(self.limit.room(self.direction), self.farthest)
        if room > EXACT * self.unit:
            return self._to_its_end(self.direction * self.limit.slope, room, hint=True)
        started = self._started()
        return None if started is None else self._to_its_end(started.slope, started.distance, hint=False)

    def _started(self) -> _Point | None:
        """A point on the first piece, whose supporting line leads back to the limit as it stands."""
        distance = min(NEAR * self.unit, self.farthest)
        for _ in range(MOST_STEPS):
            point = self._point(distance)
            if point is not None:
                back = point.more - point.slope * point.distance
                if abs(back) <= self._tolerance() + SAME_SLOPE * abs(point.more):
                    return point
            distance /= 8.0
            if distance < EXACT * self.unit:
                return None
        return None

    def _to_its_end(self, slope: float, good: float, *, hint: bool) -> Side:
        """Widen until the slope is another, then go back to where the two lines meet; ``good`` lies on the piece."""
        bad: _Point | None = None
        until = np.inf
        further = good + NEAR * self.unit if hint else good * WIDENING
        for _ in range(MOST_STEPS):
            if good >= self.farthest - EXACT * self.unit:
                return Side(slope, self.farthest)
            distance = min(further, self.farthest)
            point = self._point(distance)
            if point is None:
                until = distance
                if hint and further <= good + NEAR * self.unit:
                    return Side(slope, good)
            elif abs(point.slope - slope) <= SAME_SLOPE * max(1.0, abs(slope)):
                good, hint = distance, False
                if distance > WITHOUT_END * self.unit:
                    return Side(slope, np.inf)
            else:
                bad = point
                break
            further = (good + until) / 2 if np.isfinite(until) else max(good * WIDENING, NEAR * self.unit)
            if until - good <= NEAR * self.unit * NEAR:
                return Side(slope, good)
        return Side(slope, good, verified=False) if bad is None else self._met(slope, bad)

    def _met(self, slope: float, bad: _Point) -> Side:
        """Where the piece meets the lines that support the curve beyond it."""
        for _ in range(MOST_STEPS):
            end = (bad.more - bad.slope * bad.distance) / (slope - bad.slope)
            end = min(max(end, 0.0), bad.distance)
            point = self._point(end)
            if point is None or abs(point.more - slope * end) <= self._tolerance() + SAME_SLOPE * abs(slope * end):
                return Side(slope, end, verified=point is not None)
            if abs(point.slope - slope) <= SAME_SLOPE * max(1.0, abs(slope)):
                return Side(slope, end)
            bad = point
        return Side(slope, bad.distance, verified=False)

    def _point(self, distance: float) -> _Point | None:
        found = self.relief.at(self.limit, self.limit.bound + self.direction * distance)
        return None if found is None else _Point(distance, found[0], self.direction * found[1])

    def _tolerance(self) -> float:
        return 1e-7 + 1e-11 * abs(self.relief.base)
