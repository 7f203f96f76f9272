"""The screen: which slow models are fitted to which series, decided from training data alone.

What belongs here: the two rules of the screen. Not here: the fits, nor the weights.

1. *Which series*: those a slow model can say something about: every value known is positive, demand is dense and has
   not ended, and two seasons are known, so that there is a profile to take out.
2. *Which models*: a pilot of ``pilot_series`` of those series, evenly spaced over the list, is fitted at the oldest
   backtest origin with two seasons before it, which has the most months to be judged by. A model is fitted to all of
   them only where giving it an equal share in the combination lowers the pilot's errors by more than
   ``screen_errors`` standard errors of the mean gain over the pilot's series: two, because the series share their
   months and a good year for a model is a good year for it everywhere.

A fit costs a hundred times a SQL forecast, and over many series the slow models seldom add to what the SQL models and
the global model say together; the pilot finds where they do at the price of a few fits.
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.demand.forecast.accurate.panel import Flags, Floats, Panel, Scaled, Whole

FEWEST_JUDGES = 8


def fittable(panel: Panel, scaled: Scaled, rows: Whole, season: int) -> Flags:
    """Rule 1 for each row, by all that is known of it."""
    periods = (~np.isnan(panel.y)).sum(axis=1)
    return scaled.in_logs[rows] & scaled.regular[rows] & (periods[rows] >= 2 * season)


def pilot(candidates: Whole, size: int) -> Whole:
    """``size`` of the candidates, evenly spaced; all of them where they are fewer."""
    if len(candidates) <= size:
        return candidates
    return candidates[np.linspace(0, len(candidates) - 1, size).round().astype(np.int64)]


def helps(combined: Floats, candidate: Floats, series: Whole, share: float, standard_errors: float) -> bool:
    """Rule 2: whether ``share`` of the candidate's errors in the combined ones makes them smaller, series by series.

    Both are signed scaled errors, one per case, nan where a case is missing; ``series`` says whose case it is. Fewer
    than ``FEWEST_JUDGES`` series decide nothing.
    """
    both = np.isfinite(combined) & np.isfinite(candidate)
    judges, judge = np.unique(series[both], return_inverse=True)
    if len(judges) < FEWEST_JUDGES:
        return False
    mixed = (1 - share) * combined[both] + share * candidate[both]
    gains = np.bincount(judge, np.abs(combined[both]) - np.abs(mixed)) / np.bincount(judge)
    return bool(gains.mean() > standard_errors * gains.std(ddof=1) / np.sqrt(len(gains)))
