"""Level shifts: what is one and what is not, and what they do to a forecast, to its range and to those beside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.level_shifts import Floats, level_shifts
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Settings

MONTHS = 44
SEASONAL = 1 + 0.3 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)


def noisy(seed: int, level: float = 200, noise: float = 0.05) -> Floats:
    """One series of ``MONTHS`` months about a level."""
    return level * np.exp(np.random.default_rng(seed).normal(0, noise, MONTHS))


def found(series: Floats) -> dict[int, float]:
    """Month of every shift, with its factor."""
    places, factors = level_shifts(series[None], 12)
    return {int(place): float(factor) for place, factor in zip(places[0], factors[0], strict=True) if place >= 0}


@pytest.mark.parametrize("seasonal", [False, True])
@pytest.mark.parametrize("factor", [8, 2, 0.4])
@pytest.mark.parametrize("lasts", [3, 7, 16])
def test_a_step_is_found_where_it_is_with_its_size(factor: float, lasts: int, seasonal: bool) -> None:
    series = noisy(lasts) * (SEASONAL if seasonal else 1)
    series[MONTHS - lasts :] *= factor
    assert found(series) == {MONTHS - lasts: pytest.approx(factor, rel=0.15)}


def test_a_step_in_the_middle_of_a_month_counts_from_the_month_after() -> None:
    series = noisy(4)
    series[30] *= 2.5
    series[31:] *= 4
    assert found(series) == {31: pytest.approx(4, rel=0.1)}


def test_up_and_down_again_are_two() -> None:
    series = noisy(5)
    series[20:33] *= 5
    assert found(series) == {20: pytest.approx(5, rel=0.1), 33: pytest.approx(1 / 5, rel=0.1)}


def test_what_is_no_step() -> None:
    """Noise, a season, growth, one or two wild months, a pause and demand by fits and starts have no new level."""
    t = np.arange(MONTHS)
    wild, pause = noisy(7), noisy(8)
    wild[[20, 42, 43]] *= 9
    pause[30:35] = 0
    starts = np.random.default_rng(9).poisson(0.7, MONTHS).astype(float)
    for series in (
        *(noisy(seed, noise=0.2) for seed in range(40)),
        *(noisy(seed, noise=0.1) * SEASONAL**2 * 1.02**t for seed in range(40)),
        *(wild, pause, starts, np.zeros(MONTHS)),
    ):
        assert found(series) == {}


def both(history: Callable, stepped: bool) -> ForecastResult:
    """A product that gains a customer five months before the end, or not, beside a steady and a young one."""
    gained = noisy(1, 150)
    gained[-5:] *= 9 if stepped else 1
    series = {"gained": gained, "steady": noisy(2, 700), "young": noisy(3, 250)[-6:]}
    listed = {name: [round(float(value), 2) for value in values] for name, values in series.items()}
    return forecast(history(listed, end=50), settings=Settings(horizon=6), approaches=())


def column(result: ForecastResult, item: str, name: str) -> Floats:
    """Values of one item of the chosen forecast, in the order of the months."""
    return np.array([float(row[name]) for row in result.plan().to_pylist() if row["item_id"] == item])


def flagged(result: ForecastResult) -> dict[str, set]:
    """The flags of every item."""
    flags: dict[str, set] = {}
    for row in result.plan().to_pylist():
        flags.setdefault(row["item_id"], set()).add(row["flag"])
    return flags


def test_a_new_level_is_forecast_from_and_spoils_no_range(history: Callable) -> None:
    with_step, without = both(history, True), both(history, False)
    assert column(with_step, "gained", "mean") == pytest.approx([9 * 150] * 6, rel=0.06)
    assert max(column(with_step, "gained", "p90")) < 9 * 150 * 1.3
    assert min(column(with_step, "gained", "p10")) > 9 * 150 / 1.3
    for item in ("steady", "young"):
        width, usual = (column(result, item, "p90") - column(result, item, "p10") for result in (with_step, without))
        assert width == pytest.approx(usual, rel=0.25)
    assert max(column(with_step, "company", "p90") / column(with_step, "company", "mean")) < 1.3
    assert flagged(with_step) == {
        "company": {"level_shift"},
        "gained": {"level_shift"},
        "steady": {None},
        "young": {None},
    }
    assert set.union(*flagged(without).values()) == {None}


def test_a_new_level_is_noted_with_its_month_and_counts_as_missed_in_the_backtest(history: Callable) -> None:
    """The five months of the new level were not covered by any forecast that did not know of it."""
    result = both(history, True)
    (note,) = (note for note in result.notes if note.note == "level_shift")
    assert (note.names, note.items) == (("gained 2023-11",), 1)
    key = {"approach": "bottom_up", "item_id": "gained", "lag": 5}
    (row,) = (row for row in result.accuracy.to_pylist() if {name: row[name] for name in key} == key)
    assert (row["n"], row["coverage"] <= 2 / 7) == (7, True)


def test_a_step_too_small_to_be_the_companys_widens_no_range_of_the_company(history: Callable) -> None:
    """A product gains a tenth of a company whose months move by as much: it is in the mean, and not in the errors."""
    widths = []
    for factor in (1, 6):
        gained = noisy(1, 50)
        gained[-6:] *= factor
        season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
        series = {"gained": gained, **{f"other {n}": noisy(n, 500) * season for n in range(2, 6)}}
        listed = {name: list(values.round(2)) for name, values in series.items()}
        result = forecast(history(listed), settings=Settings(horizon=6), approaches=())
        assert flagged(result)["company"] == {None}
        widths.append(np.mean(column(result, "company", "p90") - column(result, "company", "p10")))
    assert widths[1] < 1.6 * widths[0]


def test_a_wild_pair_of_months_widens_no_others_range(history: Callable) -> None:
    """Two months are no new level yet. What they were missed by says nothing of the product beside it."""
    wild = noisy(1, 100, 0.01)
    wild[-2:] *= 30
    most = []
    for beside in (wild, noisy(1, 100, 0.01)):
        listed = {"beside": list(beside.round(2)), "steady": list(noisy(2, 700, 0.01).round(2))}
        result = forecast(history(listed), settings=Settings(horizon=6), approaches=())
        most.append(max(column(result, "steady", "p90")))
    assert most[1] < 720
    assert most[0] < 735


def test_a_range_ends_at_twice_what_there_ever_was(history: Callable) -> None:
    """Five years ahead the errors of a wandering series have grown past all it ever did: cut there, and told."""
    wander = 100 * np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.1, 36))).round(4)
    result = forecast(history({"wanders": list(wander)}), settings=Settings(horizon=60), approaches=())
    ceiling = 2 * np.maximum(np.sort(wander)[-2], column(result, "wanders", "mean"))
    p90 = column(result, "wanders", "p90")
    cut = np.array([row["flag"] == "range_cut" for row in result.plan().to_pylist() if row["item_id"] == "wanders"])
    assert 0 < cut.sum() < 60
    assert p90[cut] == pytest.approx(ceiling[cut])
    assert (p90[~cut] < ceiling[~cut]).all()
    assert [note.names for note in result.notes if note.note == "range_cut"] == [("company", "wanders")]
