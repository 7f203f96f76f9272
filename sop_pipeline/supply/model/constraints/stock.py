"""Targets from below and limits from above on what is kept, and room to keep it in.

``max(safety_stock, cover_days_min, min_stock, closing_stock) <= I <= min(max_stock, cover_days_max, shelf life)``, the
shelf life as ``I(t) <=`` demand of the next k months. While rules hold these are bounds of ``I`` (``balance.stock``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft


def targets(draft: Draft) -> None:
    """``I + short >= target`` with ``short`` priced; only where the target is no bound of ``I``."""
    data, products = draft.data, draft.data.products
    needed = products.least_stock > draft.least_stock
    if not needed.any():
        return
    builder = draft.builder
    rows = builder.add_rows("stock_target", products.names, data.months, lower=products.least_stock, where=needed)
    short = builder.add_variables("stock_short", products.names, data.months, where=needed)
    builder.add_terms(rows, draft.ids("inventory", len(products.names)), 1.0)
    builder.add_terms(rows, short, 1.0)
    builder.add_cost("shortfall", products.names, short, draft.prices.stock, real=False)


def limits(draft: Draft) -> None:
    """``I - over <= limit`` with ``over`` priced; only when rules may be broken."""
    data, products = draft.data, draft.data.products
    limited = np.isfinite(products.most_stock)
    if not draft.elastic or not limited.any():
        return
    builder = draft.builder
    rows = builder.add_rows("stock_limit", products.names, data.months, upper=products.most_stock, where=limited)
    over = builder.add_variables("stock_over", products.names, data.months, where=limited)
    builder.add_terms(rows, draft.ids("inventory", len(products.names)), 1.0)
    builder.add_terms(rows, over, -1.0)
    builder.add_cost("shortfall", products.names, over, draft.prices.stock, real=False)


def storage(draft: Draft) -> None:
    """``sum_p space_ps I_p <= capacity_s`` for every resource of kind storage."""
    data, builder = draft.data, draft.builder
    kind = (data.others["kind"] == "storage").to_numpy()
    if not kind.any():
        return
    names = list(data.others.loc[kind, "resource_id"])
    capacity = data.other_capacity[kind]
    limited = np.isfinite(capacity)
    rows = builder.add_rows(
        "storage", names, data.months, upper=capacity, where=limited, label=Label(unit="storage unit", limit="capacity")
    )
    place = {name: index for index, name in enumerate(names)}
    inventory = draft.ids("inventory", len(data.products.names))
    for entry in np.flatnonzero([feature in place for feature in data.features.feature]):
        row = rows[place[data.features.feature[entry]]]
        builder.add_terms(row, inventory[data.features.product[entry]], data.features.quantity[entry])
    if draft.elastic:
        over = builder.add_variables(
            "storage_over", names, data.months, where=rows >= 0, label=Label(unit="storage unit")
        )
        builder.add_terms(rows, over, -1.0)
        price = draft.prices.stock.max(initial=1.0)
        builder.add_cost("shortfall", names, over, price, real=False)
