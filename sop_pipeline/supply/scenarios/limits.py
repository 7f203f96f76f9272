"""What a change does to limits, pay and lead times: rows of the planning problem itself.

Heads and machines that are missing are down; those that are more than there are count as less than none down. Not here:
demand, prices and material costs (``demand_and_money``), policies of products (``policies``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import PlanChange, Way
from sop_pipeline.resource_kinds import has_hours, is_paid
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.scenarios.demand_and_money import moved, no_months, refuse_below_nothing
from sop_pipeline.supply.scenarios.subjects import Subjects

LONGEST_MONTH = 31.0
OVERTIME_LIMITS = ("overtime_limit_pct", "overtime_hours_per_unit")


def wage(planning: PlanningTables, change: PlanChange, subjects: Subjects) -> PlanningTables:
    """Pay of the resources and months named: regular, overtime and temporary hours alike."""
    names = subjects.of_hours(change)
    rate = _resources(planning).set_index("resource_id")["regular_rate"].astype(float)
    paid = {name for name in names if rate.get(name, 0.0) > 0}
    if not paid:
        raise _nothing(change, "a resource with pay (regular_rate)")

    def after(rows: pd.DataFrame) -> pd.DataFrame:
        own = rows["resource_id"].map(rate)
        before = own * (1 + rows["pay_change_pct"].astype(float).fillna(0.0) / 100)
        return rows.assign(pay_change_pct=(moved(before, change) / own - 1) * 100)

    return _of_months(planning, change, paid, after)


def capacity(planning: PlanningTables, change: PlanChange, subjects: Subjects) -> PlanningTables:
    """What a resource has in the months named, or a supplier delivers: heads or machines, else its own unit."""
    if subjects.is_material(change):
        return _supply(planning, change, subjects.material(change))
    names = subjects.of_capacity(change)
    resources = _resources(planning).set_index("resource_id")
    stated = _stated_capacity(planning, resources)
    by_heads = {name for name in names if name in resources.index and name not in stated}
    at_start = _heads(resources.loc[sorted(by_heads)])
    unlimited = list(at_start.index[at_start.isna()])
    if unlimited:
        raise _nothing(change, f"a limit of {', '.join(unlimited)} that is known at the start")
    _refuse_unpaid_heads(change, resources.loc[sorted(by_heads)])

    refuse_below_nothing(at_start.dropna(), change)

    def after(rows: pd.DataFrame) -> pd.DataFrame:
        heads = rows["resource_id"].map(at_start)
        down = rows["units_down"].astype(float).fillna(0.0)
        fewer = heads - moved(heads, change) if change.way is Way.PERCENT else -float(change.amount)
        less = heads - float(change.amount) if change.way is Way.SET else down + fewer
        own = rows["capacity"].astype(float).fillna(rows["resource_id"].map(resources["capacity"].astype(float)))
        refuse_below_nothing(own[heads.isna()], change)
        limit = moved(own.fillna(0.0) if change.way is Way.SET else own, change)
        return rows.assign(units_down=np.where(heads.notna(), less, down), capacity=limit.where(heads.isna()))

    return _of_months(planning, change, names, after)


def _refuse_unpaid_heads(change: PlanChange, resources: pd.DataFrame) -> None:
    """More heads than there are would work unpaid: a plan hires, and pays, whom it takes on."""
    more = change.amount > 0 and change.way is not Way.SET
    terms = zip(resources.index, resources["regular_rate"].fillna(0.0), resources["pay_basis"].fillna(""), strict=True)
    paid = [name for name, rate, basis in terms if is_paid(rate, basis)]
    if more and paid:
        raise BadInput(
            found=f"{change} of {paid[0]}, whose heads are paid",
            needed="fewer heads, or more of what is paid by the hour worked or not at all",
            where=change.where,
            mend="The plan hires where that pays; to let it, raise overtime, or max_hires in resources.",
        )


def _stated_capacity(planning: PlanningTables, resources: pd.DataFrame) -> set[str]:
    """Resources whose capacity is a stated figure, in place of heads: of the resource, or of months of its own."""
    of_months = tables.frame(planning.planning_resource_months)
    own = set(of_months.loc[of_months["capacity"].notna(), "resource_id"])
    figures = resources.index[resources["capacity"].notna().to_numpy() | ~has_hours(resources).to_numpy()]
    return own | set(figures)


def _heads(resources: pd.DataFrame) -> pd.Series:
    """Heads or machines at the start, by resource; a machine that states none is one."""
    opening = resources["opening_units"].astype(float)
    return opening.mask(opening.isna() & (resources["kind"] != "labour"), 1.0)


def _supply(planning: PlanningTables, change: PlanChange, name: str) -> PlanningTables:
    if change.months:
        raise BadInput(
            found=f"months for {name}",
            needed="none: what a supplier delivers in a month holds for the whole horizon",
            where=change.where,
            mend="Leave the months out.",
        )
    return _of_materials(planning, change, name, "max_receipt")


def _of_materials(planning: PlanningTables, change: PlanChange, name: str, column: str) -> PlanningTables:
    rows = tables.frame(planning.planning_materials)
    chosen = rows["material_id"] == name
    before = rows.loc[chosen, column].astype(float)
    if before.isna().all() and change.way is not Way.SET:
        raise _nothing(change, f"{column} of {name}")
    if column == "max_receipt":
        refuse_below_nothing(before, change)
    rows.loc[chosen, column] = moved(before.fillna(0.0), change).round(4)
    return replace(planning, planning_materials=tables.conform("planning_materials", rows))


def working_days(planning: PlanningTables, change: PlanChange, subjects: Subjects) -> PlanningTables:
    """Days worked in the months named, at one site or at all of them, between none and 31.

    The only site there is are all of them: what names no site works there, as in a cycle's calendar.
    """
    site, rows = subjects.of_site(change), tables.frame(planning.planning_calendar)
    site = None if subjects.sites == {site} else site
    months = {month: change.covers(month) for month in rows["month"].unique()}
    if not any(months.values()):
        raise no_months(change, min(months), max(months))
    covered = rows["month"].map(months)
    if site is None:
        changed = rows
    else:  # a month without a row of the site's own has that of every site
        everywhere = rows[rows["site_id"].isna() & ~rows["month"].isin(rows.loc[rows["site_id"] == site, "month"])]
        own = everywhere[everywhere["month"].map(months)].assign(site_id=site)
        changed = pd.concat([rows, own], ignore_index=True)
        covered = changed["month"].map(months) & (changed["site_id"] == site)
    before = changed.loc[covered, "working_days"].astype(float).fillna(0.0)
    changed.loc[covered, "working_days"] = moved(before, change).clip(upper=LONGEST_MONTH)
    return replace(planning, planning_calendar=tables.conform("planning_calendar", changed))


def overtime(planning: PlanningTables, change: PlanChange, subjects: Subjects) -> PlanningTables:
    """The limit of overtime of the resources named, as each states it: percent of regular hours, or hours a head."""
    names = subjects.of_hours(change)
    resources, months = _resources(planning), tables.frame(planning.planning_resource_months)
    chosen = resources["resource_id"].isin(names)
    stated = resources.loc[chosen, list(OVERTIME_LIMITS)].notna().any(axis=None)
    of_month = months["resource_id"].isin(names) & months["overtime_hours"].notna()
    if not stated and not of_month.any():
        raise _nothing(change, "a resource with a limit of overtime")
    for column in OVERTIME_LIMITS:
        resources.loc[chosen, column] = moved(resources.loc[chosen, column].astype(float), change)
    if change.way is Way.PERCENT:
        months.loc[of_month, "overtime_hours"] = moved(months.loc[of_month, "overtime_hours"].astype(float), change)
    return replace(
        planning,
        planning_resources=tables.conform("planning_resources", resources),
        planning_resource_months=tables.conform("planning_resource_months", months),
    )


def lead_time(planning: PlanningTables, change: PlanChange, subjects: Subjects) -> PlanningTables:
    """Days a material takes, or months it takes to hire for a resource."""
    if subjects.is_material(change):
        return _of_materials(planning, change, subjects.material(change), "lead_days")
    resources = _resources(planning)
    chosen = resources["resource_id"].isin(subjects.of_hours(change))
    before = resources.loc[chosen, "hire_lead_months"].astype(float).fillna(0.0)
    resources.loc[chosen, "hire_lead_months"] = moved(before, change).round()
    return replace(planning, planning_resources=tables.conform("planning_resources", resources))


def _of_months(
    planning: PlanningTables, change: PlanChange, names: set[str], after: Callable[[pd.DataFrame], pd.DataFrame]
) -> PlanningTables:
    """``planning_resource_months`` with the rows of the names and months changed, those that were not there added."""
    horizon = sorted(set(tables.days(planning.planning_demand, "month")))
    months = [pd.Timestamp(month) for month in horizon if change.covers(month)]
    if not months:
        raise no_months(change, pd.Timestamp(horizon[0]), pd.Timestamp(horizon[-1]))
    places = pd.MultiIndex.from_product([sorted(names), months], names=["resource_id", "month"]).to_frame(index=False)
    rows = tables.frame(planning.planning_resource_months)
    merged = rows.merge(places, on=["resource_id", "month"], how="outer", indicator="found")
    chosen = merged["found"] != "left_only"
    changed = pd.concat([merged[~chosen], after(merged[chosen])]).drop(columns="found")
    return replace(planning, planning_resource_months=tables.conform("planning_resource_months", changed))


def _resources(planning: PlanningTables) -> pd.DataFrame:
    return tables.frame(planning.planning_resources)


def _nothing(change: PlanChange, needed: str) -> BadInput:
    return BadInput(
        found=f"nothing that {change.measure} of {change.subject} would change",
        needed=needed,
        where=change.where,
        mend="Name another, or state the figure in the company's files.",
    )
