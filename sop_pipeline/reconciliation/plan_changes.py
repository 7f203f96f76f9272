"""What moved since the last cycle and why, with parts that add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.past import PastCycle


@dataclass(frozen=True)
class DemandBefore(PastCycle):
    """The demand that the last cycle planned and knew of, and what its streams had changed."""

    demand_plan: pa.Table
    demand_adjustments: pa.Table
    demand_history: pa.Table


def plan_changes(
    demand_plan: pa.Table,
    demand_adjustments: pa.Table,
    demand_history: pa.Table,
    sales_plan: pa.Table,
    last_plan: pa.Table,
    before: DemandBefore | None,
    external_accuracy: pa.Table | None = None,
) -> pa.Table:
    """Return ``plan_changes`` over the months both cycles plan; empty in a first cycle.

    The change of the statistical forecast and that of the streams add up to the change of demand, unit for unit;
    ``cause`` is the largest part; where that is the statistical forecast, what it followed: a past that was corrected,
    or what was sold since against its forecast, whichever is larger of those that point its way, else neither; of a
    product that an external forecast reaches, that forecast.
    """
    if before is None:
        return tables.empty("plan_changes")
    inputs = {
        "demand_plan": demand_plan,
        "demand_adjustments": demand_adjustments,
        "demand_history": demand_history,
        "sales_plan": sales_plan,
        "last_plan": last_plan,
        "previous_demand_plan": before.demand_plan,
        "previous_adjustments": before.demand_adjustments,
        "previous_history": before.demand_history,
    }
    with sql.session(inputs) as connection:
        changes = sql.run(connection, "reconciliation/plan_changes").to_pylist()
        largest: dict[str, dict[str, Any]] = {}
        for row in sql.run(connection, "reconciliation/stream_changes").to_pylist():
            largest.setdefault(row["product_id"], row)
    used = _used(external_accuracy)
    return tables.conform(
        "plan_changes", [{**row, **_cause(row, largest.get(row["product_id"]), used)} for row in changes]
    )


def _used(external_accuracy: pa.Table | None) -> set[tuple[str, str]]:
    """Level and item of every external forecast in use, the company without its name."""
    rows = [] if external_accuracy is None else tables.where(external_accuracy, used=True).to_pylist()
    return {(row["level"], "" if row["level"] == "company" else row["item_id"]) for row in rows}


def _cause(change: dict[str, Any], stream: dict[str, Any] | None, used: set[tuple[str, str]]) -> dict[str, Any]:
    """The largest cause: its kind, and of a stream what it moved and what is said of it."""
    if change["is_new"] or change["is_gone"]:
        return {"cause": "new" if change["is_new"] else "gone"}
    if change["is_price_gone"] or change["is_price_new"]:
        return {"cause": "price_gone" if change["is_price_gone"] else "price_new"}
    if stream is not None and abs(stream["change"]) > abs(change["statistical_change"]):
        withdrawn = "_withdrawn" if stream["is_withdrawn"] else ""
        return {**stream, "cause": f"stream{withdrawn}", "stream_change": stream["change"]}
    if not change["statistical_change"]:
        return {"cause": "supply_or_price"}
    places = {("product", change["product_id"]), ("family", change["family"]), ("company", "")}
    return {"cause": "external" if places & used else _forecast_cause(change)}


def _forecast_cause(change: dict[str, Any]) -> str:
    """What the statistical forecast followed."""
    up = change["statistical_change"] > 0
    corrected, beyond = (
        abs(value) if value and (value > 0) == up else 0
        for value in (change["history_correction"], change["beyond_forecast"])
    )
    if corrected > beyond:
        return "history_corrected"
    if beyond:
        return "sold_more" if up else "sold_less"
    return "statistical"
