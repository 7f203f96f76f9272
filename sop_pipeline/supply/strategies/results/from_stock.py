"""Stock serves customers who wait before it serves its own target.

The model keeps least stock as a rule and lets a product be late at its cost, so a solution may hold a product in stock
and owe it in the same month. Nobody ships like that: what is owed is served from stock, and the target is what gives
way. Output, hours and the net position stay as they are. So does the plan's price: what is missing to the target is a
shortfall, priced at what a unit saves: its holding and backlog cost, and where profit is sought, at the end of the
horizon, what it is sold for. Here: that one step. Not here: which customers a plan leaves unserved
(``strategies.customers_first``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.strategies.planner import Solved

RULE = "stock_below_target"
LEAST = 5e-5


def both(solved: Solved) -> Floats:
    """Units held beyond what is firm and owed at once, by product and month (P, T)."""
    columns, values = solved.draft.builder.columns, solved.solution.values
    held = columns["inventory"].value(values) - solved.draft.data.products.firm_stock
    amount = np.minimum(held, columns["backlog"].value(values))
    return np.where(amount > LEAST, amount, 0.0)


def serve_waiting(solved: Solved) -> Solved:
    """The plan in which what is owed is served from what is in stock."""
    moved = both(solved)
    if not moved.any():
        return solved
    values = solved.solution.values.copy()
    for name in ("inventory", "backlog"):
        block = solved.draft.builder.columns[name]
        values[block.ids[moved > 0]] -= moved[moved > 0]
    return replace(solved, solution=replace(solved.solution, values=values))


def _saved(solved: Solved) -> Floats:
    """What a unit saves that is shipped to who waits in a month: ``h + b``, for profit and at the end ``+ p`` (P, T).

    Whoever is served later pays the price of the month asked in, so only the last month earns more.
    """
    products = solved.draft.data.products
    cost: Floats = products.holding + np.nan_to_num(products.backlog_cost)
    if not solved.draft.profit:
        return cost
    earned = np.zeros_like(products.price)
    earned[:, -1] = products.price[:, -1]
    return cost + earned


def missing_targets(solved: Solved, shipped: Solved, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The shortfalls ``known`` of a solution with those of the stock that was shipped; one row a product and month."""
    data, moved = solved.draft.data, both(solved)
    products = data.products
    left = shipped.draft.builder.columns["inventory"].value(shipped.solution.values)
    price = _saved(shipped)
    rows = {(entry["rule"], entry["item"], entry["month"]): entry for entry in known}
    for item, month in np.argwhere(moved > 0):
        key = (RULE, products.names[item], data.months[month])
        before = rows.get(key, {"amount": 0.0, "cost": 0.0})
        amount = max(float(products.least_stock[item, month] - left[item, month]), 0.0)
        more = amount - float(before["amount"])
        if more > LEAST:
            cost = float(before["cost"]) + more * float(price[item, month])
            rows[key] = dict(zip(("rule", "item", "month"), key, strict=True)) | {
                "amount": round(amount, 4),
                "unit": "unit",
                "price": round(cost / amount, 6),
                "cost": round(cost, 2),
            }
    place = data.months.index
    return sorted(rows.values(), key=lambda entry: (place(entry["month"]), entry["rule"], entry["item"]))
