"""What a level plan holds constant: hours of labour, else of machines, else output (METHODS 5).

Every product answers to something that is held: to the labour it takes, else to its machines, else to its own output,
so that a company without resources is levelled as well. Here: which resources and which groups of products these are,
and the months in which they can be held. Not here: the rows of a strategy (``rules``), or what change is worth
(``frontier``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop_pipeline.supply.arrays import Flags, Floats, Ints
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.problem.data.plan_data import PlanData


@dataclass(frozen=True)
class OutputGroup:
    """Products whose output is added up: ``sum_p weight_p X_p`` over ``days`` (T,), held where ``free`` (T,)."""

    name: str
    products: Ints
    weight: Floats
    days: Floats
    free: Flags


@dataclass(frozen=True)
class Levelled:
    """Resources whose hours count, by month (H, T), where they can be held, and groups of products that take none.

    A month counts when the output it works for lies within the horizon; it can be held when some of that is free.
    """

    counted: Flags
    held: Flags
    groups: list[OutputGroup]


def levelled(data: PlanData) -> Levelled:
    """Labour that is used; machines used by products without labour; the output of products without either."""
    features, resources = data.features, data.resources
    place = {name: index for index, name in enumerate(resources.names)}
    resource = np.array([place.get(name, -1) for name in features.feature], np.int64)
    taken = (resource >= 0) & (features.by_month > 0).any(axis=1)
    every = np.arange(len(resources.names))
    chosen = np.isin(every, resource[taken]) & resources.labour
    covered = _covered(data, np.isin(resource, every[chosen]) & taken)
    chosen |= np.isin(every, resource[taken & ~covered[features.product]])
    held = np.isin(resource, every[chosen]) & taken
    rest = np.flatnonzero(~_covered(data, held))
    return Levelled(*_months(data, resource, np.flatnonzero(held)), output_groups(data, rest))


def output_groups(data: PlanData, products: Ints, of: np.ndarray | None = None) -> list[OutputGroup]:
    """Group products by ``of`` (P,) and working days: in equivalent units where these can be added, else one by one."""
    key = np.full(len(data.products.names), "") if of is None else of
    together: dict[tuple[str, bytes], list[int]] = {}
    for product in products.tolist():
        together.setdefault((str(key[product]), data.products.days[product].tobytes()), []).append(product)
    parts: list[list[int]] = []
    for members in together.values():
        parts += [members] if _addable(data, members) else [[product] for product in members]
    return [_group(data, np.array(members, np.int64)) for members in parts]


def free_output(data: PlanData) -> Flags:
    """Where output is the plan's to choose (P, T): neither fixed nor given, nor of a product that has ended."""
    products = data.products
    result: Flags = np.isnan(products.fixed) & np.isnan(data.given.output) & ~products.discontinued
    return result


def add_totals(draft: Draft, name: str, groups: list[OutputGroup]) -> Ints:
    """Add variables ``sum_p weight_p X_p`` by group and month; return their ids (groups, T)."""
    names, months = [group.name for group in groups], draft.data.months
    ids = draft.builder.add_variables(name, names, months)
    rows = draft.builder.add_rows(name, names, months, lower=0.0, upper=0.0)
    draft.builder.add_terms(rows, ids, -1.0)
    output = draft.ids("output", len(draft.data.products.names))
    for row, group in zip(rows, groups, strict=True):
        draft.builder.add_terms(row[None, :], output[group.products], group.weight[:, None])
    return ids


def _covered(data: PlanData, held: Flags) -> Flags:
    """Whether every unit of a product takes something held: by itself, or with each choice of an option group (P,)."""
    features = data.features
    covered = np.zeros(len(data.products.names), bool)
    covered[features.product[held & (features.alternative < 0)]] = True
    if features.group_names:
        choice = np.zeros(len(features.alternative_names), bool)
        choice[features.alternative[held & (features.alternative >= 0)]] = True
        every = np.ones(len(features.group_names), bool)
        every[features.alternative_group[~choice]] = False
        covered[features.group_product[every]] = True
    return covered


def _months(data: PlanData, resource: Ints, entries: Ints) -> tuple[Flags, Flags]:
    """Months whose load of a resource is complete, and those of them in which some of it is free (H, T)."""
    free, features, count = free_output(data), data.features, data.month_count
    some_free = np.zeros((len(data.resources.names), count), bool)
    complete = np.zeros(len(some_free), np.int64)
    complete[resource[entries]] = count
    for entry in entries.tolist():
        row, lead = resource[entry], min(int(features.lead[entry]), count)
        some_free[row, : count - lead] |= free[features.product[entry], lead:]
        complete[row] = min(complete[row], count - lead)
    counted = np.arange(count) < complete[:, None]
    return counted, counted & some_free


def _addable(data: PlanData, members: list[int]) -> bool:
    """Whether outputs are counted alike, or all have an equivalent in one unit (METHODS 1)."""
    products = data.products
    return bool(products.has_equivalent[members].all()) or len(set(products.unit[members])) <= 1


def _group(data: PlanData, members: Ints) -> OutputGroup:
    products = data.products
    first, more = products.names[members[0]], len(members) - 1
    weight = products.equivalent[members] if more else np.ones(1)
    free = np.asarray(free_output(data)[members].any(axis=0), bool)
    return OutputGroup(f"{first} and {more} more" if more else first, members, weight, products.days[members[0]], free)
