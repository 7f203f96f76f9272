"""The fiscal year: which year and quarter a month belongs to, and which months a year has.

A fiscal year is named by the calendar year it ends in. Not here: which years a cycle reports
(``reconciliation.fiscal_months``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sop_pipeline.cycle import add_months


@dataclass(frozen=True)
class FiscalYear:
    """Fiscal years that begin with month ``first_month`` (1 to 12)."""

    first_month: int = 1

    @property
    def lead_months(self) -> int:
        """Months by which the fiscal year runs ahead: a month belongs to the calendar year of so many months later."""
        return (13 - self.first_month) % 12

    def of(self, month: date) -> int:
        """Return the fiscal year a month belongs to."""
        return add_months(month, self.lead_months).year

    def quarter(self, month: date) -> int:
        """Return the quarter of its fiscal year that a month belongs to, 1 to 4."""
        return (add_months(month, self.lead_months).month + 2) // 3

    def months(self, year: int) -> list[date]:
        """Return the twelve months of a fiscal year."""
        return [add_months(date(year, 1, 1), number - self.lead_months) for number in range(12)]
