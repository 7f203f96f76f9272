"""Demand and events as arrays: products by months, and for every item and kind of event its size in each month.

Here: who is inside what, and what effects make of a month. Not here: how large effects are (``estimate``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.float64]
LEAST_FACTOR = 0.1
"""An event takes at most nine tenths of a month: what is left is not divided by less."""


@dataclass(frozen=True, order=True)
class Place:
    """What events are said of: a level and an item, with the family it lies in (the company lies in none)."""

    level: str
    item_id: str
    family: str = ""


@dataclass(frozen=True)
class Demand:
    """Demand of every product that is forecast: NaN before its first month, months without a row count as none."""

    products: list[str]
    families: list[str]
    first: date
    amounts: Numbers

    @property
    def months(self) -> int:
        """How many months there are."""
        return int(self.amounts.shape[1])

    def until(self, month: int) -> Demand:
        """The demand before the month of that number: what there was to see at its beginning."""
        return replace(self, amounts=self.amounts[:, :month])

    def number(self, month: date) -> int:
        """The number of a month, that of the first being 0."""
        return (month.year - self.first.year) * 12 + month.month - self.first.month

    def members(self, place: Place) -> npt.NDArray[np.bool_]:
        """Which products are inside a place."""
        if place.level == "company":
            return np.ones(len(self.products), bool)
        names = self.products if place.level == "product" else self.families
        return np.array([name == place.item_id for name in names], bool)


@dataclass(frozen=True)
class Events:
    """Sizes of events: one row per place and kind, one column per month from the first of demand to the horizon's end.

    ``inside``: rows of ``places`` by products.
    """

    places: list[Place]
    kinds: list[str]
    sizes: Numbers
    inside: npt.NDArray[np.bool_]

    @cached_property
    def by_place(self) -> dict[Place, list[int]]:
        """Rows of each place, of which there are as many as it has kinds."""
        found: dict[Place, list[int]] = {}
        for row, place in enumerate(self.places):
            found.setdefault(place, []).append(row)
        return found

    def place_factors(self, effects: Numbers) -> dict[Place, Numbers]:
        """By what the events of each place multiply its months; ``effects`` of those not used are nothing."""
        return {
            place: np.maximum(1 + effects[rows] @ self.sizes[rows], LEAST_FACTOR)
            for place, rows in self.by_place.items()
            if effects[rows].any()
        }

    def factors(self, effects: Numbers) -> Numbers:
        """By what all events multiply the months of each product."""
        made = np.ones((self.inside.shape[1], self.sizes.shape[1]))
        for place, factors in self.place_factors(effects).items():
            made[self.inside[self.by_place[place][0]]] *= factors
        return made

    def variances(self, variances: Numbers) -> Numbers:
        """How uncertain those factors are: variances of the shares that events add to each product's months."""
        made = np.zeros((self.inside.shape[1], self.sizes.shape[1]))
        for rows in self.by_place.values():
            made[self.inside[rows[0]]] += variances[rows] @ self.sizes[rows] ** 2
        return made


def demand_of(series: pa.Table, families: dict[str, str], last: date) -> Demand:
    """Demand of ``series`` (unique_id, month, y) up to ``last``."""
    names = np.asarray(series["unique_id"].to_pylist())
    months = series["month"].to_pandas()
    products = sorted(set(names.tolist()))
    first = months.min()
    empty = Demand(products, [families[name] for name in products], first, np.zeros((len(products), 0)))
    columns = np.array([empty.number(month) for month in months])
    rows = np.searchsorted(np.array(products), names)
    begins = np.full(len(products), columns.max())
    np.minimum.at(begins, rows, columns)
    amounts = np.where(np.arange(empty.number(last) + 1) < begins[:, None], np.nan, 0.0)
    amounts[rows, columns] = series["y"].cast(pa.float64()).to_numpy()
    return replace(empty, amounts=amounts)


def events_of(rows: Iterable[Mapping[str, Any]], demand: Demand, until: int) -> Events:
    """Events of ``rows`` (level, item_id, kind, month, size) up to the month of that number; no place without them."""
    found = [row for row in rows if 0 <= demand.number(row["month"]) < until]
    family = dict(zip(demand.products, demand.families, strict=True))
    keys = sorted({(_place(row, family), row["kind"]) for row in found})
    place_of = {key: number for number, key in enumerate(keys)}
    sizes = np.zeros((len(keys), until))
    for row in found:
        sizes[place_of[_place(row, family), row["kind"]], demand.number(row["month"])] += row["size"]
    places = [place for place, _ in keys]
    return Events(places, [kind for _, kind in keys], sizes, _inside(places, demand))


def _place(row: Mapping[str, Any], family: dict[str, str]) -> Place:
    level, item = str(row["level"]), str(row["item_id"])
    return Place(level, item, family[item] if level == "product" else item if level == "family" else "")


def _inside(places: Sequence[Place], demand: Demand) -> npt.NDArray[np.bool_]:
    if not places:
        return np.zeros((0, len(demand.products)), bool)
    known = {place: demand.members(place) for place in set(places)}
    return np.array([known[place] for place in places])
