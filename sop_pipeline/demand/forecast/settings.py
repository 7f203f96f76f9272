"""What can be chosen about a forecast, and the stated values of what cannot.

What belongs here: the settings every step of the forecast reads, with the reason for each value. Not here: how they are
used (the ``.sql`` files), nor a company's configuration (``config``), which is translated into these by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from sop_pipeline.demand.forecast.libraries import SLOW_MODELS, SlowModel, TreeTrainer, boosted_trees
from sop_pipeline.errors import BadInput

Frequency = Literal["D", "W", "P", "M", "Q"]
Engine = Literal["fast", "accurate", "thorough", "auto"]
Proportions = Literal["average_proportions", "proportion_of_averages", "forecast_proportions"]
ENGINES: tuple[str, ...] = get_args(Engine)
PROPORTIONS: tuple[str, ...] = get_args(Proportions)
RANGE = (0.1, 0.5, 0.9)
"""Quantiles that every forecast has."""
MONTHS_PER_PERIOD = {"D": 1, "W": 1, "P": 1, "M": 1, "Q": 3}
"""Months of a period; days, weeks and the periods of a 4-4-5 calendar are counted as if they were months."""
SEASONS = {"D": 7, "W": 52, "P": 12, "M": 12, "Q": 4}
"""Periods after which a season comes again: a year, and of days a week."""


@dataclass(frozen=True)
class Settings:
    """One forecast's settings; periods are months or quarters by ``freq``. Immutable, and can be pickled.

    Days (D), weeks (W) and periods of a 4-4-5 calendar (P) come as months in a row; ``periods_in_year`` is 13 where the
    calendar has as many.

    ``engine``: fast (SQL alone), accurate, thorough, or auto (``accurate``). ``proportions``: those of a top-down
    forecast.
    ``judged_lag``: lags up to it are judged over the same periods. ``undecided``: whether the caller has yet to choose
    among the approaches, so that each needs ranges and errors of its own however many series there are.
    ``quantiles``: shares of demand to give quantiles of beside P10, P50 and P90.
    ``cluster``: the address of the cluster that runs the batches, without one this process; no number depends on it.
    ``residuals``: whether the errors inside each history are kept, for reconciliation. Of ``accurate``:
    ``affordable_seconds``: CPU time that ``auto`` may spend; ``screen_errors``: standard errors by which a slow
    model has to help over ``pilot_series``; ``training_rows``: cases the global model learns from at most;
    ``slow_models`` (cheapest first) and ``train_trees``: the models outside SQL.

    A trend needs two seasons of history: in fewer it cannot be told from the season. ``refit``: parameters are fitted
    anew at every sixth origin and rolled through the five between, so that twelve origins cost three estimations.
    ``seasonal_from``, ``seasonal_full``: standard errors of the seasonal autocorrelation between which a profile gains
    its full weight; ``contrast_from``, ``contrast_full``: the same by the ratio of the months' variance to its noise.
    ``steady_alpha``: the smoothing constant of the second Theta, common to all series. ``residual_lag``:
    reconciliation weighs levels by errors three periods ahead, as plans look beyond the next. ``aggregate_variance``:
    times the variance of an aggregate's own forecast counts there, for a turn of the trend that all series share is in
    no error of its past. ``outlier_spread``: robust standard deviations beyond which an outlier is drawn in.
    ``mean_share``: part (a power) of the ratio of a history's mean to that of its logs by which a mean lies above its
    median.

    ``rare_memory``, ``rare_quantiles``: weight a past period of intermittent demand loses to the next, and the
    quantiles of it that may be its median.

    Of ranges: ``pool_errors``, ``own_origins``: errors, and origins, at which a narrower pool of errors, and a node's
    own width, count half; ``growth_power``: errors grow with the lag as ``(1 + growth * lag) ** growth_power``, between
    simple smoothing (0.5) and a trend (1); ``growth_rates`` are tried, ``usual_growth`` stands where none was seen, and
    a level of ``growth_nodes`` nodes counts half against all; ``scale_renewal``: power of the change of a node's scale
    since an origin by which its errors are brought to today's; ``error_correlation``: what the errors of different
    nodes are taken to share.

    The constants were set on the training part of the M3 shipments, rolled back by 3 to 18 months, on the tourism
    series and car parts before the origins that are scored, and on the demo company, and those of ranges on simulated
    series of known models; where a test part refused a choice docs/decisions/0010 says so.
    """

    horizon: int = 24
    freq: Frequency = "M"
    periods_in_year: int | None = None
    engine: Engine = "fast"
    proportions: Proportions = "forecast_proportions"
    origins: int = 12
    refit: int = 6
    residuals: bool = False
    judged_lag: int = 0
    undecided: bool = False
    quantiles: tuple[float, ...] = ()
    cluster: str | None = None
    affordable_seconds: float = 60.0
    screen_errors: float = 2.0
    pilot_series: int = 24
    training_rows: int = 36_000
    slow_models: tuple[SlowModel, ...] = SLOW_MODELS
    train_trees: TreeTrainer = boosted_trees
    models: tuple[str, ...] = ("theta", "steady_theta", "damped")
    intermittent_models: tuple[str, ...] = ("tsb", "ses")
    rare_memory: float = 0.1
    rare_quantiles: tuple[float, ...] = (0.3, 0.35, 0.4, 0.45, 0.5)
    croston_alpha: float = 0.1
    tsb_alpha: float = 0.2
    level_alpha: float = 0.2
    shortest_fit: int = 3
    seasonal_from: float = 0.5
    seasonal_full: float = 2.5
    contrast_from: float = 2.0
    contrast_full: float = 6.0
    steady_alpha: float = 0.1
    outlier_spread: float = 2.5
    mean_share: float = 0.7
    fewest_errors: int = 9
    pool_errors: int = 200
    own_origins: int = 48
    scale_renewal: float = 0.5
    growth_power: float = 0.7
    growth_rates: tuple[float, ...] = (
        *(0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1),
        *(0.14, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.4, 2.0),
    )
    usual_growth: float = 0.05
    growth_nodes: int = 20
    error_correlation: float = 0.1
    residual_lag: int = 3
    aggregate_variance: float = 1.5
    share_periods: int | None = None
    alphas: tuple[float, ...] = (0.1, 0.3, 0.6)
    betas: tuple[float, ...] = (0.1,)
    phis: tuple[float, ...] = (0.85, 0.95)

    def __post_init__(self) -> None:
        for name, value, choices in (
            ("freq", self.freq, tuple(MONTHS_PER_PERIOD)),
            ("engine", self.engine, ENGINES),
            ("proportions", self.proportions, PROPORTIONS),
        ):
            if value not in choices:
                needed = " or ".join([", ".join(choices[:-1]), choices[-1]])
                raise BadInput(found=f"{name} {value!r}", needed=needed, where="forecast", mend="Choose one of them.")
        outside = [share for share in self.quantiles if not 0 < share < 1]
        if outside or len(set(self.quantiles)) < len(self.quantiles):
            raise BadInput(
                found=f"quantiles {', '.join(f'{share:g}' for share in self.quantiles)}",
                needed="shares between 0 and 1, each once",
                where="forecast",
                mend="Write them as 0.05,0.25,0.975.",
            )
        if self.horizon < 1 or self.origins < 0:
            raise BadInput(
                found=f"horizon {self.horizon}, origins {self.origins}",
                needed="a horizon of at least 1 and origins of at least 0",
                where="forecast",
                mend="Ask for at least one period.",
            )

    @property
    def season(self) -> int:
        """Periods after which a season comes again."""
        return self.periods_in_year or SEASONS[self.freq]

    @property
    def months_per_period(self) -> int:
        """Months in a month or a quarter."""
        return MONTHS_PER_PERIOD[self.freq]

    def params(self) -> dict[str, Any]:
        """Values the ``.sql`` files bind by name: every setting, and what follows from them."""
        stated = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            **{name: list(value) if isinstance(value, tuple) else value for name, value in stated.items()},
            "smooth_models": " + ".join(self.models),
            "rate_models": " + ".join(self.intermittent_models),
            "season": self.season,
            "months_per_period": self.months_per_period,
            "seed_periods": self.season,
            "pool_quantiles": [*RANGE, *self.quantiles],
            "shortest_trend": 2 * self.season,
            "share_periods": self.share_periods or self.season,
        }

    def trend_grid(self, phis: tuple[float, ...]) -> dict[str, list[float]]:
        """Constants the trend models try, with ``phis`` for the damping."""
        return {"alphas": list(self.alphas), "betas": list(self.betas), "phis": list(phis)}


DEFAULTS = Settings()


def other_quantiles(written: str) -> tuple[float, ...]:
    """Read shares such as ``0.05,0.5,0.95`` and leave out those of RANGE; BadInput where one is no number."""
    try:
        shares = [float(part) for part in written.split(",") if part.strip()]
    except ValueError as error:
        raise BadInput(
            found=f"quantiles {written!r}",
            needed="numbers between 0 and 1, commas between them",
            where="--quantiles",
            mend="Write them as 0.05,0.25,0.975.",
        ) from error
    return tuple(share for share in shares if share not in RANGE)
