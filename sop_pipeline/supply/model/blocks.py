"""Blocks of variables and rows, put together into one sparse matrix.

Here: the bookkeeping that lets a constraint family be written as one or two array expressions, and that keeps the
planner's name of every row and column. Not here: what any row means (``constraints``), nor the solver (``solver``).
A variable or row that does not exist in some place has the id -1 there, and terms that touch it vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sop_pipeline.supply.arrays import INF, Flags, Floats, Ints, Names

ROUNDING = 1e-14
"""What is left of terms that cancel each other, by their size: rounding, and no coefficient."""


@dataclass(frozen=True)
class Label:
    """The planner's words for a family: its unit, and the names of its upper and its lower bound.

    A name is one for all members, or one each, shaped (items, months).
    """

    unit: str = "unit"
    limit: str | Names = ""
    floor: str | Names = ""


UNITS = Label()
"""A family counted in units, whose bounds are no planner's."""


@dataclass(frozen=True)
class Block:
    """Ids of one family of variables or rows, shaped (items, months); -1 where it does not exist."""

    name: str
    items: tuple[str, ...]
    months: tuple[str, ...]
    ids: Ints
    label: Label = UNITS

    @property
    def exists(self) -> bool:
        """Whether any member exists."""
        return bool((self.ids >= 0).any())

    def value(self, solution: Floats) -> Floats:
        """Values shaped like the block, zero where it does not exist."""
        if not self.exists:
            return np.zeros(self.ids.shape)
        return np.where(self.ids >= 0, solution[np.maximum(self.ids, 0)], 0.0)


@dataclass(frozen=True)
class Cost:
    """One kind of cost: ``coefficient`` money for each unit of the variables ``ids`` (items, months)."""

    kind: str
    items: tuple[str, ...]
    ids: Ints
    coefficient: Floats
    real: bool = True


@dataclass(frozen=True)
class LinearModel:
    """Minimise ``cost @ x`` with ``row_lower <= matrix @ x <= row_upper`` and bounds on ``x``.

    ``row_unit`` and ``column_unit`` number what is counted alike: the months of one item of a block.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Flags
    matrix: sparse.csc_matrix
    row_lower: Floats
    row_upper: Floats
    row_unit: Ints
    column_unit: Ints


@dataclass
class Builder:
    """Collects blocks, terms and costs; ``assemble`` makes the matrix."""

    columns: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    costs: list[Cost] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _integer: list[Flags] = field(default_factory=list)
    _row_lower: list[Floats] = field(default_factory=list)
    _row_upper: list[Floats] = field(default_factory=list)
    _terms: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    column_count: int = 0
    row_count: int = 0

    def add_variables(
        self,
        name: str,
        items: Sequence[str],
        months: Sequence[str],
        *,
        lower: npt.ArrayLike = 0.0,
        upper: npt.ArrayLike = INF,
        where: npt.ArrayLike = True,
        integer: npt.ArrayLike = False,
        label: Label = UNITS,
    ) -> Ints:
        """Add variables (items, months) where ``where`` holds; return their ids."""
        shape = (len(items), len(months))
        mask = np.broadcast_to(np.asarray(where, bool), shape)
        count = int(mask.sum())
        ids = np.full(shape, -1, np.int64)
        ids[mask] = np.arange(self.column_count, self.column_count + count)
        self.column_count += count
        self._lower.append(np.broadcast_to(np.asarray(lower, float), shape)[mask])
        self._upper.append(np.broadcast_to(np.asarray(upper, float), shape)[mask])
        self._integer.append(np.broadcast_to(np.asarray(integer, bool), shape)[mask])
        self.columns[name] = Block(name, tuple(items), tuple(months), ids, label)
        return ids

    def add_rows(
        self,
        name: str,
        items: Sequence[str],
        months: Sequence[str],
        *,
        lower: npt.ArrayLike = -INF,
        upper: npt.ArrayLike = INF,
        where: npt.ArrayLike = True,
        label: Label = UNITS,
    ) -> Ints:
        """Add rows (items, months) where ``where`` holds; return their ids."""
        shape = (len(items), len(months))
        mask = np.broadcast_to(np.asarray(where, bool), shape)
        count = int(mask.sum())
        ids = np.full(shape, -1, np.int64)
        ids[mask] = np.arange(self.row_count, self.row_count + count)
        self.row_count += count
        self._row_lower.append(np.broadcast_to(np.asarray(lower, float), shape)[mask])
        self._row_upper.append(np.broadcast_to(np.asarray(upper, float), shape)[mask])
        self.rows[name] = Block(name, tuple(items), tuple(months), ids, label)
        return ids

    def add_terms(self, rows: Ints, columns: Ints, coefficient: npt.ArrayLike) -> None:
        """Add ``coefficient * column`` to each row; the three are broadcast against each other."""
        row, column, value = np.broadcast_arrays(rows, columns, np.asarray(coefficient, float))
        keep = (row >= 0) & (column >= 0) & (value != 0)
        if keep.any():
            self._terms.append((row[keep], column[keep], value[keep]))

    def add_cost(
        self, kind: str, items: Sequence[str], ids: Ints, coefficient: npt.ArrayLike, *, real: bool = True
    ) -> None:
        """Charge ``coefficient`` (broadcast) for each unit of ``ids`` (items, months); not ``real``: a penalty."""
        if (ids >= 0).any():
            price = np.broadcast_to(np.asarray(coefficient, float), ids.shape)
            self.costs.append(Cost(kind, tuple(items), ids, price, real))

    def column(self, name: str) -> Block | None:
        """The block of variables of that name, or None when the problem has none."""
        block = self.columns.get(name)
        return block if block is not None and block.exists else None

    def assemble(self) -> LinearModel:
        """Put everything into one column-wise sparse matrix; terms on the same cell add up."""
        cost, size = np.zeros(self.column_count), np.zeros(self.column_count)
        for entry in self.costs:
            mask = entry.ids >= 0
            np.add.at(cost, entry.ids[mask], entry.coefficient[mask])
            np.add.at(size, entry.ids[mask], np.abs(entry.coefficient[mask]))
        row, column, value = _joined(self._terms)
        shape = (self.row_count, self.column_count)
        matrix = sparse.coo_matrix((value, (row, column)), shape=shape).tocsc()
        if matrix.nnz < len(value):
            sizes = sparse.coo_matrix((np.abs(value), (row, column)), shape=shape).tocsc()
            matrix.data = _without_noise(matrix.data, sizes.data)
        return LinearModel(
            _without_noise(cost, size),
            _concatenate(self._lower),
            _concatenate(self._upper),
            _concatenate(self._integer).astype(bool),
            matrix,
            _concatenate(self._row_lower),
            _concatenate(self._row_upper),
            _numbered(self.rows, self.row_count),
            _numbered(self.columns, self.column_count),
        )


def _numbered(blocks: dict[str, Block], count: int) -> Ints:
    """A number for each member, the same for the months of one item of a block."""
    numbers, known = np.zeros(count, np.int64), 0
    for block in blocks.values():
        items = np.broadcast_to(np.arange(len(block.items))[:, None], block.ids.shape)
        numbers[block.ids[block.ids >= 0]] = known + items[block.ids >= 0]
        known += len(block.items)
    return numbers


def _without_noise(total: Floats, size: Floats) -> Floats:
    """Nothing where terms cancel each other but for their last digits."""
    return np.where(np.abs(total) <= ROUNDING * size, 0.0, total)


def _joined(terms: list[tuple[Ints, Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    if not terms:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    rows, columns, values = zip(*terms, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


def _concatenate(parts: list[npt.NDArray[np.generic]] | list[Floats] | list[Flags]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)  # type: ignore[arg-type]
