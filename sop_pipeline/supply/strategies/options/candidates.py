"""Which limits are worth a plan of their own: those whose shadow prices promise most, in months still within reach.

A shadow price says what one unit more is worth and how far; what the whole of it brings only a plan says
(``replan``). Here: months, amounts and what the relief itself costs. A limit that several prices name is one candidate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.raised import LIMITS, Raise

MOST = 4
"""Limits planned anew, each in all its months and in its best one: of those that a meeting can weigh by their cost, and
of those of resources, which the page of capacity shows."""
SHARE_WITHOUT_END = 0.25
"""How much is added, as a share of the limit, where the price holds without end."""
PAID_IN_PLAN = (
    *("overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit", "max_units", "max_hires", "temporary_max"),
    *("subcontract_limit", "max_stock", "cover_days_max"),
)
"""Limits whose use the plan itself pays: overtime, heads, purchases, stock."""
NO_ROOM = 1e-6


@dataclass(frozen=True)
class Month:
    """A month in which more is worth something after its pay: how much more, and by when to decide."""

    month: date
    worth: float
    room: float
    pay: float
    decide_by: date


@dataclass(frozen=True)
class Option:
    """A limit raised in some of its months; ``cost``: pay and hiring of what is added by month, None where unknown.

    ``heads`` are hired in its first month for the hours it adds.
    """

    constraint: str
    item: str
    scope: str
    unit: str
    months: Sequence[Month]
    cost: Mapping[date, float] | None
    heads: float = 0.0

    @property
    def name(self) -> str:
        """Its name among the options of the cycle."""
        return f"{self.constraint}-{self.item}-{self.scope}"

    @property
    def promised(self) -> float:
        """What the prices promise, the relief's other cost taken off: at most what a plan brings."""
        worth = sum(month.worth * month.room for month in self.months)
        hired = sum((self.cost or {}).values()) - sum(month.pay * month.room for month in self.months)
        return worth - (hired if self.cost is not None else 0.0)

    def limit(self) -> Raise:
        """What is raised of the problem."""
        more = {f"{month.month:%Y-%m}": month.room for month in self.months}
        first = f"{self.months[0].month:%Y-%m}"
        return Raise(self.constraint, self.item, more, {first: self.heads} if self.heads else {}, paid=True)


def options(prices: Sequence[Mapping[str, Any]], data: PlanData, *, earliest: date) -> list[Option]:
    """Return the options to plan, the most promising limit first; ``earliest`` is the day before which none is decided.

    ``MOST`` limits, those last whose relief costs nobody knows how much, and as many of resources whatever it costs.
    """
    grouped: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in prices:
        if row["constraint"] in LIMITS:
            grouped.setdefault((row["item"], row["constraint"]), []).append(row)
    whole = [option for key, rows in sorted(grouped.items()) for option in _whole(key, rows, data, earliest)]
    by_promise = sorted(whole, key=lambda option: (-option.promised, option.name))
    weighed = sorted(by_promise, key=lambda option: option.cost is None)[:MOST]
    names = {*data.resources.names, *data.others["resource_id"], *data.materials["material_id"]}
    shown = [option for option in by_promise if option.item in names][:MOST]
    best = {option.name: option for option in (*weighed, *shown)}.values()
    return [part for option in best for part in (option, *_best_month(option, data))]


def _whole(key: tuple[str, str], rows: Sequence[Mapping[str, Any]], data: PlanData, earliest: date) -> Iterator[Option]:
    months = [month for month in _months(rows) if month.decide_by >= earliest]
    if months:
        option = _option(key, "all_months", str(rows[0]["unit"]), months, data)
        if option.promised > 0:
            yield option


def _best_month(option: Option, data: PlanData) -> Iterator[Option]:
    if len(option.months) > 1:
        best = max(option.months, key=lambda month: (month.worth * month.room, -month.month.toordinal()))
        yield _option((option.item, option.constraint), "best_month", option.unit, [best], data)


def _option(key: tuple[str, str], scope: str, unit: str, months: Sequence[Month], data: PlanData) -> Option:
    item, constraint = key
    heads = _heads_for(item, months, data) if constraint == "regular_hours" else 0.0
    return Option(constraint, item, scope, unit, months, _cost(constraint, item, months, heads, data), heads)


def _months(rows: Sequence[Mapping[str, Any]]) -> Iterator[Month]:
    """Months in which one more brings more than its pay, as far as solves bore the price out."""
    for row in sorted(rows, key=lambda row: row["month"]):
        worth, now = float(row["price_per_unit"] - row["pay_per_unit"]), float(row["current_limit"])
        room = now * SHARE_WITHOUT_END if row["valid_to"] is None else float(row["valid_to"]) - now
        if row["verified"] and worth > 0 and room > NO_ROOM:
            yield Month(row["month"], worth, round(room, 4), float(row["pay_per_unit"]), row["decide_by"])


def _cost(
    constraint: str, item: str, months: Sequence[Month], heads: float, data: PlanData
) -> dict[date, float] | None:
    """Pay and hiring of what is added by month; None where no table has a price of it.

    Hours paid whether used or not cost their pay, those of people also the hiring of the heads that give them.
    """
    if constraint in PAID_IN_PLAN:
        return {month.month: 0.0 for month in months}
    if constraint == "regular_hours":
        return _hours_cost(data.resources.names.index(item), months, heads, data)
    bought = data.materials.dropna(subset=["unit_cost"])["material_id"] if len(data.materials) else ()
    return {month.month: 0.0 for month in months} if item in set(bought) else None


def _hours_cost(resource: int, months: Sequence[Month], heads: float, data: PlanData) -> dict[date, float] | None:
    resources = data.resources
    if resources.regular_rate[resource] <= 0:
        return None
    cost = {month.month: month.pay * month.room for month in months}
    cost[months[0].month] += heads * float(np.nan_to_num(float(resources.table["hire_cost"].iloc[resource])))
    return cost


def _heads_for(item: str, months: Sequence[Month], data: PlanData) -> float:
    """People that hours added take, to be hired: none for machines, nor where hiring has no price."""
    resources = data.resources
    resource = resources.names.index(item)
    if not resources.labour[resource] or not np.nan_to_num(float(resources.table["hire_cost"].iloc[resource])):
        return 0.0
    place = {name: index for index, name in enumerate(data.months)}
    per_head = [float(resources.hours[resource, place[f"{month.month:%Y-%m}"]]) for month in months]
    heads = (month.room / hours for month, hours in zip(months, per_head, strict=True) if hours > 0)
    return round(max(heads, default=0.0), 4)
