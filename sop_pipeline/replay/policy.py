"""What is replayed: a forecast approach with a strategy, under one of three kinds of knowledge of demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from sop_pipeline.supply.strategies.comparison.compare import BLENDED, STOCHASTIC

NAIVE = "naive"
"""The benchmark among the forecast approaches: what was sold a year before."""
CHASE = "chase"
MADE = "as_made"
"""In place of approach and strategy: what the company really made."""


class Knowledge(StrEnum):
    """What a plan knows of demand: what people agreed on, the forecast without them, or what then came."""

    CONSENSUS = "consensus"
    STATISTICAL = "statistical"
    FORESEEN = "foreseen"


class Policy(NamedTuple):
    """A forecast approach and a strategy."""

    approach: str
    strategy: str

    @property
    def knowing(self) -> str:
        """The strategy when demand is known: paths that demand may take are then one path."""
        return BLENDED if self.strategy == STOCHASTIC else self.strategy


def policies(approaches: Sequence[str], strategies: Sequence[str]) -> list[Policy]:
    """Every approach with every strategy, and the naive policy beside them: last year's sales, chased."""
    asked = [Policy(approach, strategy) for approach in approaches for strategy in strategies]
    return list(dict.fromkeys([*asked, Policy(NAIVE, CHASE)]))


class Course(NamedTuple):
    """One loop of months: a policy under one kind of knowledge."""

    policy: Policy
    knowledge: Knowledge

    @property
    def key(self) -> dict[str, str]:
        """How rows of tables name it: with demand known no forecast counts."""
        foreseen = self.knowledge is Knowledge.FORESEEN
        approach = self.knowledge.value if foreseen else self.policy.approach
        return {"approach": approach, "strategy": self.policy.strategy, "knowledge": self.knowledge.value}


def courses(wanted: Sequence[Policy]) -> Iterator[Course]:
    """The loops that are needed: people's, the forecast's alone, and each strategy's with demand known."""
    for policy in wanted:
        if policy.approach != NAIVE:
            yield Course(policy, Knowledge.CONSENSUS)
        yield Course(policy, Knowledge.STATISTICAL)
    for strategy in dict.fromkeys(policy.knowing for policy in wanted):
        yield Course(Policy(wanted[0].approach, strategy), Knowledge.FORESEEN)
