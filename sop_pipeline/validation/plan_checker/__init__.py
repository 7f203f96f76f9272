"""The independent check of a plan: every identity and every cost recomputed from tables alone (METHODS 5, 7).

Written apart from the planner on purpose: it shares no code with ``supply``, so that a mistake there does not excuse
itself here.
"""

from __future__ import annotations

from sop_pipeline.validation.plan_checker.check import check_frames, check_plan, plan_holds

__all__ = ["check_frames", "check_plan", "plan_holds"]
