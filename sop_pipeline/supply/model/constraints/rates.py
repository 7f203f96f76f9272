"""The rate of output: what it costs to change it, how far it may change, and how much of a resource must be used.

The rate of a resource is the output per working day of all products that run on it, in equivalent units.
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft


def rate_change(draft: Draft) -> None:
    """``rate(t) - rate(t-1) = up - down``, charged ``rate_up_cost`` and ``rate_down_cost`` per unit a working day.

    Months without working days have no rate and are passed over. The first month is compared with the products'
    ``opening_rate``; where that is blank its rate is free of charge (TABLES).
    """
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    table = resources.table
    charged = (table["rate_up_cost"].fillna(0.0) > 0) | (table["rate_down_cost"].fillna(0.0) > 0)
    names = list(table.loc[charged, "resource_id"])
    if not names:
        return
    days = resources.days[charged.to_numpy()]
    opening = np.array([opening_rate(draft, name) for name in names])
    first = np.array([_first_open(row) for row in days])
    compared = (days > 0) & ((np.arange(data.month_count) > first[:, None]) | ~np.isnan(opening)[:, None])
    right = np.where(np.arange(data.month_count) == first[:, None], np.nan_to_num(opening)[:, None], 0.0)
    rows = builder.add_rows(
        "rate_change", names, data.months, lower=right, upper=right, where=compared, label=Label(unit="unit a day")
    )
    up = builder.add_variables("rate_up", names, data.months, where=compared, label=Label(unit="unit a day"))
    down = builder.add_variables("rate_down", names, data.months, where=compared, label=Label(unit="unit a day"))
    builder.add_terms(rows, up, -1.0)
    builder.add_terms(rows, down, 1.0)
    for index, name in enumerate(names):
        add_rate(draft, rows[index], name, days[index])
    for ids, column in ((up, "rate_up_cost"), (down, "rate_down_cost")):
        price = table.loc[charged, column].fillna(0.0).to_numpy(float)[:, None]
        builder.add_cost("rate_change", names, ids, price)


def add_rate(draft: Draft, row: Ints, resource: str, days: Floats) -> None:
    """Add ``sum equivalent X(t) / days(t)`` less the same of the month before that was worked, to a row (T,).

    ``X`` is the output of products that run on the resource; where that is one of several alternatives, its part.
    """
    features, products = draft.data.features, draft.data.products
    here = features.feature == resource
    whole = np.unique(features.product[here & (features.alternative < 0)])
    parts = np.unique(features.alternative[here & (features.alternative >= 0)])
    output = draft.ids("output", len(products.names))[whole]
    route = draft.ids("route", len(features.alternative_names))[parts]
    owner = np.concatenate([whole, features.alternative_product[parts]])
    quantity = np.concatenate([output, route])
    per_day = products.equivalent[owner][:, None] / np.where(days > 0, days, np.inf)
    worked = np.flatnonzero(days > 0)
    draft.builder.add_terms(row[None, :], quantity, per_day)
    draft.builder.add_terms(row[None, worked[1:]], quantity[:, worked[:-1]], -per_day[:, worked[:-1]])


def opening_rate(draft: Draft, resource: str) -> float:
    """Rate before the first month of all products that run on the resource, NaN when none states one."""
    features = draft.data.features
    users = np.unique(features.product[features.feature == resource])
    rates = draft.data.products.opening_rate[users]
    if np.isnan(rates).all():
        return float("nan")
    return float((np.nan_to_num(rates) * draft.data.products.equivalent[users]).sum())


def _first_open(days: Floats) -> int:
    worked = np.flatnonzero(days > 0)
    return int(worked[0]) if len(worked) else len(days)


def largest_rate_change(draft: Draft) -> None:
    """``(1 - c) rate(t-1) <= rate(t) <= (1 + c) rate(t-1)`` for every product, ``c`` = ``max_rate_change_pct``.

    The end of a product is not a change of its rate.
    """
    data, builder, products = draft.data, draft.builder, draft.data.products
    limited = np.isfinite(products.rate_change)
    if not limited.any():
        return
    share = np.where(limited, products.rate_change, 0.0)[:, None]
    output = draft.ids("output", len(products.names))
    per_day = 1.0 / np.where(products.days > 0, products.days, np.inf)
    pairs = (products.days[:, 1:] > 0) & (products.days[:, :-1] > 0) & limited[:, None]
    pairs &= ~products.discontinued[:, 1:]
    for name, factor, low, high in (("rate_rise", 1 + share, -np.inf, 0.0), ("rate_fall", 1 - share, 0.0, np.inf)):
        rows = builder.add_rows(
            name,
            products.names,
            data.months[1:],
            lower=low,
            upper=high,
            where=pairs,
            label=Label(limit="max_rate_change_pct"),
        )
        builder.add_terms(rows, output[:, 1:], per_day[:, 1:])
        builder.add_terms(rows, output[:, :-1], -factor * per_day[:, :-1])


def least_utilisation(draft: Draft) -> None:
    """``Q >= min_utilisation x regular hours`` where ``min_utilisation_pct`` asks for it."""
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    count = len(resources.names)
    share = resources.min_utilisation
    if not (share > 0).any():
        return
    stated = ~np.isnan(resources.fixed_hours)
    right = np.where(stated, np.nan_to_num(resources.fixed_hours), -resources.hours * resources.down) * share[:, None]
    rows = builder.add_rows(
        "min_utilisation",
        resources.names,
        data.months,
        lower=right,
        where=(share > 0)[:, None],
        label=Label(unit="hour", limit="min_utilisation"),
    )
    builder.add_terms(rows, draft.ids("load", count), 1.0)
    per_head = np.where(stated, 0.0, resources.hours) * share[:, None]
    builder.add_terms(rows, draft.ids("units", count), -per_head)
    builder.add_terms(rows, draft.ids("maintained", count), per_head)
