"""What must hold of plans run against sampled demand.

Each function takes tables and answers with one ``Finding``; nothing of the simulation is used. Not here: the plans
themselves (``plan_checker``).
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.validation.finding import Finding

_SAMPLE = 5


def _finding(check: str, rule: str, broken: pa.Table, checked: int) -> Finding:
    good = f"{rule}: all {checked} rows"
    return Finding(
        check=check,
        table="plan_robustness",
        passed=broken.num_rows == 0,
        summary=f"{rule}: {broken.num_rows} of {checked} rows do not" if broken.num_rows else good,
        failures=[{"rule": rule, "column": "", "rows": broken.num_rows, "found": "", "error": ""}]
        if broken.num_rows
        else (),
        sample=[{key: str(value) for key, value in row.items()} for row in broken.slice(0, _SAMPLE).to_pylist()],
    )


def as_planned(plan_robustness: pa.Table, plan_costs: pa.Table, plan_summary: pa.Table) -> Finding:
    """When demand comes as planned, the simulation gives the plan's own cost, service, stock, lost and late units."""
    given = {"plan_robustness": plan_robustness, "plan_costs": plan_costs, "plan_summary": plan_summary}
    broken = sql.query("validation/robustness_as_planned", given)
    return _finding("as_planned", "demand as planned gives the plan", broken, plan_robustness.num_rows)


def quantiles(plan_robustness: pa.Table, plan_robustness_months: pa.Table) -> Finding:
    """P10 <= P50 <= P90 in every row, service between 0 and 1, no stock below zero."""
    given = {"plan_robustness": plan_robustness, "plan_robustness_months": plan_robustness_months}
    broken = sql.query("validation/robustness_quantiles", given)
    checked = plan_robustness.num_rows + plan_robustness_months.num_rows
    return _finding("quantiles", "P10 <= P50 <= P90, shares are shares", broken, checked)
