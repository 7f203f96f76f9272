"""Figures of a plan over some months, as goals measure them, and what a set of levers is asked to bring of them.

Here: reading them off a plan's money, and putting a gap into the model's terms. Not here: looking for the set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from sop_pipeline import tables
from sop_pipeline.scenarios.stages import Stage
from sop_pipeline.supply.levers.targets import Target

Row = Mapping[str, Any]
SHARES = ("gross_margin_share", "service", "growth")
COLUMN = {"margin": "gross_margin", "growth": "revenue"}
FORM = {"margin": "gross_margin", "growth": "revenue", "operating_result": "contribution"}


@dataclass(frozen=True)
class Gap:
    """What is missing of a measure over some months, ``missing`` of what would do."""

    name: str
    measure: str
    months: tuple[str, ...]
    missing: Decimal
    must_fall: bool = False
    fiscal_year: int | None = None
    goal: int | None = None
    before: Decimal = Decimal(0)
    """Revenue that growth is held against."""


@dataclass(frozen=True)
class Figures:
    """A plan's money by month, its service, and what its levers cost by month."""

    by_month: Mapping[str, Row]
    service: Decimal | None
    outlay: Mapping[str, Decimal]

    @classmethod
    def of(cls, stage: Stage, outlay: Mapping[str, Decimal]) -> Figures:
        """Those of a stage of one strategy."""
        (compared,) = tables.rows(stage.figures)
        by_month = {f"{row['month']:%Y-%m}": row for row in tables.rows(stage.money)}
        return cls(by_month, compared["service"], outlay)

    def total(self, column: str, months: Sequence[str]) -> Decimal | None:
        """A column added up; None where a month is not known."""
        values = [self.by_month[month][column] for month in months]
        return None if any(value is None for value in values) else sum(values, Decimal(0))

    def paid(self, months: Sequence[str]) -> Decimal:
        """What is paid for levers in these months."""
        return sum((self.outlay.get(month, Decimal(0)) for month in months), Decimal(0))

    def cash_changes(self) -> list[Decimal] | None:
        """Change of cash since the start at every month's end, after what is paid for levers; None where not known."""
        found, paid = [], Decimal(0)
        for month in sorted(self.by_month):
            paid += self.outlay.get(month, Decimal(0))
            change = self.by_month[month]["cash_change"]
            if change is None:
                return None
            found.append(change - paid)
        return found

    def reached(self, gap: Gap) -> Decimal | None:
        """The gap's measure over its months; None where it is not known."""
        if gap.measure == "service":
            return self.service
        if gap.measure == "lowest_cash":
            changes = self.cash_changes()
            return None if changes is None else min(changes[: len(gap.months)])
        total = self.total(COLUMN.get(gap.measure, gap.measure), gap.months) if gap.measure in _SUMS else None
        if gap.measure == "gross_margin_share":
            margin, revenue = (self.total(name, gap.months) for name in ("gross_margin", "revenue"))
            return None if margin is None or not revenue else margin / revenue
        if total is None:
            return None
        if gap.measure == "inventory_value":
            return total / len(gap.months)
        if gap.measure == "growth":
            return total / gap.before - 1 if gap.before else None
        return total - (self.paid(gap.months) if gap.measure in _AFTER_OUTLAY else Decimal(0))


_SUMS = ("margin", "revenue", "gross_margin", "contribution", "operating_result", "inventory_value", "growth")
_AFTER_OUTLAY = ("contribution", "operating_result")


def target_of(gap: Gap, base: Figures, demand: float, missing: float) -> Target:
    """The gap in the model's terms, ``missing`` of it asked for; ``demand`` is all of the plan's, in common units."""
    signed = -missing if gap.must_fall else missing
    form = FORM.get(gap.measure, gap.measure)
    if gap.measure == "gross_margin_share":
        revenue = float(base.total("revenue", gap.months) or 0)
        share = float(base.reached(gap) or 0) + signed
        return Target("gross_margin", gap.months, signed * revenue, "revenue", share)
    if gap.measure == "service":
        horizon = tuple(sorted(base.by_month))
        return Target("on_time", horizon, signed * demand, "demand", float(base.service or 0) + signed)
    if gap.measure == "growth":
        return Target(form, gap.months, signed * float(gap.before))
    if gap.measure == "lowest_cash":
        changes = np.array([float(change) for change in base.cash_changes() or []][: len(gap.months)])
        return Target("cash", gap.months, signed, floors=tuple(changes - changes.min()))
    return Target(form, gap.months, signed)
