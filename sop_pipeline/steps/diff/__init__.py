"""Two plans side by side: what they say differently, what may have caused it, and both as files.

Here: drafts and releases as sides of a comparison, and causes from the edges of the month. Not here: how two tables are
compared (``reconciliation.diff``).
"""

from __future__ import annotations

from sop_pipeline.steps.diff.compare import Difference, diff_plans
from sop_pipeline.steps.diff.files import write_diff
from sop_pipeline.steps.diff.words import diff_lines

__all__ = ["Difference", "diff_lines", "diff_plans", "write_diff"]
