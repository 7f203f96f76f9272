"""Figures that set strategies side by side: service, peak stock, utilisation, and what the other resources bear.

Derived from a strategy's plan tables alone. Not here: running the planner (``compare``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.resource_kinds import has_hours, stated_kind
from sop_pipeline.supply.problem.common_units import unit_weights
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.strategies.comparison.last_safe_days import Leads
from sop_pipeline.supply.strategies.results.plan_tables import NOTIONAL

SPENT = (
    "material",
    "regular_pay",
    "overtime",
    "temporary",
    "hiring",
    "layoff",
    "subcontracting",
    "setup",
    "rate_change",
)


@dataclass(frozen=True)
class Figures:
    """What the comparison needs of the problem, by item and resource.

    ``weight`` turns units into common units where units of measure
    differ, and is 1 where they agree (METHODS 1); ``target`` has item_id, month, target_stock; ``others`` the resources
    without hours, ``limits`` their months.
    """

    level: dict[str, str]
    kind: dict[str, str]
    weight: dict[str, float]
    target: pd.DataFrame
    others: pd.DataFrame
    limits: pd.DataFrame
    features: pd.DataFrame
    feature_months: pd.DataFrame
    leads: Leads
    routes: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def of(cls, planning: PlanningTables, opening_state: pa.Table) -> Figures:
        """Read them off the problem's tables."""
        products = tables.frame(planning.planning_products)
        resources = tables.frame(planning.planning_resources)
        resources["kind"] = stated_kind(resources)
        single = set(opening_state["product_id"].to_pylist())
        target = tables.frame(planning.planning_months)[["product_id", "month", "min_stock"]]
        limits = tables.frame(planning.planning_resource_months)[["resource_id", "month", "capacity"]]
        return cls(
            level={name: "product" if name in single else "family" for name in products["product_id"]},
            kind=dict(zip(resources["resource_id"], resources["kind"], strict=True)),
            weight=unit_weights(products),
            target=target.rename(columns={"product_id": "item_id", "min_stock": "target_stock"}),
            others=resources[~has_hours(resources)][["resource_id", "kind", "capacity"]],
            limits=limits.rename(columns={"capacity": "limit"}),
            features=tables.frame(planning.planning_features),
            feature_months=tables.frame(planning.planning_feature_months),
            leads=Leads.of(planning),
        )


def other_resources(plans: pd.DataFrame, costs: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Return what storage, material and cash bear each month, in the form of ``resource_plan``.

    Storage holds the month-end stock; a material is taken ``lead_months`` before completion; cash that no feature names
    pays what is paid out.
    """
    months = sorted(plans["month"].unique())
    rows = [
        _other(row["resource_id"], row["kind"], row["capacity"], plans, costs, figures, months)
        for row in figures.others.to_dict("records")
    ]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _other(
    resource: str,
    kind: str,
    capacity: float,
    plans: pd.DataFrame,
    costs: pd.DataFrame,
    figures: Figures,
    months: list[pd.Timestamp],
) -> pd.DataFrame:
    by_month = figures.limits[figures.limits["resource_id"] == resource].set_index("month")["limit"]
    limit = by_month.reindex(months).fillna(capacity)
    used = _used(resource, kind, plans, costs, figures).reindex(months).fillna(0.0)
    zero = dict.fromkeys(("units", "hires", "layoffs", "temporary", "overtime_hours", "units_down"), 0.0)
    return pd.DataFrame(
        {
            "resource_id": resource,
            "kind": kind,
            "month": months,
            **zero,
            "regular_hours": used.to_numpy(),
            "idle_hours": (limit - used).clip(lower=0.0).fillna(0.0).to_numpy(),
            "available": limit.to_numpy(),
            "utilisation": (used / limit.where(limit > 0)).to_numpy(),
        }
    )


def _used(resource: str, kind: str, plans: pd.DataFrame, costs: pd.DataFrame, figures: Figures) -> pd.Series:
    users = figures.features[figures.features["feature"] == resource]
    if kind == "cash" and users.empty:
        return costs[costs["kind"].isin(SPENT)].groupby("month")["amount"].sum()
    column = "inventory" if kind == "storage" else "output"
    merged = plans.merge(users, left_on="item_id", right_on="product_id")
    if kind != "storage":
        merged = _routed(merged, figures.routes)
    if kind != "storage" and len(figures.feature_months):
        monthly = figures.feature_months.rename(columns={"quantity": "of_month"})
        merged = merged.merge(monthly, on=["product_id", "feature", "lead_months", "option_group", "month"], how="left")
        merged["quantity"] = merged["of_month"].fillna(merged["quantity"])
    merged["used"] = merged[column] * merged["quantity"]
    if kind != "storage":
        months = merged["month"].dt.to_period("M") - merged["lead_months"].fillna(0).astype(int).to_numpy()
        merged["month"] = months.dt.to_timestamp()
    return merged.groupby("month")["used"].sum()


def _routed(merged: pd.DataFrame, routes: pd.DataFrame) -> pd.DataFrame:
    """Output of alternatives is what their own route made; without routes it is all of the item's."""
    grouped = merged["option_group"].fillna("") != ""
    if routes.empty or not grouped.any():
        return merged
    parts = merged["option_group"].fillna("").str.partition("/")
    keyed = merged.assign(group=parts[0], choice=parts[2].where(parts[2] != "", merged["feature"]))
    route_output = routes.rename(columns={"option_group": "group", "output": "routed"})
    keys = ["item_id", "month", "group", "choice"]
    out = keyed.merge(route_output[[*keys, "routed"]], on=keys, how="left")
    out["output"] = out["output"].where(out["group"] == "", out["routed"].fillna(0.0))
    return out.drop(columns=["group", "choice", "routed"])


def summary(
    result: dict[str, Any], plans: pd.DataFrame, short: pd.DataFrame, resources: pd.DataFrame, figures: Figures
) -> dict[str, Any]:
    """Return the row of ``plan_summary``: money from the planner, units and hours from the plan.

    Service is the share of demand served in its own month: what is neither lost nor, the oldest being served first,
    part of the backlog at its end.
    """
    weight = plans["item_id"].map(figures.weight)
    served = plans["demand"] - plans["lost_sales"]
    on_time = served - plans["backlog"].clip(upper=served)
    demand = _total(plans["demand"] * weight)
    heads = resources[resources["kind"] == "labour"]
    hours = resources[has_hours(resources)]
    stock = (plans["inventory"] * weight).groupby(plans["month"]).agg(_total)
    paid = sum(amount for kind, amount in result["cost_by_kind"].items() if kind not in NOTIONAL)
    return {
        "status": "shortfalls" if len(short) else result["status"],
        "total_cost": result["total_cost"],
        "shortfall_cost": float(short["cost"].sum()) if len(short) else 0.0,
        "total_revenue": result["total_revenue"] or 0.0,
        "total_profit": (result["total_revenue"] or 0.0) - paid,
        "lost_units": _total(plans["lost_sales"] * weight),
        "late_units": _total(plans["backlog"] * weight),
        "service": _total(on_time * weight) / demand if demand > 0 else None,
        "peak_inventory": float(stock.max()) if len(stock) else 0.0,
        "hires": float(heads["hires"].sum()),
        "layoffs": float(heads["layoffs"].sum()),
        "overtime_hours": float(hours["overtime_hours"].sum()),
        "worst_utilisation": hours["utilisation"].max(),
        "mip_gap": result["mip_gap"],
        "rung": result["rung"],
        "shortage": result["shortage"],
    }


def _total(values: pd.Series) -> float:
    """The sum in common units; NaN where units differ and do not add up."""
    return float(values.sum(skipna=False))
