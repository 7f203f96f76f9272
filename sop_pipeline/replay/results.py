"""The loops as tables, and every policy in one row: service, stock, stability, cost and regret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.replay.loop import Loop
from sop_pipeline.replay.policy import Policy
from sop_pipeline.replay.problems import Problem
from sop_pipeline.replay.regret import MADE_POLICY, Replayed
from sop_pipeline.supply.problem.common_units import unit_weights


@dataclass(frozen=True)
class Worth:
    """What a unit of an item counts for in common units (NaN: units do not add up), and what it is worth in stock."""

    weight: float
    value: float


def worths(problem: Problem) -> dict[str, Worth]:
    """Each item's; a unit in stock is worth its standard cost, else its material, else its price, else 1."""
    rows = tables.frame(problem.planning.planning_products)
    weights = unit_weights(rows)
    value = rows["standard_cost"].fillna(rows["unit_material_cost"]).fillna(rows["unit_price"]).fillna(1.0)
    return {name: Worth(weights[name], float(of)) for name, of in zip(rows["product_id"], value, strict=True)}


def result_tables(
    replayed: Replayed, wanted: Sequence[Policy], in_use: Policy, worth: Mapping[str, Worth]
) -> dict[str, pa.Table]:
    """Return ``replay_summary``, ``replay_months``, ``replay_costs`` and ``replay_limits``."""
    every = [*replayed.loops.values(), *([replayed.made] if replayed.made else [])]
    rows = [
        {**_figures(replayed.of(policy), worth), **replayed.row(policy), **policy._asdict(), "in_use": policy == in_use}
        for policy in wanted
    ]
    if replayed.made:
        money = replayed.made_row(in_use)
        rows.append({**_figures(replayed.made, worth), **money, **MADE_POLICY._asdict(), "in_use": False})
    return {
        "replay_summary": tables.conform(tables.REPLAY["replay_summary"], rows),
        "replay_months": _table("replay_months", (loop.items for loop in every)),
        "replay_costs": _table("replay_costs", (loop.costs for loop in every)),
        "replay_limits": _table("replay_limits", (loop.exceeded for loop in every)),
    }


def _table(name: str, parts: Iterable[list[dict[str, Any]]]) -> pa.Table:
    rows = [row for part in parts for row in part]
    spec = tables.REPLAY[name]
    return tables.conform(spec, rows) if rows else tables.empty(spec)


def _figures(loop: Loop, worth: Mapping[str, Worth]) -> dict[str, Any]:
    months = len({row["month"] for row in loop.items})
    asked, on_time, late, lost = (_units(loop, worth, name) for name in ("demand", "on_time", "backlog", "lost_sales"))
    stock = sum(row["inventory"] * worth[row["item_id"]].value for row in loop.items)
    moved, before = (sum(pair[place] for pair in loop.moved) for place in (0, 1))
    return {
        "months": months,
        "service": on_time / asked if asked > 0 else None,
        "late_units": late,
        "lost_units": lost,
        "mean_inventory_value": stock / months,
        "stability": 1 - moved / before if before > 0 else None,
        "beyond_limits": len(loop.exceeded),
        **loop.people,
    }


def _units(loop: Loop, worth: Mapping[str, Worth], column: str) -> float:
    """A sum in common units; NaN where units do not add up."""
    return float(np.sum([row[column] * worth[row["item_id"]].weight for row in loop.items]))
