"""What is known of events, now and at every origin of the backtest, and whether it would have served.

Here: the runs and what each knew, the judgement of each kind, and the factors of products' months. Not here: how
effects are estimated (``estimate``), nor the forecast that is made without events and given them back (``laid_on``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from sop_pipeline.demand.events.estimate import Effects, estimate
from sop_pipeline.demand.events.fit import FEWEST_MONTHS
from sop_pipeline.demand.events.series import LEAST_FACTOR, Demand, Events, Numbers

REFIT = 3
"""Months after which an origin of the backtest estimates anew."""
FEWEST_JUDGED = 3
"""Months with an event whose effect was known beforehand, from which a kind is judged by what it would have brought."""

_FACTOR: list[tuple[str, pa.DataType]] = [
    ("origin", pa.date32()),
    ("product_id", pa.string()),
    ("month", pa.date32()),
    ("factor", pa.float64()),
    ("deviation", pa.float64()),
]
FACTORS = pa.schema(_FACTOR)
"""By what events multiply a product's month, as an origin knew it; what is known today, of past and planned months, has
no origin. ``deviation`` is the standard error of the factor. Months without an effect have no row."""


@dataclass(frozen=True)
class KnownEvents:
    """Today's events and effects, kinds that would not have served, and the factors of every run."""

    demand: Demand
    events: Events
    effects: Effects
    refused: frozenset[str]
    factors: pa.Table

    @property
    def used(self) -> list[bool]:
        """Which effects are used: told apart from nothing, of a kind that would have served."""
        return [
            bool(used) and kind not in self.refused
            for used, kind in zip(self.effects.used, self.events.kinds, strict=True)
        ]

    def number(self, month: date) -> int:
        """The number of a month, that of the first being 0."""
        return self.demand.number(month)

    def month(self, number: int) -> date:
        """The month of a number."""
        return _months(self.demand.first, number + 1)[number]


def known_events(demand: Demand, then: Mapping[date | None, Events]) -> KnownEvents:
    """Return what is known of events; ``then`` has those that each run knew, today's without a date."""
    events = then[None]
    effects = estimate(demand, events)
    past = _past(demand, {origin: known for origin, known in then.items() if origin is not None})
    refused = _refused(demand, effects, events, past)
    runs: list[tuple[date | None, tuple[Events, Effects]]] = [(None, (events, effects)), *past.items()]
    return KnownEvents(demand, events, effects, refused, _factors(demand, runs, refused))


def _past(demand: Demand, then: Mapping[date, Events]) -> dict[date, tuple[Events, Effects]]:
    """What every origin knew, from ``FEWEST_MONTHS`` on; estimated every ``REFIT`` months, the newest last."""
    made: dict[date, tuple[Events, Effects]] = {}
    kept: dict[tuple[Any, ...], Effects] = {}
    for origin, known in sorted(then.items()):
        months = demand.months - REFIT * -(-(demand.months - demand.number(origin)) // REFIT)
        if months < FEWEST_MONTHS or not known.places:
            continue
        key = (months, *known.places, *known.kinds, known.sizes[:, :months].tobytes())
        if key not in kept:
            kept[key] = estimate(demand.until(months), known)
        made[origin] = known, kept[key]
    return made


def _refused(
    demand: Demand,
    effects: Effects,
    events: Events,
    past: Mapping[date, tuple[Events, Effects]],
) -> frozenset[str]:
    """Kinds whose effects, as they were known before, would have made the months of their events worse."""
    gains: dict[str, list[float]] = {}
    for origin, (known, then) in past.items():
        month = demand.number(origin)
        if month >= demand.months:
            continue
        for row in np.flatnonzero(then.used & (known.sizes[:, month] != 0)):
            place, kind = known.places[row], known.kinds[row]
            if place in effects.fits:
                gain = _gain(effects, events, (place, kind), month, float(then.means[row]))
                gains.setdefault(kind, []).extend(gain)
    return frozenset(
        kind for kind, found in gains.items() if len(found) >= FEWEST_JUDGED and float(np.mean(found)) <= 0
    )


def _gain(effects: Effects, events: Events, of: tuple[Any, str], month: int, before: float) -> list[float]:
    """By how much the error of a month is less with the effect known before than without any."""
    place, kind = of
    rows = events.by_place.get(place, [])
    position = next((at for at, row in enumerate(rows) if events.kinds[row] == kind), None)
    if position is None or not effects.fits[place].known[position]:
        return []
    found = effects.fits[place]
    size = events.sizes[rows[position], month]
    added = size * float(found.season[month])
    factor = max(1 + float(effects.means[rows] @ events.sizes[rows, month]), LEAST_FACTOR)
    without = float(found.residuals[month]) * factor + float(found.effects[position]) * added
    return [abs(without) - abs(without - before * added)]


def _factors(
    demand: Demand, runs: Sequence[tuple[date | None, tuple[Events, Effects]]], refused: frozenset[str]
) -> pa.Table:
    return pa.concat_tables([_rows(demand, origin, known, found, refused) for origin, (known, found) in runs])


def _rows(demand: Demand, origin: date | None, known: Events, found: Effects, refused: frozenset[str]) -> pa.Table:
    is_used = found.used & ~np.isin(known.kinds, sorted(refused))
    factors = known.factors(np.where(is_used, found.means, 0.0))
    deviations = np.sqrt(known.variances(np.where(is_used, found.variances, 0.0)))
    if origin is not None:
        factors[:, : demand.number(origin)] = 1
    product, month = np.nonzero(factors != 1)
    months = _months(demand.first, factors.shape[1])
    columns: Sequence[Any] = (
        pa.array([origin] * len(product), pa.date32()),
        pa.array(np.array(demand.products)[product], pa.string()),
        pa.array([months[number] for number in month], pa.date32()),
        _floats(factors[product, month]),
        _floats(deviations[product, month]),
    )
    return pa.Table.from_arrays(list(columns), schema=FACTORS)


def _months(first: date, count: int) -> list[date]:
    start = first.year * 12 + first.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, start + count)]


def _floats(values: Numbers) -> pa.Array:
    return pa.array(values, pa.float64())
