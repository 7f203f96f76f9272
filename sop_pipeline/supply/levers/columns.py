"""Levers as columns of the aggregate model: what each adds to demand, least stock and limits, and what it costs.

A limit is written with all of its lever pulled, and a constant column takes back what is not: ``row + limit one - v``.
Where a limit is a bound, a row of its own holds it. Not here: what has to be reached (``cheapest``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.levers.ledger import LeverWorth
from sop_pipeline.supply.levers.lever import OF_LIMITS, Lever
from sop_pipeline.supply.levers.probes import Probe
from sop_pipeline.supply.levers.pulled import RAISED
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.raised import Raise, raised

LEVER = "lever "
"""Before the names of blocks of levers."""
EFFORT = 1e-5
"""What moving money of revenue, or a unit of a limit, counts as beside what is paid: ties go to the smaller."""


@dataclass(frozen=True)
class Offer:
    """A lever with what it moves, or the planned items whose limit it raises, in the months in which it may be used."""

    lever: Lever
    months: tuple[str, ...]
    probes: tuple[Probe, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def block(self) -> str:
        """The name of its variables."""
        return LEVER + self.lever.name

    def fully(self) -> list[Raise]:
        """Its limits raised as far as it goes; heads to the end, as those taken on stay."""
        return [
            Raise(name, item, dict.fromkeys(self.months, self._most(name)))
            for name in RAISED.get(self.lever.kind, ())
            for item in self.items
        ]

    def _most(self, name: str) -> float:
        return self.lever.limit * (len(self.months) if name == "max_units" else 1)


def with_levers(data: PlanData, offers: Sequence[Offer]) -> PlanData:
    """The problem with every limit raised as far as its lever goes."""
    for offer in offers:
        for limit in offer.fully():
            data = raised(data, limit)
    return data


def add_levers(draft: Draft, offers: Sequence[Offer], before: PlanData, weight: Floats) -> list[LeverWorth]:
    """Add every lever to a draft of ``with_levers``, and return what each is worth.

    ``before`` is the problem without; ``weight`` what a unit of each item counts for beside others (P,).
    """
    one = draft.builder.add_variables("one", ["one"], ["one"], lower=1.0, upper=1.0)[0, 0]
    found = []
    for offer in offers:
        if offer.lever.kind in OF_LIMITS:
            found.append(_limit(draft, offer, before, one))
        elif offer.lever.kind == "price":
            found.append(_steps(draft, offer, weight))
        elif offer.lever.kind == "promotion":
            found.append(_by_month(draft, offer, weight))
        else:
            found.append(_release(draft, offer, before))
    return found


def amounts(draft: Draft, offer: Offer, values: Floats) -> dict[str, float]:
    """How far a solution pulls a lever, by month, in the lever's unit."""
    used = draft.builder.columns[offer.block].value(values)
    if offer.lever.kind == "price":
        amount = sum(probe.amount * share for probe, share in zip(offer.probes, used[0], strict=True))
        return dict.fromkeys(offer.lever.months, float(amount))
    if offer.lever.kind == "stock":
        return {offer.months[0]: float(used[0, 0])}
    return {month: float(used[0, draft.data.months.index(month)]) for month in offer.months}


# -- demand ------------------------------------------------------------------------------------------------------------


def _by_month(draft: Draft, offer: Offer, weight: Floats) -> LeverWorth:
    """So many units in every month: ``demand + units x probe of one``."""
    probe = offer.probes[0].of_one()
    months = _places(draft, offer.months)
    there = np.isin(np.arange(draft.data.month_count), months)
    ids = draft.builder.add_variables(
        offer.block, [offer.lever.name], draft.data.months, upper=offer.lever.limit, where=there[None]
    )
    draft.builder.add_terms(draft.builder.rows["balance"].ids, ids, -probe.demand)
    outlay = np.full(draft.data.month_count, offer.lever.unit_cost)
    _charge(draft, offer, ids, outlay[None], [probe])
    return LeverWorth(
        ids=ids[0],
        month=np.arange(draft.data.month_count),
        revenue=probe.revenue.sum(axis=0),
        margin=probe.margin.sum(axis=0),
        demand=(probe.demand * weight[:, None]).sum(axis=0),
        outlay=outlay,
    )


def _steps(draft: Draft, offer: Offer, weight: Floats) -> LeverWorth:
    """One step of a price at most, for all of its months."""
    names = [f"step {place}" for place in range(1, len(offer.probes) + 1)]
    ids = draft.builder.add_variables(offer.block, [offer.lever.name], names, upper=1.0, integer=True)
    one_of = draft.builder.add_rows(f"{offer.block} steps", [offer.lever.name], ["one of them"], upper=1.0)
    draft.builder.add_terms(one_of, ids, 1.0)
    for step, probe in zip(ids[0], offer.probes, strict=True):
        draft.builder.add_terms(draft.builder.rows["balance"].ids, np.full(probe.demand.shape, step), -probe.demand)
    there = np.isin(np.arange(draft.data.month_count), _places(draft, offer.lever.months))
    outlay = np.array([offer.lever.unit_cost * probe.amount * there for probe in offer.probes])
    _charge(draft, offer, ids, outlay.sum(axis=1)[None], offer.probes)
    shape = outlay.shape
    return LeverWorth(
        ids=np.broadcast_to(ids[0][:, None], shape).ravel(),
        month=np.broadcast_to(np.arange(shape[1]), shape).ravel(),
        revenue=np.array([probe.revenue.sum(axis=0) for probe in offer.probes]).ravel(),
        margin=np.array([probe.margin.sum(axis=0) for probe in offer.probes]).ravel(),
        demand=np.array([(probe.demand * weight[:, None]).sum(axis=0) for probe in offer.probes]).ravel(),
        outlay=outlay.ravel(),
    )


# -- stock and limits --------------------------------------------------------------------------------------------------


def _release(draft: Draft, offer: Offer, before: PlanData) -> LeverWorth:
    """``I + short + units x probe of one >= least stock``: safety stock let go, once."""
    probe = offer.probes[0].of_one()
    ids = draft.builder.add_variables(offer.block, [offer.lever.name], ["once"], upper=offer.lever.limit)
    count = len(draft.data.products.names)
    less = np.maximum(probe.least_stock, 0.0)
    rows = draft.builder.add_rows(
        offer.block, draft.data.products.names, draft.data.months, lower=before.products.least_stock, where=less > 0
    )
    draft.builder.add_terms(rows, draft.ids("inventory", count), 1.0)
    draft.builder.add_terms(rows, draft.ids("stock_short", count), 1.0)
    draft.builder.add_terms(rows, np.full(rows.shape, ids[0, 0]), less)
    first = _places(draft, offer.months)[:1]
    outlay = np.array([offer.lever.unit_cost])
    _charge(draft, offer, ids, outlay[None])
    return _only_outlay(ids[0], first, outlay)


def _limit(draft: Draft, offer: Offer, before: PlanData, one: int) -> LeverWorth:
    """So much more of a limit in every month, at the lever's price for each."""
    months = _places(draft, offer.months)
    there = np.isin(np.arange(draft.data.month_count), months)
    ids = draft.builder.add_variables(
        offer.block, [offer.lever.name], draft.data.months, upper=offer.lever.limit, where=there[None]
    )
    for item in offer.items:
        _RAISE[offer.lever.kind](draft, item, ids[0], np.where(there, offer.lever.limit, 0.0), before, one)
    outlay = np.full(draft.data.month_count, offer.lever.unit_cost)
    _charge(draft, offer, ids, outlay[None])
    return _only_outlay(ids[0], np.arange(draft.data.month_count), outlay)


def _overtime(draft: Draft, item: str, ids: Ints, most: Floats, before: PlanData, one: int) -> None:
    place = before.resources.names.index(item)
    for name in ("overtime_limit_pct", "overtime_hours_per_unit"):
        _take_back(draft, name, place, ids, most, one)
    _bound(draft, "overtime", item, place, ids, before.resources.overtime_cap[place] + _more(before, "overtime", place))


def _capacity(draft: Draft, item: str, ids: Ints, most: Floats, before: PlanData, one: int) -> None:
    place = before.resources.names.index(item)
    worked = draft.builder.rows["hours_worked"].ids[place]
    _take_back(draft, "hours_worked" if (worked >= 0).any() else "hours", place, ids, most, one)


def _hiring(draft: Draft, item: str, ids: Ints, most: Floats, before: PlanData, one: int) -> None:
    resources = before.resources
    place = resources.names.index(item)
    hires, units = (
        _limit_of(resources.table[f"max_{name}"].iloc[place]) + _more(before, f"max_{name}", place)
        for name in ("hires", "units")
    )
    _bound(draft, "hires", item, place, ids, hires)
    _bound(draft, "units", item, place, ids, units, standing=True)


def _subcontract(draft: Draft, item: str, ids: Ints, most: Floats, before: PlanData, one: int) -> None:
    place = before.products.names.index(item)
    _bound(draft, "subcontract", item, place, ids, before.products.subcontract_limit[place])


_RAISE = {"overtime": _overtime, "capacity": _capacity, "hiring": _hiring, "subcontract": _subcontract}


def _limit_of(value: float) -> float:
    return float("inf") if np.isnan(value) else float(value)


def _more(data: PlanData, name: str, place: int) -> Floats:
    return data.resources.more(name)[place]


def _take_back(draft: Draft, name: str, place: int, ids: Ints, most: Floats, one: int) -> None:
    """What of a raised limit is not pulled: ``row + most x one - v <= limit + most``."""
    rows = draft.builder.rows[name].ids[place]
    rows = np.where(ids >= 0, rows, -1)
    draft.builder.add_terms(rows, np.full(rows.shape, one), most)
    draft.builder.add_terms(rows, ids, -1.0)


def _bound(draft: Draft, name: str, item: str, place: int, ids: Ints, limit: Floats, *, standing: bool = False) -> None:
    """``column - v <= limit`` in a row of its own; ``standing``: less what was pulled in any month so far."""
    block = draft.builder.columns[name]
    limits = np.broadcast_to(limit, ids.shape)
    there = np.isfinite(limits) & (block.ids[place] >= 0) & ((ids >= 0) | standing)
    rows = draft.builder.add_rows(
        f"{LEVER}{name} {item}", [item], draft.data.months, upper=limits[None], where=there[None], label=block.label
    )
    draft.builder.add_terms(rows, block.ids[[place]], 1.0)
    months = np.arange(len(ids))
    for month in months if standing else []:
        draft.builder.add_terms(np.where(months >= month, rows[0], -1), np.full(len(ids), ids[month]), -1.0)
    if not standing:
        draft.builder.add_terms(rows, ids[None], -1.0)


def _only_outlay(ids: Ints, month: Ints, outlay: Floats) -> LeverWorth:
    nothing = np.zeros(len(ids))
    return LeverWorth(ids, month, nothing, nothing, nothing, outlay)


def _charge(draft: Draft, offer: Offer, ids: Ints, outlay: Floats, moved: Sequence[Probe] = ()) -> None:
    """The cost of a lever: what is paid for it, less the material that what it sells needs however it is made.

    ``moved`` has a probe for each column, or one for all months. Of equal cost, what moves less is taken.
    """
    cost = outlay
    if moved:
        by_month = ids.shape[1] == draft.data.month_count and len(moved) == 1
        axis = 0 if by_month else None
        material = np.array([probe.material.sum(axis=axis) for probe in moved]).reshape(ids.shape)
        size = np.array([np.abs(probe.revenue).sum(axis=axis) for probe in moved]).reshape(ids.shape)
        cost = outlay - material + EFFORT * size
    else:
        cost = outlay + EFFORT
    draft.builder.add_cost("lever", [offer.lever.name], ids, cost)
    cash = draft.builder.rows.get("cash")
    if cash is not None and ids.shape[1] == draft.data.month_count:
        draft.builder.add_terms(cash.ids, ids, outlay)


def _places(draft: Draft, months: Sequence[str]) -> Ints:
    return np.array([draft.data.months.index(month) for month in months], np.int64)
