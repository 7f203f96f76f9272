"""The chosen strategy taken down to products, month by month (METHODS 5).

Here: which products belong to an item, the order of sharing within a month (what is bought in, what is made, what is
lost, what is owed), and the schedule as a table whose stock balances exactly by product and adds up to the plan. Not
here: the sharing rules themselves (``disaggregation``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.errors import BadInput, fault
from sop_pipeline.supply.disaggregation import TICKS, Ints, equal_run_out, proportional, ticks

FLOWS = ("output", "subcontract", "inventory", "backlog", "lost_sales")


@dataclass(frozen=True)
class Disaggregation:
    """The schedule, and what its lots left over: rows of item, month, remainder (carried into the month after)."""

    schedule: pa.Table
    remainders: list[dict[str, Any]]


@dataclass
class _Members:
    """The products of one item in ten-thousandths: (P,) limits, (P, T) demand, running stock and backlog."""

    demand: Ints
    stock: Ints
    backlog: Ints
    lots: Ints
    bought_most: Ints
    columns: dict[str, list[Ints]] = field(default_factory=dict)

    def note(self, **values: Ints) -> None:
        """Keep one month's columns."""
        for name, value in values.items():
            self.columns.setdefault(name, []).append(value.copy())


def production_schedule(
    aggregate_plan: pa.Table,
    demand_plan: pa.Table,
    products: pa.Table,
    opening_state: pa.Table,
    stock_targets: pa.Table,
    *,
    company: Company,
    scenario: str = "base",
) -> pa.Table:
    """Return the chosen strategy by product and month (table ``production_schedule``); see ``disaggregate``."""
    return disaggregate(
        aggregate_plan, demand_plan, products, opening_state, stock_targets, company=company, scenario=scenario
    ).schedule


def disaggregate(
    aggregate_plan: pa.Table,
    demand_plan: pa.Table,
    products: pa.Table,
    opening_state: pa.Table,
    stock_targets: pa.Table,
    *,
    company: Company,
    scenario: str = "base",
) -> Disaggregation:
    """Share each item's month over its products by equal run-out time.

    Output, subcontracting and lost sales add up to the item's exactly; so does stock less backlog. Stock and backlog
    each do, too, unless a product is short while another has too much, which no sharing of new output can mend. A
    product planned by itself is the plan.
    """
    strategy = company.supply.strategy
    chosen = aggregate_plan.filter(
        pc.and_(pc.equal(aggregate_plan["strategy"], strategy), pc.equal(aggregate_plan["scenario"], scenario))
    )
    plan = tables.frame(chosen)
    _require_plan(plan, strategy)
    members = _members_of(plan, demand_plan, products)
    state = tables.frame(opening_state).set_index("product_id")
    months = sorted(plan["month"].unique())
    wide = {name: plan.pivot(index="item_id", columns="month", values=name)[months] for name in FLOWS}
    demand = _demand(demand_plan, months)
    single = members["item_id"] == members["product_id"]
    frames = [_planned_alone(members[single], wide, demand, state, months)]
    remainders: list[dict[str, Any]] = []
    for item, rows in members[~single].groupby("item_id", sort=True):
        flows = {name: ticks(wide[name].loc[item]) for name in FLOWS}
        group = _group(rows, demand, state)
        remainders += _share_out(str(item), group, flows, months)
        frames.append(_frame(list(rows["product_id"]), months, group.columns))
    return Disaggregation(_schedule(frames, members, stock_targets), remainders)


def _require_plan(plan: pd.DataFrame, strategy: str) -> None:
    if plan.empty:
        raise BadInput(
            fault(
                found="no plan",
                needed=f"a plan of strategy {strategy}",
                where="aggregate_plan",
                mend="Add the strategy to supply.strategies in sop.yaml.",
            )
        )


def _members_of(plan: pd.DataFrame, demand_plan: pa.Table, products: pa.Table) -> pd.DataFrame:
    """One row per planned product: its item, family, site, lot and what may be bought in of it."""
    items = set(plan["item_id"])
    family = tables.frame(demand_plan.select(["product_id", "family"])).drop_duplicates("product_id")
    known = tables.frame(products)
    columns = ["product_id", "unit_of_measure", "site_id", "min_lot", "subcontract_cost", "subcontract_limit"]
    out = family.merge(known[columns], on="product_id", how="left").sort_values("product_id").reset_index(drop=True)
    by_unit = out["family"] + " (" + out["unit_of_measure"].fillna("") + ")"
    pooled = out["family"].where(out["family"].isin(items), by_unit)
    out["item_id"] = out["product_id"].where(out["product_id"].isin(items), pooled)
    return out


def _demand(demand_plan: pa.Table, months: list[pd.Timestamp]) -> pd.DataFrame:
    frame = tables.frame(demand_plan.select(["product_id", "month", "quantity"]))
    wide = frame.pivot(index="product_id", columns="month", values="quantity")
    return wide.reindex(columns=months).fillna(0.0).clip(lower=0.0)


def _group(rows: pd.DataFrame, demand: pd.DataFrame, state: pd.DataFrame) -> _Members:
    names = rows["product_id"]
    opening = state.loc[names]
    allowed = rows["subcontract_cost"].notna() | rows["subcontract_limit"].notna()
    limit = rows["subcontract_limit"].fillna(np.inf).where(allowed, 0.0 if allowed.any() else np.inf)
    return _Members(
        demand=ticks(demand.loc[names]),
        stock=ticks(opening["opening_stock"]),
        backlog=ticks(opening["opening_backlog"]),
        lots=ticks(rows["min_lot"].fillna(0.0)),
        bought_most=ticks(np.minimum(limit.to_numpy(float), 1e12)),
    )


def _share_out(item: str, group: _Members, flows: dict[str, Ints], months: list[pd.Timestamp]) -> list[dict[str, Any]]:
    """Go through the months; lots' remainders go into the month after and are returned."""
    carried, found = 0, []
    for place, month in enumerate(months):
        demand, opening, owed = group.demand[:, place], group.stock.copy(), group.backlog.copy()
        weight = _run_out_weight(group.demand, owed, place)
        bought = _bought(opening, weight, int(flows["subcontract"][place]), group.bought_most)
        made = equal_run_out(opening + bought, weight, int(flows["output"][place]) + carried, lots=group.lots)
        carried = made.remainder
        if carried:
            found.append({"item": item, "month": month, "remainder": carried / TICKS})
        net = opening - owed + bought + made.quantity - demand
        lost = _lost(net, demand, int(flows["lost_sales"][place]))
        group.stock, group.backlog = np.maximum(net + lost, 0), np.maximum(-(net + lost), 0)
        group.note(
            demand=demand,
            output=made.quantity,
            subcontract=bought,
            inventory=group.stock,
            backlog=group.backlog,
            lost_sales=lost,
            opening_stock=opening,
            opening_backlog=owed,
        )
    return found


def _run_out_weight(demand: Ints, owed: Ints, place: int) -> Ints:
    """The month's demand with what is owed; in a month that asks for nothing, the demand still to come."""
    weight = demand[:, place] + owed
    return weight if weight.any() else demand[:, place:].sum(axis=1)


def _bought(stock: Ints, weight: Ints, quantity: int, most: Ints) -> Ints:
    """Share what is bought in among products that may be; what exceeds their limits is spread over the same."""
    shares = equal_run_out(stock, np.where(most > 0, weight, 0), quantity, most=most)
    if not shares.remainder:
        return shares.quantity
    spare = np.minimum(most, np.iinfo(np.int64).max // 2) - shares.quantity
    extra = proportional(np.maximum(spare, 0), shares.remainder, most=np.maximum(spare, 0))
    left = shares.remainder - int(extra.sum())
    return shares.quantity + extra + (proportional(np.maximum(most, 1), left) if left else 0)


def _lost(net: Ints, demand: Ints, quantity: int) -> Ints:
    """Share lost sales: first where product is short, then by demand; never above the month's demand."""
    if not quantity:
        return np.zeros_like(demand)
    short = np.minimum(np.maximum(-net, 0), demand)
    lost = proportional(short, min(quantity, int(short.sum())), most=short)
    room = demand - lost
    return lost + proportional(room, quantity - int(lost.sum()), most=room)


def _planned_alone(
    rows: pd.DataFrame,
    wide: dict[str, pd.DataFrame],
    demand: pd.DataFrame,
    state: pd.DataFrame,
    months: list[pd.Timestamp],
) -> pd.DataFrame:
    names = list(rows["product_id"])
    flows: dict[str, npt.NDArray[np.int64]] = {name: ticks(wide[name].loc[names]) for name in FLOWS}
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


def _schedule(frames: list[pd.DataFrame], members: pd.DataFrame, stock_targets: pa.Table) -> pa.Table:
    out = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    out = out.merge(members[["product_id", "family", "site_id"]], on="product_id")
    target = tables.frame(stock_targets.select(["product_id", "month", "target_low"]))
    out = out.merge(target.rename(columns={"target_low": "target_stock"}), on=["product_id", "month"], how="left")
    return tables.conform("production_schedule", out.fillna({"target_stock": 0.0}))
