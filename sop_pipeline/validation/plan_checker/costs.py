"""Every cost of a plan recomputed by kind (METHODS 5, 7) and compared row by row.

The identity of a kind is ``cost_`` and its name; a kind the checker cannot recompute is itself a violation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sop_pipeline.validation.plan_checker.hours import regular_hours
from sop_pipeline.validation.plan_checker.view import ROUNDING, Floats, PlanView, Violation, breaches

CENT = 0.011
# What a kind of cost should be (items, T), and money per unit: how far rounding of a quantity carries.
Recomputed = tuple[list[str], Floats, Floats]


def cost_identities(view: PlanView) -> list[Violation]:
    """Compare every kind of cost; kinds that are not known are named as ``cost_unknown``."""
    violations: list[Violation] = []
    for kind, recompute in KINDS.items():
        violations += _compared(view, kind, recompute(view))
    unknown = view.costs[~view.costs["kind"].isin(list(KINDS)) & (view.costs["amount"].abs() > CENT)]
    return violations + [
        Violation("cost_unknown", f"{row['item']} {row['kind']}", row["month"], float(row["amount"]), 0.0)
        for row in unknown.to_dict("records")
    ]


def _compared(view: PlanView, kind: str, recomputed: Recomputed) -> list[Violation]:
    names, needed, price = recomputed
    rows = view.costs[view.costs["kind"] == kind]
    item = pd.Index(names).get_indexer(pd.Index(rows["item"]))
    month = pd.Index(view.months).get_indexer(pd.Index(rows["month"]))
    known = (item >= 0) & (month >= 0)
    found = np.zeros((len(names), len(view.months)))
    np.add.at(found, (item[known], month[known]), rows["amount"].to_numpy(float)[known])
    tolerance = CENT + ROUNDING * np.abs(np.nan_to_num(price))
    out = breaches(f"cost_{kind}", names, view.months, found, needed, np.abs(found - needed) > tolerance)
    strange = rows[~known]
    return out + [
        Violation(f"cost_{kind}", str(row["item"]), row["month"], float(row["amount"]), 0.0)
        for row in strange.to_dict("records")
    ]


def _per_unit(view: PlanView, quantity: str, price: Floats) -> Recomputed:
    rate = np.nan_to_num(price)
    return view.product_names, view.items[quantity] * rate, rate


def material(view: PlanView) -> Recomputed:
    """Material of every unit made, and what the alternatives that made it list."""
    names, amount, rate = _per_unit(view, "output", view.own("unit_material_cost", material_price(view)))
    cost = view.materials.set_index("material_id")["unit_cost"].fillna(0.0)
    listed = view.features[(view.features["option_group"] != "") & view.features["feature"].isin(cost.index)]
    stated = set(view.products.loc[view.products["unit_material_cost"].notna(), "product_id"])
    extra = np.zeros(amount.shape)
    for row in listed.to_dict("records"):
        if row["product_id"] in names and row["product_id"] not in stated:
            extra[names.index(row["product_id"])] += view.routed(row) * row["quantity"] * cost[row["feature"]]
    return names, amount + extra, rate


def material_price(view: PlanView) -> Floats:
    """The product's own figure, else its listed materials at their unit cost."""
    cost = view.materials.set_index("material_id")["unit_cost"].fillna(0.0)
    plain = view.features[view.features["option_group"] == ""]
    listed = (plain["quantity"] * plain["feature"].map(cost).fillna(0.0)).groupby(plain["product_id"]).sum()
    own = view.products["unit_material_cost"]
    out: Floats = own.fillna(view.products["product_id"].map(listed)).fillna(0.0).to_numpy(float)
    return out


def holding(view: PlanView) -> Recomputed:
    """Stock at the month's end at its holding cost, else 2% of unit cost, else of a unit value of 1."""
    value = view.products["standard_cost"].fillna(pd.Series(material_price(view)))
    if not _any_money(view):
        value = pd.Series(1.0, index=view.products.index)
    price = view.products["holding_cost"].fillna(0.02 * value)
    return _per_unit(view, "inventory", view.own("holding_cost", price.to_numpy(float)))


def _any_money(view: PlanView) -> bool:
    frames = (view.products, view.resources, view.others, view.materials)
    return any(
        bool(
            (frame[[name for name in frame if str(name).endswith(("_cost", "_price", "_rate"))]].fillna(0.0) > 0)
            .any()
            .any()
        )
        for frame in frames
    )


def backlog(view: PlanView) -> Recomputed:
    """What is owed at the month's end."""
    return _per_unit(view, "backlog", view.own("backlog_cost"))


def lost_sales(view: PlanView) -> Recomputed:
    """What is never served; for profit it costs nothing beside the revenue that it is not part of."""
    cost = view.own("lost_sales_cost")
    return _per_unit(view, "lost_sales", np.zeros(cost.shape) if view.profit else cost)


def subcontracting(view: PlanView) -> Recomputed:
    """Subcontracting at its price, else 20% above the dearest own unit."""
    rate = np.fmax(view.resources["regular_rate"].fillna(0.0), overtime_rate(view))
    pay = dict(zip(view.resource_names, np.nan_to_num(rate), strict=True))
    taken = (view.features["quantity"] * view.features["feature"].map(pay).fillna(0.0)).groupby(
        view.features["product_id"]
    )
    own = material_price(view) + view.products["product_id"].map(taken.sum()).fillna(0.0).to_numpy(float)
    price = view.products["subcontract_cost"].fillna(pd.Series(1.2 * own))
    return _per_unit(view, "subcontract", view.own("subcontract_cost", price.to_numpy(float)))


def setup(view: PlanView) -> Recomputed:
    """Set-ups that were made."""
    return _per_unit(view, "set_up", view.own("setup_cost"))


def _per_resource(view: PlanView, quantity: Floats, price: Floats) -> Recomputed:
    rate = np.broadcast_to(np.nan_to_num(price), quantity.shape)
    return view.resource_names, quantity * rate, rate


def overtime_rate(view: PlanView) -> Floats:
    """Pay of an overtime hour (H,): stated, else 1.5 times the regular rate."""
    regular = view.resources["regular_rate"].fillna(0.0)
    out: Floats = view.resources["overtime_rate"].fillna(1.5 * regular).to_numpy(float)
    return out


def overtime(view: PlanView) -> Recomputed:
    """Overtime at its rate."""
    return _per_resource(view, view.hours["overtime_hours"], overtime_rate(view)[:, None] * view.pay_factor)


def regular_pay(view: PlanView) -> Recomputed:
    """Regular hours at the regular rate: those of heads, down or not, and added ones; or the worked (``pay_basis``)."""
    rate = view.resources["regular_rate"].fillna(0.0).to_numpy(float)[:, None] * view.pay_factor
    hours = np.nan_to_num(view.hours_a_head)
    stated = np.asarray(~np.isnan(view.stated_hours)).all(axis=1, keepdims=True)
    limited = np.isfinite(regular_hours(view))
    paid = np.where(stated, np.nan_to_num(view.stated_hours), view.hours["units"] * hours)
    worked = np.maximum(view.hours["regular_hours"] - view.hours["temporary"] * hours, 0.0)
    by_work = (view.resources["pay_basis"] == "worked").to_numpy()[:, None]
    due = np.where(by_work, worked, np.where(limited | stated, paid, 0.0))
    overload = view.declared("hours", view.resource_names)
    due = np.where(by_work, np.maximum(due - overload, 0.0), due + view.more("regular_hours"))
    return view.resource_names, due * rate, rate * np.maximum(hours, 1.0)


def temporary(view: PlanView) -> Recomputed:
    """Temporary workers, paid for the month's hours."""
    stated = view.resources["temporary_rate"].fillna(view.resources["regular_rate"]).fillna(0.0)
    rate = stated.to_numpy(float)[:, None] * view.pay_factor
    return _per_resource(view, view.hours["temporary"], rate * np.nan_to_num(view.hours_a_head))


def hiring(view: PlanView) -> Recomputed:
    """Heads taken on, those for hours that were added among them."""
    taken_on = view.hours["hires"] + view.more("heads")
    return _per_resource(view, taken_on, view.resources["hire_cost"].to_numpy(float)[:, None])


def layoff(view: PlanView) -> Recomputed:
    """Heads let go."""
    return _per_resource(view, view.hours["layoffs"], view.resources["layoff_cost"].to_numpy(float)[:, None])


def rate_change(view: PlanView) -> Recomputed:
    """Change of output per working day of a resource's products, in common units, from one worked month to the next.

    The first is compared with the products' opening rate, and is free where none is stated.
    """
    up, down = (view.resources[name].fillna(0.0).to_numpy(float) for name in ("rate_up_cost", "rate_down_cost"))
    amount = np.zeros(view.days.shape)
    weight = view.products["equivalent_units"].fillna(1.0).to_numpy(float)
    opening = view.state["opening_rate"].to_numpy(float)
    names = view.products["product_id"].to_numpy()
    for row in np.flatnonzero(up + down > 0):
        taken = view.features.loc[view.features["feature"] == view.resource_names[row], "product_id"]
        users = np.flatnonzero(np.isin(names, taken.to_numpy()))
        output = (view.items["output"] * weight[:, None])[users].sum(axis=0)
        stated = users[np.flatnonzero(~np.isnan(opening[users]))]
        before = float((opening * weight)[stated].sum()) if len(stated) else None
        for month in np.flatnonzero(view.days[row] > 0):
            rate = output[month] / view.days[row, month]
            if before is not None:
                amount[row, month] = up[row] * max(rate - before, 0.0) + down[row] * max(before - rate, 0.0)
            before = rate
    return view.resource_names, amount, np.broadcast_to((up + down)[:, None], amount.shape)


KINDS: dict[str, Callable[[PlanView], Recomputed]] = {
    "material": material,
    "regular_pay": regular_pay,
    "overtime": overtime,
    "temporary": temporary,
    "hiring": hiring,
    "layoff": layoff,
    "holding": holding,
    "backlog": backlog,
    "lost_sales": lost_sales,
    "subcontracting": subcontracting,
    "setup": setup,
    "rate_change": rate_change,
}
