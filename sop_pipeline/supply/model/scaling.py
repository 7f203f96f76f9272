"""Rows and columns in the data's own units: powers of two that bring a model's numbers near one.

HiGHS drops every coefficient of at most 1e-9 and keeps limits to an absolute 1e-9, so that a product counted by the
thousand million, or a material taken by the microgram, would leave the plan a limit that nobody keeps. Here: when a
model needs other units, which ones, and the coefficients that no unit brings into sight. Powers of two change no digit.
A unit is read off the limits: a thousand million demanded are counted in thousand millions, and so is what is made of
them; a resource is counted by what there is of it. Not here: the solver (``solver``), the planner's name of a
coefficient (``cells``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.model.blocks import LinearModel

DROPPED = 1e-9
"""Coefficients up to which HiGHS drops an entry of the matrix (``small_matrix_value``)."""
LEAST, MOST = 1e-7, 1e7
"""Coefficients and costs that are handed over as they are."""
MOST_LIMIT = 1e8
"""Limits and bounds likewise: beyond it the solver's tolerance lies below the last digit of a number."""


class OutOfScale(ValueError):
    """A coefficient that stays too small beside the others in whatever units: its row, its column and its value."""

    def __init__(self, row: int, column: int, value: float) -> None:
        super().__init__(f"coefficient {value:g} of row {row} and column {column} is lost in any units")
        self.row, self.column, self.value = row, column, value


@dataclass(frozen=True)
class Scale:
    """``x = column * x'``; a row of the scaled model is ``row`` times the row, its objective ``cost`` times that."""

    row: Floats
    column: Floats
    cost: float = 1.0

    @classmethod
    def none(cls, model: LinearModel) -> Scale:
        """The model's own units."""
        return cls(np.ones(len(model.row_lower)), np.ones(len(model.cost)))

    def of(self, model: LinearModel) -> LinearModel:
        """The model in these units."""
        matrix = sparse.diags(self.row) @ model.matrix @ sparse.diags(self.column)
        return LinearModel(
            model.cost * self.column * self.cost,
            model.lower / self.column,
            model.upper / self.column,
            model.integer,
            sparse.csc_matrix(matrix),
            model.row_lower * self.row,
            model.row_upper * self.row,
            model.row_unit,
            model.column_unit,
        )


def fitting(model: LinearModel) -> Scale:
    """Units in which the solver sees every coefficient; the model's own wherever they will do.

    Raises OutOfScale for a coefficient that no units bring into sight.
    """
    if not _is_wide(model):
        return Scale.none(model)
    scale = own_units(model)
    _refuse_lost(model, scale)
    return scale


def own_units(model: LinearModel) -> Scale:
    """Units in which every limit, and what fills it, is about one; whole numbers stay whole.

    A row counts in its largest limit, a column in its largest bound; where there is none, a column counts in what fills
    the tightest of its rows, a row in the most that one of its columns brings.
    """
    rows, columns, size = _entries(model)
    row = _largest(model.row_unit, model.row_lower, model.row_upper)
    column = _largest(model.column_unit, model.lower, model.upper)
    column[model.column_unit[model.integer]] = 0.0
    while True:
        known = np.isnan(column).sum() + np.isnan(row).sum()
        fills = np.full(len(column), np.nan)
        np.fmin.at(fills, columns, row[rows] - size)
        column = np.where(np.isnan(column), fills, column)
        brings = np.full(len(row), np.nan)
        np.fmax.at(brings, rows, column[columns] + size)
        row = np.where(np.isnan(row), brings, row)
        if np.isnan(column).sum() + np.isnan(row).sum() == known:
            break
    of_row = np.exp2(-np.round(np.nan_to_num(row)))[model.row_unit]
    of_column = np.exp2(np.round(np.nan_to_num(column)))[model.column_unit]
    return Scale(of_row, of_column, cost_unit(model.cost, of_column))


def cost_unit(cost: Floats, column: Floats) -> float:
    """The power of two that brings the costs of columns in their units near one."""
    size = _logs(cost) + np.log2(column)
    known = size[~np.isnan(size)]
    return float(np.exp2(-np.round((known.min() + known.max()) / 2))) if len(known) else 1.0


def _is_wide(model: LinearModel) -> bool:
    size = np.abs(model.matrix.data)
    coefficients, cost = size[size > 0], np.abs(model.cost[model.cost != 0])
    limits = np.concatenate([model.lower, model.upper, model.row_lower, model.row_upper])
    limits = np.abs(limits[np.isfinite(limits)])
    small = (coefficients < LEAST).any() or (cost < LEAST).any()
    return bool(small or (coefficients > MOST).any() or (limits > MOST_LIMIT).any())


def _refuse_lost(model: LinearModel, scale: Scale) -> None:
    """Every entry has to stay above what the solver drops."""
    entries = model.matrix.tocoo()
    scaled = np.abs(entries.data) * scale.row[entries.row] * scale.column[entries.col]
    lost = np.flatnonzero((scaled <= DROPPED) & (entries.data != 0))
    if len(lost):
        worst = lost[int(np.argmin(scaled[lost]))]
        raise OutOfScale(int(entries.row[worst]), int(entries.col[worst]), float(entries.data[worst]))


def _entries(model: LinearModel) -> tuple[Ints, Ints, Floats]:
    """Units of rows and columns that meet, and the size of each coefficient as a power of two."""
    entries = model.matrix.tocoo()
    there = entries.data != 0
    size = np.log2(np.abs(entries.data[there]))
    return model.row_unit[entries.row[there]], model.column_unit[entries.col[there]], size


def _largest(unit: Ints, *bounds: Floats) -> Floats:
    """The largest bound of each unit's members as a power of two, NaN where none has one (units,)."""
    largest = np.full(int(unit.max(initial=-1)) + 1, np.nan)
    for values in bounds:
        np.fmax.at(largest, unit, _logs(values))
    return largest


def _logs(values: Floats) -> Floats:
    """Powers of two, NaN for what is nothing or without end."""
    counted = np.isfinite(values) & (values != 0)
    return np.where(counted, np.log2(np.abs(np.where(counted, values, 1.0))), np.nan)
