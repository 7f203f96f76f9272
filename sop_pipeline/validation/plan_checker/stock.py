"""Identities of what is made, kept, owed and lost (METHODS 5), recomputed from tables.

Each function answers with the violations of the identities it names. A limit that could not be kept is no violation as
far as the plan admits to it as a shortfall.
"""

from __future__ import annotations

import calendar

import numpy as np
import numpy.typing as npt

from sop_pipeline.validation.plan_checker.view import UNIT_TOLERANCE, Floats, PlanView, Violation, breaches

QUANTITIES = ("output", "subcontract", "inventory", "backlog", "lost_sales")


def stock_identities(view: PlanView) -> list[Violation]:
    """Every identity of this module, in the order of the functions below."""
    violations: list[Violation] = []
    for check in (
        demand_taken,
        non_negative,
        balance,
        lost_sales,
        backlog,
        subcontracting,
        output_limits,
        lots,
        campaigns,
        rate_change_limit,
        target_stock,
        stock_limits,
        storage,
    ):
        violations += check(view)
    return violations


def _breaches(view: PlanView, identity: str, found: Floats, needed: Floats, excess: Floats) -> list[Violation]:
    """Violations where ``excess`` (P, T) is more than rounding."""
    wrong = np.nan_to_num(excess, nan=0.0) > UNIT_TOLERANCE
    return breaches(identity, view.product_names, view.months, found, needed, wrong)


def demand_taken(view: PlanView) -> list[Violation]:
    """``demand``: the plan answers the demand it was given."""
    taken = view.items["demand"]
    return _breaches(view, "demand", taken, view.demand, np.abs(taken - view.demand))


def non_negative(view: PlanView) -> list[Violation]:
    """``non_negative``: no quantity of the plan is below zero."""
    found: list[Violation] = []
    for name in QUANTITIES:
        found += _breaches(view, "non_negative", view.items[name], np.zeros(1), -view.items[name])
    return found


def balance(view: PlanView) -> list[Violation]:
    """``inventory_balance``: ``I(t-1) - B(t-1) + X + C = D - L + I - B``."""
    items = view.items
    net = items["inventory"] - items["backlog"]
    opening = view.state["opening_stock"].fillna(0.0) - view.state["opening_backlog"].fillna(0.0)
    before = np.concatenate([opening.to_numpy(float)[:, None], net[:, :-1]], axis=1)
    has = before + items["output"] + items["subcontract"]
    needs = view.demand - items["lost_sales"] + net
    return _breaches(view, "inventory_balance", has, needs, np.abs(has - needs))


def lost_sales(view: PlanView) -> list[Violation]:
    """``lost_sales_within_demand``: ``L <= D``; ``must_serve``: what must be served is; ``lost_sales_allowed``."""
    lost, admitted = view.items["lost_sales"], view.declared("demand", view.product_names)
    found = _breaches(view, "lost_sales_within_demand", lost, view.demand, lost - view.demand)
    spare = view.demand - view.must_serve
    found += _breaches(view, "must_serve", lost, spare, np.where(view.must_serve > 0, lost - admitted - spare, 0.0))
    allowed = ~np.isnan(view.own("lost_sales_cost")) | view.profit
    return found + _breaches(view, "lost_sales_allowed", lost, admitted, np.where(allowed, 0.0, lost - admitted))


def backlog(view: PlanView) -> list[Violation]:
    """``backlog_allowed``: none without a cost of backlog; ``closing_backlog``: at most the figure at the end."""
    owed = view.items["backlog"]
    allowed = ~np.isnan(view.own("backlog_cost"))
    found = _breaches(view, "backlog_allowed", owed, np.zeros(1), np.where(allowed, 0.0, owed))
    most = view.state["closing_backlog"].to_numpy(float)[:, None]
    excess = np.zeros(owed.shape)
    excess[:, -1:] = np.nan_to_num(owed[:, -1:] - most)
    return found + _breaches(view, "closing_backlog", owed, most, excess)


def subcontracting(view: PlanView) -> list[Violation]:
    """``subcontract_limit``: at most the month's limit, and nothing where neither a price nor a limit allows it.

    ``fixed_subcontract``: what is given is subcontracted.
    """
    limit = view.own("subcontract_limit")
    limited = ~np.isnan(limit).all(axis=1, keepdims=True)
    allowed = limited | ~np.isnan(view.own("subcontract_cost"))
    most = np.where(allowed, np.where(np.isnan(limit), np.inf, limit), 0.0)
    subcontracted, given = view.items["subcontract"], view.by_month["fixed_subcontract"]
    found = _breaches(
        view, "subcontract_limit", subcontracted, most, np.where(np.isnan(given), subcontracted - most, 0.0)
    )
    return found + _breaches(view, "fixed_subcontract", subcontracted, given, np.abs(subcontracted - given))


def output_limits(view: PlanView) -> list[Violation]:
    """``max_production``, ``fixed_production``, and ``discontinued``: nothing is made after the product's end."""
    output = view.items["output"]
    most, fixed = view.by_month["max_production"], view.by_month["fixed_production"]
    free = np.isnan(fixed)
    found = _breaches(view, "max_production", output, most, np.where(free, output - most, 0.0))
    found += _breaches(view, "fixed_production", output, fixed, np.abs(output - fixed))
    return found + _breaches(view, "discontinued", output, np.zeros(1), np.where(_ended(view) & free, output, 0.0))


def _ended(view: PlanView) -> npt.NDArray[np.bool_]:
    """Months after the one in which a product ends (P, T)."""
    ends = [end[:7] for end in view.products["discontinued_on"]]
    return np.array([[bool(end) and month > end for month in view.months] for end in ends]).reshape(view.demand.shape)


def lots(view: PlanView) -> list[Violation]:
    """``min_lot``: made at least a lot, or not at all; ``set_up``: what is made where set-ups count was set up."""
    output, lot = view.items["output"], view.products["min_lot"].fillna(0.0).to_numpy(float)[:, None]
    running = output > UNIT_TOLERANCE
    found = _breaches(view, "min_lot", output, lot, np.where(running, lot - output, 0.0))
    counted = (lot > 0) | (np.nan_to_num(view.own("setup_cost")) > 0)
    set_up = view.items.get("set_up", np.zeros(output.shape))
    return found + _breaches(view, "set_up", set_up, np.ones(1), np.where(running & counted, 1.0 - set_up, 0.0))


def campaigns(view: PlanView) -> list[Violation]:
    """``campaign``: what was set up stays set up for the months a run lasts, as far as the horizon goes."""
    on = view.items.get("set_up", np.zeros(view.demand.shape)) > 0.5
    length = np.nan_to_num(view.products["campaign_months"].to_numpy(float))
    found: list[Violation] = []
    for ahead in range(1, int(length.max(initial=0.0))):
        started = on & ~np.concatenate([np.zeros((len(on), 1), bool), on[:, :-1]], axis=1)
        kept = np.ones(on.shape, bool)
        kept[:, :-ahead] = on[:, ahead:]
        broken = started & ~kept & (length > ahead)[:, None]
        found += _breaches(view, "campaign", kept.astype(float), np.ones(1), broken.astype(float))
    return found


def rate_change_limit(view: PlanView) -> list[Violation]:
    """``rate_change_limit``: output per working day changes by at most its share of the month before, till its end."""
    share = view.products["max_rate_change_pct"].to_numpy(float)[:, None] / 100
    rate = view.items["output"] / np.where(view.product_days > 0, view.product_days, np.nan)
    before = np.concatenate([np.full((len(rate), 1), np.nan), rate[:, :-1]], axis=1)
    change = np.where(_ended(view), 0.0, np.abs(rate - before))
    return _breaches(view, "rate_change_limit", change, share * before, change - share * before)


def target_stock(view: PlanView) -> list[Violation]:
    """``target_stock``: safety stock, cover and the month's least; ``closing_stock``: the figure at the end."""
    stock, admitted = view.items["inventory"], view.declared("target", view.product_names)
    safety = view.state["safety_stock"].fillna(0.0).to_numpy(float)[:, None]
    cover = days_ahead(view, view.products["cover_days_min"].fillna(0.0).to_numpy(float))
    least = np.maximum(np.maximum(safety, cover), np.nan_to_num(view.by_month["min_stock"]))
    found = _breaches(view, "target_stock", stock, least, least - stock - admitted)
    closing = np.zeros(stock.shape)
    closing[:, -1] = view.state["closing_stock"].fillna(0.0).to_numpy(float)
    short = np.where(closing > 0, closing - stock - admitted, 0.0)
    return found + _breaches(view, "closing_stock", stock, closing, short)


def stock_limits(view: PlanView) -> list[Violation]:
    """``max_stock``: the month's or the product's limit; ``max_cover``: most days of demand; ``shelf_life``.

    ``shelf_life``: ``I(t) <=`` demand of the next k months, where these lie within the horizon.
    """
    stock, admitted = view.items["inventory"], view.declared("limit", view.product_names)
    own = view.by_month["max_stock"]
    most = np.where(np.isnan(own), view.products["max_stock"].to_numpy(float)[:, None], own)
    found = _breaches(view, "max_stock", stock, most, stock - most - admitted)
    longest = view.products["cover_days_max"].to_numpy(float)
    cover = np.where(np.isnan(longest)[:, None], np.nan, days_ahead(view, np.nan_to_num(longest)))
    found += _breaches(view, "max_cover", stock, cover, stock - cover - admitted)
    life = _shelf_life(view)
    return found + _breaches(view, "shelf_life", stock, life, stock - life - admitted)


def _shelf_life(view: PlanView) -> Floats:
    out = np.full(view.demand.shape, np.nan)
    for row, life in enumerate(view.products["shelf_life_months"]):
        if np.isnan(life):
            continue
        for month in range(len(view.months) - int(life)):
            out[row, month] = view.demand[row, month + 1 : month + 1 + int(life)].sum()
    return out


def days_ahead(view: PlanView, days: Floats) -> Floats:
    """Demand of the next ``days`` calendar days after each month, day by day; the last month repeats beyond the end."""
    lengths = [month_length(month) for month in view.months]
    out = np.zeros(view.demand.shape)
    last = len(view.months) - 1
    for row in np.flatnonzero(days > 0):
        for month in range(last + 1):
            left, ahead = float(days[row]), month
            while left > 0:
                ahead += 1
                place = min(ahead, last)
                taken = min(left, lengths[place])
                out[row, month] += view.demand[row, place] * taken / lengths[place]
                left -= lengths[place]
    return out


def month_length(month: str) -> float:
    """Days of a month; of one that is only a label those of an average month."""
    if len(month) == 7 and month[4] == "-" and month[:4].isdigit():
        return float(calendar.monthrange(int(month[:4]), int(month[5:]))[1])
    return 365.25 / 12


def storage(view: PlanView) -> list[Violation]:
    """``storage``: ``sum_p space_p I_p <= capacity`` of every resource of kind storage."""
    kept = view.others["kind"] == "storage"
    names = list(view.others.loc[kept, "resource_id"])
    if not names:
        return []
    limit = view.other_capacity[kept.to_numpy()]
    used = np.zeros(limit.shape)
    product = {name: index for index, name in enumerate(view.product_names)}
    for row in view.features[view.features["feature"].isin(names)].to_dict("records"):
        if row["product_id"] in product:
            used[names.index(row["feature"])] += row["quantity"] * view.items["inventory"][product[row["product_id"]]]
    tolerance = UNIT_TOLERANCE * (1 + view.weight(names))[:, None]
    wrong = np.nan_to_num(used - limit - view.declared("storage", names)) > tolerance
    return breaches("storage", names, view.months, used, limit, wrong)
