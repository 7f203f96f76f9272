"""What a decision put up to the meeting consists of, and how its numbers read.

Not here: which decisions there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.language.conventions import sign

LETTERS = "ABC"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Option:
    """A way to decide, with its effect on margin over the horizon against the plan as it stands; null without money."""

    text: str
    effect: Decimal | None


@dataclass(frozen=True)
class Decision:
    """A question with its facts, at most three options, the recommended one, the last safe date and the owner."""

    key: str
    question: str
    context: str
    options: tuple[Option, ...]
    recommended: int
    why: str
    last_safe_date: date
    owner: str

    @property
    def gain(self) -> Decimal:
        """What the recommended option brings against the plan as it stands; 0 where nothing is in money."""
        return self.options[self.recommended].effect or Decimal(0)

    def rows(self, rank: int, cycle: Cycle) -> list[dict[str, Any]]:
        """Rows of ``decisions_wanted``, one for each option."""
        return [
            {
                "decision_id": f"{cycle}-{self.key}",
                "rank": rank,
                "question": self.question,
                "context": self.context,
                "option": LETTERS[index],
                "option_text": option.text,
                "effect": option.effect,
                "recommended": index == self.recommended,
                "why": self.why if index == self.recommended else None,
                "last_safe_date": self.last_safe_date,
                "owner": self.owner,
            }
            for index, option in enumerate(self.options)
        ]


def best(options: tuple[Option, ...]) -> int:
    """Return the position of the option with the largest effect, the first of equals."""
    effects = [option.effect if option.effect is not None else Decimal(0) for option in options]
    return effects.index(max(effects))


def last_safe_day(month: date, lead_months: int = 0, lead_days: int = 0) -> date:
    """Return the last day on which a decision still takes effect from the first of ``month``."""
    return add_months(month, -lead_months) - timedelta(days=lead_days + 1)


def money_text(amount: Decimal, currency: str) -> str:
    """Write an amount for reading: €12.4m, €1.24m, €412k, €950, and -€950 for what is lost."""
    size = abs(amount)
    minus = "-" if amount < 0 else ""
    if size >= 1_000_000:
        places = 1 if size >= 10_000_000 else 2
        return f"{minus}{sign(currency)}{size / 1_000_000:,.{places}f}m"
    if size >= 10_000:
        return f"{minus}{sign(currency)}{size / 1_000:,.0f}k"
    return f"{minus}{sign(currency)}{size:,.0f}"


def name_text(item: str) -> str:
    """Write the name of a product, family or resource for reading: ``tube_lines`` as tube lines."""
    return item.replace("_", " ")


def number_text(value: Decimal) -> str:
    """Write a quantity for reading: whole from 10 on and where it is whole, one decimal else."""
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:,.1f}"


def count_text(count: int, noun: str) -> str:
    """Write a count with its noun: 1 month, 3 months."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def month_name(month: date) -> str:
    """Write a month for reading: Feb 2027, in English whatever the locale."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[month.month - 1]} {month.year}"


def span_text(first: date, last: date) -> str:
    """Write a span of months: Feb 2027, or Feb 2027 to May 2027."""
    return month_name(first) if first == last else f"{month_name(first)} to {month_name(last)}"
