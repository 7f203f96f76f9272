"""A slow model fitted to one series, as a rule on history the SQL models have already deseasonalised.

What belongs here: one fit that cannot stop the others, and the way from units to deseasonalised multiples of the mean
and back. Not here: the models (``libraries``), which series are fitted (``screen``), what a model counts for
(``combination``).

A seasonal search is most of the cost of these models and the weaker part of their forecasts on short histories: AutoETS
without it takes a fifteenth of the time. The profile known at the origin is taken out before the fit and put back, but
for a model that is asked to find a season of its own (engine ``thorough``).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sop_pipeline.demand.forecast.accurate.panel import Floats, Panel
from sop_pipeline.demand.forecast.libraries import SlowModel

FURTHEST = 10.0
"""A path beyond this many times the highest value known is a failed fit."""
SHORTEST = 3


@dataclass(frozen=True)
class Profiles:
    """Seasonal profiles (in logs, phase 0 first) of each node by the number of periods known."""

    by_node: dict[int, list[tuple[int, list[float]]]]

    def at(self, node_id: int, periods: int) -> Floats | None:
        """The latest profile made of ``known`` periods or fewer."""
        profiles = [profile for cutoff, profile in self.by_node.get(node_id, []) if cutoff <= periods]
        return np.array(profiles[-1]) if profiles else None


def profiles(own: pa.Table) -> Profiles:
    """Take the profiles from ``own_profiles``."""
    by_node: dict[int, list[tuple[int, list[float]]]] = {}
    for row in own.select(["node_id", "cutoff", "profile"]).sort_by([("cutoff", "ascending")]).to_pylist():
        by_node.setdefault(row["node_id"], []).append((row["cutoff"], row["profile"]))
    return Profiles(by_node)


def fit(model: SlowModel, panel: Panel, row: int, origin: int, seasonal: Profiles, horizon: int) -> Floats | None:
    """Forecast of ``model`` from the periods of ``row`` before ``origin``, in units; None where the fit fails.

    Whatever a fit dies of, or a path that is not finite, negative or far outside the history, is a failure.
    """
    y = panel.y[row, :origin]
    first = int(np.argmax(~np.isnan(y)))
    y = y[first:]
    profile = seasonal.at(int(panel.node_ids[row]), len(y))
    if profile is None or len(y) < SHORTEST or y.min() <= 0:
        return None
    length = len(profile)
    season = np.ones(len(y) + horizon)
    if not model.own_season:
        season = np.exp(profile[(panel.start + first + np.arange(len(season))) % length])
    level = float(y.mean())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = model.make(length if model.own_season else 1)
            path = np.asarray(made.forecast(y / season[: len(y)] / level, horizon)["mean"], dtype=float)
    except Exception:  # the others go on without this fit, and the caller records it
        return None
    path = path * level * season[len(y) :]
    return path if np.isfinite(path).all() and path.min() >= 0 and path.max() <= FURTHEST * y.max() else None
