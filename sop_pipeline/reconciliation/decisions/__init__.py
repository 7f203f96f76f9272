"""The decisions the meeting is asked for: at most three, each computed from the plan and priced by it.

Here: one module for each kind of question (``strategy``, ``limits``, ``unserved``, ``gap``), the choice among them, and
what came of those taken (``results``). Not here: taking or recording decisions. Every text states facts with their
numbers.
"""

from __future__ import annotations

from sop_pipeline.reconciliation.decisions.evidence import DecisionInputs
from sop_pipeline.reconciliation.decisions.results import decision_results
from sop_pipeline.reconciliation.decisions.wanted import decisions_wanted

__all__ = ["DecisionInputs", "decision_results", "decisions_wanted"]
"""The functions others call, and what the first one reads."""
