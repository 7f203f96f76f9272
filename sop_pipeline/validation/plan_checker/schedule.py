"""Identities of the schedule: every product's stock balances, and products add up to the plan (METHODS 5)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.validation.plan_checker.view import Violation, label

EXACT = 5e-5
FLOWS = ("demand", "output", "subcontract", "lost_sales")
QUANTITIES = ("output", "subcontract", "lost_sales", "inventory", "backlog", "opening_stock", "opening_backlog")


def schedule_identities(
    schedule: pd.DataFrame, plan: pd.DataFrame, item_of: dict[str, str], remainders: pd.DataFrame | None = None
) -> list[Violation]:
    """Compare a schedule with the plan it was taken from; ``item_of`` maps each product to its planned item.

    ``remainders`` (item_id, month, remainder) is what the plan has made so far and the schedule has not: it counts.

    ``schedule_balance``, ``schedule_chain`` (a month opens as the last closed), ``schedule_non_negative``,
    ``schedule_lost_sales`` (at most the demand), and ``disaggregation_`` demand, output, subcontract, lost_sales, and
    net_stock (stock less backlog), each summed by item and month.
    """
    frame = schedule.assign(month=schedule["month"].map(label)).sort_values(["product_id", "month"])
    dated = _less_remainder(plan.assign(month=plan["month"].map(label)), remainders)
    return [*_by_product(frame), *_by_item(frame, dated, item_of)]


def _less_remainder(plan: pd.DataFrame, remainders: pd.DataFrame | None) -> pd.DataFrame:
    """The plan as far as the schedule has made it: output less the growth of the remainder, stock less all of it."""
    if remainders is None or remainders.empty:
        return plan
    left = remainders.assign(month=remainders["month"].map(label))[["item_id", "month", "remainder"]]
    merged = plan.sort_values(["item_id", "month"]).merge(left, on=["item_id", "month"], how="left")
    over = merged["remainder"].fillna(0.0)
    growth = over - over.groupby(merged["item_id"]).shift().fillna(0.0)
    return merged.assign(output=merged["output"] - growth, inventory=merged["inventory"] - over)


def _rows(identity: str, frame: pd.DataFrame, found: pd.Series, needed: pd.Series, wrong: pd.Series) -> list[Violation]:
    chosen = frame[wrong.to_numpy()]
    return [
        Violation(identity, str(item), str(month), float(has), float(needs))
        for item, month, has, needs in zip(
            chosen.iloc[:, 0], chosen["month"], found[wrong.to_numpy()], needed[wrong.to_numpy()], strict=True
        )
    ]


def _by_product(frame: pd.DataFrame) -> list[Violation]:
    table = frame[["product_id", "month"]]
    opening = frame["opening_stock"] - frame["opening_backlog"]
    closing = frame["inventory"] - frame["backlog"]
    has = opening + frame["output"] + frame["subcontract"]
    needs = frame["demand"] - frame["lost_sales"] + closing
    found = _rows("schedule_balance", table, has, needs, (has - needs).abs() > EXACT)
    before = closing.groupby(frame["product_id"]).shift().fillna(opening)
    found += _rows("schedule_chain", table, opening, before, (opening - before).abs() > EXACT)
    for name in QUANTITIES:
        found += _rows("schedule_non_negative", table, frame[name], frame[name] * 0, frame[name] < -EXACT)
    excess = frame["lost_sales"] > frame["demand"] + EXACT
    return found + _rows("schedule_lost_sales", table, frame["lost_sales"], frame["demand"], excess)


def _by_item(frame: pd.DataFrame, plan: pd.DataFrame, item_of: dict[str, str]) -> list[Violation]:
    keyed = frame.assign(item=frame["product_id"].map(item_of), net_stock=frame["inventory"] - frame["backlog"])
    names = [*FLOWS, "net_stock"]
    sums = keyed.groupby(["item", "month"], as_index=False)[names].sum()
    whole = plan.assign(item=plan["item_id"], net_stock=plan["inventory"] - plan["backlog"])
    merged = whole[["item", "month", *names]].merge(sums, on=["item", "month"], how="outer", suffixes=("", "_parts"))
    merged = merged.fillna(0.0)
    found: list[Violation] = []
    for name in names:
        gap = np.abs(merged[f"{name}_parts"] - merged[name]) > EXACT + 1e-12 * np.abs(merged[name])
        found += _rows(f"disaggregation_{name}", merged, merged[f"{name}_parts"], merged[name], gap)
    return found
