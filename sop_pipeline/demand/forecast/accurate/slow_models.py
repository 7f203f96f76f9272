"""statsforecast's models, each series fitted on its own, on history the SQL models have already deseasonalised.

What belongs here: the models, one fit that cannot stop a batch, and the way from units to deseasonalised multiples of
the mean and back. Not here: which series are fitted (``screen``) and what a model counts for (``combination``).

A seasonal search is most of the cost of these models and the weaker part of their forecasts on short histories: AutoETS
without it takes a fifteenth of the time. The profile known at the origin is taken out before the fit and put back.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sop_pipeline.demand.forecast.accurate.panel import Floats, Panel

MODELS = ("DynamicOptimizedTheta", "AutoCES", "AutoETS")
"""Cheapest first: Fiorucci and others (2016), Svetunkov and others (2022), Hyndman and others (2002)."""
FURTHEST = 10.0
"""A path beyond this many times the highest value known is a failed fit."""
SHORTEST = 3


@dataclass(frozen=True)
class Profiles:
    """Seasonal profiles (in logs, phase 0 first) of each node by the number of periods known."""

    by_node: dict[int, list[tuple[int, list[float]]]]

    def at(self, node_id: int, known: int) -> Floats | None:
        """The latest profile made of ``known`` periods or fewer."""
        found = [profile for cutoff, profile in self.by_node.get(node_id, []) if cutoff <= known]
        return np.array(found[-1]) if found else None


def profiles(own: pa.Table) -> Profiles:
    """Take the profiles from ``own_profiles``."""
    by_node: dict[int, list[tuple[int, list[float]]]] = {}
    for row in own.select(["node_id", "cutoff", "profile"]).sort_by([("cutoff", "ascending")]).to_pylist():
        by_node.setdefault(row["node_id"], []).append((row["cutoff"], row["profile"]))
    return Profiles(by_node)


def fit(name: str, panel: Panel, row: int, origin: int, seasonal: Profiles, horizon: int) -> Floats | None:
    """Forecast of model ``name`` from the periods of ``row`` before ``origin``, in units; None where the fit fails.

    Whatever a fit dies of, or a path that is not finite, negative or far outside the history, is a failure.
    """
    y = panel.y[row, :origin]
    first = int(np.argmax(~np.isnan(y)))
    y = y[first:]
    profile = seasonal.at(int(panel.node_ids[row]), len(y))
    if profile is None or len(y) < SHORTEST or y.min() <= 0:
        return None
    phases = (panel.start + first + np.arange(len(y) + horizon)) % len(profile)
    season = np.exp(profile[phases])
    level = float(y.mean())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = np.asarray(_model(name).forecast(y / season[: len(y)] / level, horizon)["mean"], dtype=float)
    except Exception:  # the batch goes on without this fit, and the caller records it
        return None
    path = path * level * season[len(y) :]
    return path if np.isfinite(path).all() and path.min() >= 0 and path.max() <= FURTHEST * y.max() else None


def _model(name: str) -> Any:
    """A fresh model without seasonal terms: the profile has been taken out.

    AutoETS keeps to additive errors: the kind of error hardly moves a mean, and trying both doubles the search.
    """
    from statsforecast import models

    if name == "AutoCES":
        return models.AutoCES(season_length=1, model="N")
    if name == "AutoETS":
        return models.AutoETS(season_length=1, model="AZN")
    return models.DynamicOptimizedTheta(season_length=1)
