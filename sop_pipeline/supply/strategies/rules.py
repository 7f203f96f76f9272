"""Strategies: level, chase, blended and mixes of them, as rows added to one model (METHODS 5).

A strategy is a list of parts; a part is a rule and the months it holds in. A rule is one small function that takes a
draft and months and adds rows; it is entered in ``RULES`` by name. To add one::

    def steady_overtime(draft, months):
        \"\"\"V(t) = V(t-1): the same overtime every month.\"\"\"
        ...
    RULES["steady_overtime"] = steady_overtime

and plan with ``--strategy steady_overtime``, or mixed: ``level:6,chase`` is level for the first six months, then
chase; ``level_workforce+chase`` keeps heads constant and chases demand by overtime and subcontracting. Not here: the
model they share (``model``) and the order of solves (``planner``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sop_pipeline.strategy_form import stretches
from sop_pipeline.supply.arrays import Flags, Floats, Ints
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.strategies.levelled import OutputGroup, add_totals, free_output, levelled, output_groups
from sop_pipeline.supply.strategies.stochastic import stochastic

UNSERVED = ("backlog", "lost_sales", "unmet_demand")
HOURS, UNITS = Label(unit="hour", limit="level"), Label(limit="level")
Rule = Callable[[Draft, range], None]


@dataclass(frozen=True)
class Part:
    """A rule in months ``first`` to ``last`` (numbered from 0, last excluded)."""

    rule: str
    months: range


def parse_strategy(text: str, month_count: int) -> list[Part]:
    """Read ``level``, ``chase``, ``blended``, rules joined by ``+``, stretches ``rule:months`` joined by ``,``."""
    parts, start = [], 0
    for rules, length in stretches(text, RULES):
        stop = month_count if length is None else min(start + length, month_count)
        parts += [Part(rule, range(start, stop)) for rule in rules]
        start = stop
    return parts


def apply_strategy(draft: Draft, parts: list[Part]) -> None:
    """Add every part's rows."""
    for part in parts:
        RULES[part.rule](draft, part.months)


def blended(draft: Draft, months: range) -> None:
    """No rows: production and inventory are both free, the least-cost or highest-profit plan is taken."""


def level(draft: Draft, months: range) -> None:
    """Heads and hours per working day constant within stretches, the mix free; inventory absorbs the difference.

    ``level_of`` holds each family's or each product's rate of output in place of hours.
    """
    LEVEL_OF[draft.data.options.level_of](draft, months)
    level_workforce(draft, months)


def level_hours(draft: Draft, months: range) -> None:
    """``Q(r,t) = rate(r, stretch) x working days(t)`` for labour, else machines, else output (``levelled``)."""
    resources, held = draft.data.resources, levelled(draft.data)
    price = np.full(len(resources.names), 2 * draft.prices.unmet.max(initial=1.0))
    rates = Rates(resources.names, draft.ids("load", len(resources.names)), resources.days, held.held, price, HOURS)
    _hold(draft, "level_hours", months, rates)
    _hold_output(draft, "level_hours_output", months, held.groups)


def level_family(draft: Draft, months: range) -> None:
    """``sum of equivalent X(p,t) = rate(family, stretch) x working days(t)``; the mix within a family is free."""
    products = draft.data.products
    groups = output_groups(draft.data, np.arange(len(products.names)), products.family)
    _hold_output(draft, "level_family", months, groups)


def level_output(draft: Draft, months: range) -> None:
    """``X(p,t) = rate(p, stretch) x working days(t)``; frozen and given months keep their own output."""
    products = draft.data.products
    output = draft.ids("output", len(products.names))
    rates = Rates(products.names, output, products.days, free_output(draft.data), draft.prices.deviation, UNITS)
    _hold(draft, "level_output", months, rates)


def _hold_output(draft: Draft, name: str, months: range, groups: list[OutputGroup]) -> None:
    """Hold the rate of each group's output, in equivalent units."""
    if not groups:
        return
    ids = add_totals(draft, f"{name} {months.start}", groups)
    days, free = (np.array([getattr(group, part) for group in groups]) for part in ("days", "free"))
    price = np.array([(draft.prices.deviation[group.products] / group.weight).max() for group in groups])
    _hold(draft, name, months, Rates([group.name for group in groups], ids, days, free, price, UNITS))


@dataclass(frozen=True)
class Rates:
    """What is held: variables (items, T) over working days, in the months where ``held``; a unit missed costs it."""

    items: list[str]
    ids: Ints
    days: Floats
    held: Flags
    price: Floats
    unit: Label


def _hold(draft: Draft, name: str, months: range, rates: Rates) -> None:
    """``V(i,t) + below - above = rate(i, stretch) x working days(t)``; the deviation is priced where it is let in."""
    builder = draft.builder
    for number, stretch in enumerate(_stretches(draft, months)):
        named = [draft.data.months[month] for month in stretch]
        rows = f"{name} {months.start}.{number}"
        rate = builder.add_variables(f"{name}_rate {months.start}.{number}", rates.items, [named[0]], label=rates.unit)
        ids = builder.add_rows(
            rows, rates.items, named, lower=0.0, upper=0.0, where=rates.held[:, stretch], label=rates.unit
        )
        builder.add_terms(ids, rates.ids[:, stretch], 1.0)
        builder.add_terms(ids, rate, -rates.days[:, stretch])
        _deviation(draft, rows, rates.items, named, ids, rates.price)


def level_workforce(draft: Draft, months: range) -> None:
    """``W(t) = W(t-1)`` within stretches, from the month on in which somebody hired can be there."""
    data, builder, resources = draft.data, draft.builder, draft.data.resources
    ids = draft.ids("units", len(resources.names))
    given = ~np.isnan(data.given.units)
    lead = resources.table["hire_lead_months"].fillna(0).to_numpy(int)[:, None]
    changes = (resources.can_hire | resources.can_lay_off | resources.free_start) & resources.labour
    price = np.full(len(resources.names), 2 * draft.prices.unmet.max(initial=1.0))
    for number, stretch in enumerate(_stretches(draft, months)):
        later = stretch[1:]
        names = [data.months[month] for month in later]
        where = changes[:, None] & (np.array(later)[None, :] > lead) & ~given[:, later]
        name = f"level_workforce {months.start}.{number}"
        rows = builder.add_rows(
            name,
            resources.names,
            names,
            lower=0.0,
            upper=0.0,
            where=where,
            label=Label(unit="head", limit="level_workforce"),
        )
        builder.add_terms(rows, ids[:, later], 1.0)
        builder.add_terms(rows, ids[:, [month - 1 for month in later]], -1.0)
        _deviation(draft, name, resources.names, names, rows, price)


def chase(draft: Draft, months: range) -> None:
    """``X + C = max(0, D + target - I(t-1) + B(t-1))``, by the balance ``I - B - L - target = above - below``.

    The deviation is made least month by month, the earliest first (``lexicographic``), before cost; with it what is
    not served, or stock could be held back from customers to make the next month's deviation small.
    """
    data, builder, products = draft.data, draft.builder, draft.data.products
    count, names = len(products.names), [data.months[month] for month in months]
    free = np.isnan(products.fixed) & np.isnan(data.given.output)
    where = free[:, months]
    target = products.least_stock[:, months]
    label = f"chase {months.start}"
    rows = builder.add_rows(
        label, products.names, names, lower=target, upper=target, where=where, label=Label(limit="chase")
    )
    builder.add_terms(rows, draft.ids("inventory", count)[:, months], 1.0)
    for name in UNSERVED:
        builder.add_terms(rows, draft.ids(name, count)[:, months], -1.0)
    cap = builder.add_rows(f"{label} total", ["all products"], names)
    weight = products.equivalent[:, None]
    for name in UNSERVED:
        builder.add_terms(cap, draft.ids(name, count)[:, months], weight)
    for side, sign in (("below", 1.0), ("above", -1.0)):
        ids = builder.add_variables(f"{label} {side}", products.names, names, where=where)
        builder.add_terms(rows, ids, sign)
        builder.add_terms(cap, ids, weight)


def _deviation(draft: Draft, name: str, items: list[str], months: list[str], rows: Ints, price: Floats) -> None:
    """Let the rows of a strategy be missed at a price, when rules may be broken."""
    if not draft.deviate:
        return
    for side, sign in (("below", 1.0), ("above", -1.0)):
        ids = draft.builder.add_variables(f"{name} {side}", items, months, where=rows >= 0)
        draft.builder.add_terms(rows, ids, sign)
        draft.builder.add_cost("deviation", items, ids, price[:, None], real=False)


def _stretches(draft: Draft, months: range) -> list[list[int]]:
    """Cut months into stretches of at most ``stretch_months``."""
    size = max(1, draft.data.options.stretch_months)
    return [list(months[start : start + size]) for start in range(0, len(months), size)]


LEVEL_OF: dict[str, Rule] = {"hours": level_hours, "family": level_family, "product": level_output}
"""What level holds constant, by the setting ``level_of``."""

RULES: dict[str, Rule] = {
    "blended": blended,
    "chase": chase,
    "level": level,
    "level_family": level_family,
    "level_hours": level_hours,
    "level_output": level_output,
    "level_workforce": level_workforce,
    "stochastic": stochastic,
}
