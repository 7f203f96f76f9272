"""A model being written: its builder, its data, and the choices that every constraint family has to respect.

Not here: any equation. A ``Draft`` is what the functions of ``constraints`` and ``strategies`` take and write to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.model.blocks import Builder
from sop_pipeline.supply.model.shortfall_prices import ShortfallPrices
from sop_pipeline.supply.problem.data.plan_data import PlanData


@dataclass
class Draft:
    """``elastic``: rules may be broken at ``prices``; ``overload``: resources' too; ``deviate``: a strategy's.

    With ``service``, the most of each block of unserved demand by name (P, T), targets of stock may be missed at their
    price, whatever else holds: customers come before stock.
    """

    data: PlanData
    prices: ShortfallPrices
    integer: bool = False
    profit: bool = False
    elastic: bool = False
    overload: bool = False
    deviate: bool = False
    service: Mapping[str, Floats] | None = None
    builder: Builder = field(default_factory=Builder)

    def most_unserved(self, name: str, most: Floats) -> Floats:
        """Upper bound of a block of unserved demand (P, T), ``most`` by the rules."""
        return most if self.service is None or name not in self.service else np.minimum(most, self.service[name])

    @property
    def least_stock(self) -> Floats:
        """Stock below which no plan goes (P, T): nothing while rules may be broken, no target once service counts."""
        products = self.data.products
        if self.elastic:
            return np.zeros(products.least_stock.shape)
        return products.least_stock if self.service is None else products.firm_stock

    def ids(self, name: str, items: int) -> Ints:
        """Ids of a block of variables, or all -1 (items, T) where the problem has none."""
        block = self.builder.columns.get(name)
        return block.ids if block is not None else np.full((items, self.data.month_count), -1, np.int64)


def shifted(ids: Ints, first: int = -1) -> Ints:
    """Ids of the month before: column t holds month t-1, column 0 holds ``first``."""
    out = np.empty_like(ids)
    out[:, 1:] = ids[:, :-1]
    out[:, 0] = first
    return out


def opening_column(opening: Floats, months: int) -> Floats:
    """An (items, months) array that is ``opening`` in the first month and zero after."""
    out = np.zeros((len(opening), months))
    out[:, 0] = opening
    return out
