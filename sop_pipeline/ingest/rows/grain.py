"""What makes two rows the same fact, and from when on the cycle knows a row (METHODS 1).

Kept apart from the registry because these are rules of time and identity, not of a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sop_pipeline.cycle import Cycle

# What a correction recorded later replaces. Transactions have no key of their own: two sales of a day to the same
# customer are two sales, unless one was recorded later than the other.
NATURAL_KEY = {
    "sales": ("date", "product_id", "region", "channel", "customer_id", "currency"),
    "production": ("date", "product_id", "site_id"),
}

# What planners may still say in the first days of the cycle month.
UNTIL_DEADLINE = frozenset(
    {
        *("demand_inputs", "new_products", "launch_gates", "assumptions", "risks_opportunities", "levers", "decisions"),
        *("external_forecasts", "demand_events"),
    }
)
DEADLINE_DAY = 10


@dataclass(frozen=True)
class Knowledge:
    """First days of which the cycle knows nothing: of the business itself, and of what planners say."""

    cutoff: date
    deadline: date

    @classmethod
    def of(cls, cycle: Cycle) -> Knowledge:
        """The cut-off is the cycle month's first day; planners' inputs count until its tenth day, exclusive."""
        return cls(cycle.cutoff, cycle.cutoff + timedelta(days=DEADLINE_DAY - 1))

    def limit(self, table: str) -> date:
        """First day whose rows the cycle does not know in this table."""
        return self.deadline if table in UNTIL_DEADLINE else self.cutoff
