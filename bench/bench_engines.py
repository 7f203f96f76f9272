"""The engines on real monthly series a horizon held back, beside AutoETS: ``python -m bench.bench_engines [--help]``.

MASE of P50 with season 12, mean over series with two seasons known and a scale; quantile loss over P10, P20, ... P90
(twice the pinball loss, in the same scale, so that it is MASE's size); coverage of P10 to P90; CPU seconds of each, in
one run on one thread. Sets (``../shared/data`` or ``SOP_BENCHMARK_DATA``): M1 and tourism monthly, the M3
shipments and car parts, all of training parts alone: the last 18, 24, 18 and 12 months held back, ``--back`` months
before their end.

The rule by which rules of the engines are chosen, stated before any was tried: the least mean over sets and two
cut-offs of MASE as a ratio to today's, no set's mean over its cut-offs worse by more than half a per cent.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.bench_accuracy import DATA, by_item, shipments, table, wide
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.results import quantile_name
from sop_pipeline.demand.forecast.settings import RANGE, Settings

SEASON = 12
ENGINES = ("fast", "accurate", "thorough")
SHARES = tuple(tenth / 10 for tenth in range(1, 10))
SIDES = (("lo", -1), ("hi", 1))


@dataclass(frozen=True)
class Held:
    """A set a horizon of which is held back: months known (long), and by series what was known and what came."""

    name: str
    horizon: int
    known: pd.DataFrame
    past: dict[str, np.ndarray]
    came: dict[str, np.ndarray]


def monthly(name: str) -> pd.DataFrame:
    frame = pd.read_parquet(DATA / "monthly" / f"{name}_monthly_train.parquet")
    return frame.rename(columns={"series_id": "unique_id", "quantity": "y"})


def car_parts() -> pd.DataFrame:
    """Before the year that public tables score."""
    frame = pd.read_parquet(DATA / "carparts" / "carparts_monthly.parquet")
    frame = frame[frame["month"] <= "2001-03"].rename(columns={"series_id": "unique_id"}).astype({"unique_id": str})
    return frame[~frame["unique_id"].isin(frame[frame["y"].isna()]["unique_id"])]


SETS: dict[str, tuple[Callable[[], pd.DataFrame], int]] = {
    "M1": (lambda: monthly("m1"), 18),
    "tourism": (lambda: monthly("tourism"), 24),
    "M3 shipments": (lambda: shipments().query("split == 'train'"), 18),
    "car parts": (car_parts, 12),
}


def held(name: str, back: int, most: int | None) -> Held:
    """The set ``name``, its newest ``back`` months gone; of ``most`` series, evenly spaced, if given."""
    read, horizon = SETS[name]
    frame = read().sort_values(["unique_id", "month"])
    if most:
        ids = frame["unique_id"].unique()
        chosen = ids[np.linspace(0, len(ids) - 1, min(most, len(ids))).round().astype(int)]
        frame = frame[frame["unique_id"].isin(chosen)]
    from_end = frame.groupby("unique_id").cumcount(ascending=False)
    known, later = (
        frame[from_end >= back + horizon],
        frame[(from_end >= back) & (from_end < back + horizon)],
    )
    past, came = ({str(k): g["y"].to_numpy(float) for k, g in part.groupby("unique_id")} for part in (known, later))
    return Held(name, horizon, known, past, {item: y for item, y in came.items() if item in past})


def scaled(part: Held, size: Callable[[str], np.ndarray]) -> float:
    """Mean of the errors that ``size`` gives of a series, over those with more than two seasons known and a scale."""
    scored = []
    for item, past in part.past.items():
        if len(past) <= 2 * SEASON:
            continue
        scale = np.mean(np.abs(past[SEASON:] - past[:-SEASON]))
        if scale > 0:
            scored.append(np.mean(size(item)) / scale)
    return float(np.mean(scored))


def losses(part: Held, found: dict[float, dict[str, np.ndarray]]) -> tuple[float, float]:
    """MASE of P50, and the quantile loss; ``found`` has every quantile by series."""

    def pinball(item: str) -> np.ndarray:
        missed = [(part.came[item] - quantile[item], share) for share, quantile in found.items()]
        return np.array([2 * np.maximum(share * error, (share - 1) * error) for error, share in missed])

    return scaled(part, lambda item: np.abs(found[0.5][item] - part.came[item])), scaled(part, pinball)


def engine(part: Held, name: str) -> tuple[float, float, float, float]:
    """MASE of P50, quantile loss, coverage of P10 to P90, CPU seconds."""
    start = time.process_time()
    others = tuple(share for share in SHARES if share not in RANGE)
    settings = Settings(horizon=part.horizon, engine=name, quantiles=others)  # type: ignore[arg-type]
    result = forecast(table(part.known), settings=settings, approaches=(), threads=1)
    used = time.process_time() - start
    found = {share: wide(result, "product", quantile_name(share)) for share in RANGE}
    found |= {share: by_item(result.quantiles, "product", quantile_name(share)) for share in others}  # type: ignore[arg-type]
    low, high = found[0.1], found[0.9]
    inside = np.mean([(low[k] <= y) & (y <= high[k]) for k, y in part.came.items() if len(part.past[k]) > 2 * SEASON])
    return *losses(part, found), float(inside), used


def auto_ets(part: Held) -> tuple[float, float, float]:
    """MASE, quantile loss and CPU seconds of statsforecast's AutoETS, one fit a series; compilation is not counted."""
    from statsforecast.models import AutoETS

    model, levels = AutoETS(season_length=SEASON), [20, 40, 60, 80]
    model.forecast(next(iter(part.past.values())), part.horizon, level=levels)
    start = time.process_time()
    made = {k: model.forecast(y, part.horizon, level=levels) for k, y in part.past.items()}
    used = time.process_time() - start
    names = {0.5: "mean"} | {0.5 + sign * level / 200: f"{side}-{level}" for level in levels for side, sign in SIDES}
    found = {share: {k: np.asarray(each[name]) for k, each in made.items()} for share, name in names.items()}
    return *losses(part, found), used


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--engines", nargs="*", default=list(ENGINES))
    parser.add_argument("--back", type=int, default=0, help="months before the end of the training part")
    parser.add_argument("--series", type=int, help="a sample of so many series a set")
    parser.add_argument("--rival", action="store_true", help="AutoETS too, which takes minutes a set")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in asked.sets:
        part = held(name, asked.back, asked.series)
        print(f"{name}: {len(part.past)} series, {part.horizon} months held back", flush=True)
        for one in asked.engines:
            error, loss, inside, used = engine(part, one)
            print(f"  {one:9s} MASE {error:.4f}, quantile loss {loss:.4f}, ", end="")
            print(f"inside P10 to P90 {inside:.1%}, {used:.1f} s CPU", flush=True)
        if asked.rival:
            error, loss, used = auto_ets(part)
            print(f"  AutoETS   MASE {error:.4f}, quantile loss {loss:.4f}, {used:.1f} s CPU", flush=True)


if __name__ == "__main__":
    main()
