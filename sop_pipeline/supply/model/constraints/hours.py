"""The hours that output takes, the hours there are, and overtime on top of them.

Here: load, regular hours, overtime. Not here: how many heads or machines there are (``workforce``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import INF, Flags, Floats, Ints
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.problem.usual_costs import OVERTIME_PREMIUM


def routes(draft: Draft) -> None:
    """``sum of a group's alternatives = X``: each unit of a product takes one alternative of every option group.

    Materials that an alternative lists are paid with it.
    """
    data, features, builder = draft.data, draft.data.features, draft.builder
    if not features.alternative_names:
        return
    ids = builder.add_variables("route", features.alternative_names, data.months)
    owners = [data.products.names[product] for product in features.alternative_product]
    builder.add_cost("material", owners, ids, features.alternative_material[:, None])
    rows = builder.add_rows("route_share", features.group_names, data.months, lower=0.0, upper=0.0)
    output = draft.ids("output", len(data.products.names))
    builder.add_terms(rows[features.alternative_group], ids, 1.0)
    builder.add_terms(rows, output[features.group_product], -1.0)


def load(draft: Draft) -> None:
    """``Q(r,t) = sum_p sum_l a_prl(t+l) X(p,t+l) + set-up hours`` (METHODS 4): taken l months before completion.

    ``a_prl`` may differ by the month of completion: a family's is that of its products' mix in the month (METHODS 5).
    """
    data, builder = draft.data, draft.builder
    resources = data.resources
    ids = builder.add_variables("load", resources.names, data.months, label=Label(unit="hour"))
    rows = builder.add_rows("load", resources.names, data.months, lower=0.0, upper=0.0, label=Label(unit="hour"))
    builder.add_terms(rows, ids, -1.0)
    add_usage(draft, rows, resources.names)


def add_usage(draft: Draft, rows: Ints, names: list[str]) -> None:
    """Add what output takes of each named feature to its row (names, T), in the month it is taken."""
    features, builder = draft.data.features, draft.builder
    place = {name: index for index, name in enumerate(names)}
    entry = np.array([place.get(name, -1) for name in features.feature], np.int64)
    output = draft.ids("output", len(draft.data.products.names))
    route = draft.ids("route", len(features.alternative_names))
    for lead in np.unique(features.lead[entry >= 0]):
        for alternative in (False, True):
            chosen = (entry >= 0) & (features.lead == lead) & ((features.alternative >= 0) == alternative)
            source = route[features.alternative[chosen]] if alternative else output[features.product[chosen]]
            until = source.shape[1] - lead
            builder.add_terms(rows[entry[chosen], :until], source[:, lead:], features.by_month[chosen, lead:])


def regular_hours(draft: Draft) -> None:
    """``Q <= regular + T h + V``; ``regular = (W - down - maintained) h``, all of it paid or only what is worked.

    With ``pay_basis`` worked, hours worked ``U <= regular`` carry the pay. A stated capacity takes the place of heads.
    Hours that a relief adds are there beside both.
    """
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    stated = ~np.isnan(resources.fixed_hours)
    worked = (~resources.paid | resources.unlimited) & ((resources.regular_rate > 0) | ~resources.unlimited)
    limited = np.repeat(~resources.unlimited[:, None], data.month_count, axis=1)
    right = np.where(stated, np.nan_to_num(resources.fixed_hours), -resources.hours * resources.down)
    right = right + resources.more("regular_hours")
    upper = np.where(limited & ~worked[:, None], right, np.where(worked[:, None], 0.0, INF))
    total = builder.add_rows(
        "hours",
        resources.names,
        data.months,
        upper=upper,
        where=np.isfinite(upper),
        label=Label(unit="hour", limit=np.broadcast_to(np.where(worked, "", "regular_hours")[:, None], upper.shape)),
    )
    builder.add_terms(total, draft.ids("load", len(resources.names)), 1.0)
    cap = _hours_worked(draft, total, np.where(limited, right, INF), worked)
    _add_heads(draft, np.where(worked[:, None], cap, total), ~stated)
    builder.add_terms(total, draft.ids("temporary", len(resources.names)), -resources.hours)
    if draft.overload:
        over = builder.add_variables(
            "hours_over", resources.names, data.months, where=total >= 0, label=Label(unit="hour")
        )
        builder.add_terms(total, over, -1.0)
        builder.add_cost("shortfall", resources.names, over, draft.prices.hours[:, None], real=False)


def _hours_worked(draft: Draft, total: Ints, most: Floats, worked: Flags) -> Ints:
    """``Q <= U + T h + V``, ``U <= regular`` and pay for ``U``, where only what is worked is paid; return the caps."""
    builder, resources, months = draft.builder, draft.data.resources, draft.data.months
    paid = worked[:, None]
    regular = builder.add_variables("hours_worked", resources.names, months, where=paid, label=Label(unit="hour"))
    builder.add_cost("regular_pay", resources.names, regular, resources.regular_rate[:, None] * resources.pay_factor)
    builder.add_terms(total, regular, -1.0)
    label = Label(unit="hour", limit="regular_hours")
    limited = paid & np.isfinite(most)
    cap = builder.add_rows("hours_worked", resources.names, months, upper=most, where=limited, label=label)
    builder.add_terms(cap, regular, 1.0)
    return cap


def _add_heads(draft: Draft, rows: Ints, by_heads: np.ndarray) -> None:
    """Take ``h (W - maintained)`` off the left side of rows that count heads."""
    resources, builder = draft.data.resources, draft.builder
    count = len(resources.names)
    hours = np.where(by_heads, resources.hours, 0.0)
    builder.add_terms(rows, draft.ids("units", count), -hours)
    builder.add_terms(rows, draft.ids("maintained", count), hours)


def overtime(draft: Draft) -> None:
    """``0 <= V <= limit``: hours of the month, a share of regular hours, hours per head; it belongs to the resource.

    ``V <= share h (W - down)``, ``V <= hours_per_unit (W - down)``, each without temporary workers.
    """
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    given = data.given.overtime
    free = np.isnan(given)
    ids = builder.add_variables(
        "overtime",
        resources.names,
        data.months,
        lower=np.where(free, 0.0, given),
        upper=np.where(free, resources.overtime_cap + resources.more("overtime"), given),
        where=resources.has_overtime[:, None] | (given > 0),
        label=Label(
            unit="hour",
            limit=np.where(free, "overtime_hours", "given overtime"),
            floor=np.where(free, "", "given overtime"),
        ),
    )
    stated = resources.overtime_rate
    rate = np.where(np.isnan(stated), OVERTIME_PREMIUM * resources.regular_rate, stated)
    builder.add_cost("overtime_pay", resources.names, ids, rate[:, None] * resources.pay_factor)
    builder.add_terms(builder.rows["hours"].ids, ids, -1.0)
    _overtime_limit(draft, ids, "overtime_limit_pct", resources.overtime_share * resources.hours, free)
    _overtime_limit(draft, ids, "overtime_hours_per_unit", resources.overtime_per_unit, free)


def _overtime_limit(draft: Draft, ids: Ints, name: str, per_head: np.ndarray, free: np.ndarray) -> None:
    """``V - per_head (W - maintained) <= -per_head down`` or, with a stated capacity, a share of it."""
    builder, resources = draft.builder, draft.data.resources
    count = len(resources.names)
    stated = ~np.isnan(resources.fixed_hours)
    heads = np.where(np.isnan(resources.opening), 0.0, resources.opening)[:, None]
    share_of_capacity = resources.overtime_share * np.nan_to_num(resources.fixed_hours)
    fixed = share_of_capacity if name == "overtime_limit_pct" else per_head * (heads - resources.down)
    right = np.where(stated, fixed, -per_head * resources.down) + resources.more("overtime")
    where = (ids >= 0) & free & ~np.isnan(right)
    rows = builder.add_rows(
        name, resources.names, draft.data.months, upper=right, where=where, label=Label(unit="hour", limit=name)
    )
    builder.add_terms(rows, ids, 1.0)
    by_heads = np.where(stated | np.isnan(per_head), 0.0, per_head)
    builder.add_terms(rows, draft.ids("units", count), -by_heads)
    builder.add_terms(rows, draft.ids("maintained", count), by_heads)
