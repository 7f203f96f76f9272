"""What pulling levers does to the planning problem: changes as a scenario states them, and limits that are raised.

One way from a set to a plan, for the model that looks for it and for whoever plans it again. Not here: which levers are
pulled how far (``cheapest``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sop_pipeline.plan_change import Measure, PlanChange, Way
from sop_pipeline.supply.levers.lever import OF_LIMITS, Lever, after
from sop_pipeline.supply.problem.data.raised import Raise

PLACES = Decimal("0.0001")
ORDER = ("price", "promotion", "stock")
"""In which changes are made: percentages of what is there before amounts on top of it."""
RAISED = {
    "overtime": ("overtime_hours",),
    "capacity": ("regular_hours",),
    "hiring": ("max_hires", "max_units"),
    "subcontract": ("subcontract_limit",),
}
"""Limits that a lever raises, as ``options.raised`` names them."""


@dataclass(frozen=True)
class Pull:
    """A lever, how far it is pulled in which month, and the planned items that a limit of products is raised of."""

    lever: Lever
    use: Mapping[str, Decimal]
    items: tuple[str, ...] = ()

    @property
    def most(self) -> Decimal:
        """How far it is pulled at most in a month."""
        return max(self.use.values(), default=Decimal(0))

    @property
    def units(self) -> Decimal:
        """What its price counts: percent and months, units, hours, heads; stock is released once."""
        return self.most if self.lever.kind == "stock" else sum(self.use.values(), Decimal(0))


def changes(pulls: list[Pull]) -> tuple[PlanChange, ...]:
    """The changes of demand, prices and safety stock, in the order in which they are made."""
    stated = [pull for pull in pulls if pull.lever.kind in ORDER]
    ordered = sorted(stated, key=lambda pull: (ORDER.index(pull.lever.kind), pull.lever.name))
    return tuple(change for pull in ordered for change in changes_of(pull))


def changes_of(pull: Pull) -> Iterator[PlanChange]:
    """What one lever changes; one that raises a limit changes none of these."""
    lever = pull.lever
    if lever.kind not in ORDER:
        return
    if lever.kind == "stock":
        yield PlanChange(Measure.SAFETY_STOCK, lever.subject, Way.ADD, -pull.most, where=lever.name)
        return
    for first, last, amount in _runs(pull.use):
        if lever.kind == "promotion":
            yield PlanChange(Measure.DEMAND, lever.subject, Way.ADD, amount, first, last, lever.name)
            continue
        yield PlanChange(Measure.PRICE, lever.subject, Way.PERCENT, amount, first, last, lever.name)
        answer = (amount * Decimal(str(lever.elasticity))).quantize(PLACES)
        if answer:
            yield PlanChange(Measure.DEMAND, lever.subject, Way.PERCENT, answer, first, last, lever.name)


def _runs(use: Mapping[str, Decimal]) -> Iterator[tuple[str, str, Decimal]]:
    """First and last month of every stretch of one amount."""
    months = sorted(month for month, amount in use.items() if amount)
    start = 0
    for place in range(1, len(months) + 1):
        same = place < len(months) and months[place] == after(months[place - 1], 1)
        if not (same and use[months[place]] == use[months[start]]):
            yield months[start], months[place - 1], use[months[start]]
            start = place


def raises(pulls: list[Pull]) -> tuple[Raise, ...]:
    """The limits that are raised; heads that were taken on may stay."""
    return tuple(
        Raise(limit, item, _standing(pull) if limit == "max_units" else _floats(pull))
        for pull in pulls
        if pull.lever.kind in OF_LIMITS and pull.use
        for limit in RAISED[pull.lever.kind]
        for item in pull.items
    )


def _floats(pull: Pull) -> dict[str, float]:
    return {month: float(amount) for month, amount in pull.use.items()}


def _standing(pull: Pull) -> dict[str, float]:
    """What is taken on up to each month, to beyond any horizon."""
    first = min(pull.use)
    months = [after(first, count) for count in range(120)]
    total, standing = Decimal(0), {}
    for month in months:
        total += pull.use.get(month, Decimal(0))
        standing[month] = float(total)
    return standing
