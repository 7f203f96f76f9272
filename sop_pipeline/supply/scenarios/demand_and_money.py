"""What a change does to demand, prices and material costs: tables that the problem is made from.

An amount of demand is for the whole of what is named and is shared out by demand; a price or a cost is each product's.
Percentages of a cost are points of its own figure, as ``cost_changes`` states them. Not here: limits and policies.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import PlanChange, Way
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs
from sop_pipeline.supply.scenarios.subjects import Subjects

QUANTILES = ("p10", "p50", "p90")


def demand(inputs: ProblemInputs, change: PlanChange, subjects: Subjects) -> ProblemInputs:
    """Demand of the products and months named, and its range with it."""
    plan = tables.frame(inputs.demand_plan)
    chosen = _chosen(plan, change, subjects.of_products(change))
    before = plan.loc[chosen, "quantity"].astype(float)
    refuse_below_nothing(before.groupby(plan.loc[chosen, "month"]).sum(), change)
    after = shared_out(before, plan.loc[chosen, "month"], change)
    scale = (after / before.where(before > 0)).fillna(1.0)
    plan.loc[chosen, "quantity"] = after
    for name in QUANTILES:
        plan.loc[chosen, name] = plan.loc[chosen, name].astype(float) * scale
    return replace(inputs, demand_plan=tables.conform("demand_plan", plan))


def shared_out(before: pd.Series, group: pd.Series | str, change: PlanChange) -> pd.Series:
    """Amounts after a change; what is added to, or set for, a group is shared by size, evenly where there is none."""
    if change.way is Way.PERCENT:
        return before * (1 + float(change.amount) / 100)
    keys = group if isinstance(group, pd.Series) else pd.Series(group, index=before.index)
    total, count = (before.groupby(keys).transform(name) for name in ("sum", "size"))
    share = np.where(total > 0, before / total.where(total > 0, 1.0), 1.0 / count)
    wanted = total + float(change.amount) if change.way is Way.ADD else float(change.amount)
    return (pd.Series(share, index=before.index) * wanted).clip(lower=0.0)


def moved(before: pd.Series, change: PlanChange) -> pd.Series:
    """Figures of their own after a change, none below zero."""
    if change.way is Way.PERCENT:
        return before * (1 + float(change.amount) / 100)
    after = before + float(change.amount) if change.way is Way.ADD else before * 0 + float(change.amount)
    return after.clip(lower=0.0)


def refuse_below_nothing(before: pd.Series, change: PlanChange) -> None:
    """Refuse an amount that takes away more than there is: less than nothing cannot be meant."""
    least = before.min()
    if change.way is Way.ADD and least + float(change.amount) < 0:
        raise BadInput(
            found=str(change),
            needed=f"no more taken away than there is, which is {least:.6g} where it is least",
            where=change.where,
            mend="Take away less, or set what remains with =.",
        )


def price(inputs: ProblemInputs, change: PlanChange, subjects: Subjects) -> ProblemInputs:
    """Prices planned for the products and months named; one that is not known stays so unless it is set."""
    prices = tables.frame(inputs.planned_prices)
    chosen = _chosen(prices, change, subjects.of_products(change))
    before = prices.loc[chosen, "unit_price"].astype(float)
    refuse_below_nothing(before.dropna(), change)
    prices.loc[chosen, "unit_price"] = moved(before.fillna(0.0) if change.way is Way.SET else before, change)
    return replace(inputs, planned_prices=tables.conform("planned_prices", prices))


def cost(inputs: ProblemInputs, change: PlanChange, subjects: Subjects) -> ProblemInputs:
    """Material cost of a unit of the products named, or the unit cost of a material."""
    if subjects.is_material(change):
        own = _own(inputs.materials, "material_id", "unit_cost", {subjects.material(change)}, change)
        kind = "material"
    else:
        own = _own(inputs.products, "product_id", "unit_material_cost", subjects.of_products(change), change)
        kind = "product"
    return replace(inputs, planned_costs=_with_points(inputs, kind, own, change))


def _with_points(inputs: ProblemInputs, kind: str, own: pd.Series, change: PlanChange) -> pa.Table:
    """Table ``planned_costs`` with the change, in points of each subject's own figure, on top of what it states."""
    months = [month for month in _months(inputs) if change.covers(month)]
    if not months:
        raise no_months(change, min(_months(inputs)), max(_months(inputs)))
    places = pd.MultiIndex.from_product([list(own.index), months], names=["subject", "month"])
    rows = places.to_frame(index=False).assign(kind=kind, own=lambda frame: frame["subject"].map(own))
    stated = tables.frame(inputs.planned_costs)
    merged = stated.merge(rows, on=["kind", "subject", "month"], how="outer")
    before = merged["change_pct"].astype(float).fillna(0.0)
    merged["change_pct"] = np.where(merged["own"].isna(), before, _points(before, merged["own"], change))
    return tables.conform("planned_costs", merged[merged["change_pct"] != 0.0])


def _points(before: pd.Series, own: pd.Series, change: PlanChange) -> pd.Series:
    if change.way is Way.PERCENT:
        return before + float(change.amount)
    of_own = float(change.amount) / own.where(own > 0) * 100
    return before + of_own if change.way is Way.ADD else of_own - 100


def _months(inputs: ProblemInputs) -> list[pd.Timestamp]:
    return [pd.Timestamp(month) for month in sorted(set(tables.days(inputs.demand_plan, "month")))]


def _own(table: pa.Table, key: str, figure: str, names: set[str], change: PlanChange) -> pd.Series:
    """Each subject's own figure; BadInput where an amount in money has none to be held against."""
    rows = tables.frame(table)
    own = rows[rows[key].isin(names)].set_index(key)[figure].astype(float)
    if change.way is Way.PERCENT:
        return own.fillna(0.0)
    if not (own > 0).any():
        raise BadInput(
            found=f"no {figure} of {change.subject}",
            needed=f"its {figure}, for an amount in money",
            where=change.where,
            mend="State it, or write a percentage.",
        )
    refuse_below_nothing(own[own > 0], change)
    return own[own > 0]


def _chosen(rows: pd.DataFrame, change: PlanChange, names: set[str]) -> pd.Series:
    """Rows of the names and months of a change; BadInput where the months are none of the plan's."""
    months = {month: change.covers(month) for month in rows["month"].unique()}
    if not any(months.values()):
        raise no_months(change, min(months), max(months))
    return rows["product_id"].isin(names) & rows["month"].map(months)


def no_months(change: PlanChange, first: pd.Timestamp, last: pd.Timestamp) -> BadInput:
    """The fault of a change whose months are outside the horizon."""
    return BadInput(
        found=change.months,
        needed=f"months of the plan, {first:%Y-%m} to {last:%Y-%m}",
        where=change.where,
        mend="Correct the months, or leave the change out.",
    )
