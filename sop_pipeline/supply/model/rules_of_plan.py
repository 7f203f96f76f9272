"""The hard rules of a model as a planner knows them, each of which can be lifted and put back.

A rule is a limit, a requirement or a frozen figure of one item and month, with everything in the model that keeps it.
Identities (the balance of stock, what a load is) are no rules: they hold whatever a planner decides. Not here: which
rules contradict each other (``conflict``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from sop_pipeline.supply.arrays import INF, Ints
from sop_pipeline.supply.model.blocks import Block, LinearModel
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.solver import Solver

HEADS = "opening_units, hires and layoffs"
WHOLE = {
    "units": "whole heads",
    "temporary": "whole temporary workers",
    "maintained": "whole machines in maintenance",
    "set_up": "whole set-ups",
    "route_set_up": "whole set-ups of alternatives",
}
"""Families of whole numbers, each a rule of its own: what only fractions of heads could keep is no plan."""


@dataclass(frozen=True)
class Rule:
    """``rows`` and ``columns`` with the bounds they have once the rule is lifted; ``whole`` columns become free."""

    name: str
    item: str = ""
    month: str = ""
    rows: dict[int, tuple[float, float]] = field(default_factory=dict)
    columns: dict[int, tuple[float, float]] = field(default_factory=dict)
    whole: Ints | None = None

    def lift(self, solver: Solver) -> None:
        """Take the rule out of the model."""
        self._put(solver, self.rows, self.columns, whole=False)

    def keep(self, solver: Solver) -> None:
        """Put the rule back."""
        model = solver.model
        rows = {row: (model.row_lower[row], model.row_upper[row]) for row in self.rows}
        columns = {column: (model.lower[column], model.upper[column]) for column in self.columns}
        self._put(solver, rows, columns, whole=True)

    def _put(
        self,
        solver: Solver,
        rows: dict[int, tuple[float, float]],
        columns: dict[int, tuple[float, float]],
        *,
        whole: bool,
    ) -> None:
        for row, (low, high) in rows.items():
            solver.set_row(row, low, high)
        for column, (low, high) in columns.items():
            solver.set_columns(np.array([column]), np.array([low]), np.array([high]))
        if self.whole is not None:
            solver.set_kinds(self.whole, whole=whole)


def rules(draft: Draft, model: LinearModel) -> list[Rule]:
    """Every rule of one item and month, in the model's order."""
    found: dict[tuple[str, str, str], Rule] = {}
    for entry in _each(draft, model):
        known = found.setdefault((entry.name, entry.item, entry.month), Rule(entry.name, entry.item, entry.month))
        known.rows.update(entry.rows)
        known.columns.update(entry.columns)
    return list(found.values())


def whole_numbers(draft: Draft, model: LinearModel) -> list[Rule]:
    """Every family of whole numbers that the model has."""
    found = []
    for name, block in draft.builder.columns.items():
        ids = block.ids[block.ids >= 0]
        whole = ids[model.integer[ids]]
        if len(whole):
            found.append(Rule(WHOLE.get(name, f"whole {name.replace('_', ' ')}"), whole=whole))
    return found


def in_words(found: Iterable[Rule]) -> list[str]:
    """One phrase for each rule and item, its months in order."""
    months: dict[tuple[str, str], list[str]] = {}
    for rule in found:
        months.setdefault((rule.name, rule.item), []).append(rule.month)
    return [f"{name} of {item} in {', '.join(named)}" if item else name for (name, item), named in months.items()]


def _each(draft: Draft, model: LinearModel) -> Iterator[Rule]:
    for block in draft.builder.rows.values():
        for place in np.argwhere(block.ids >= 0):
            yield from _of_row(draft, model, block, place)
    for block in draft.builder.columns.values():
        for place in np.argwhere((block.ids >= 0) & (_named(block.label.limit) | _named(block.label.floor))):
            yield from _of_column(model, block, place)


def _of_row(draft: Draft, model: LinearModel, block: Block, place: Ints) -> Iterator[Rule]:
    """A row is lifted by letting it take any value; of the balance, what must be served by letting that go unserved."""
    row, key = int(block.ids[tuple(place)]), (block.items[place[0]], block.months[place[1]])
    name = HEADS if block.name == "workforce" else _at(block.label.limit, place)
    if block.name == "balance":
        must = float(draft.data.products.must_serve[tuple(place)])
        if must > 0:
            lifted = (float(model.row_lower[row]) - must, float(model.row_upper[row]))
            yield Rule(f"min_quantity {must:g}", *key, rows={row: lifted})
    elif name:
        yield Rule(name, *key, rows={row: (-INF, INF)})


def _of_column(model: LinearModel, block: Block, place: Ints) -> Iterator[Rule]:
    """The bounds of a column; what must be served is the balance's rule, and the end of a product has no figure."""
    column, key = int(block.ids[tuple(place)]), (block.items[place[0]], block.months[place[1]])
    low, high = float(model.lower[column]), float(model.upper[column])
    limit, floor = _at(block.label.limit, place), _at(block.label.floor, place)
    if limit == "min_quantity":
        return
    if limit and limit == floor:
        yield Rule(f"{limit} {high:g}", *key, columns={column: (0.0, INF)})
        return
    if limit and np.isfinite(high):
        name = limit if limit == "discontinued_on" else f"{limit} {high:g}"
        yield Rule(name, *key, columns={column: (low, INF)})
    if floor and low > 0:
        yield Rule(f"{floor} {low:g}", *key, columns={column: (0.0, high)})


def _named(label: str | np.ndarray) -> np.ndarray:
    return np.asarray(label, str) != ""


def _at(label: str | np.ndarray, place: Ints) -> str:
    return label if isinstance(label, str) else str(label[tuple(place)])
