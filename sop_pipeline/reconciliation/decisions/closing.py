"""What would close the gap of a fiscal year: only what falls into that year, and each amount once.

Recommended decisions by the months they bring something in; then risks and opportunities that are neither in the
numbers nor taken up by one of these decisions, weighted by probability. Not here: the gap itself (``plan_gap``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sop_pipeline.reconciliation.decisions.evidence import Evidence
from sop_pipeline.reconciliation.decisions.form import CENT, Decision
from sop_pipeline.reconciliation.decisions.gap import share_in, worth_of


def closing_rows(decisions: Sequence[Decision], evidence: Evidence) -> list[dict[str, Any]]:
    """Return the rows of ``gap_closing`` for every fiscal year that has a margin; none where nothing is in money."""
    years = sorted({row["fiscal_year"] for row in evidence.rows["key_figures"] if row["measure"] == "margin"})
    rows = [row for year in years for part in (_decided, _outside) for row in part(year, decisions, evidence)]
    return [{**row, "amount": row["amount"].quantize(CENT)} for row in rows if row["amount"].quantize(CENT)]


def _decided(year: int, decisions: Sequence[Decision], evidence: Evidence) -> Iterator[dict[str, Any]]:
    fiscal = evidence.company.fiscal_year
    for decision in decisions:
        inside = [amount for month, amount in decision.course.items() if fiscal.of(month) == year]
        subject = decision.identifier(evidence.cycle)
        yield {"fiscal_year": year, "source": "decision", "subject": subject, "amount": sum(inside, Decimal(0))}


def _outside(year: int, decisions: Sequence[Decision], evidence: Evidence) -> Iterator[dict[str, Any]]:
    pursued = {item for decision in decisions for item in decision.pursued}
    for row in evidence.rows["risks_opportunities"]:
        if not row["included"] and row["item_id"] not in pursued:
            amount = worth_of(row) * share_in(row, year, evidence)
            source = "risk" if row["kind"] == "risk" else "opportunity"
            yield {"fiscal_year": year, "source": source, "subject": row["item_id"], "amount": amount}
