"""What was decided and what came of it: the company's own list and what sop decide recorded, each decision once."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables


def decision_results(decisions: pa.Table, recorded_decisions: pa.Table) -> pa.Table:
    """Return ``decision_results``.

    Of a decision in both lists, what the company's file says counts where it says something: it is newer than the
    record. Of several records of a decision the last one stands.
    """
    inputs = {"decisions": decisions, "recorded_decisions": recorded_decisions}
    return tables.conform("decision_results", sql.query("reconciliation/decision_results", inputs))
