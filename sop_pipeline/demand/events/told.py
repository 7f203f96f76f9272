"""What is told of events: of every item and kind its effect, its range, why it is used or not, and what it brings.

Not here: how effects are found (``estimate``, ``known``), nor the words (``language``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.events.estimate import FEWEST_CASES, HALF
from sop_pipeline.demand.events.known import KnownEvents


def event_effects(
    known: KnownEvents, forecast: pa.Table, level_units: pa.Table, *, approach: str, cycle: Cycle
) -> pa.Table:
    """Return ``event_effects``; what events bring is a part of the ``forecast`` of ``approach``."""
    today = [_today(known, row) for row in range(len(known.events.places))]
    ahead = list(_ahead(known, cycle))
    inputs = {
        "effects_today": pa.Table.from_pylist(today, schema=_TODAY),
        "events_ahead": pa.Table.from_pylist(ahead, schema=_AHEAD),
        "forecast": forecast,
        "level_units": level_units,
    }
    return tables.conform("event_effects", sql.query("demand/events/event_effects", inputs, {"approach": approach}))


def _today(known: KnownEvents, row: int) -> dict[str, Any]:
    place, effects = known.events.places[row], known.effects
    pooled = int(effects.pooled[row])
    return {
        "level": place.level,
        "item_id": place.item_id,
        "kind": known.events.kinds[row],
        "outcome": _outcome(known, row),
        "used": known.used[row],
        "effect": float(effects.means[row]) if pooled else None,
        "standard_error": float(np.sqrt(effects.variances[row])) if pooled else None,
        "cases": int(effects.cases[row]),
        "pooled_cases": pooled,
        "drawn_from": _drawn_from(known, row) if pooled else None,
    }


def _outcome(known: KnownEvents, row: int) -> str:
    if known.used[row]:
        return "used"
    if known.effects.pooled[row] < FEWEST_CASES:
        return "every_year" if known.effects.confounded[row] else "too_few"
    return "no_better" if known.effects.used[row] else "no_effect"


def _drawn_from(known: KnownEvents, row: int) -> str:
    if known.effects.share[row] >= HALF or known.effects.cases[row] == known.effects.pooled[row]:
        return "own"
    return "family" if known.effects.is_of_family[row] else "kind"


def _ahead(known: KnownEvents, cycle: Cycle) -> Iterator[dict[str, Any]]:
    """Planned months with an event, and the share of the month's forecast that its effect brings."""
    in_use = np.where(known.used, known.effects.means, 0.0)
    factors = known.events.place_factors(in_use)
    first = known.number(cycle.month)
    for row, place in enumerate(known.events.places):
        for month in np.flatnonzero(known.events.sizes[row, first:]) + first:
            size = float(known.events.sizes[row, month])
            factor = factors[place][month] if place in factors else 1.0
            share = float(in_use[row] * size / factor)
            keys = {"level": place.level, "item_id": place.item_id, "kind": known.events.kinds[row]}
            yield {**keys, "month": known.month(int(month)), "size": size, "share": share}


_KEYS: list[tuple[str, pa.DataType]] = [("level", pa.string()), ("item_id", pa.string()), ("kind", pa.string())]
_EFFECT: list[tuple[str, pa.DataType]] = [
    ("outcome", pa.string()),
    ("used", pa.bool_()),
    ("effect", pa.float64()),
    ("standard_error", pa.float64()),
    ("cases", pa.int64()),
    ("pooled_cases", pa.int64()),
    ("drawn_from", pa.string()),
]
_TODAY = pa.schema([*_KEYS, *_EFFECT])
_MONTH: list[tuple[str, pa.DataType]] = [("month", pa.date32()), ("size", pa.float64()), ("share", pa.float64())]
_AHEAD = pa.schema([*_KEYS, *_MONTH])
