"""The straight-line part of the global model: a ridge regression on its features, which the trees then improve.

What belongs here: the regression. Not here: the features and the trees. A tree has to climb a slope in steps; where
much of the relation is one (growth goes on in part, a season returns in part), few cases are wasted on it this way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop_pipeline.demand.forecast.accurate.features import LAG, PHASE
from sop_pipeline.demand.forecast.accurate.panel import Floats

RIDGE = 100.0
ENOUGH_ROWS = 8000
FURTHEST_TARGET = 1.5
"""Distances beyond this (logs, or multiples of the mean) count for no more: squares would follow the wildest series."""
FURTHEST_FEATURE = 2.0


@dataclass(frozen=True)
class LinearPart:
    """Coefficients of the design's columns."""

    coefficients: Floats
    season: int

    def predict(self, table: Floats) -> Floats:
        """Predicted target of each row of features."""
        return np.asarray(np.einsum("ij,j->i", _design(table, self.season), self.coefficients))


def fit_linear_part(table: Floats, target: Floats, season: int) -> LinearPart:
    """Least squares with ``RIDGE`` on the coefficients, over about ``ENOUGH_ROWS`` of the rows, evenly spaced.

    The sums are taken by ``einsum``, whose order of adding does not depend on the number of threads as a BLAS's may.
    """
    every = max(1, len(table) // ENOUGH_ROWS)
    design = _design(table[::every], season)
    held = np.clip(target[::every], -FURTHEST_TARGET, FURTHEST_TARGET)
    products = np.einsum("ij,ik->jk", design, design) + RIDGE * np.eye(design.shape[1])
    return LinearPart(np.linalg.solve(products, np.einsum("ij,i->j", design, held)), season)


def _design(table: Floats, season: int) -> Floats:
    """Features held within bounds (unknown ones 0), the lag in seasons, every feature times the lag, and a constant.

    The season's phase is a name, not a quantity, and is left to the trees.
    """
    seasons_ahead = table[:, LAG] / season
    quantities = np.clip(np.nan_to_num(np.delete(table, (LAG, PHASE), axis=1)), -FURTHEST_FEATURE, FURTHEST_FEATURE)
    return np.column_stack([seasons_ahead, quantities, seasons_ahead[:, None] * quantities, np.ones(len(table))])
