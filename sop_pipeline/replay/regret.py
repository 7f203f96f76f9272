"""Regret: what a policy cost more than the least its months could have cost, split by where it comes from.

``regret(p) = [R(demand known)] + [R(forecast) - R(demand known)] + [R(consensus) - R(forecast)]``: policy, forecast and
override, each the difference of two loops of the same strategy, so that the parts add up to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sop_pipeline.replay.loop import Loop
from sop_pipeline.replay.policy import MADE, NAIVE, Course, Knowledge, Policy

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Spent:
    """What a loop cost, and the least that its months could have cost."""

    cost: Decimal
    least: Decimal

    @property
    def regret(self) -> Decimal:
        """What it cost more."""
        return self.cost - self.least


@dataclass(frozen=True)
class Replayed:
    """The loops with what each spent, and what the company spent on what it really made."""

    loops: Mapping[Course, Loop]
    spent: Mapping[Course, Spent]
    made: Loop | None
    made_spent: Spent | None

    def of(self, policy: Policy) -> Loop:
        """The loop that shows a policy: people's, where they had a say."""
        return self.loops[self._shown(policy)]

    def row(self, policy: Policy) -> dict[str, Decimal]:
        """Cost, least cost, regret and its three parts."""
        whole, alone, known = (self.spent[course].regret for course in self._courses(policy))
        return _parts(self.spent[self._shown(policy)], whole, alone, known)

    def made_row(self, in_use: Policy) -> dict[str, Decimal]:
        """The same of what was really made: forecast and policy are those in use, override is all the rest."""
        if self.made_spent is None:
            raise ValueError("nothing was made")
        _, alone, known = (self.spent[course].regret for course in self._courses(in_use))
        return _parts(self.made_spent, self.made_spent.regret, alone, known)

    def _shown(self, policy: Policy) -> Course:
        return Course(policy, Knowledge.STATISTICAL if policy.approach == NAIVE else Knowledge.CONSENSUS)

    def _courses(self, policy: Policy) -> tuple[Course, Course, Course]:
        known = next(
            course
            for course in self.spent
            if course.knowledge is Knowledge.FORESEEN and course.policy.strategy == policy.knowing
        )
        return self._shown(policy), Course(policy, Knowledge.STATISTICAL), known


def _parts(spent: Spent, whole: Decimal, alone: Decimal, known: Decimal) -> dict[str, Decimal]:
    return {
        "cost": spent.cost,
        "least_cost": spent.least,
        "regret": whole,
        "forecast_regret": alone - known,
        "policy_regret": known,
        "override_regret": whole - alone,
    }


def money(amount: float) -> Decimal:
    """An amount as money."""
    return Decimal(repr(amount)).quantize(CENT)


def total(costs: Sequence[Mapping[str, Any]]) -> Decimal:
    """The sum of rows of cost, each rounded before."""
    return sum((money(row["amount"]) for row in costs), Decimal("0.00"))


MADE_POLICY = Policy(MADE, MADE)
