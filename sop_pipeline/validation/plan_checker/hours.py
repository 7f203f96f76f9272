"""Identities of people, machines, hours, materials and cash (METHODS 5), recomputed from tables."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt

from sop_pipeline.validation.plan_checker.stock import month_length
from sop_pipeline.validation.plan_checker.view import ROUNDING, UNIT_TOLERANCE, Floats, PlanView, Violation, breaches

OVERTIME = ("overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit")
SPENT = (
    "material",
    "regular_pay",
    "overtime",
    "temporary",
    "hiring",
    "layoff",
    "subcontracting",
    "setup",
    "rate_change",
)


def hour_identities(view: PlanView) -> list[Violation]:
    """Every identity of this module, in the order of the functions below."""
    violations: list[Violation] = []
    for check in (
        load,
        hours,
        min_utilisation,
        overtime,
        workforce,
        unit_limits,
        maintenance,
        materials,
        material_stock,
        material_supply,
        cash,
    ):
        violations += check(view)
    return violations


def _breaches(
    view: PlanView, identity: str, amount: Floats, needed: Floats, excess: Floats, tolerance: npt.ArrayLike = 0.0
) -> list[Violation]:
    wrong = np.nan_to_num(excess) > UNIT_TOLERANCE + np.asarray(tolerance)
    return breaches(identity, view.resource_names, view.months, amount, needed, wrong)


def load(view: PlanView) -> list[Violation]:
    """``load``: hours worked are the hours that output takes, ``sum_p sum_l a_prl X(p,t+l)`` and set-ups.

    Where products may choose between resources, the plan's routes say which was taken; where it names none, or an
    alternative has a set-up of its own, between nothing and all of the choice is accepted.
    """
    names = view.resource_names
    worked = view.hours["regular_hours"] + view.hours["overtime_hours"]
    least = view.usage(names, alternatives=False)
    chosen = view.usage(names, alternatives=True)
    most = least + chosen
    if (
        view.routes is not None
        and not (view.features["setup"].fillna(0.0)[view.features["option_group"] != ""] > 0).any()
    ):
        least = most
    tolerance = ROUNDING * (1 + view.weight(names))[:, None]
    needed = np.where(worked < least, least, most)
    return _breaches(view, "load", worked, needed, np.maximum(least - worked, worked - most), tolerance)


def regular_hours(view: PlanView) -> Floats:
    """Regular hours there are, without temporary workers (H, T); infinite where nothing limits them."""
    per_head = view.hours_a_head
    present = view.hours["units"] - view.hours["units_down"]
    by_heads = np.where(np.isnan(per_head), np.inf, np.nan_to_num(per_head) * present)
    return np.where(np.isnan(view.stated_hours), by_heads, view.stated_hours)


def _temporary_hours(view: PlanView) -> Floats:
    out: Floats = view.hours["temporary"] * np.nan_to_num(view.hours_a_head)
    return out


def hours(view: PlanView) -> list[Violation]:
    """``hours``: regular hours worked are there; ``idle_hours``: what is there and not worked is idle."""
    there = regular_hours(view) + _temporary_hours(view) + view.more("regular_hours")
    worked, admitted = view.hours["regular_hours"], view.declared("hours", view.resource_names)
    tolerance = ROUNDING * (1 + np.nan_to_num(view.hours_a_head))
    found = _breaches(view, "hours", worked, there, worked - there - admitted, tolerance)
    idle = np.where(np.isinf(there), 0.0, np.maximum(there - worked, 0.0))
    gap = np.abs(view.hours["idle_hours"] - idle)
    return found + _breaches(view, "idle_hours", view.hours["idle_hours"], idle, gap, tolerance)


def min_utilisation(view: PlanView) -> list[Violation]:
    """``min_utilisation``: hours worked, overtime included, are at least the share of regular hours asked for."""
    share = np.nan_to_num(view.resources["min_utilisation_pct"].to_numpy(float))[:, None] / 100
    there = regular_hours(view)
    needed = np.where((share > 0) & np.isfinite(there), share * np.where(np.isfinite(there), there, 0.0), 0.0)
    worked = view.hours["regular_hours"] + view.hours["overtime_hours"]
    tolerance = ROUNDING * (1 + np.nan_to_num(view.hours_a_head))
    return _breaches(view, "min_utilisation", worked, needed, needed - worked, tolerance)


def overtime(view: PlanView) -> list[Violation]:
    """``overtime_limit``: ``0 <= V <=`` the month's hours, else a share of regular hours and hours per head."""
    table, worked = view.resources, view.hours["overtime_hours"]
    month = view.month_overtime
    share = table["overtime_limit_pct"].to_numpy(float)[:, None] / 100
    per_head = table["overtime_hours_per_unit"].to_numpy(float)[:, None]
    heads = view.hours["units"] - view.hours["units_down"]
    stated = ~np.isnan(view.stated_hours)
    opening = table["opening_units"].fillna(0.0).to_numpy(float)[:, None]
    present = np.where(stated, opening - view.down, heads)
    by_share = share * np.where(stated, view.stated_hours, np.nan_to_num(view.hours_a_head) * heads)
    standing = np.fmin(np.where(np.isnan(by_share), np.inf, by_share), np.nan_to_num(per_head * present, nan=np.inf))
    possible = table[["overtime_limit_pct", "overtime_hours_per_unit", "overtime_rate"]].notna().any(axis=1).to_numpy()
    possible = possible | ~np.isnan(month).all(axis=1)
    more = view.more(*OVERTIME)
    limit = np.where(possible[:, None], np.where(np.isnan(month), standing, month) + more, 0.0)
    tolerance = ROUNDING * (1 + np.nan_to_num(view.hours_a_head))
    excess = np.maximum(worked - np.maximum(limit, 0.0), -worked)
    return _breaches(view, "overtime_limit", worked, limit, excess, tolerance)


def workforce(view: PlanView) -> list[Violation]:
    """``workforce_balance``: ``W(t) = W(t-1) + hires - layoffs``; a crew without an opening figure starts freely."""
    heads = view.hours["units"]
    opening = view.resources["opening_units"].to_numpy(float)
    labour = (view.resources["kind"] == "labour").to_numpy()
    start = np.where(np.isnan(opening) & ~labour, 1.0, opening)
    before = np.concatenate([start[:, None], heads[:, :-1]], axis=1)
    expected = before + view.hours["hires"] - view.hours["layoffs"]
    counted = ~np.isnan(before) & np.isnan(view.stated_hours) & ~np.isnan(view.hours_a_head)
    gap = np.where(counted, np.abs(heads - expected), 0.0)
    return _breaches(view, "workforce_balance", heads, expected, gap)


def unit_limits(view: PlanView) -> list[Violation]:
    """``unit_limits``, ``hire_limit``, ``hire_lead``, ``layoff_limit``, ``temporary_limit``, ``whole_workers``."""
    table, plan = view.resources, view.hours
    moved = ~np.isnan(view.hours_a_head) & np.isnan(view.stated_hours)
    least, most = (table[name].to_numpy(float)[:, None] for name in ("min_units", "max_units"))
    most = most + view.more("max_units")
    heads = plan["units"]
    outside = np.where(moved, np.fmax(np.nan_to_num(least - heads), np.nan_to_num(heads - most)), 0.0)
    found = _breaches(view, "unit_limits", heads, np.where(heads < least, least, most), outside)
    for name, cost, identity in (("hires", "hire_cost", "hire_limit"), ("layoffs", "layoff_cost", "layoff_limit")):
        limit = table[f"max_{name}"].to_numpy(float)
        allowed = table[cost].notna().to_numpy() | (np.nan_to_num(limit) > 0)
        cap = np.where(allowed, np.where(np.isnan(limit), np.inf, limit), 0.0)[:, None]
        cap = cap + np.where(allowed[:, None], view.more(f"max_{name}"), 0.0)
        excess = np.maximum(plan[name] - cap, -plan[name])
        found += _breaches(view, identity, plan[name], cap, excess)
    early = np.arange(len(view.months)) < table["hire_lead_months"].fillna(0.0).to_numpy(float)[:, None]
    found += _breaches(view, "hire_lead", plan["hires"], np.zeros(1), np.where(early, plan["hires"], 0.0))
    temporary = table["temporary_max"].fillna(0.0).to_numpy(float)[:, None]
    temporary = temporary + view.more("temporary_max")
    excess = np.maximum(plan["temporary"] - temporary, -plan["temporary"])
    found += _breaches(view, "temporary_limit", plan["temporary"], temporary, excess)
    if view.whole_workers:
        change = plan["hires"] + plan["layoffs"] > UNIT_TOLERANCE
        found += _breaches(
            view, "whole_workers", heads, np.round(heads), np.where(change, np.abs(heads - np.round(heads)), 0.0)
        )
    return found


def maintenance(view: PlanView) -> list[Violation]:
    """``maintenance``: what must be serviced is; ``units_down``: what is down by the calendar is down in the plan."""
    down = view.hours["units_down"]
    found = _breaches(view, "units_down", down, view.down, view.down - down)
    needed = view.resources["maintenance_units_required"].fillna(0.0).to_numpy(float)
    placed = (down - view.down).sum(axis=1)
    wrong = np.abs(placed - needed) > UNIT_TOLERANCE
    names = view.resource_names
    return found + [
        Violation("maintenance", names[row], "", float(placed[row]), float(needed[row]))
        for row in np.flatnonzero(wrong)
    ]


def _taken(view: PlanView, names: list[str]) -> Floats:
    """What is taken of materials, by the plan's routes where it names them."""
    plain = view.usage(names, alternatives=False)
    return plain if view.routes is None else plain + view.usage(names, alternatives=True)


def materials(view: PlanView) -> list[Violation]:
    """``material_limit``: ``sum_p u_p X_p <= capacity`` of the month, for materials, and cash that features name."""
    named = view.others["resource_id"].isin(view.features["feature"])
    chosen = (view.others["kind"] == "material") | ((view.others["kind"] == "cash") & named)
    names = list(view.others.loc[chosen, "resource_id"])
    if not names:
        return []
    used, limit = _taken(view, names), view.other_capacity[chosen.to_numpy()]
    tolerance = UNIT_TOLERANCE * (1 + view.weight(names))[:, None]
    wrong = np.nan_to_num(used - limit - view.declared("material", names)) > tolerance
    return breaches("material_limit", names, view.months, used, limit, wrong)


def material_stock(view: PlanView) -> list[Violation]:
    """``material_stock``: before newly ordered material can arrive, use so far is at most what is held and on order.

    An order of the first day comes ``lead_days`` later; a month's use is even over its days.
    """
    found: list[Violation] = []
    for row in view.materials.to_dict("records"):
        name, held, waits = [str(row["material_id"])], _held(row), _waiting(view, row)
        use = _taken(view, name)[0]
        early = np.array([use[:month].sum() + share * use[month] for month, share in enumerate(waits)])
        excess = np.where(waits > 0, early - held - view.declared("material_stock", name)[0], 0.0)
        found += _beyond(view, "material_stock", name, early, np.full(use.shape, held), excess)
    return found


def material_supply(view: PlanView) -> list[Violation]:
    """``material_supply``: use so far is at most what was held, on order, and receivable at ``max_receipt`` a month."""
    found: list[Violation] = []
    for row in view.materials.dropna(subset=["max_receipt"]).to_dict("records"):
        name, waits = [str(row["material_id"])], _waiting(view, row)
        use = np.cumsum(_taken(view, name)[0])
        most = _held(row) + row["max_receipt"] * np.cumsum(waits < 1)
        excess = np.where(waits < 1, use - most - view.declared("material", name)[0], 0.0)
        found += _beyond(view, "material_supply", name, use, most, excess)
    return found


def _held(row: dict[Hashable, Any]) -> float:
    return float(np.nan_to_num(row["on_hand"]) + np.nan_to_num(row["on_order"]))


def _waiting(view: PlanView, row: dict[Hashable, Any]) -> Floats:
    """The share of each month before an order of the first day has come (T,); none where no stock is stated."""
    if np.isnan(row["on_hand"]) and np.isnan(row["on_order"]):
        return np.zeros(len(view.months))
    left, shares = float(np.nan_to_num(row["lead_days"])), []
    for month in view.months:
        days = month_length(month)
        shares.append(min(left / days, 1.0))
        left = max(left - days, 0.0)
    return np.array(shares)


def _beyond(
    view: PlanView, identity: str, name: list[str], found: Floats, needed: Floats, excess: Floats
) -> list[Violation]:
    tolerance = UNIT_TOLERANCE * (1 + float(view.weight(name)[0]))
    return breaches(identity, name, view.months, found[None], needed[None], excess[None] > tolerance)


def cash(view: PlanView) -> list[Violation]:
    """``cash_limit``: what is paid out in a month is at most the capacity of cash that no feature names."""
    named = view.others["resource_id"].isin(view.features["feature"])
    chosen = (view.others["kind"] == "cash") & ~named
    names = list(view.others.loc[chosen, "resource_id"])
    if not names:
        return []
    paid = view.costs[view.costs["kind"].isin(SPENT)].groupby("month")["amount"]
    spent, rows = paid.sum().reindex(view.months).fillna(0.0), paid.size().reindex(view.months).fillna(0.0)
    used = np.repeat(spent.to_numpy(float)[None, :], len(names), axis=0)
    limit = view.other_capacity[chosen.to_numpy()]
    wrong = np.nan_to_num(used - limit - view.declared("cash", names)) > 0.01 * (1 + rows.to_numpy(float))
    return breaches("cash_limit", names, view.months, used, limit, wrong)
