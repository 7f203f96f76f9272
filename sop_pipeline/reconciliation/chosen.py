"""Which of the supply step's plans the company works to."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company

BASE = "base"


def chosen_plan(plan_summary: pa.Table, company: Company) -> tuple[str, str]:
    """Return strategy and scenario of the plan marked as chosen, else the configured strategy on the consensus."""
    marked = sorted((row["strategy"], row["scenario"]) for row in tables.rows(plan_summary) if row["chosen"])
    return marked[0] if marked else (company.supply.strategy, BASE)
