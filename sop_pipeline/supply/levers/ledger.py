"""A draft's plan in money by month, as rows over the columns of its model (docs/money.md has the measures).

Each form is a matrix (months, columns) without its constant part: what differs between two plans of one draft, levers
pulled and not pulled, is ``form @ (x1 - x0)``. Not here: rounding to cents, which the tables of a plan know
(``reconciliation``), or what a draft's columns mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.levers.targets import Target
from sop_pipeline.supply.model.constraints.materials import SPENDING
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.strategies.rules import UNSERVED

NOISE = 1e-4
"""Money a unit that is less than a hundredth of a cent, and no price."""
BOUGHT = ("material", "subcontracting")


@dataclass(frozen=True)
class Worth:
    """What a unit of each planned item is worth (P,): standard and variable cost, NaN if unknown; lags in months."""

    standard: Floats
    variable: Floats
    weight: Floats
    receipt_lag: int
    payment_lag: int


@dataclass(frozen=True)
class LeverWorth:
    """A block of lever columns (ids n): the month each counts in, and what one of it adds to every form (n,)."""

    ids: Ints
    month: Ints
    revenue: Floats
    margin: Floats
    demand: Floats
    outlay: Floats


@dataclass
class Ledger:
    """Forms of a draft by name, each (T, columns)."""

    draft: Draft
    worth: Worth
    levers: list[LeverWorth] = field(default_factory=list)

    def forms(self) -> Mapping[str, sparse.csr_matrix]:
        """Every form by name."""
        price, standard = self.draft.data.products.price, self.worth.standard[:, None]
        known = ~np.isnan(standard)
        revenue = self._sold(price) + self._of_levers("revenue")
        margin = self._sold(np.where(known, price - np.nan_to_num(standard), 0.0)) + self._of_levers("margin")
        bought = self._spent(BOUGHT)
        once = self._spent([kind for kind in SPENDING if kind not in BOUGHT]) + self._of_levers("outlay")
        variable = self._stock(np.nan_to_num(self.worth.variable))
        contribution = revenue - bought - once + _steps(variable)
        paid = _lagged(revenue, self.worth.receipt_lag) - _lagged(bought, self.worth.payment_lag) - once
        weight = np.nan_to_num(self.worth.weight)[:, None] * np.ones(price.shape)
        money = {
            "revenue": revenue,
            "gross_margin": margin,
            "contribution": contribution,
            "inventory_value": self._stock(np.nan_to_num(self.worth.standard)),
            "cash": _added_up(paid),
        }
        return {name: _without_noise(form) for name, form in money.items()} | {
            "on_time": self._on_time(weight) + self._of_levers("demand"),
            "demand": self._of_levers("demand"),
        }

    # -- the plan's own columns ----------------------------------------------------------------------------------------

    def _matrix(self, month: Ints, ids: Ints, value: Floats) -> sparse.csr_matrix:
        """Terms (any shape) added up by month and column; those without a column vanish."""
        month, ids, value = np.broadcast_arrays(month, ids, value)
        there = (ids >= 0) & (value != 0)
        shape = (self.draft.data.month_count, self.draft.builder.column_count)
        return sparse.coo_matrix((value[there], (month[there], ids[there])), shape=shape).tocsr()

    @property
    def _months(self) -> Ints:
        return np.arange(self.draft.data.month_count)[None, :]

    def _ids(self, name: str) -> Ints:
        return self.draft.ids(name, len(self.draft.data.products.names))

    def _sold(self, price: Floats) -> sparse.csr_matrix:
        """``price(t) (-L(t) - B(t) + B(t-1))``, unmet demand counted with ``L``."""
        months, backlog = self._months, self._ids("backlog")
        lost = sum(self._matrix(months, self._ids(name), -price) for name in UNSERVED)
        before = self._matrix(months[:, 1:], backlog[:, :-1], price[:, 1:])
        return lost + before

    def _on_time(self, weight: Floats) -> sparse.csr_matrix:
        """``-L(t) - B(t)`` in common units: what is neither lost nor late."""
        return sum(self._matrix(self._months, self._ids(name), -weight) for name in UNSERVED)

    def _stock(self, value: Floats) -> sparse.csr_matrix:
        ids = self._ids("inventory")
        return self._matrix(self._months, ids, value[:, None] * np.ones(ids.shape))

    def _spent(self, kinds: list[str] | tuple[str, ...]) -> sparse.csr_matrix:
        count = self.draft.data.month_count
        found = sparse.csr_matrix((count, self.draft.builder.column_count))
        for cost in self.draft.builder.costs:
            if cost.kind in kinds and cost.ids.shape[1] == count:
                found = found + self._matrix(self._months, cost.ids, cost.coefficient)
        return found

    def _of_levers(self, name: str) -> sparse.csr_matrix:
        shape = (self.draft.data.month_count, self.draft.builder.column_count)
        found = sparse.csr_matrix(shape)
        for each in self.levers:
            found = found + self._matrix(each.month, each.ids, getattr(each, name))
        return found


def target_rows(target: Target, forms: Mapping[str, sparse.csr_matrix], horizon: list[str]) -> sparse.csr_matrix:
    """Rows (n, columns) that all have to rise by ``asked``: one, or one a month where every month has to."""
    places = [horizon.index(month) for month in target.months]
    form = forms[target.form]
    if target.floors:
        return form[places]
    rows = sparse.csr_matrix(form[places].sum(axis=0))
    if target.form == "inventory_value":
        rows = rows / len(places)
    if target.of:
        rows = rows - target.share * sparse.csr_matrix(forms[target.of][places].sum(axis=0))
    return rows if target.gap > 0 else -rows


def asked(target: Target) -> Floats:
    """By how much every row of ``target_rows`` has to rise (n,)."""
    return abs(target.gap) - np.array(target.floors or (0.0,))


def _steps(form: sparse.csr_matrix) -> sparse.csr_matrix:
    """Each month less the month before."""
    shift = sparse.eye(form.shape[0], k=-1, format="csr")
    return form - shift @ form


def _without_noise(form: sparse.csr_matrix) -> sparse.csr_matrix:
    """Without what prices of two months differ by in their last written places."""
    form = form.copy()
    form.data[np.abs(form.data) < NOISE] = 0.0
    form.eliminate_zeros()
    return form


def _lagged(form: sparse.csr_matrix, lag: int) -> sparse.csr_matrix:
    return sparse.eye(form.shape[0], k=-lag, format="csr") @ form


def _added_up(form: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.tril(np.ones((form.shape[0],) * 2))) @ form
