"""The chosen strategy taken down to products, month by month (METHODS 5).

Here: which products belong to an item, and the schedule as a table whose stock balances exactly by product and adds up
to the plan. Not here: sharing within a month (``months``), the sharing rules (``sharing``), loads and sites of the
schedule (``load``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.arrays import Ints
from sop_pipeline.supply.schedule.months import Group, share_out_months
from sop_pipeline.supply.schedule.sharing import TICKS, ticks

FLOWS = ("output", "subcontract", "inventory", "backlog", "lost_sales")


@dataclass(frozen=True)
class ScheduleInputs:
    """The plans and which of them is chosen, with what the products of their items ask for and start from."""

    aggregate_plan: pa.Table
    plan_summary: pa.Table
    demand_plan: pa.Table
    products: pa.Table
    opening_state: pa.Table
    stock_targets: pa.Table
    frozen_plan: pa.Table


@dataclass(frozen=True)
class Schedule:
    """The schedule, and what it makes less than the plan so far, with the smallest lot that is why."""

    production_schedule: pa.Table
    schedule_remainders: pa.Table


def disaggregate(inputs: ScheduleInputs, *, company: SupplySettings) -> Schedule:
    """Share each item's month over its products by ``company.supply.disaggregation``.

    Subcontracting and lost sales add up to the item's exactly, and so do output and stock less backlog but for the
    remainder: what lots leave under the smallest lot is made later, fixed shares of over 100% make more (METHODS 5).
    Stock and backlog each add up, too, unless a product is short while another has too much, which no sharing of new
    output can mend. Frozen months keep each product's last plan. A product planned by itself is the plan.
    """
    plan = _chosen(inputs, company)
    members = _members_of(inputs.opening_state, inputs.products)
    _require_known(company.supply.product_shares, inputs.products)
    state = tables.frame(inputs.opening_state).set_index("product_id")
    months = sorted(plan["month"].unique())
    wide = {name: plan.pivot(index="item_id", columns="month", values=name)[months] for name in FLOWS}
    demand = _demand(inputs.demand_plan, months)
    single = members["item_id"] == members["product_id"]
    frames = [_planned_alone(members[single], wide, demand, state, months)]
    remainders: list[dict[str, Any]] = []
    targets = _targets(inputs.stock_targets, months)
    frozen = _frozen(inputs.frozen_plan)
    for item, rows in members[~single].groupby("item_id", sort=True):
        flows = {name: ticks(wide[name].loc[item]) for name in FLOWS}
        group = _group(rows, demand, targets, state, company, _frozen_months(frozen, rows, months))
        remainders += share_out_months(str(item), group, flows, months)
        frames.append(_frame(list(rows["product_id"]), months, group.columns))
    left = tables.conform("schedule_remainders", remainders) if remainders else tables.empty("schedule_remainders")
    return Schedule(_schedule(frames, members, targets), left)


def _chosen(inputs: ScheduleInputs, company: SupplySettings) -> pd.DataFrame:
    """The chosen plan's rows; BadInput when there are none."""
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    plans = tables.frame(inputs.aggregate_plan)
    plan = plans[(plans["strategy"] == strategy) & (plans["scenario"] == scenario)]
    if plan.empty:
        raise BadInput(
            found="no plan",
            needed=f"a plan of strategy {strategy}",
            where="aggregate_plan",
            mend="Add the strategy to supply.strategies in sop.yaml.",
        )
    return plan


def _require_known(shares: Mapping[str, float], products: pa.Table) -> None:
    unknown = sorted(set(shares) - set(products["product_id"].to_pylist()))
    if unknown:
        raise BadInput(
            found=f"{unknown[0]!r}",
            needed="a product of products",
            where="sop.yaml, field supply.product_shares",
            mend="Correct the name, or delete the line.",
        )


def _targets(stock_targets: pa.Table, months: list[pd.Timestamp]) -> pd.DataFrame:
    frame = tables.frame(stock_targets)
    wide = frame.pivot(index="product_id", columns="month", values="target_low")
    return wide.reindex(columns=months).fillna(0.0)


def _frozen(frozen_plan: pa.Table) -> pd.DataFrame:
    frame = tables.frame(frozen_plan)
    return frame[frame["kept"].astype(bool)]


def _frozen_months(
    frozen: pd.DataFrame, rows: pd.DataFrame, months: list[pd.Timestamp]
) -> dict[int, tuple[Ints, Ints]]:
    """What the last plan made and subcontracted of an item's products, by the place of the month."""
    of_item = frozen[frozen["item_id"] == rows["item_id"].iloc[0]]
    by_place = {}
    for month, part in of_item.groupby("month"):
        flows = part.set_index("product_id").reindex(rows["product_id"]).fillna({"output": 0.0, "subcontract": 0.0})
        by_place[months.index(month)] = (ticks(flows["output"]), ticks(flows["subcontract"]))
    return by_place


def _members_of(opening_state: pa.Table, products: pa.Table) -> pd.DataFrame:
    """One row per planned product: its item, family, site, lot and limit of subcontracting."""
    planned = tables.frame(opening_state.select(["product_id", "family", "item_id"]))
    columns = ["product_id", "site_id", "min_lot", "subcontract_cost", "subcontract_limit"]
    out = planned.merge(tables.frame(products)[columns], on="product_id", how="left")
    return out.sort_values("product_id").reset_index(drop=True)


def _demand(demand_plan: pa.Table, months: list[pd.Timestamp]) -> pd.DataFrame:
    frame = tables.frame(demand_plan.select(["product_id", "month", "quantity"]))
    wide = frame.pivot(index="product_id", columns="month", values="quantity")
    return wide.reindex(columns=months).fillna(0.0).clip(lower=0.0)


def _group(
    rows: pd.DataFrame,
    demand: pd.DataFrame,
    targets: pd.DataFrame,
    state: pd.DataFrame,
    company: SupplySettings,
    frozen: dict[int, tuple[Ints, Ints]],
) -> Group:
    """An item's products; fixed shares only where the company states some for them, else equal run-out time."""
    names = rows["product_id"]
    opening = state.loc[names]
    allowed = rows["subcontract_cost"].notna() | rows["subcontract_limit"].notna()
    limit = rows["subcontract_limit"].fillna(np.inf).where(allowed, 0.0 if allowed.any() else np.inf)
    percent = np.array([company.supply.product_shares.get(name, 0.0) for name in names], float)
    method = company.supply.disaggregation
    return Group(
        demand=ticks(demand.loc[names]),
        target=ticks(targets.reindex(names).fillna(0.0)),
        method="equal_run_out" if method == "fixed_share" and not percent.any() else method,
        percent=percent,
        due=np.zeros(len(names), np.int64),
        frozen=frozen,
        stock=ticks(opening["opening_stock"]),
        backlog=ticks(opening["opening_backlog"]),
        lots=ticks(rows["min_lot"].fillna(0.0)),
        subcontract_limit=ticks(np.minimum(limit.to_numpy(float), 1e12)),
    )


def _planned_alone(
    rows: pd.DataFrame,
    wide: dict[str, pd.DataFrame],
    demand: pd.DataFrame,
    state: pd.DataFrame,
    months: list[pd.Timestamp],
) -> pd.DataFrame:
    names = list(rows["product_id"])
    flows: dict[str, Ints] = {name: ticks(wide[name].loc[names]) for name in FLOWS}
    opening = ticks(state.loc[names, ["opening_stock", "opening_backlog"]])
    columns = {
        **flows,
        "demand": ticks(demand.loc[names]),
        "opening_stock": np.concatenate([opening[:, :1], flows["inventory"][:, :-1]], axis=1),
        "opening_backlog": np.concatenate([opening[:, 1:], flows["backlog"][:, :-1]], axis=1),
    }
    return _frame(names, months, {name: list(values.T) for name, values in columns.items()})


def _frame(names: list[str], months: list[pd.Timestamp], columns: dict[str, list[Ints]]) -> pd.DataFrame:
    data = {name: np.concatenate(values) / TICKS for name, values in columns.items()} if names else {}
    products = np.tile(np.array(names, dtype=object), len(months))
    return pd.DataFrame({"month": pd.DatetimeIndex(months).repeat(len(names)), "product_id": products, **data})


def _schedule(frames: list[pd.DataFrame], members: pd.DataFrame, targets: pd.DataFrame) -> pa.Table:
    out = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    names = pd.Index(members["product_id"])
    row = names.get_indexer(pd.Index(out["product_id"]))
    for name in ("family", "item_id", "site_id"):
        out[name] = members[name].to_numpy(object)[row]
    wanted = targets.reindex(names).fillna(0.0)
    out["target_stock"] = wanted.to_numpy(float)[row, wanted.columns.get_indexer(pd.DatetimeIndex(out["month"]))]
    return tables.conform("production_schedule", out)
