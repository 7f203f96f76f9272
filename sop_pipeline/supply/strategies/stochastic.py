"""A plan made for sampled demand: the two-stage stochastic programme, by sample average (METHODS 5).

First stage, the same whatever comes: output, subcontracting, heads, hours, set-ups. Second stage, a path of demand at a
time: stock, backlog and lost sales. The plan's own demand counts as one path among the sampled ones, so that what comes
out is an ordinary plan of that demand, with every rule of the model. Here: the strategy ``stochastic``. Not here:
reading the paths (``paths.stated``), what the plan is worth (``stochastic_value``).

Birge, Louveaux: Introduction to Stochastic Programming; Shapiro, Dentcheva, Ruszczynski: Lectures on the same, ch. 5.
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.arrays import Flags, Floats, Ints
from sop_pipeline.supply.model.draft import Draft, opening_column, shifted

RECOURSE = ("inventory", "backlog", "lost_sales", "unmet_demand")
DECIDED = ("output", "subcontract")


def stochastic(draft: Draft, months: range) -> None:
    """``min first stage + 1/(N+1) sum_s [h I(s) + b B(s) + l L(s)]`` over N sampled paths and the plan's own demand.

    ``I(s,t-1) - B(s,t-1) + X(t) + C(t) = D(s,t) - L(s,t) + I(s,t) - B(s,t)``, ``L(s) <= D(s)``, closing backlog as
    the plan's. Targets and limits of stock hold for the plan's own demand alone, and a product that has a target keeps
    the whole price of what it leaves unserved there: losing sales must not be a cheap way to keep a target. What a path
    cannot serve at all is priced as a shortfall in it. Holds over the whole horizon, whatever ``months``. Raises
    BadInput without paths.
    """
    paths = draft.data.paths
    if not len(paths):
        raise BadInput(
            found="no sampled demand",
            needed="paths that demand may take",
            where="strategy stochastic",
            mend="Add demand_samples, or choose another strategy.",
        )
    weigh_recourse(draft, 1 / (len(paths) + 1))
    add_paths(draft, paths, 1 / (len(paths) + 1))


def weigh_recourse(draft: Draft, weight: float) -> None:
    """Let stock, backlog and lost sales of the plan's own demand count for ``weight`` of their cost.

    Backlog and lost sales of products with a target of stock count in full.
    """
    names = draft.data.products.names
    targeted = np.any(draft.data.products.least_stock > 0, axis=1, keepdims=True)
    for name in RECOURSE:
        whole = targeted & (name != "inventory")
        price = np.where(whole, 0.0, (weight - 1) * _price(draft, name))
        draft.builder.add_cost("expectation", names, draft.ids(name, len(names)), price, real=False)


def add_paths(draft: Draft, paths: Floats, weight: float) -> None:
    """Add the stock, backlog and lost sales of ``paths`` (S, P, T) at ``weight`` of their cost, and their balances."""
    data, products, builder = draft.data, draft.data.products, draft.builder
    samples, count = len(paths), len(products.names)
    names = [f"{name}, path {number + 1}" for number in range(samples) for name in products.names]
    demand = paths.reshape(samples * count, data.month_count)

    def each(values: Floats) -> Floats:
        return np.tile(np.broadcast_to(values, products.demand.shape), (samples, 1))

    def where(flags: Flags) -> Flags:
        return np.tile(np.broadcast_to(flags, products.demand.shape), (samples, 1))

    must = np.minimum(each(products.must_serve), demand)
    closing = np.full(demand.shape, np.inf)
    closing[:, -1] = np.tile(products.closing_backlog, samples)
    may_lose = where(~np.isnan(products.lost_cost) | draft.profit)
    limits: dict[str, tuple[Floats, Flags]] = {
        "inventory": (np.full(demand.shape, np.inf), np.ones(demand.shape, bool)),
        "backlog": (closing, where(draft.ids("backlog", count) >= 0)),
        "lost_sales": (demand - must, may_lose & (demand > must)),
        "unmet_demand": (demand, ~may_lose | (must > 0)),
    }
    rows = builder.add_rows("path balance", names, data.months, lower=_need(draft, demand), upper=_need(draft, demand))
    for name in DECIDED:
        builder.add_terms(rows, np.tile(draft.ids(name, count), (samples, 1)), 1.0)
    for name, (most, present) in limits.items():
        ids = builder.add_variables(f"path {name}", names, data.months, upper=most, where=present)
        builder.add_cost("expectation", names, ids, weight * each(_price(draft, name)), real=False)
        _balance(draft, name, rows, ids, samples)


def _need(draft: Draft, demand: Floats) -> Floats:
    products = draft.data.products
    opening = opening_column(products.opening_stock - products.opening_backlog, draft.data.month_count)
    return demand - np.tile(opening, (len(demand) // len(products.names), 1))


def _balance(draft: Draft, name: str, rows: Ints, ids: Ints, samples: int) -> None:
    builder = draft.builder
    if name == "inventory":
        builder.add_terms(rows, ids, -1.0)
        builder.add_terms(rows, shifted(ids), 1.0)
    else:
        builder.add_terms(rows, ids, 1.0)
    if name == "backlog":
        builder.add_terms(rows, shifted(ids), -1.0)


def _price(draft: Draft, name: str) -> Floats:
    """What the model charges for a unit of the block (P, T), whatever the kinds; the shortfall's price for unmet."""
    products, block = draft.data.products, draft.builder.columns.get(name)
    if name == "unmet_demand" and (block is None or not block.exists):
        return np.broadcast_to(draft.prices.unmet[:, None], products.demand.shape)
    price = np.zeros(products.demand.shape)
    for cost in draft.builder.costs:
        if block is not None and cost.ids is block.ids and cost.kind != "expectation":
            price = price + cost.coefficient
    return price
