"""Which questions go to the meeting: the three that bring most, the choice of strategy where there is room."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.decisions.closing import closing_rows
from sop_pipeline.reconciliation.decisions.evidence import DecisionInputs, Evidence, amount, gather
from sop_pipeline.reconciliation.decisions.form import Decision
from sop_pipeline.reconciliation.decisions.gap import gap_decision
from sop_pipeline.reconciliation.decisions.limits import limit_decisions
from sop_pipeline.reconciliation.decisions.strategy import strategy_decision
from sop_pipeline.reconciliation.decisions.unserved import unserved_decisions

MOST = 3
MATERIAL = Decimal("0.0001")
"""Share of the fiscal year's revenue below which a limit, a chance or a shortage is not the meeting's business."""


@dataclass(frozen=True)
class DecisionTables:
    """The tables of the decisions put up: the options, the numbers behind them, and what they close of the gap."""

    decisions_wanted: pa.Table
    decision_facts: pa.Table
    gap_closing: pa.Table


def decisions_wanted(inputs: DecisionInputs, *, company: Company, cycle: Cycle) -> DecisionTables:
    """Return the decisions put up, at most three, by what their recommended option brings, with their facts.

    Effects are margin over the horizon against the plan as it stands. Of limits and of demand not served only the most
    valuable one each competes, so that the meeting is not asked the same kind of question three times, and only where
    it brings ``MATERIAL`` of a year's revenue. What this cycle's meeting adopted or rejected already is not put up
    again, and counts among the three.
    """
    evidence = gather(inputs, company=company, cycle=cycle)
    gap = gap_decision(evidence)
    unserved = _material(unserved_decisions(evidence), evidence)[:1]
    limits = [one for one in _material(limit_decisions(evidence), evidence) if not _is_asked(one, unserved)]
    candidates: list[Decision | None] = [
        *limits[:1],
        *unserved,
        *_material([gap] if gap else [], evidence),
        strategy_decision(evidence),
    ]
    found = [one for one in candidates if one and one.identifier(cycle) not in evidence.taken]
    wanted = sorted(found, key=lambda one: (-one.gain, one.key))[: max(0, MOST - len(evidence.taken))]
    rows = [row for rank, decision in enumerate(wanted, start=1) for row in decision.rows(rank, cycle)]
    facts = [row for decision in wanted for row in decision.fact_rows(cycle)]
    return DecisionTables(
        tables.conform("decisions_wanted", rows),
        tables.conform("decision_facts", facts),
        tables.conform("gap_closing", closing_rows(wanted, evidence)),
    )


def _is_asked(limit: Decision, unserved: list[Decision]) -> bool:
    """Whether a limit of subcontracting is what serving the same product asks for already."""
    return limit.limit == "subcontract_limit" and limit.subject in {one.subject for one in unserved}


def _material(decisions: list[Decision], evidence: Evidence) -> list[Decision]:
    """Those that bring enough; all of them where nothing is in money."""
    revenue = [row["latest"] for row in evidence.rows["key_figures"] if row["measure"] == "revenue"]
    least = max((amount(value) for value in revenue), default=Decimal(0)) * MATERIAL
    return [decision for decision in decisions if decision.gain >= least]
