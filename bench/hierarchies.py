"""Hierarchies to forecast: made-up ones like a country's tourism, and the real ones at hand.

What belongs here: histories, groups and cut-offs. Not here: forecasts or errors (``bench_hierarchy``).

A made-up hierarchy has 7 states, 27 zones and 76 regions by 4 purposes: 304 series, 228 months. What a purpose and a
state do in the year is shared, with a deviation of each series; levels wander and bend together (all, a state, a
purpose) and alone; noise is a coefficient of variation of 0.2 to 1, larger for smaller series, as of a sample; a tenth
of the series, the smallest, sells in some months only. Its last nine years alone are another, of five to eight years
known, as most companies have. The constants were written down before any forecast was looked at and were not changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sop_pipeline.demand.forecast.settings import Frequency

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
DATA = Path(os.environ.get("SOP_BENCHMARK_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MONTHS, FEW_MONTHS = 228, 108
YEAR = np.arange(12) * 2 * np.pi / 12
STATES, ZONES, REGIONS = 7, 27, 76
PURPOSES = ("holiday", "visits", "business", "other")
DEVELOPED, HELD_OUT = range(1, 7), range(11, 17)


@dataclass(frozen=True)
class Hierarchy:
    """Series (rows of ``y``, nan before they begin), the groups of each outermost first, and where to cut."""

    name: str
    y: Floats
    groups: pd.DataFrame
    cutoffs: tuple[int, ...]
    horizon: int = 12
    freq: Frequency = "M"

    def levels(self) -> Iterator[tuple[str, list[str]]]:
        """Each level's name and the item of each series there."""
        yield "company", ["company"] * len(self.y)
        for name in self.groups:
            yield str(name), list(self.groups[name])
        yield "product", [f"S{row:04d}" for row in range(len(self.y))]


def made_up(seed: int, months: int = MONTHS) -> Hierarchy:
    """A made-up hierarchy of 304 series, the last ``months`` of it."""
    random = np.random.default_rng(seed)
    zone_state = np.sort(np.concatenate([np.arange(STATES), random.integers(0, STATES, ZONES - STATES)]))
    region_zone = np.sort(np.concatenate([np.arange(ZONES), random.integers(0, ZONES, REGIONS - ZONES)]))
    region = np.repeat(np.arange(REGIONS), len(PURPOSES))
    purpose = np.tile(np.arange(len(PURPOSES)), REGIONS)
    zone, state = region_zone[region], zone_state[region_zone[region]]
    size = random.normal(0, 0.8, REGIONS)[region] + np.log([0.45, 0.3, 0.18, 0.07])[purpose]
    size = np.exp(6 + size + random.normal(0, 0.4, len(region)))
    season = _seasons(random, state, purpose)[:, np.arange(MONTHS) % 12]
    level = (
        _level(random, 1, 0.008)[0]
        + _level(random, STATES, 0.01)[state]
        + _level(random, len(PURPOSES), 0.008)[purpose]
        + _level(random, len(region), 0.015)
    )
    expected = size[:, None] * np.exp(level + season)
    rank = (-size).argsort().argsort() / len(size)
    y = _sampled(random, expected, 0.2 + 0.8 * rank**1.5, rank > 0.9)
    groups = pd.DataFrame({"state": [f"S{number}" for number in state], "zone": [f"Z{number}" for number in zone]})
    y = y.round(2)[:, MONTHS - months :]
    return Hierarchy(f"made up, {months} months, {seed}", y, groups, tuple(months - 12 * back for back in (4, 3, 2, 1)))


def _seasons(random: np.random.Generator, state: Whole, purpose: Whole) -> Floats:
    """Logs of seasonal factors: of the purpose, of the state, and a series' own deviation."""

    def waves(count: int, size: float) -> Floats:
        shape = random.normal(0, size, (count, 3, 2)) / np.array([1, 1.5, 2])[:, None]
        turns = np.stack([np.stack([np.sin(k * YEAR), np.cos(k * YEAR)]) for k in (1, 2, 3)])
        return np.einsum("nkc,kct->nt", shape, turns)

    strong = np.array([0.25, 0.15, 0.1, 0.05])
    own = waves(len(state), 0.05)
    season = waves(len(PURPOSES), 1.0)[purpose] * strong[purpose, None] + waves(STATES, 0.1)[state] + own
    return season - season.mean(axis=1, keepdims=True)


def _level(random: np.random.Generator, count: int, step: float) -> Floats:
    """Logs of levels: steps of a walk whose drift wanders too, and comes back."""
    drift = np.zeros((count, MONTHS))
    for month in range(1, MONTHS):
        drift[:, month] = 0.97 * drift[:, month - 1] + random.normal(0, step / 6, count)
    return np.cumsum(drift + random.normal(0, step, (count, MONTHS)), axis=1)


def _sampled(random: np.random.Generator, expected: Floats, spread: Floats, is_rare: NDArray[np.bool_]) -> Floats:
    """Demand about ``expected``: gamma noise, and of rare demand only some of the months, each the larger."""
    shape = 1 / spread[:, None] ** 2
    y = random.gamma(shape, expected / shape)
    chance = np.where(is_rare, random.uniform(0.3, 0.8, len(spread)), 1)[:, None]
    return np.where(random.random(y.shape) < chance, y / chance, 0)


def real() -> Iterator[Hierarchy]:
    """The real hierarchies, training parts alone; families are made up where a set has none."""
    yield _tourismsmall()
    yield _monthly("M3 shipments", _shipments(), (30, 33, 36, 39))
    yield _monthly("car parts", _car_parts(), (30, 33, 36, 39))
    yield demo()
    for name in ("m1", "tourism"):
        frame = pd.read_parquet(DATA / "monthly" / f"{name}_monthly_train.parquet")
        frame = frame.rename(columns={"series_id": "unique_id", "quantity": "y"})
        frame = frame[frame.groupby("unique_id")["y"].transform("size") >= 84].groupby("unique_id").tail(120)
        frame["y"] /= frame.groupby("unique_id")["y"].transform("mean") / 1000
        place = {item: number % 8 for number, item in enumerate(sorted(frame["unique_id"].unique()))}
        yield _monthly(f"{name} monthly", frame.assign(family=frame["unique_id"].map(place)), (72, 84, 96, 108))


def _monthly(name: str, frame: pd.DataFrame, cutoffs: tuple[int, ...]) -> Hierarchy:
    frame = frame.assign(family="F" + frame["family"].astype(str))
    wide = frame.pivot(index="unique_id", columns="month", values="y").sort_index(axis=1)
    family = frame.groupby("unique_id")["family"].first().loc[wide.index]
    return Hierarchy(name, wide.to_numpy(float), pd.DataFrame({"family": family.to_numpy()}), cutoffs)


def _shipments() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "m3_shipments" / "shipments_monthly.csv")
    return frame[frame["split"] == "train"].rename(columns={"series_id": "unique_id", "quantity": "y"})


def _car_parts() -> pd.DataFrame:
    frame = pd.read_parquet(DATA / "carparts" / "carparts_monthly.parquet").rename(columns={"series_id": "unique_id"})
    whole = frame["y"].notna().groupby(frame["unique_id"]).transform("all")
    return frame[whole].assign(family="parts")


def _tourismsmall() -> Hierarchy:
    folder = DATA / "tourismsmall"
    frame = pd.read_csv(folder / "tourismsmall_data.csv", index_col=0)
    bottom = pd.read_csv(folder / "tourismsmall_agg_mat.csv", index_col=0).columns
    parts = pd.Series(bottom).str.split("-")
    groups = pd.DataFrame({"purpose": parts.str[1], "state": parts.str[0] + "-" + parts.str[1]})
    quarters = len(frame)
    cutoffs = tuple(quarters - 4 * back for back in (4, 3, 2, 1))
    return Hierarchy("tourismsmall", frame[bottom].to_numpy(float).T, groups, cutoffs, 4, "Q")


def demo() -> Hierarchy:
    """Monthly sales of the demo company's sixty products in six families."""
    from sop_pipeline.demo.catalogue import catalogue
    from sop_pipeline.demo.factory import monthly_sales
    from sop_pipeline.demo.market import market

    random = np.random.default_rng(2026)
    known = catalogue(random)
    y = monthly_sales(market(known, random).sales, len(known.ids))
    y = np.where(np.cumsum(y != 0, axis=1) == 0, np.nan, y)
    cutoffs = tuple(y.shape[1] - 12 - 3 * back for back in (4, 2, 1, 0))
    young = np.isnan(y[:, : cutoffs[0] - 1]).all(axis=1)
    groups = pd.DataFrame({"family": known.table["family"].to_numpy()[~young]})
    return Hierarchy("demo company", y[~young], groups, cutoffs)
