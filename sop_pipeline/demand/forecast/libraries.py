"""Models that are not SQL: statsforecast's, fitted to one series each, and LightGBM's trees over all of them.

What belongs here: how a library is asked; each is imported when it is first used. Not here: which series are fitted and
what a model counts for (``accurate``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED = 20
BAGS = 3
ROUNDS = 100
PARAMETERS: dict[str, Any] = {
    "objective": "l1",
    "learning_rate": 0.1,
    "num_leaves": 16,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "bin_construct_sample_cnt": 5000,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": SEED,
    "verbosity": -1,
}


class SeriesModel(Protocol):
    """A model of one series."""

    def forecast(self, y: Floats, h: int) -> Mapping[str, Any]:
        """Return at least ``mean``, the ``h`` periods after ``y``."""
        ...


class Trees(Protocol):
    """A trained model of many rows."""

    def predict(self, data: Floats, /, *, num_threads: int) -> Any:
        """Return one value for each row of features."""
        ...


ModelMaker = Callable[[int], SeriesModel]
TreeTrainer = Callable[[Floats, Floats], Trees]


@dataclass(frozen=True)
class SlowModel:
    """A model fitted to one series: its name, how it is made for a season, and whether it fits that season itself.

    One without a season of its own is given history whose known profile has been taken out.
    """

    name: str
    make: ModelMaker
    own_season: bool = False


def theta(season: int) -> SeriesModel:
    """Fiorucci and others (2016)."""
    from statsforecast.models import DynamicOptimizedTheta

    return DynamicOptimizedTheta(season_length=season)


def complex_smoothing(season: int) -> SeriesModel:
    """Svetunkov and others (2022)."""
    from statsforecast.models import AutoCES

    return AutoCES(season_length=season, model="Z" if season > 1 else "N")


def exponential_smoothing(season: int) -> SeriesModel:
    """Hyndman and others (2002).

    Without a season it keeps to additive errors: the kind of error hardly moves a mean, and trying both doubles the
    search.
    """
    from statsforecast.models import AutoETS

    return AutoETS(season_length=season, model="ZZZ" if season > 1 else "AZN")


def boosted_trees(values: Floats, target: Floats) -> Trees:
    """Trees on ``target``, of features ``values`` (rows x features). Ke and others (2017)."""
    return _trained(values, target, PARAMETERS, ROUNDS)


@dataclass(frozen=True)
class Bag:
    """Trees trained with different seeds, whose mean is taken."""

    members: tuple[Trees, ...]

    def predict(self, data: Floats, /, *, num_threads: int) -> Floats:
        """Return one value for each row of features."""
        predicted = [np.asarray(trees.predict(data, num_threads=num_threads)) for trees in self.members]
        return np.asarray(np.mean(predicted, axis=0))


def bagged_trees(values: Floats, target: Floats) -> Trees:
    """More and larger trees, slower to learn, and the mean of several draws of them. Breiman (1996)."""
    slower = {**PARAMETERS, "learning_rate": 0.04, "num_leaves": 31, "min_data_in_leaf": 40}
    seeds = range(SEED, SEED + BAGS)
    return Bag(tuple(_trained(values, target, {**slower, "seed": seed}, 3 * ROUNDS) for seed in seeds))


def _trained(values: Floats, target: Floats, parameters: dict[str, Any], rounds: int) -> Trees:
    import lightgbm

    return lightgbm.train(parameters, lightgbm.Dataset(values, target, params=parameters), rounds)


SLOW_MODELS: tuple[SlowModel, ...] = (
    SlowModel("DynamicOptimizedTheta", theta),
    SlowModel("AutoCES", complex_smoothing),
    SlowModel("AutoETS", exponential_smoothing),
)
"""Models fitted to one series each, the cheapest first."""
SEASONAL_MODELS: tuple[SlowModel, ...] = (
    SlowModel("AutoCES", complex_smoothing, own_season=True),
    SlowModel("DynamicOptimizedTheta", theta, own_season=True),
    SlowModel("AutoETS", exponential_smoothing, own_season=True),
)
"""The same, each fitting a season of its own, which costs ten times as much."""
