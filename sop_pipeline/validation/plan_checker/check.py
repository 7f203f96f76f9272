"""An independent checker of plans: takes tables alone, shares no code with the planner.

It recomputes every identity of METHODS 5 and every cost by kind, for every strategy and scenario, and names what does
not hold. Here: the lake's tables brought to the checks, and the answer. Not here: the identities themselves
(``stock``, ``hours``, ``costs``, ``schedule``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import marked_plan
from sop_pipeline.validation.finding import Finding
from sop_pipeline.validation.plan_checker.costs import cost_identities
from sop_pipeline.validation.plan_checker.hours import hour_identities
from sop_pipeline.validation.plan_checker.reading import read
from sop_pipeline.validation.plan_checker.routes import route_identities
from sop_pipeline.validation.plan_checker.schedule import schedule_identities
from sop_pipeline.validation.plan_checker.stock import stock_identities
from sop_pipeline.validation.plan_checker.view import Violation

FOLDER = {
    "planning_products": "products",
    "planning_resources": "resources",
    "planning_resource_months": "resource_months",
    "planning_features": "product_features",
    "planning_calendar": "calendar",
    "planning_materials": "materials",
    "planning_demand": "demand_plan",
    "planning_state": "product_state",
    "planning_months": "product_months",
    "planning_feature_months": "product_feature_months",
    "planning_raised_limits": "raised_limits",
}
UNPAID = ("holding", "backlog", "lost_sales")
"""Kinds of cost that steer a plan and are paid by nobody."""
_SAMPLE = 5
_CENT = 0.01


def check_frames(
    problem: Mapping[str, pd.DataFrame],
    plan: Mapping[str, pd.DataFrame],
    *,
    whole_workers: bool = False,
    profit: bool = False,
) -> list[Violation]:
    """Check one plan of a planning folder.

    ``problem`` has the tables of TABLES.md "A planning folder" by name; ``plan`` has ``aggregate_plan``,
    ``resource_plan``, ``costs`` and, where rules could not be kept, ``shortfalls`` (rule, item, month, amount);
    ``routes`` (month, product_id, option_group, choice, output) where it says which alternative made what.
    """
    view = read(problem, plan, whole_workers=whole_workers, profit=profit)
    return [*stock_identities(view), *route_identities(view), *hour_identities(view), *cost_identities(view)]


def check_plan(given: Mapping[str, pa.Table], *, whole_workers: bool = False) -> list[Violation]:
    """Check every strategy and scenario of a cycle; return the violations, none when every plan holds.

    ``given`` has the ``planning_*`` tables, ``aggregate_plan``, ``resource_plan``, ``plan_costs``,
    ``plan_shortfalls``, and optionally ``plan_summary`` (its totals are added up) and ``production_schedule`` with
    ``demand_plan`` and ``products`` (checked against the strategy it comes from, which ``plan_summary`` names).
    """
    problem = {ours: tables.frame(given[name]) for name, ours in FOLDER.items() if name in given}
    plans = {name: tables.frame(given[name]) for name in ("aggregate_plan", "resource_plan", "plan_costs")}
    plans["plan_shortfalls"] = tables.frame(given["plan_shortfalls"]) if "plan_shortfalls" in given else pd.DataFrame()
    if "route_plan" in given:
        plans["route_plan"] = tables.frame(given["route_plan"])
    violations: list[Violation] = []
    pairs = plans["aggregate_plan"][["strategy", "scenario"]].drop_duplicates()
    for strategy, scenario in pairs.itertuples(index=False):
        one = {name: _of(frame, strategy, scenario) for name, frame in plans.items()}
        of_plan = check_frames(problem, _folder_plan(one), whole_workers=whole_workers)
        violations += [replace(item, strategy=strategy, scenario=scenario) for item in of_plan]
    if "plan_summary" in given:
        violations += _totals(tables.frame(given["plan_summary"]), plans["plan_costs"])
    if {"production_schedule", "plan_summary", "demand_plan"} <= set(given):
        violations += _schedule(given, plans["aggregate_plan"])
    return violations


def plan_holds(given: Mapping[str, pa.Table], *, whole_workers: bool = False) -> Finding:
    """Return ``check_plan`` as a finding, for a blocking asset check."""
    violations = check_plan(given, whole_workers=whole_workers)
    counts = Counter(item.identity for item in violations)
    plans = given["plan_summary"].num_rows if "plan_summary" in given else 1
    summary = (
        f"{len(violations)} violations: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        if violations
        else f"every identity and every cost of {plans} plans recomputed and found right"
    )
    return Finding(
        check="plan_checker",
        table="aggregate_plan",
        passed=not violations,
        summary=summary,
        failures=[
            {"rule": name, "column": "", "rows": count, "found": "", "error": ""}
            for name, count in sorted(counts.items())
        ],
        sample=[{"violation": str(item)} for item in violations[:_SAMPLE]],
    )


def _of(frame: pd.DataFrame, strategy: str, scenario: str) -> pd.DataFrame:
    if frame.empty:
        return frame
    return frame[(frame["strategy"] == strategy) & (frame["scenario"] == scenario)]


def _folder_plan(one: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    routes = {"routes": one["route_plan"].rename(columns={"item_id": "product_id"})} if "route_plan" in one else {}
    return {
        **routes,
        "aggregate_plan": one["aggregate_plan"].rename(columns={"item_id": "product_id"}),
        "resource_plan": one["resource_plan"],
        "costs": one["plan_costs"],
        "shortfalls": one["plan_shortfalls"].rename(columns={"quantity": "amount"}),
    }


def _totals(summary: pd.DataFrame, costs: pd.DataFrame) -> list[Violation]:
    """The summary's totals follow from the plan's costs, but for the rounding of their cents.

    ``total_cost`` is their sum; ``total_profit`` is revenue less all of them but those that nobody pays.
    """
    priced = costs.assign(unpaid=costs["amount"].where(costs["kind"].isin(UNPAID), 0.0))
    sums = priced.groupby(["strategy", "scenario"], as_index=False).agg(
        sum=("amount", "sum"), unpaid=("unpaid", "sum"), size=("amount", "size")
    )
    with_sums = summary.merge(sums, on=["strategy", "scenario"], how="left").fillna(
        {"sum": 0.0, "unpaid": 0.0, "size": 0}
    )
    violations = []
    for row in with_sums.astype({"sum": float, "unpaid": float}).to_dict("records"):
        profit = float(row["total_revenue"]) - row["sum"] + row["unpaid"]
        for name, needed in (("total_cost", row["sum"]), ("total_profit", profit)):
            if abs(float(row[name]) - needed) > _CENT * (1 + int(row["size"])):
                place = {"strategy": str(row["strategy"]), "scenario": str(row["scenario"])}
                violations.append(Violation(name, "", "", float(row[name]), needed, **place))
    return violations


def _schedule(given: Mapping[str, pa.Table], plans: pd.DataFrame) -> list[Violation]:
    chosen = marked_plan(given["plan_summary"])
    if chosen is None:
        return []
    plan = _of(plans, *chosen)
    members = tables.frame(given["demand_plan"])[["product_id", "family"]].drop_duplicates("product_id")
    items = set(plan["item_id"])
    units = _units(given)
    item_of = {
        product: product
        if product in items
        else (family if family in items else f"{family} ({units.get(product, '')})")
        for product, family in zip(members["product_id"], members["family"], strict=True)
    }
    left = tables.frame(given["schedule_remainders"]) if "schedule_remainders" in given else None
    violations = schedule_identities(tables.frame(given["production_schedule"]), plan, item_of, left)
    return [replace(item, strategy=chosen.strategy, scenario=chosen.scenario) for item in violations]


def _units(given: Mapping[str, pa.Table]) -> dict[str, str]:
    if "products" not in given:
        return {}
    frame = tables.frame(given["products"])
    return dict(zip(frame["product_id"], frame["unit_of_measure"].fillna(""), strict=True))
