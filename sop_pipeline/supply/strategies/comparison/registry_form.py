"""The planner's frames as registry tables: months as dates, every strategy's rows in one table.

Not here: figures derived from a plan (``figures``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.supply.strategies.comparison.figures import Figures, other_resources, summary
from sop_pipeline.supply.strategies.comparison.last_safe_days import with_last_safe_days
from sop_pipeline.supply.strategies.comparison.materials import material_flows
from sop_pipeline.supply.strategies.frontier import Weights, instability
from sop_pipeline.supply.strategies.plan import PlanResult
from sop_pipeline.supply.strategies.results.routes import route_plan

COST_KINDS = {
    "overtime_pay": "overtime",
    "temporary_pay": "temporary",
    "layoffs": "layoff",
    "set_up": "setup",
}


def plan_tables(
    results: Mapping[str, PlanResult], figures: Figures, *, scenario: str, chosen: str
) -> dict[str, pa.Table]:
    """Return the registry tables of all plans by name; ``chosen`` is the strategy that the operational plan uses."""
    frames = [
        {
            name: frame.assign(strategy=strategy, scenario=scenario)
            for name, frame in _frames(result, figures, chosen=strategy == chosen).items()
        }
        for strategy, result in results.items()
    ]
    return {name: _conform(name, [each[name] for each in frames]) for name in frames[0]}


def _frames(result: PlanResult, figures: Figures, *, chosen: bool) -> dict[str, pd.DataFrame]:
    plans = _dated(result.aggregate_plan).rename(columns={"product_id": "item_id"})
    plans["item_level"] = plans["item_id"].map(figures.level)
    plans = plans.merge(figures.target, on=["item_id", "month"], how="left").fillna({"target_stock": 0.0})
    costs = _dated(result.costs)
    costs = costs[costs["kind"] != "revenue"].assign(kind=costs["kind"].replace(COST_KINDS))
    by_route = route_plan(result.solved, result.aggregate_plan)
    routes = _dated(by_route).rename(columns={"product_id": "item_id"})
    short = _shortfalls(result.summary["shortfalls"])
    others = other_resources(plans, costs, replace(figures, routes=routes))
    resources = pd.concat([_hours(result, figures), others], ignore_index=True)
    row = summary(result.summary, plans, short, resources, figures) | {
        "instability": instability(result.solved, Weights()),
        "chosen": chosen,
    }
    return {
        "aggregate_plan": plans,
        "resource_plan": resources,
        "plan_costs": costs,
        "plan_shortfalls": short,
        "shadow_prices": with_last_safe_days(_dated(result.shadow_prices), figures.leads),
        "plan_summary": pd.DataFrame([row]),
        "route_plan": routes,
        "material_flows": _dated(material_flows(result, by_route)),
    }


def _hours(result: PlanResult, figures: Figures) -> pd.DataFrame:
    frame = _dated(result.resource_plan)
    frame["kind"] = frame["resource_id"].map(figures.kind)
    frame["available"] = frame["regular_hours"] + frame["idle_hours"]
    worked = frame["regular_hours"] + frame["overtime_hours"]
    frame["utilisation"] = worked / frame["available"].where(frame["available"] > 0)
    return frame


def _shortfalls(shortfalls: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["rule", "item", "month", "quantity", "unit", "cost"]
    if not shortfalls:
        return pd.DataFrame(columns=columns)
    return _dated(pd.DataFrame(shortfalls).rename(columns={"amount": "quantity"}))[columns]


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Months as dates; rows about the whole horizon stand in no month and are left out."""
    if frame.empty:
        return frame.copy()
    out = frame[frame["month"].astype(str).str.match(r"^\d{4}-\d{2}$")].copy()
    out["month"] = pd.to_datetime(out["month"] + "-01")
    return out


def _conform(name: str, frames: list[pd.DataFrame]) -> pa.Table:
    filled = [frame for frame in frames if len(frame)]
    return tables.conform(name, pd.concat(filled, ignore_index=True)) if filled else tables.empty(name)
