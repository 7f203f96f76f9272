"""Set-ups, least lots, campaigns and set-up hours: what makes a plan a mixed-integer one.

Here: the yes-or-no of making a product in a month. Not here: the limit of output itself (``balance.output``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import INF, Flags, Floats
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft, shifted


def lots(draft: Draft) -> None:
    """``min_lot Y <= X <= M Y`` with ``Y`` 0 or 1; ``setup_cost Y``, and set-up hours to the load.

    ``M`` is the most that could be useful in the month: all demand and stock wanted, the month's own limit, or what
    resources of a fixed size have room for.
    """
    data, builder, products = draft.data, draft.builder, draft.data.products
    needs = _needs_lots(draft)
    if not needs.any():
        return
    count, most = len(products.names), most_output(draft)
    ids = builder.add_variables("set_up", products.names, data.months, upper=1.0, where=needs[:, None], integer=True)
    builder.add_cost("set_up", products.names, ids, products.setup_cost)
    output = draft.ids("output", count)
    on = builder.add_rows("made_when_set_up", products.names, data.months, upper=0.0, where=ids >= 0)
    builder.add_terms(on, output, 1.0)
    builder.add_terms(on, ids, -most)
    has_lot = (ids >= 0) & (products.min_lot > 0)[:, None]
    least = builder.add_rows(
        "min_lot", products.names, data.months, lower=0.0, where=has_lot, label=Label(limit="min_lot")
    )
    builder.add_terms(least, output, 1.0)
    builder.add_terms(least, ids, -products.min_lot[:, None])


def route_lots(draft: Draft) -> None:
    """``Z <= M Y`` for every alternative that has a set-up of its own."""
    data, builder, features = draft.data, draft.builder, draft.data.features
    with_setup = (features.alternative >= 0) & (features.setup > 0)
    if not with_setup.any():
        return
    needs = np.zeros(len(features.alternative_names), bool)
    needs[features.alternative[with_setup]] = True
    names = features.alternative_names
    ids = builder.add_variables("route_set_up", names, data.months, upper=1.0, where=needs[:, None], integer=True)
    rows = builder.add_rows("route_when_set_up", names, data.months, upper=0.0, where=ids >= 0)
    builder.add_terms(rows, draft.ids("route", len(names)), 1.0)
    builder.add_terms(rows, ids, -most_output(draft)[features.alternative_product])


def setup_usage(draft: Draft) -> None:
    """Add each lot's set-up hours to the load of its resource, in the month of the lot."""
    features, builder, resources = draft.data.features, draft.builder, draft.data.resources
    place = {name: index for index, name in enumerate(resources.names)}
    rows = builder.rows["load"].ids
    product = draft.ids("set_up", len(draft.data.products.names))
    route = draft.ids("route_set_up", len(features.alternative_names))
    for entry in np.flatnonzero((features.setup > 0) & np.isin(features.feature, resources.names)):
        alternative = features.alternative[entry]
        source = product[features.product[entry]] if alternative < 0 else route[alternative]
        builder.add_terms(rows[place[features.feature[entry]]], source, features.setup[entry])


def campaigns(draft: Draft) -> None:
    """A run, once started, lasts ``campaign_months``: ``Y(t) - Y(t-1) <= Y(s)`` for the months s that follow."""
    data, builder, products = draft.data, draft.builder, draft.data.products
    ids = draft.ids("set_up", len(products.names))
    for ahead in range(1, int(products.campaign.max(initial=0.0))):
        until = data.month_count - ahead
        if until < 1:
            break
        rows = builder.add_rows(
            f"campaign {ahead}", products.names, data.months[:until], upper=0.0,
            where=(products.campaign > ahead)[:, None], label=Label(limit="campaign"),
        )  # fmt: skip
        builder.add_terms(rows, ids[:, :until], 1.0)
        builder.add_terms(rows, shifted(ids)[:, :until], -1.0)
        builder.add_terms(rows, ids[:, ahead:], -1.0)


def _needs_lots(draft: Draft) -> Flags:
    products, features = draft.data.products, draft.data.features
    needs: Flags = (products.min_lot > 0) | (products.setup_cost > 0).any(axis=1)
    needs[features.product[(features.alternative < 0) & (features.setup > 0)]] = True
    return needs | (products.campaign > 1)


def most_output(draft: Draft) -> Floats:
    """An upper bound of useful output (P, T): everything still wanted, in one month, or the month's own limit."""
    products = draft.data.products
    reserve = products.least_stock.max(axis=1) + products.min_lot
    wanted = products.demand.sum(axis=1) + products.opening_backlog + reserve
    days = products.days
    # A level rate is set by the tightest month: a month with more working days makes more than that.
    least_days = np.where(days > 0, days, np.inf).min(axis=1)
    ratio = np.where(np.isfinite(least_days), days.max(axis=1) / least_days, 1.0)
    bound = np.repeat((wanted * ratio)[:, None], draft.data.month_count, axis=1)
    given = np.where(np.isnan(draft.data.given.output), products.fixed, draft.data.given.output)
    most = np.minimum(np.minimum(bound, products.max_production), _room(draft))
    return np.where(np.isnan(given), most, np.maximum(given, 1e-6))


def _room(draft: Draft) -> Floats:
    """Most output that resources of a fixed size leave room for (P, T); no bound where their limits may be exceeded."""
    data, resources, features = draft.data, draft.data.resources, draft.data.features
    room = np.full(data.products.demand.shape, INF)
    if draft.overload:
        return room
    stated = ~np.isnan(resources.fixed_hours)
    fixed = stated | ~(resources.can_hire | resources.free_start)[:, None] & ~np.isnan(resources.opening)[:, None]
    working = np.nan_to_num(resources.opening)[:, None] - resources.down
    regular = np.where(stated, np.nan_to_num(resources.fixed_hours), resources.hours * working)
    overtime = np.fmin(
        resources.overtime_cap, np.fmin(resources.overtime_share * regular, resources.overtime_per_unit * working)
    )
    overtime = np.where(resources.has_overtime[:, None], overtime, 0.0)
    extra = resources.table["temporary_max"].fillna(0.0).to_numpy(float)[:, None] * resources.hours
    fixed_limit = fixed & ~resources.unlimited[:, None] & np.isnan(data.given.units) & np.isnan(data.given.overtime)
    hours = np.where(fixed_limit, regular + overtime + extra, INF)
    place = {name: index for index, name in enumerate(resources.names)}
    plain = (features.alternative < 0) & (features.lead == 0) & (features.quantity > 0)
    for entry in np.flatnonzero(plain & np.isin(features.feature, resources.names)):
        per_unit = np.where(features.by_month[entry] > 0, features.by_month[entry], np.nan)
        limit = np.nan_to_num(hours[place[features.feature[entry]]] / per_unit, nan=INF, posinf=INF)
        product = features.product[entry]
        room[product] = np.minimum(room[product], np.maximum(limit, 0.0))
    return room
