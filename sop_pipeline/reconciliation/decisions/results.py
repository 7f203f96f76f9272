"""What was decided and what came of it: the company's own list and what sop decide recorded, each decision once."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle


def decision_results(
    decisions: pa.Table,
    recorded_decisions: pa.Table,
    decision_promises: pa.Table,
    actuals: pa.Table,
    production_schedule: pa.Table,
    *,
    cycle: Cycle,
) -> pa.Table:
    """Return ``decision_results``.

    Of a decision in both lists, what the company's file says counts where it says something: it is newer than the
    record. Of several records of a decision the last one stands. What an adopted option brought is computed from what
    was sold since, where the tables can say it (docs/money.md); elsewhere ``unknown`` says why not.
    """
    happened = {
        "decision_promises": decision_promises,
        "actuals": actuals,
        "production_schedule": production_schedule,
    }
    realised = sql.query("reconciliation/decision_realised", happened, {"cycle_month": cycle.month})
    inputs = {"decisions": decisions, "recorded_decisions": recorded_decisions, "decision_realised": realised}
    return tables.conform("decision_results", sql.query("reconciliation/decision_results", inputs))
