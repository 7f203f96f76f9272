"""What moved since the last cycle and why, with parts that add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.past import PastCycle


@dataclass(frozen=True)
class DemandBefore(PastCycle):
    """The demand that the last cycle planned, and what its streams had changed."""

    demand_plan: pa.Table
    demand_adjustments: pa.Table


def plan_changes(
    demand_plan: pa.Table,
    demand_adjustments: pa.Table,
    sales_plan: pa.Table,
    last_plan: pa.Table,
    before: DemandBefore | None,
) -> pa.Table:
    """Return ``plan_changes`` over the months both cycles plan; empty in a first cycle.

    The change of the statistical forecast and that of the streams add up to the change of demand, unit for unit;
    ``cause`` names the largest part.
    """
    if before is None:
        return tables.empty("plan_changes")
    inputs = {
        "demand_plan": demand_plan,
        "demand_adjustments": demand_adjustments,
        "sales_plan": sales_plan,
        "last_plan": last_plan,
        "previous_demand_plan": before.demand_plan,
        "previous_adjustments": before.demand_adjustments,
    }
    with sql.session(inputs) as connection:
        changes = sql.run(connection, "reconciliation/plan_changes").to_pylist()
        largest: dict[str, dict[str, Any]] = {}
        for row in sql.run(connection, "reconciliation/stream_changes").to_pylist():
            largest.setdefault(row["product_id"], row)
    return tables.conform(
        "plan_changes", [{**row, "cause": _cause(row, largest.get(row["product_id"]))} for row in changes]
    )


def _cause(change: dict[str, Any], stream: dict[str, Any] | None) -> str:
    if change["is_new"] or change["is_gone"]:
        what = "new in the plan" if change["is_new"] else "no longer in the plan"
        return f"{what}: {_signed(change['demand_change'])} units"
    if stream is not None and abs(stream["change"]) > abs(change["statistical_change"]):
        ending = ", withdrawn" if stream["is_withdrawn"] else ""
        reason = f": {stream['reason']}" if stream["reason"] else ""
        return f"{stream['stream']} {_signed(stream['change'])} units{ending}{reason}"
    if change["statistical_change"]:
        return f"statistical forecast {_signed(change['statistical_change'])} units"
    return "demand unchanged; supply or price moved the revenue"


def _signed(value: Decimal) -> str:
    """Write a change as packs do: a negative in brackets."""
    text = f"{abs(value):,.0f}" if abs(value) >= 10 else f"{abs(value):,.1f}"
    return f"({text})" if value < 0 else text
