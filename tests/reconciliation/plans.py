"""The planner's tables of the two families' schedule: one plan, its costs, and what its hours are paid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from tests.reconciliation.conftest import Rows, make, month

MATERIAL = {"bar": 4, "nut": 10, "oil": 2}
SUBCONTRACTED = 2
"""What a litre of oil costs subcontracted."""
PAY: Rows = [
    {"kind": "regular_pay", "month": "2026-03", "amount": 300},
    {"kind": "regular_pay", "month": "2026-04", "amount": 320},
    {"kind": "regular_pay", "month": "2026-05", "amount": 320},
    {"kind": "overtime", "month": "2026-05", "amount": 45},
    {"kind": "hiring", "month": "2026-04", "amount": 60},
    {"kind": "layoff", "month": "2026-05", "amount": 25},
]
NOTIONAL: Rows = [
    {"kind": "holding", "month": "2026-03", "amount": 9},
    {"kind": "backlog", "month": "2026-04", "amount": 20},
    {"kind": "lost_sales", "month": "2026-04", "amount": 100},
]
BLENDED = {"strategy": "blended", "scenario": "base"}


def aggregate_plan(schedule: pa.Table, **where: str) -> pa.Table:
    """The plan by item that the schedule comes from: every product planned by itself."""
    names = ("month", "demand", "output", "subcontract", "inventory", "backlog", "lost_sales", "target_stock")
    return make(
        "aggregate_plan",
        *[
            {
                **{name: row[name] for name in names},
                **(BLENDED | where),
                "item_id": row["product_id"],
                "item_level": "product",
            }
            for row in tables.rows(schedule)
        ],
    )


def plan_costs(schedule: pa.Table, pay: Iterable[dict[str, Any]] = (*PAY, *NOTIONAL), **where: str) -> pa.Table:
    """Material and subcontracting of the schedule, and what is stated beside it, of the crew."""
    key = BLENDED | where
    bought = [
        {**key, "month": row["month"], "item": row["product_id"], "kind": kind, "amount": amount}
        for row in tables.rows(schedule)
        for kind, amount in (
            ("material", row["output"] * MATERIAL[row["product_id"]]),
            ("subcontracting", row["subcontract"] * SUBCONTRACTED),
        )
        if amount
    ]
    return make("plan_costs", *bought, *[{**key, "item": "crew", **row, "month": month(row["month"])} for row in pay])


def opening(schedule: pa.Table) -> pa.Table:
    """What the schedule starts from."""
    rows = [row for row in tables.rows(schedule) if row["month"] == month("2026-03")]
    names = ("product_id", "opening_stock", "opening_backlog")
    return make("planning_state", *[{name: row[name] for name in names} for row in rows])


def summary(*strategies: str, chosen: str = "blended") -> pa.Table:
    """A row of ``plan_summary`` a strategy; only which is chosen matters."""
    money = ("total_cost", "shortfall_cost", "total_revenue", "total_profit")
    zero = (*money, "lost_units", "late_units", "peak_inventory", "hires", "layoffs", "overtime_hours")
    rows = [
        {"strategy": name, "scenario": "base", "status": "optimal", "chosen": name == chosen, **dict.fromkeys(zero, 0)}
        for name in strategies
    ]
    return make("plan_summary", *rows)


FEATURES: Rows = [
    {"product_id": "bar", "feature": "crew", "quantity": 0.1},
    {"product_id": "nut", "feature": "crew", "quantity": 0.25},
]
"""Hours of the crew; an hour is paid 10, so that a bar costs 4 + 1 and a nut 10 + 2.5 to make."""
CREW = {"resource_id": "crew", "kind": "labour", "regular_rate": 10}
