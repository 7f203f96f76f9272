"""Stock serves customers who wait before it serves its own target.

The model keeps least stock as a rule and lets a product be late at its cost, so a plan may hold a product in stock and
owe it in the same month. Nobody ships like that: what is owed is served from stock, and the target is what gives way.
Output, hours and the net position stay as they are; so does the plan's price, since the shortfall is priced at the
holding and backlog cost it saves. Here: that one step. Not here: the plan itself (``plan``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

RULE = "stock_below_target"
PLACES = 4
LEAST = 0.5 * 10**-PLACES


@dataclass(frozen=True)
class Netted:
    """A plan with its costs and shortfalls, and how much less the plan costs, shortfalls left out."""

    plans: pd.DataFrame
    costs: pd.DataFrame
    shortfalls: pd.DataFrame
    saved: float


def serve_waiting(plans: pd.DataFrame, costs: pd.DataFrame, shortfalls: pd.DataFrame, rates: pd.DataFrame) -> Netted:
    """Serve what is owed from what is in stock, product and month by product and month.

    ``plans`` has item_id, month, inventory, backlog, target_stock; ``rates`` holding_cost and backlog_cost by item_id.
    What is then missing to the target is a shortfall, beside any that the plan had.
    """
    both = plans[["inventory", "backlog"]].min(axis=1)
    moved = plans[both > LEAST].assign(served=both[both > LEAST].round(PLACES))
    if moved.empty:
        return Netted(plans, costs, shortfalls, 0.0)
    moved = moved.merge(rates, left_on="item_id", right_index=True)
    price = moved["holding_cost"] + moved["backlog_cost"]
    left = (moved["inventory"] - moved["served"]).round(PLACES)
    missing = (moved["target_stock"] - left).clip(lower=0.0)
    out = plans.copy()
    served = both.where(both > LEAST, 0.0).round(PLACES)
    for column in ("inventory", "backlog"):
        out[column] = (out[column] - served).round(PLACES).clip(lower=0.0)
    return Netted(
        out,
        _costs(costs, moved),
        _shortfalls(shortfalls, moved.assign(quantity=missing.round(PLACES), price=price)),
        float((moved["served"] * price).sum()),
    )


def _costs(costs: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    changed = pd.concat(
        [
            moved.assign(kind=kind, less=moved["served"] * moved[f"{kind}_cost"])[["month", "item_id", "kind", "less"]]
            for kind in ("holding", "backlog")
        ]
    )
    merged = costs.merge(changed.rename(columns={"item_id": "item"}), on=["month", "item", "kind"], how="left")
    merged["amount"] = (merged["amount"] - merged["less"].fillna(0.0)).round(2)
    return merged[(merged["amount"] != 0) | merged["less"].isna()].drop(columns=["less"])


def _shortfalls(shortfalls: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """The plan's shortfalls with those of the stock that was shipped; a product and month stands in one row."""
    known = shortfalls[shortfalls["rule"] == RULE].rename(columns={"quantity": "before", "cost": "cost_before"})
    rows = moved.rename(columns={"item_id": "item"})[["item", "month", "quantity", "price"]]
    rows = rows.merge(known[["item", "month", "before", "cost_before"]], on=["item", "month"], how="left")
    more = (rows["quantity"] - rows["before"].astype(float).fillna(0.0)).clip(lower=0.0)
    rows["quantity"] = rows["before"].astype(float).fillna(0.0) + more
    rows["cost"] = (rows["cost_before"].astype(float).fillna(0.0) + more * rows["price"]).round(2)
    rows = rows[rows["quantity"] > LEAST].assign(rule=RULE, unit="unit")[list(shortfalls.columns)]
    replaced = pd.MultiIndex.from_frame(rows[["rule", "item", "month"]])
    kept = shortfalls[~pd.MultiIndex.from_frame(shortfalls[["rule", "item", "month"]]).isin(replaced)]
    return pd.concat([frame for frame in (kept, rows) if len(frame)], ignore_index=True) if len(rows) else shortfalls
