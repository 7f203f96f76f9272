"""A month carried out: the plan's output and heads as planned, the demand that came, and what is left of both.

Whatever there is serves whoever asks, the oldest first. Customers wait where backlog has a cost, as long as waiting
costs less than losing them; whoever waits longer is lost (``supply.robustness.simulation`` says the same of samples).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.replay.standing import Standing
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.strategies.plan import PlanResult
from sop_pipeline.supply.strategies.planner import OVERLOADS
from sop_pipeline.supply.strategies.results.materials import plan_requirement
from sop_pipeline.supply.strategies.results.plan_tables import SHORTFALLS
from sop_pipeline.supply.strategies.results.routes import route_plan

AFTERWARDS = ("holding", "backlog", "lost_sales")
"""Kinds of cost that the demand decides; the others the plan has decided."""
LONGEST_WAIT = 24
"""Months of demand that are remembered as waiting."""
_TAKEN = frozenset(SHORTFALLS[name][0] for name in OVERLOADS)


@dataclass(frozen=True)
class Served:
    """Units of an item in a month: what stays in stock, what is owed, what is lost, what was served in the month."""

    stock: float
    owed: float
    lost: float
    on_time: float


@dataclass(frozen=True)
class Month:
    """A month carried out: a row an item, money by kind, people, limits exceeded, and where the next month starts."""

    items: list[dict[str, Any]]
    costs: dict[str, float]
    people: dict[str, float]
    exceeded: list[dict[str, Any]]
    standing: Standing


def carry_out(result: PlanResult, demand: pd.Series, before: Standing) -> Month:
    """Carry out the first month of a plan against ``demand`` (by item) from where the loop stood."""
    data = result.solved.draft.data
    month = data.months[0]
    items, costs = [], _decided(result, month)
    stock, owed, asked = dict(before.stock), dict(before.owed), dict(before.asked)
    for place, (name, own) in enumerate(_own_rows(result, month)):
        came, recent = float(demand.get(name, 0.0)), asked.get(name, ())
        there = stock.get(name, 0.0) + round(own["output"] + own["subcontract"], 4)
        served = serve(there, owed.get(name, 0.0), came, _may_wait(data, place, (came, *recent)))
        stock[name], owed[name] = served.stock, served.owed
        asked[name] = (came - served.lost, *recent)[:LONGEST_WAIT]
        for kind, amount in zip(AFTERWARDS, _of_demand(data, place, served), strict=True):
            costs[kind] = costs.get(kind, 0.0) + amount
        items.append(_row(own, came, served))
    standing = Standing(stock, owed, _heads(result, month), _held(result, before, month), asked, result.aggregate_plan)
    return Month(items, costs, people(result, [month]), exceeded(result, [month]), standing)


def _own_rows(result: PlanResult, month: str) -> list[tuple[str, dict[str, Any]]]:
    """The plan's rows of a month, in the order of its products."""
    plan = result.aggregate_plan
    rows: list[dict[str, Any]] = plan[plan["month"] == month].to_dict("records")  # type: ignore[assignment]
    found = {row["product_id"]: row for row in rows}
    return [(name, found[name]) for name in result.solved.draft.data.products.names]


def serve(there: float, owed: float, asked: float, may_wait: float) -> Served:
    """Serve who waits and who asks: ``I - B = I(t-1) - B(t-1) + X + C - (D - L)``, all to 4 places."""
    unserved = max(0.0, round(owed + asked - there, 4))
    lost = round(min(max(unserved - may_wait, 0.0), asked), 4)
    left = round(unserved - lost, 4)
    stock = round(there - (owed + asked - unserved), 4)
    return Served(stock, left, lost, round(max(asked - lost - left, 0.0), 4))


def _may_wait(data: PlanData, place: int, recent: tuple[float, ...]) -> float:
    """Most units that customers let wait: the demand of as many months as waiting costs less than losing them."""
    waiting, losing = (float(values[place, 0]) for values in (data.products.backlog_cost, data.products.lost_cost))
    if math.isnan(waiting):
        return 0.0
    if math.isnan(losing) or waiting == 0:
        return math.inf
    return sum(recent[: max(0, math.ceil(losing / waiting - 1e-9))])


def _of_demand(data: PlanData, place: int, served: Served) -> tuple[float, ...]:
    products = data.products
    prices = (products.holding, products.backlog_cost, products.lost_cost)
    amounts = (served.stock, served.owed, served.lost)
    return tuple(
        round(amount * float(np.nan_to_num(price[place, 0])), 2) for amount, price in zip(amounts, prices, strict=True)
    )


def _decided(result: PlanResult, month: str) -> dict[str, float]:
    rows = result.costs[(result.costs["month"] == month) & ~result.costs["kind"].isin([*AFTERWARDS, "revenue"])]
    return {str(kind): float(amount) for kind, amount in rows.groupby("kind")["amount"].sum().items()}


def exceeded(result: PlanResult, months: Sequence[str]) -> list[dict[str, Any]]:
    """Limits of hours, material and cash that a plan exceeds: rule, item, month as text, quantity, unit."""
    found = [short for short in result.summary["shortfalls"] if short["month"] in months and short["rule"] in _TAKEN]
    names = {"rule": "rule", "item": "item", "month": "month", "quantity": "amount", "unit": "unit"}
    return [{name: short[of] for name, of in names.items()} for short in found]


def _row(own: dict[str, Any], came: float, served: Served) -> dict[str, Any]:
    flows = {"output": own["output"], "subcontract": own["subcontract"]}
    kept = {"inventory": served.stock, "backlog": served.owed, "lost_sales": served.lost, "on_time": served.on_time}
    return {"item_id": own["product_id"], "planned_demand": own["demand"], "demand": came, **flows, **kept}


def _heads(result: PlanResult, month: str) -> dict[str, float]:
    """Heads at the month's end of the resources whose heads are counted."""
    rows, resources = result.resource_plan, result.solved.draft.data.resources
    counted = {name for name, start in zip(resources.names, resources.opening, strict=True) if not math.isnan(start)}
    counted |= {name for name, free in zip(resources.names, resources.free_start, strict=True) if free}
    own = rows[(rows["month"] == month) & rows["resource_id"].isin(counted)]
    return dict(zip(own["resource_id"], own["units"], strict=True))


def people(result: PlanResult, months: Sequence[str]) -> dict[str, float]:
    """Heads taken on and let go, and overtime hours, of the months."""
    rows = result.resource_plan[result.resource_plan["month"].isin(months)]
    return {name: float(rows[name].sum()) for name in ("hires", "layoffs", "overtime_hours")}


def _held(result: PlanResult, before: Standing, month: str) -> Mapping[str, float]:
    """What is left of material whose supply is limited, with what the supplier sends in the month."""
    materials = result.solved.draft.data.materials.set_index("material_id")
    scarce = materials[materials["max_receipt"].notna()]
    if scarce.empty:
        return {}
    used = plan_requirement(result.solved, result.aggregate_plan, route_plan(result.solved, result.aggregate_plan))
    there = scarce[["on_hand", "on_order"]].fillna(0.0).sum(axis=1) + scarce["max_receipt"]
    left = (there - used[month].reindex(scarce.index).fillna(0.0)).clip(lower=0.0).round(4)
    return {str(name): float(amount) for name, amount in left.items()}
