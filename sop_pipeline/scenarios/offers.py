"""Which levers help which gap, in which months, and what each would move: what the model is offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import ALL, PlanChange
from sop_pipeline.scenarios.measures import Gap
from sop_pipeline.supply.levers.columns import Offer
from sop_pipeline.supply.levers.lever import OF_LIMITS, OF_RESOURCES, OF_STOCK, Lever
from sop_pipeline.supply.levers.probes import Probe, Valued, probes
from sop_pipeline.supply.problem.data.plan_data import PlanData

OF_CASH = ("inventory_value", "lowest_cash")
"""Measures that stock let go helps."""


@dataclass
class Offers:
    """Levers of one plan: ``base`` is its problem, ``valued`` makes the problem with some changes."""

    base: Valued
    demand_plan: pa.Table
    valued: Callable[[Sequence[PlanChange]], Valued]
    _probes: dict[str, tuple[Probe, ...]] = field(default_factory=dict)

    def state(self, lever: Lever, gap: Gap) -> str:
        """Why a lever is no help for a gap; nothing where it may be."""
        if lever.missing:
            return lever.missing
        if not months_of(lever, gap):
            return "outside"
        if lever.kind == OF_STOCK and gap.measure not in OF_CASH:
            return "no_effect"
        if lever.kind in OF_LIMITS:
            return "" if self._items(lever) else "nothing_to_raise"
        try:
            return "" if self._probes_of(lever) else "no_effect"
        except BadInput:
            return "unknown"

    def offer(self, lever: Lever, gap: Gap) -> Offer:
        """A lever that may help, as the model takes it."""
        months = months_of(lever, gap)
        if lever.kind in OF_LIMITS:
            return Offer(lever, months, items=self._items(lever))
        return Offer(lever, months, probes=self._probes_of(lever))

    def _probes_of(self, lever: Lever) -> tuple[Probe, ...]:
        if lever.name not in self._probes:
            self._probes[lever.name] = tuple(probes(lever, self.base, self.valued))
        return self._probes[lever.name]

    def _items(self, lever: Lever) -> tuple[str, ...]:
        """The resource, or the planned items, whose limit there is to raise."""
        data = self.base.data
        if lever.kind in OF_RESOURCES:
            return (lever.subject,) if _raisable(lever, data) else ()
        known = tables.frame(self.demand_plan.select(["product_id", "family"])).drop_duplicates()
        same = (known["product_id"] == lever.subject) | (known["family"] == lever.subject) | (lever.subject == ALL)
        named = {*known.loc[same, "product_id"], *known.loc[same, "family"]}
        limits = zip(data.products.names, data.products.subcontract_limit, data.products.subcontract_cost, strict=True)
        return tuple(
            name
            for name, limit, cost in limits
            if (name in named or name.rsplit(" (", 1)[0] in named)
            and np.isfinite(limit).any()
            and not np.isnan(cost).all()
        )


def months_of(lever: Lever, gap: Gap) -> tuple[str, ...]:
    """Months in which a lever helps a gap: demand within its months, room before them too, a price while it holds."""
    if lever.kind == "price":
        return lever.months if set(lever.months) & set(gap.months) else ()
    first = gap.months[0] if lever.kind == "promotion" else ""
    return tuple(month for month in lever.months if first <= month <= gap.months[-1])


def _raisable(lever: Lever, data: PlanData) -> bool:
    """Whether the resource has a limit of the lever's kind."""
    resources = data.resources
    if lever.subject not in resources.names:
        return False
    place = resources.names.index(lever.subject)
    if lever.kind == "overtime":
        return bool(resources.has_overtime[place])
    return bool(resources.can_hire[place] if lever.kind == "hiring" else not resources.unlimited[place])
