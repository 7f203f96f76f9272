"""The decisions the meeting is asked for: at most three, each computed from the plan and priced by it.

Here: one module for each kind of question (``strategy``, ``limits``, ``unserved``, ``gap``) and the choice among them.
Not here: taking or recording decisions. Every text states facts with their numbers.
"""

from __future__ import annotations

from sop_pipeline.reconciliation.decisions.evidence import DecisionInputs
from sop_pipeline.reconciliation.decisions.wanted import decisions_wanted

__all__ = ["DecisionInputs", "decisions_wanted"]
"""The one function others call, and what it reads."""
