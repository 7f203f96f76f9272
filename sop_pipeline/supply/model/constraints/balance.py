"""What is made, subcontracted, kept, owed and lost, and the balance that ties them.

Here: the product's own variables with their costs and limits, and the inventory balance. Not here: targets and limits
of stock (``stock``), the hours output takes (``hours``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft, opening_column, shifted


def output(draft: Draft) -> None:
    """``0 <= X <= max_production``; ``X = fixed_production`` where given, 0 after the product's end.

    Material money is due for every unit made. A planner's given output takes the place of every bound.
    """
    data, products = draft.data, draft.data.products
    given = np.where(np.isnan(data.given.output), products.fixed, data.given.output)
    upper = np.where(products.discontinued, 0.0, products.max_production)
    free = np.isnan(given)
    ids = draft.builder.add_variables(
        "output",
        products.names,
        data.months,
        lower=np.where(free, 0.0, given),
        upper=np.where(free, upper, given),
        label=Label(
            limit=np.where(
                free, np.where(products.discontinued, "discontinued_on", "max_production"), "fixed_production"
            ),
            floor=np.where(free, "", "fixed_production"),
        ),
    )
    draft.builder.add_cost("material", products.names, ids, products.material)


def subcontracting(draft: Draft) -> None:
    """``0 <= C <= subcontract_limit`` where a price or a limit allows it; ``C = fixed_subcontract`` where given."""
    data, products = draft.data, draft.data.products
    given = np.where(np.isnan(data.given.subcontract), products.fixed_subcontract, data.given.subcontract)
    possible = ~np.isnan(products.subcontract_cost) & ~products.discontinued
    ids = draft.builder.add_variables(
        "subcontract",
        products.names,
        data.months,
        lower=np.where(np.isnan(given), 0.0, given),
        upper=np.where(np.isnan(given), products.subcontract_limit, given),
        where=possible | (given > 0),
        label=Label(limit="subcontract_limit", floor=np.where(np.isnan(given), "", "given subcontract")),
    )
    price = np.nan_to_num(products.subcontract_cost)
    draft.builder.add_cost("subcontracting", products.names, ids, price)


def unserved(draft: Draft) -> None:
    """Backlog ``B`` where it has a cost, lost sales ``0 <= L <= D - must_serve`` where they have one (or for profit).

    ``B(T) <= closing_backlog``. When rules may be broken, demand beyond them is left unmet at its price. Where profit
    is sought a lost sale costs the revenue it forgoes and nothing more (METHODS 6).
    """
    data, products, builder = draft.data, draft.data.products, draft.builder
    spare = np.maximum(products.demand - products.must_serve, 0.0)
    closing = np.full(products.demand.shape, INF)
    closing[:, -1] = products.closing_backlog
    backlog = builder.add_variables(
        "backlog",
        products.names,
        data.months,
        upper=draft.most_unserved("backlog", closing),
        where=~np.isnan(products.backlog_cost),
        label=Label(limit=np.where(np.isfinite(closing), "closing_backlog", "")),
    )
    builder.add_cost("backlog", products.names, backlog, np.nan_to_num(products.backlog_cost))
    may_lose = ~np.isnan(products.lost_cost) | draft.profit
    lost = builder.add_variables(
        "lost_sales",
        products.names,
        data.months,
        upper=draft.most_unserved("lost_sales", spare),
        where=may_lose & (spare > 0),
        label=Label(limit=np.where(products.must_serve > 0, "min_quantity", "")),
    )
    if not draft.profit:
        builder.add_cost("lost_sales", products.names, lost, np.nan_to_num(products.lost_cost))
    if draft.elastic:
        room = products.demand if draft.overload else spare
        where = ~may_lose & (room > 0)
        most = draft.most_unserved("unmet_demand", room)
        unmet = builder.add_variables("unmet_demand", products.names, data.months, upper=most, where=where)
        builder.add_cost("shortfall", products.names, unmet, draft.prices.unmet[:, None], real=False)


def stock(draft: Draft) -> None:
    """Inventory ``I`` and its holding cost; limits are ``stock.targets``' and ``stock.limits``' business."""
    data, products = draft.data, draft.data.products
    most = np.full(products.most_stock.shape, INF) if draft.elastic else products.most_stock
    ids = draft.builder.add_variables(
        "inventory",
        products.names,
        data.months,
        lower=draft.least_stock,
        upper=most,
        label=Label(limit=products.most_stock_rule, floor=products.least_stock_rule),
    )
    draft.builder.add_cost("holding", products.names, ids, products.holding)


def balance(draft: Draft) -> None:
    """``I(t-1) - B(t-1) + X + C = D - L + I - B`` (METHODS 5), unmet demand counted with ``L``."""
    products, builder, count = draft.data.products, draft.builder, len(draft.data.products.names)
    opening = opening_column(products.opening_stock - products.opening_backlog, draft.data.month_count)
    need = products.demand - opening
    rows = builder.add_rows(
        "balance", products.names, draft.data.months, lower=need, upper=need, label=Label(limit="demand")
    )
    for name in ("output", "subcontract", "lost_sales", "unmet_demand", "backlog"):
        builder.add_terms(rows, draft.ids(name, count), 1.0)
    inventory, backlog = draft.ids("inventory", count), draft.ids("backlog", count)
    builder.add_terms(rows, inventory, -1.0)
    builder.add_terms(rows, shifted(inventory), 1.0)
    builder.add_terms(rows, shifted(backlog), -1.0)


def revenue(draft: Draft) -> Floats:
    """Price on every unit of demand that is served, charged to lost sales and closing backlog.

    ``sum price(t) (D - L) + price(1) B(0) - price(T) B(T)``: returns the constant part by product and month (P, T).
    """
    products, builder, count = draft.data.products, draft.builder, len(draft.data.products.names)
    for name in ("lost_sales", "unmet_demand"):
        builder.add_cost("revenue_forgone", products.names, draft.ids(name, count), products.price)
    closing = np.zeros_like(products.price)
    closing[:, -1] = products.price[:, -1]
    builder.add_cost("revenue_forgone", products.names, draft.ids("backlog", count), closing)
    opening = opening_column(products.opening_backlog, draft.data.month_count)
    result: Floats = products.price * (products.demand + opening)
    return result
