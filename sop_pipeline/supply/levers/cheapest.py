"""The cheapest set of levers that brings what is asked, on the model that the plan is made with; or the nearest to it.

First what is missed is made least, then what is paid for that: the levers, and what the plan costs more than the
material of what they sell (docs/decisions). The plan serves nobody worse than without the
levers, exceeds no limit further, and leaves cash no lower than it is or than nothing. Whole heads count as fractions
here: whoever plans the set again counts them. Not here: what the set then brings in money to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.levers.columns import LEVER, Offer, add_levers, amounts, with_levers
from sop_pipeline.supply.levers.ledger import Ledger, Worth, asked, target_rows
from sop_pipeline.supply.levers.targets import Target
from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.draft_model import draft_model
from sop_pipeline.supply.model.lexicographic import settle_deviations
from sop_pipeline.supply.model.solver import Solver, SolverError
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.strategies.planner import OVERLOADS, Solved, solver_of
from sop_pipeline.supply.strategies.rules import UNSERVED, Part, apply_strategy

NOTHING = 1e-6
MISSED = "goal_missed"
SEEN = 1e-9
"""Share of a row's largest coefficient under which another is nothing to the solver."""
PRICED = 1e-7
"""Share of the largest price from which a limit counts as one that binds."""


@dataclass(frozen=True)
class Binding:
    """A limit that stands in the way: of what, in how many months, and what one more would bring at most."""

    constraint: str
    item: str
    months: int
    worth: float


@dataclass(frozen=True)
class CheapestSet:
    """How far each lever is pulled by month, by its name; what is missed all the same, and what then binds."""

    use: Mapping[str, Mapping[str, float]]
    missed: float
    binding: tuple[Binding, ...]


@dataclass
class _Written:
    draft: Draft
    model: LinearModel
    solver: Solver
    missed: int


def cheapest_set(
    base: Solved,
    parts: list[Part],
    offers: Sequence[Offer],
    target: Target,
    *,
    worth: Worth,
    cash: Floats | None = None,
) -> CheapestSet:
    """Find the set for a plan ``base`` of a strategy's ``parts``; ``cash`` its balance by month, None if unknown.

    Raises SolverError where no solve ends: the plan without any lever is always one.
    """
    written = _written(base, parts, offers, target, worth=worth, cash=cash)
    solver, missed = written.solver, written.missed
    only_missed = np.zeros(len(written.model.cost))
    only_missed[missed] = 1.0
    nearest = solver.minimise(only_missed)
    if not nearest.optimal:
        raise SolverError("no plan with levers, though there is one without")
    least = max(float(nearest.values[missed]), 0.0)
    solver.set_columns(np.array([missed]), np.zeros(1), np.array([least + max(1e-3, 1e-9 * abs(target.gap))]))
    cheapest = solver.minimise(written.model.cost)
    found = cheapest if cheapest.optimal else nearest
    use = {offer.lever.name: amounts(written.draft, offer, found.values) for offer in offers}
    short = least > max(0.01, 1e-6 * abs(target.gap))
    binding = _binding(written, offers, nearest.values, only_missed) if short else ()
    return CheapestSet(use, least if short else 0.0, binding)


def _written(
    base: Solved,
    parts: list[Part],
    offers: Sequence[Offer],
    target: Target,
    *,
    worth: Worth,
    cash: Floats | None,
) -> _Written:
    of, data = base.draft, with_levers(base.draft.data, offers)
    data = _released(data, offers)
    draft = draft_model(
        data, elastic=of.elastic, overload=of.overload, deviate=of.deviate, service=of.service, profit=of.profit
    )
    apply_strategy(draft, parts)
    ledger = Ledger(draft, worth, add_levers(draft, offers, of.data, np.nan_to_num(worth.weight)))
    forms = ledger.forms()
    start = _start(base, draft)
    rows = target_rows(target, forms, data.months)
    missed = draft.builder.add_variables(MISSED, ["goal"], ["goal"])[0, 0]
    _rise(draft, "goal", rows, rows @ start + asked(target), missed)
    if cash is not None and target.form != "cash":
        _rise(draft, "cash_floor", forms["cash"], forms["cash"] @ start + np.minimum(cash, 0.0) - cash)
    model = draft.builder.assemble()
    solver = solver_of(draft, model)
    _no_worse(draft, solver, base)
    settle_deviations(draft, solver)
    return _Written(draft, model, solver, int(missed))


def _released(data: PlanData, offers: Sequence[Offer]) -> PlanData:
    """Least stock with every release of stock pulled: what is not is asked back by rows of the levers."""
    less = sum(np.maximum(offer.probes[0].least_stock, 0.0) for offer in offers if offer.lever.kind == "stock")
    least = np.maximum(
        data.products.least_stock - less, np.minimum(data.products.firm_stock, data.products.least_stock)
    )
    return replace(data, products=replace(data.products, least_stock=least))


def _start(base: Solved, draft: Draft) -> Floats:
    """The plan without levers as values of the draft's columns, block by block."""
    values = np.zeros(draft.builder.column_count)
    for name, block in draft.builder.columns.items():
        own = base.draft.builder.columns.get(name)
        if own is not None and own.ids.shape == block.ids.shape:
            there = block.ids >= 0
            values[block.ids[there]] = own.value(base.solution.values)[there]
    return values


def _rise(draft: Draft, name: str, rows: sparse.csr_matrix, least: Floats, missed: int = -1) -> None:
    """``rows @ x + missed >= least``."""
    names = [f"{name} {place}" for place in range(rows.shape[0])]
    ids = draft.builder.add_rows(name, [name], names, lower=least[None])[0]
    terms = rows.tocoo()
    seen = np.abs(terms.data) > SEEN * np.abs(terms.data).max(initial=0.0)
    draft.builder.add_terms(ids[terms.row[seen]], terms.col[seen].astype(np.int64), terms.data[seen])
    draft.builder.add_terms(ids, np.full(len(ids), missed), 1.0)


def _no_worse(draft: Draft, solver: Solver, base: Solved) -> None:
    """No more unserved and no limit exceeded further than without the levers."""
    for name in (*UNSERVED, *OVERLOADS):
        block, own = draft.builder.column(name), base.draft.builder.column(name)
        if block is None:
            continue
        there = block.ids >= 0
        most = np.zeros(block.ids.shape) if own is None else own.value(base.solution.values)
        upper = np.minimum(solver.bounds()[1][block.ids[there]], np.maximum(most[there], 0.0) + NOTHING)
        solver.set_columns(block.ids[there], np.zeros(len(upper)), upper)


def _binding(written: _Written, offers: Sequence[Offer], values: Floats, only_missed: Floats) -> tuple[Binding, ...]:
    """Limits of the plan and of the levers that keep more from being reached, by their duals at the nearest plan."""
    draft, solver = written.draft, written.solver
    solver.set_columns(np.array([written.missed]), np.zeros(1), np.array([INF]))
    if solver.integer:
        solver.fix_whole_numbers(values)
    solution = solver.minimise(only_missed)
    if not solution.optimal:
        return ()
    duals = solver.duals()
    found: dict[tuple[str, str], list[float]] = {
        ("lever", offer.lever.name): [0.0]
        for offer in offers
        if offer.lever.kind == "price" and draft.builder.columns[offer.block].value(values)[0, -1] > 1 - NOTHING
    }
    lower, upper = solver.bounds()
    for block in draft.builder.columns.values():
        for item, month in np.argwhere(block.ids >= 0):
            column = int(block.ids[item, month])
            name = "lever" if block.name.startswith(LEVER) else _name(block.label.limit, (item, month))
            at_limit = upper[column] > lower[column] and solution.values[column] > upper[column] - NOTHING
            if name and at_limit and duals.columns[column] < 0:
                found.setdefault((name, block.items[item]), []).append(-float(duals.columns[column]))
    for block in draft.builder.rows.values():
        for item, month in np.argwhere(block.ids >= 0):
            dual, name = duals.rows[block.ids[item, month]], _name(block.label.limit, (item, month))
            if name and name != "demand" and dual < 0:
                found.setdefault((name, block.items[item]), []).append(-float(dual))
    least = max((max(worths) for worths in found.values()), default=0.0) * PRICED
    return tuple(
        Binding(name, item, len(worths), max(worths))
        for (name, item), worths in sorted(found.items())
        if max(worths) > least or name == "lever"
    )


def _name(limit: str | np.ndarray, place: tuple[int, int]) -> str:
    return limit if isinstance(limit, str) else str(np.broadcast_to(limit, limit.shape)[place])
