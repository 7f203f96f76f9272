"""What a decision put up to the meeting consists of: kinds, subjects and numbers, which ``language`` puts into words.

Not here: which decisions there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sop_pipeline.cycle import Cycle

LETTERS = "ABC"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Option:
    """A way to decide, with its effect on margin over the horizon against the plan as it stands; null without money."""

    choice: str
    effect: Decimal | None
    subject: str | None = None
    month: date | None = None
    quantity: Decimal | None = None

    def row(self) -> dict[str, Any]:
        """Its columns of ``decisions_wanted``."""
        return {
            "choice": self.choice,
            "choice_subject": self.subject,
            "choice_month": self.month,
            "quantity": self.quantity,
            "effect": self.effect,
        }


@dataclass(frozen=True)
class Fact:
    """A number behind a decision; ``subject`` is whose it is where that is not the decision's own subject."""

    fact: str
    amount: Decimal | int | None
    unit: str
    subject: str | None = None
    month: date | None = None


@dataclass(frozen=True)
class Carrier:
    """Who carries a decision out: a department, at a site where it has several, and the person the files name."""

    department: str
    site_id: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Decision:
    """A question with its facts, at most three options, the recommended one, the last safe date and the owner.

    ``course`` is what the recommended option brings in each month; ``pursued`` are the opportunities it takes up.
    """

    key: str
    kind: str
    subject: str
    months: Sequence[date]
    options: tuple[Option, ...]
    recommended: int
    reason: str
    facts: Sequence[Fact]
    last_safe_date: date
    carrier: Carrier
    limit: str | None = None
    course: Mapping[date, Decimal] = field(default_factory=dict)
    pursued: Sequence[str] = ()

    @property
    def gain(self) -> Decimal:
        """What the recommended option brings against the plan as it stands; 0 where nothing is in money."""
        return self.options[self.recommended].effect or Decimal(0)

    def rows(self, rank: int, cycle: Cycle) -> list[dict[str, Any]]:
        """Rows of ``decisions_wanted``, one for each option."""
        common = {
            "decision_id": self.identifier(cycle),
            "rank": rank,
            "kind": self.kind,
            "subject": self.subject,
            "limit": self.limit,
            "month_from": self.months[0] if self.months else None,
            "month_to": self.months[-1] if self.months else None,
            "last_safe_date": self.last_safe_date,
            "department": self.carrier.department,
            "site_id": self.carrier.site_id,
            "owner": self.carrier.owner,
        }
        return [
            {
                **common,
                **option.row(),
                "option": LETTERS[index],
                "recommended": index == self.recommended,
                "reason": self.reason if index == self.recommended else None,
            }
            for index, option in enumerate(self.options)
        ]

    def fact_rows(self, cycle: Cycle) -> list[dict[str, Any]]:
        """Rows of ``decision_facts``."""
        return [
            {
                "decision_id": self.identifier(cycle),
                "fact": fact.fact,
                "subject": fact.subject or self.subject,
                "month": fact.month,
                "amount": fact.amount,
                "unit": fact.unit,
            }
            for fact in self.facts
        ]

    def identifier(self, cycle: Cycle) -> str:
        """Its name among the decisions of all cycles."""
        return f"{cycle}-{self.key}"


def best(options: tuple[Option, ...]) -> int:
    """Return the position of the option with the largest effect, the first of equals."""
    effects = [option.effect if option.effect is not None else Decimal(0) for option in options]
    return effects.index(max(effects))
