"""The chosen strategy taken down to products, month by month (METHODS 5).

Here: which products belong to an item, the order of sharing within a month (what is bought in, what is made, what is
lost, what is owed), and the schedule as a table whose stock balances exactly by product and adds up to the plan. Not
here: the sharing rules themselves (``sharing``), loads and sites of the schedule (``load``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.errors import BadInput
from sop_pipeline.supply.schedule.sharing import (
    TICKS,
    Ints,
    equal_run_out,
    fixed_share,
    inventory_gap,
    proportional,
    ticks,
    whole_lots,
)

FLOWS = ("output", "subcontract", "inventory", "backlog", "lost_sales")


@dataclass(frozen=True)
class Disaggregation:
    """``production_schedule`` and ``schedule_remainders``: what it makes less than the plan so far, and why."""

    schedule: pa.Table
    remainders: pa.Table


@dataclass
class _Members:
    """The products of one item in ten-thousandths: (P,) limits, (P, T) demand and target, running stock and backlog.

    ``percent`` is set where fixed shares are, with what is ``due`` by them; ``frozen`` maps a month's place to what the
    last plan made and bought of each product.
    """

    demand: Ints
    target: Ints
    stock: Ints
    backlog: Ints
    lots: Ints
    bought_most: Ints
    method: str
    percent: npt.NDArray[np.float64]
    due: Ints
    frozen: dict[int, tuple[Ints, Ints]]
    remainder: int = 0
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
    frozen_plan: pa.Table | None = None,
) -> pa.Table:
    """Return the chosen strategy by product and month (table ``production_schedule``); see ``disaggregate``."""
    tables_given = (aggregate_plan, demand_plan, products, opening_state, stock_targets)
    return disaggregate(*tables_given, company=company, scenario=scenario, frozen_plan=frozen_plan).schedule


def disaggregate(
    aggregate_plan: pa.Table,
    demand_plan: pa.Table,
    products: pa.Table,
    opening_state: pa.Table,
    stock_targets: pa.Table,
    *,
    company: Company,
    scenario: str = "base",
    frozen_plan: pa.Table | None = None,
) -> Disaggregation:
    """Share each item's month over its products by ``company.supply.disaggregation``.

    Subcontracting and lost sales add up to the item's exactly, and so do output and stock less backlog but for the
    remainder: what lots leave under the smallest lot is made later, fixed shares of over 100% make more (METHODS 5).
    Stock and backlog each add up, too, unless a product is short while another has too much, which no sharing of new
    output can mend. Frozen months keep each product's last plan. A product planned by itself is the plan.
    """
    strategy = company.supply.strategy
    chosen = aggregate_plan.filter(
        pc.and_(pc.equal(aggregate_plan["strategy"], strategy), pc.equal(aggregate_plan["scenario"], scenario))
    )
    plan = tables.frame(chosen)
    _require_plan(plan, strategy)
    members = _members_of(plan, demand_plan, products)
    _require_known(company.supply.product_shares, products)
    state = tables.frame(opening_state).set_index("product_id")
    months = sorted(plan["month"].unique())
    wide = {name: plan.pivot(index="item_id", columns="month", values=name)[months] for name in FLOWS}
    demand = _demand(demand_plan, months)
    single = members["item_id"] == members["product_id"]
    frames = [_planned_alone(members[single], wide, demand, state, months)]
    remainders: list[dict[str, Any]] = []
    targets = _targets(stock_targets, months)
    frozen = _frozen(frozen_plan)
    for item, rows in members[~single].groupby("item_id", sort=True):
        flows = {name: ticks(wide[name].loc[item]) for name in FLOWS}
        group = _group(rows, demand, targets, state, company, _frozen_months(frozen, rows, months))
        remainders += _share_out(str(item), group, flows, months)
        frames.append(_frame(list(rows["product_id"]), months, group.columns))
    left = tables.conform("schedule_remainders", remainders) if remainders else tables.empty("schedule_remainders")
    return Disaggregation(_schedule(frames, members, targets), left)


def _require_plan(plan: pd.DataFrame, strategy: str) -> None:
    if plan.empty:
        raise BadInput(
            found="no plan",
            needed=f"a plan of strategy {strategy}",
            where="aggregate_plan",
            mend="Add the strategy to supply.strategies in sop.yaml.",
        )


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


def _frozen(frozen_plan: pa.Table | None) -> pd.DataFrame:
    frame = tables.frame(frozen_plan if frozen_plan is not None else tables.empty("frozen_plan"))
    return frame[frame["kept"].astype(bool)]


def _frozen_months(
    frozen: pd.DataFrame, rows: pd.DataFrame, months: list[pd.Timestamp]
) -> dict[int, tuple[Ints, Ints]]:
    """What the last plan made and bought of an item's products, by the place of the month."""
    mine = frozen[frozen["item_id"] == rows["item_id"].iloc[0]]
    found = {}
    for month, part in mine.groupby("month"):
        own = part.set_index("product_id").reindex(rows["product_id"]).fillna({"output": 0.0, "subcontract": 0.0})
        found[months.index(month)] = (ticks(own["output"]), ticks(own["subcontract"]))
    return found


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


def _group(
    rows: pd.DataFrame,
    demand: pd.DataFrame,
    targets: pd.DataFrame,
    state: pd.DataFrame,
    company: Company,
    frozen: dict[int, tuple[Ints, Ints]],
) -> _Members:
    """An item's products; fixed shares only where the company states some for them, else equal run-out time."""
    names = rows["product_id"]
    opening = state.loc[names]
    allowed = rows["subcontract_cost"].notna() | rows["subcontract_limit"].notna()
    limit = rows["subcontract_limit"].fillna(np.inf).where(allowed, 0.0 if allowed.any() else np.inf)
    percent = np.array([company.supply.product_shares.get(name, 0.0) for name in names], float)
    method = company.supply.disaggregation
    return _Members(
        demand=ticks(demand.loc[names]),
        target=ticks(targets.reindex(names).fillna(0.0)),
        method="equal_run_out" if method == "fixed_share" and not percent.any() else method,
        percent=percent,
        due=np.zeros(len(names), np.int64),
        frozen=frozen,
        stock=ticks(opening["opening_stock"]),
        backlog=ticks(opening["opening_backlog"]),
        lots=ticks(rows["min_lot"].fillna(0.0)),
        bought_most=ticks(np.minimum(limit.to_numpy(float), 1e12)),
    )


def _share_out(item: str, group: _Members, flows: dict[str, Ints], months: list[pd.Timestamp]) -> list[dict[str, Any]]:
    """Go through the months; what lots leave over goes into the month after. Returns what is over in each month."""
    found: list[dict[str, Any]] = []
    smallest = float(group.lots[group.lots > 0].min()) / TICKS if group.lots.any() else None
    for place, month in enumerate(months):
        demand, opening, owed = group.demand[:, place], group.stock.copy(), group.backlog.copy()
        weight = _run_out_weight(group.demand, owed, place)
        planned = int(flows["output"][place])
        kept = group.frozen.get(place)
        if kept is not None:
            made, bought = kept
        else:
            bought = _bought(opening, weight, int(flows["subcontract"][place]), group.bought_most)
            made = _made(group, place, planned, opening + bought, weight)
        group.remainder += planned - int(made.sum())
        if group.remainder:
            left = {"item_id": item, "month": month, "remainder": group.remainder / TICKS, "smallest_lot": smallest}
            found.append(left)
        net = opening - owed + bought + made - demand
        lost = _lost(net, demand, int(flows["lost_sales"][place]))
        group.stock, group.backlog = np.maximum(net + lost, 0), np.maximum(-(net + lost), 0)
        group.note(
            demand=demand,
            output=made,
            subcontract=bought,
            inventory=group.stock,
            backlog=group.backlog,
            lost_sales=lost,
            opening_stock=opening,
            opening_backlog=owed,
        )
    return found


def _made(group: _Members, place: int, planned: int, stock: Ints, weight: Ints) -> Ints:
    """Share the month's output, and what lots left over before, by the company's method."""
    if group.method == "fixed_share":
        group.due += fixed_share(group.percent, planned).quantity
        made = whole_lots(group.due, group.lots)
        group.due -= made
        return made
    quantity = planned + group.remainder
    if group.method == "inventory_gap":
        projected = stock - group.backlog - group.demand[:, place]
        return inventory_gap(group.target[:, place], projected, quantity, lots=group.lots).quantity
    return equal_run_out(stock, weight, quantity, lots=group.lots).quantity


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


def _schedule(frames: list[pd.DataFrame], members: pd.DataFrame, targets: pd.DataFrame) -> pa.Table:
    out = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    names = pd.Index(members["product_id"])
    row = names.get_indexer(pd.Index(out["product_id"]))
    for name in ("family", "item_id", "site_id"):
        out[name] = members[name].to_numpy(object)[row]
    wanted = targets.reindex(names).fillna(0.0)
    out["target_stock"] = wanted.to_numpy(float)[row, wanted.columns.get_indexer(pd.DatetimeIndex(out["month"]))]
    return tables.conform("production_schedule", out)
