"""How much each model counts: weights from the backtest's errors, shrunk towards equal shares.

What belongs here: weights on the simplex from past errors, and the combined forecast. Not here: the models.

The weights minimise the mean squared error of the combination over all series at once (Bates and Granger 1969), each
error in units of its series' one-step error and none counting for more than ``LARGEST_ERROR``; then they are drawn to
equal shares, the more so the fewer periods have spoken (errors of one period are alike over all series). A forecast
made at an origin is combined by the errors of periods before that origin alone.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from sop_pipeline.demand.forecast.accurate.panel import Floats, Whole

LARGEST_ERROR = 4.0
PRIOR_PERIODS = 6.0


def simplex_weights(moments: Floats, periods: float) -> Floats:
    """Weights, none negative, adding up to one, with the least ``w' moments w``, shrunk to equal by few ``periods``.

    ``moments``: sums of products of the models' errors, models x models. Every set of models has its optimum in closed
    form; the best of those without a negative weight is the optimum on the simplex. All zero moments: equal shares.
    """
    models = len(moments)
    equal = np.full(models, 1 / models)
    best: Floats = equal
    least = np.inf
    ridge = 1e-9 * np.trace(moments) / models
    if not ridge > 0:
        return equal
    for size in range(1, models + 1):
        for subset in combinations(range(models), size):
            part = moments[np.ix_(subset, subset)] + ridge * np.eye(size)
            solved = np.linalg.solve(part, np.ones(size))
            weights = np.zeros(models)
            weights[list(subset)] = solved / solved.sum()
            error = float(weights @ moments @ weights)
            if weights.min() >= 0 and error < least * (1 - 1e-9):
                best, least = weights, error
    trust = periods / (periods + PRIOR_PERIODS)
    return trust * best + (1 - trust) * equal


def scaled_errors(forecasts: Floats, actuals: Floats, scales: Floats) -> Floats:
    """Errors in units of ``scales``, held within ``LARGEST_ERROR``; nan where any model, actual or scale is missing.

    ``forecasts``: models x cases; the others have an entry per case.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.where(scales > 0, (forecasts - actuals) / scales, np.nan)
    complete = np.isfinite(errors).all(axis=0)
    return np.where(complete, np.clip(errors, -LARGEST_ERROR, LARGEST_ERROR), np.nan)


def moments_by_period(errors: Floats, periods: Whole, width: int) -> Floats:
    """Sums of products of the models' errors by the period they were made for: periods x models x models."""
    models = len(errors)
    complete = np.isfinite(errors).all(axis=0)
    complete_errors, when = errors[:, complete], periods[complete]
    sums = np.zeros((width, models, models))
    for one in range(models):
        for other in range(models):
            sums[:, one, other] = np.bincount(when, complete_errors[one] * complete_errors[other], width)
    return sums


def weights_by_origin(moments: Floats) -> Floats:
    """Weights at every origin from the periods before it: (periods + 1) x models; the last knows all periods."""
    width, models = moments.shape[:2]
    weights = np.empty((width + 1, models))
    total, periods_heard = np.zeros((models, models)), 0
    for period in range(width + 1):
        weights[period] = simplex_weights(total, periods_heard)
        if period < width:
            total = total + moments[period]
            periods_heard += bool(np.trace(moments[period]) > 0)
    return weights


def combine(forecasts: Floats, weights: Floats) -> Floats:
    """Weighted mean of the models that have a forecast; ``forecasts`` and ``weights`` models x cases, broadcast."""
    present = np.isfinite(forecasts)
    shares = np.where(present, weights, 0)
    total = shares.sum(axis=0)
    mean = (np.where(present, forecasts, 0) * shares).sum(axis=0) / np.where(total > 0, total, 1)
    return np.where(total > 0, mean, forecasts[0])
