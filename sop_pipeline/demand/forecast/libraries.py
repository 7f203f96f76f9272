"""Models that are not SQL: statsforecast's, fitted to one series each, and LightGBM's trees over all of them.

What belongs here: how a library is asked; each is imported when it is first used. Not here: which series are fitted and
what a model counts for (``accurate``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED = 20
ROUNDS = 40
PARAMETERS: dict[str, Any] = {
    "objective": "l1",
    "learning_rate": 0.15,
    "num_leaves": 8,
    "min_data_in_leaf": 100,
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


ModelMaker = Callable[[], SeriesModel]
TreeTrainer = Callable[[Floats, Floats], Trees]


def theta() -> SeriesModel:
    """Fiorucci and others (2016), without a season: the profile has been taken out."""
    from statsforecast.models import DynamicOptimizedTheta

    return DynamicOptimizedTheta(season_length=1)


def complex_smoothing() -> SeriesModel:
    """Svetunkov and others (2022), without a season."""
    from statsforecast.models import AutoCES

    return AutoCES(season_length=1, model="N")


def exponential_smoothing() -> SeriesModel:
    """Hyndman and others (2002), without a season.

    It keeps to additive errors: the kind of error hardly moves a mean, and trying both doubles the search.
    """
    from statsforecast.models import AutoETS

    return AutoETS(season_length=1, model="AZN")


def boosted_trees(values: Floats, target: Floats) -> Trees:
    """Trees on ``target``, of features ``values`` (rows x features). Ke and others (2017)."""
    import lightgbm

    return lightgbm.train(PARAMETERS, lightgbm.Dataset(values, target, params=PARAMETERS), ROUNDS)


SLOW_MODELS: tuple[tuple[str, ModelMaker], ...] = (
    ("DynamicOptimizedTheta", theta),
    ("AutoCES", complex_smoothing),
    ("AutoETS", exponential_smoothing),
)
"""Models fitted to one series each, by name, the cheapest first."""
