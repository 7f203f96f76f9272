"""Materials and cash: what a month may use and spend.

Here: monthly limits of resources of kind material, stock of materials that cannot yet be bought, spending limits.
Not here: the price of materials, which is part of what a unit costs (``problem.data``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import INF
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.constraints.hours import add_usage
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.problem.calendar_days import calendar_days, days_before

SPENDING = (
    "material", "regular_pay", "overtime_pay", "temporary_pay", "hiring", "layoffs", "subcontracting", "set_up",
    "rate_change",
)  # fmt: skip


def material_limits(draft: Draft) -> None:
    """``sum_p u_pm X_p <= capacity_m`` each month, for resources of kind material, and for cash that features name."""
    data = draft.data
    named = set(data.features.feature)
    kinds = data.others["kind"]
    chosen = ((kinds == "material") | ((kinds == "cash") & data.others["resource_id"].isin(named))).to_numpy()
    if not chosen.any():
        return
    names, capacity = list(data.others.loc[chosen, "resource_id"]), data.other_capacity[chosen]
    rows = draft.builder.add_rows(
        "material", names, data.months, upper=capacity, where=np.isfinite(capacity), label=Label(limit="capacity")
    )
    add_usage(draft, rows, names)
    _overload(draft, "material_over", names, rows, draft.prices.other[chosen])


def material_stock(draft: Draft) -> None:
    """What is used stays within what is there: held and on order, and what can have been received since.

    ``sum before t of use + w(t) use(t) <= held``, ``w`` the share of the month that lies before a new order arrives:
    one placed on the first day comes after ``lead_days``. ``sum to t of use <= held + max_receipt x`` months to t in
    which receipts are possible, where the supplier's limit is stated: scarce material is bought ahead.
    """
    data, table = draft.data, draft.data.materials
    stated = (table["on_hand"].notna() | table["on_order"].notna()).to_numpy()
    lead = np.where(stated, table["lead_days"].fillna(0.0).to_numpy(float), 0.0)
    most = table["max_receipt"].fillna(INF).to_numpy(float)
    chosen = (lead > 0) | np.isfinite(most)
    if not chosen.any():
        return
    names = list(table.loc[chosen, "material_id"])
    held = table.loc[chosen, ["on_hand", "on_order"]].fillna(0.0).sum(axis=1).to_numpy(float)
    builder, months = draft.builder, data.months
    used = builder.add_variables("material_used", names, months)
    tally = builder.add_rows("material_used", names, months, lower=0.0, upper=0.0)
    builder.add_terms(tally, used, -1.0)
    add_usage(draft, tally, names)
    length = calendar_days(months)
    waiting = np.clip((lead[chosen][:, None] - days_before(months)) / length, 0.0, 1.0)
    supplied = np.cumsum(waiting < 1, axis=1)
    received = np.where(supplied > 0, supplied * np.minimum(most[chosen], 1e30)[:, None], 0.0)
    more = {limit: data.more_material(limit)[chosen] for limit in ("on_hand and on_order", "max_receipt")}
    within_lead = {
        "upper": held[:, None] + more["on_hand and on_order"],
        "where": waiting > 0,
        "label": Label(limit="on_hand and on_order"),
    }
    by_supplier = {
        "upper": held[:, None] + received + more["max_receipt"],
        "where": np.isfinite(most[chosen])[:, None] & (waiting < 1),
        "label": Label(limit="max_receipt"),
    }
    price = np.full(len(names), draft.prices.hours.max(initial=1.0))
    for name, last, limits in (("stock", waiting, within_lead), ("supply", np.ones(waiting.shape), by_supplier)):
        rows = builder.add_rows(f"material_{name}", names, months, **limits)
        for month in range(len(months)):
            builder.add_terms(rows[:, [month]], used[:, :month], 1.0)
            builder.add_terms(rows[:, [month]], used[:, [month]], last[:, [month]])
        _overload(draft, f"material_{name}_over", names, rows, price)


def cash_limits(draft: Draft) -> None:
    """``spending(t) <= capacity``: material, pay, hiring, layoffs, subcontracting, set-ups, change of rate.

    For resources of kind cash that no feature names; holding, backlog and lost sales are not paid out.
    """
    data, builder = draft.data, draft.builder
    named = set(data.features.feature)
    chosen = ((data.others["kind"] == "cash") & ~data.others["resource_id"].isin(named)).to_numpy()
    if not chosen.any():
        return
    names, capacity = list(data.others.loc[chosen, "resource_id"]), data.other_capacity[chosen]
    stated = stated_spending(draft).sum(axis=0)
    rows = builder.add_rows(
        "cash",
        names,
        data.months,
        upper=capacity - stated,
        where=np.isfinite(capacity),
        label=Label(unit="money", limit="capacity"),
    )
    for cost in builder.costs:
        if cost.kind in SPENDING:
            for item in range(len(cost.items)):
                builder.add_terms(rows, cost.ids[item], cost.coefficient[item])
    _overload(draft, "cash_over", names, rows, np.full(len(names), 10.0))


def stated_spending(draft: Draft) -> np.ndarray:
    """What is paid whatever is planned (H, T): regular pay of stated hours, and hiring for hours that were added."""
    result: np.ndarray = stated_pay(draft) + draft.data.resources.hiring_for_more
    return result


def stated_pay(draft: Draft) -> np.ndarray:
    """Regular pay of stated capacity and of hours added, where it is due whether they are used or not (H, T)."""
    resources = draft.data.resources
    due = resources.paid & (~np.isnan(resources.fixed_hours)).all(axis=1)
    pay = resources.regular_rate[:, None] * resources.pay_factor * np.nan_to_num(resources.fixed_hours)
    result: np.ndarray = np.where(due[:, None], pay, 0.0) + resources.pay_for_more
    return result


def _overload(draft: Draft, name: str, names: list[str], rows: np.ndarray, price: np.ndarray) -> None:
    if draft.overload:
        over = draft.builder.add_variables(name, names, draft.data.months, where=rows >= 0)
        draft.builder.add_terms(rows, over, -1.0)
        draft.builder.add_cost("shortfall", names, over, price[:, None], real=False)
