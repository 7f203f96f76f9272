"""A family's month shared over its products, month after month: what is made, subcontracted, lost, owed.

Here: the order of sharing within a month, and what lots leave over for the next. Not here: the sharing rules
(``sharing``), tables (``disaggregate``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.schedule.sharing import (
    TICKS,
    equal_run_out,
    fixed_share,
    inventory_gap,
    proportional,
    whole_lots,
)


@dataclass
class Group:
    """The products of one item in ten-thousandths: (P,) limits, (P, T) demand and target, running stock and backlog.

    ``percent`` is set where fixed shares are, with what is ``due`` by them; ``frozen`` maps a month's place to what the
    last plan made and subcontracted of each product.
    """

    demand: Ints
    target: Ints
    stock: Ints
    backlog: Ints
    lots: Ints
    subcontract_limit: Ints
    method: str
    percent: Floats
    due: Ints
    frozen: dict[int, tuple[Ints, Ints]]
    remainder: int = 0
    columns: dict[str, list[Ints]] = field(default_factory=dict)

    def note(self, **values: Ints) -> None:
        """Keep one month's columns."""
        for name, value in values.items():
            self.columns.setdefault(name, []).append(value.copy())


def share_out_months(
    item: str, group: Group, flows: dict[str, Ints], months: list[pd.Timestamp]
) -> list[dict[str, Any]]:
    """Go through the months; what lots leave over goes into the month after. Returns what is over in each month."""
    remainders: list[dict[str, Any]] = []
    smallest = float(group.lots[group.lots > 0].min()) / TICKS if group.lots.any() else None
    for place, month in enumerate(months):
        demand, opening, owed = group.demand[:, place], group.stock.copy(), group.backlog.copy()
        weight = _run_out_weight(group.demand, owed, place)
        planned = int(flows["output"][place])
        if place in group.frozen:
            output, subcontract = group.frozen[place]
        else:
            subcontract = _subcontracted(opening, weight, int(flows["subcontract"][place]), group.subcontract_limit)
            output = _output(group, place, planned, opening + subcontract, weight)
        group.remainder += planned - int(output.sum())
        if group.remainder:
            left = {"item_id": item, "month": month, "remainder": group.remainder / TICKS, "smallest_lot": smallest}
            remainders.append(left)
        net = opening - owed + subcontract + output - demand
        lost = _lost_sales(net, demand, int(flows["lost_sales"][place]))
        group.stock, group.backlog = np.maximum(net + lost, 0), np.maximum(-(net + lost), 0)
        group.note(
            demand=demand,
            output=output,
            subcontract=subcontract,
            inventory=group.stock,
            backlog=group.backlog,
            lost_sales=lost,
            opening_stock=opening,
            opening_backlog=owed,
        )
    return remainders


def _output(group: Group, place: int, planned: int, stock: Ints, weight: Ints) -> Ints:
    """Share the month's output, and what lots left over before, by the company's method."""
    if group.method == "fixed_share":
        group.due += fixed_share(group.percent, planned).quantity
        output = whole_lots(group.due, group.lots)
        group.due -= output
        return output
    quantity = planned + group.remainder
    if group.method == "inventory_gap":
        projected = stock - group.backlog - group.demand[:, place]
        return inventory_gap(group.target[:, place], projected, quantity, lots=group.lots).quantity
    return equal_run_out(stock, weight, quantity, lots=group.lots).quantity


def _run_out_weight(demand: Ints, owed: Ints, place: int) -> Ints:
    """The month's demand with what is owed; in a month that asks for nothing, the demand still to come."""
    weight = demand[:, place] + owed
    return weight if weight.any() else demand[:, place:].sum(axis=1)


def _subcontracted(stock: Ints, weight: Ints, quantity: int, most: Ints) -> Ints:
    """Share what is subcontracted among products that may be; what exceeds their limits is spread over the same."""
    shares = equal_run_out(stock, np.where(most > 0, weight, 0), quantity, most=most)
    if not shares.remainder:
        return shares.quantity
    spare = np.minimum(most, np.iinfo(np.int64).max // 2) - shares.quantity
    extra = proportional(np.maximum(spare, 0), shares.remainder, most=np.maximum(spare, 0))
    left = shares.remainder - int(extra.sum())
    return shares.quantity + extra + (proportional(np.maximum(most, 1), left) if left else 0)


def _lost_sales(net: Ints, demand: Ints, quantity: int) -> Ints:
    """Share lost sales: first where product is short, then by demand; never above the month's demand."""
    if not quantity:
        return np.zeros_like(demand)
    short = np.minimum(np.maximum(-net, 0), demand)
    lost = proportional(short, min(quantity, int(short.sum())), most=short)
    room = demand - lost
    return lost + proportional(room, quantity - int(lost.sum()), most=room)
