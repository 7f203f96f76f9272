"""Shadow prices: what one more unit of each binding limit is worth, and how far that holds (METHODS 5).

Every price is that of the next unit, and every range is found by solving again, inside it and just beyond both ends.
Where one unit more and one unit less are not worth the same, they stand in two rows. That is done for every limit of a
problem of usual size, in a large one for as many as cost about the same time, those of capacity before demand and
stock; the others keep the dual and range of the basis found, and ``verified`` is false for them. Not here: which limits
are reached (``limits``), how a range is followed (``value_of_relief``), the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.strategies.planner import Solved
from sop_pipeline.supply.strategies.results.limits import NOTHING, Limit, limits_reached
from sop_pipeline.supply.strategies.results.value_of_relief import Relief, Side

COLUMNS = [
    *("constraint", "item", "month", "price_per_unit", "unit", "valid_from", "valid_to", "verified"),
    *("current_limit", "pay_per_unit"),
]
POORER = "_one_less"
NO_ROOM = 1e-7
SAME = 1e-6
RESOLVED_ROWS = 2_000_000
"""Re-solves times rows of the model: what verifying may cost, alike on every machine."""
LEAST_RESOLVES = 300
LAST_TO_RESOLVE = ("demand", "workforce", "safety_stock", "closing_stock", "cover_days_min", "min_stock")


def no_prices() -> pd.DataFrame:
    """No price at all."""
    return pd.DataFrame(columns=COLUMNS)


def shadow_prices(solved: Solved, *, most: int | None = None) -> pd.DataFrame:
    """Price every binding limit, those first that would bring most within their range: one row each (``COLUMNS``).

    ``most`` is the number of re-solves after which limits are no longer verified. Raises SolverError where the final LP
    cannot be solved again.
    """
    values, base = _as_lp(solved)
    rows = max(len(solved.model.row_lower), 1)
    allowed = max(LEAST_RESOLVES, RESOLVED_ROWS // rows) if most is None else most
    limits = limits_reached(solved, values)
    relief = Relief(solved, base)
    found: list[_Priced] = []
    resources = _resources(solved)
    for limit in sorted(limits, key=lambda entry: (_turn(entry, resources), entry.pay - abs(entry.price))):
        found += _priced(relief, limit) if relief.solves < allowed else _by_basis(limit)
    table = pd.DataFrame([entry.row() for entry in found], columns=COLUMNS)
    table = table.assign(worth=[entry.brings() for entry in found])
    order = table.sort_values(["worth", "constraint", "item", "month"], ascending=[False, True, True, True])
    return order[COLUMNS].reset_index(drop=True)


@dataclass(frozen=True)
class _Priced:
    """A limit's price with the right-hand sides between which it holds; ``suffix`` for the poorer side."""

    limit: Limit
    price: float
    low: float
    high: float
    suffix: str = ""
    verified: bool = True

    @property
    def room(self) -> float:
        """How far relief goes at this price; nothing for the poorer side."""
        if self.suffix:
            return 0.0
        return self.high - self.limit.bound if self.limit.relief > 0 else self.limit.bound - self.low

    def row(self) -> tuple[object, ...]:
        """A row of the table, limits counted as the planner does (hours there are, not the model's)."""
        limit = self.limit
        edges = [_number(edge) if np.isfinite(edge) else None for edge in limit.as_figures(self.low, self.high)]
        month = None if limit.month == "all months" else limit.month
        head = (limit.constraint + self.suffix, limit.item, month, _number(self.price), limit.unit)
        return (*head, *edges, self.verified, _number(limit.figure), _number(limit.pay))

    def brings(self) -> float:
        """Money that relief brings until the price changes; rows of the poorer side come last."""
        if self.suffix:
            return -1.0
        room = self.room if self.room > NO_ROOM else 1.0
        return abs(self.price) * (room if np.isfinite(room) else max(1.0, abs(self.limit.figure)))


def _resources(solved: Solved) -> set[str]:
    data = solved.draft.data
    return set(data.resources.names) | set(data.others["resource_id"])


def _turn(limit: Limit, resources: set[str]) -> int:
    """Limits of resources first, which pages print; then what else may be raised; last what is to be served or kept."""
    if limit.constraint in LAST_TO_RESOLVE:
        return 2
    return 0 if limit.item in resources else 1


def _number(value: float) -> float:
    return round(value, 6) + 0.0


def _as_lp(solved: Solved) -> tuple[Floats, float]:
    """Leave the solver at the optimal basis of the final LP; return its columns and objective."""
    solver = solved.solver
    if solver.integer:
        solver.fix_whole_numbers(solved.solution.values)
    found = solver.minimise()
    if not found.optimal:
        raise SolverError(f"the final LP of the plan is {found.status} when it is solved again")
    return found.values, found.objective


def _priced(relief: Relief, limit: Limit) -> Iterator[_Priced]:
    """The limit's price by the two sides: in one row where they agree, else in two, none where neither is worth any."""
    richer, poorer = relief.side(limit, limit.relief), relief.side(limit, -limit.relief)
    gain = 0.0 if richer is None else -richer.slope
    loss = 0.0 if poorer is None else poorer.slope
    if abs(gain) <= NOTHING and abs(loss) <= NOTHING:
        return
    if richer is not None and poorer is not None and abs(gain - loss) <= SAME * max(1.0, abs(gain)):
        yield _between(limit, gain, richer, poorer)
        return
    if richer is not None:
        yield _between(limit, gain, richer, None)
    if poorer is not None:
        yield _between(limit, loss, None, poorer)


def _between(limit: Limit, price: float, richer: Side | None, poorer: Side | None) -> _Priced:
    ends = [limit.bound]
    ends += [limit.bound + limit.relief * richer.reach] if richer is not None else []
    ends += [limit.bound - limit.relief * poorer.reach] if poorer is not None else []
    verified = all(side is None or side.verified for side in (richer, poorer))
    return _Priced(limit, price, min(ends), max(ends), POORER if richer is None else "", verified)


def _by_basis(limit: Limit) -> Iterator[_Priced]:
    """Dual and range of the basis found, for what is not solved again."""
    if abs(limit.price) > NOTHING:
        yield _Priced(limit, limit.price, limit.low, limit.high, verified=False)
