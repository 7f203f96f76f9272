"""Ranges: how errors grow, their pools, a node's own width, and what they reach on series made to a known law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline import sql
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.settings import Settings

SETTINGS = {
    "fewest_errors": 9,
    "pool_errors": 200,
    "own_origins": 48,
    "growth_power": 0.7,
    "growth_rates": [0.0, 0.05, 0.1, 0.4],
    "usual_growth": 0.05,
    "growth_nodes": 20,
    "season": 12,
}


def settings(*names: str) -> dict:
    """Settings that one statement binds."""
    return {name: SETTINGS[name] for name in names}


def few_and_many_nodes(origins: int, lags: int = 12) -> dict[str, pa.Table]:
    """Errors of a company growing by 0.4 a lag and of 20 products growing by 0.1, as ``error_growth`` reads them."""
    rows = [
        (level, node, run, lag, (-1.0) ** run * (1 + rate * lag) ** 0.7)
        for level, nodes, rate in ((0, range(1), 0.4), (1, range(1, 21), 0.1))
        for node in nodes
        for run in range(1, origins + 1)
        for lag in range(min(lags, run))
    ]
    names = ("level_no", "node_id", "run", "lag", "error")
    errors = pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))
    errors = errors.append_column("approach", pa.array(["bottom_up"] * len(rows)))
    return {"unit_errors": errors, "nodes": pa.table({"node_id": list(range(21)), "level_no": [0, *[1] * 20]})}


GROWTH = ("growth_power", "growth_rates", "usual_growth", "growth_nodes", "season")


def test_growth_is_found_and_few_nodes_take_that_of_all() -> None:
    """20 products count half against all nodes, which grow as they do; one company counts a 21st."""
    found = sql.query("demand/forecast/error_growth", few_and_many_nodes(12), settings(*GROWTH)).to_pylist()
    growth = {row["level_no"]: row["growth"] for row in found}
    assert growth[1] == pytest.approx(0.1)
    assert growth[0] == pytest.approx(0.1 + (0.4 - 0.1) / 21)


def test_growth_nobody_saw_is_the_usual_one() -> None:
    """A single origin that is one period back says nothing of growth."""
    found = sql.query("demand/forecast/error_growth", few_and_many_nodes(1), settings(*GROWTH)).to_pylist()
    assert [row["growth"] for row in found] == [0.05, 0.05]


def test_errors_are_brought_half_way_to_todays_scale() -> None:
    """A node whose relative one-step error fell to a quarter has its old errors judged at a half of their old scale.

    Errors are those of the median: 100, where the mean is 125 and 0.8 of it the median. Those of a forecast that knew
    nothing of a level shift are left out from the shift on (run 26, from period 28), and what a part of the node missed
    of its own shift is no error of the sum (10 of 20 in run 25).
    """
    base = pa.table(
        {
            "node_id": [0, 0, 0, 0, 1, 1],
            "run": [0, 24, 25, 26, 0, 24],
            "lag": [0] * 6,
            "mean": [200.0, 100.0, 100.0, 125.0, 100.0, 100.0],
            "to_median": [1.0, 1.0, 1.0, 0.8, 1.0, 1.0],
            "error_scale": [10.0, 20.0, 5.0, 5.0, 10.0, 40.0],
            "is_intermittent": [False, False, False, False, True, True],
        }
    )
    errors = [(0, 24, 0, 20, 120), (0, 25, 0, 5, 120), (0, 26, 1, 5, 105), (0, 26, 2, 5, 900), (1, 24, 0, 40, 180)]
    node, run, lag, scale, actual = zip(*errors, strict=True)
    coherent = pa.table(
        {
            "approach": ["bottom_up"] * 5,
            "node_id": node,
            "run": run,
            "period": [at + ahead for at, ahead in zip(run, lag, strict=True)],
            "lag": lag,
            "mean": [100.0, 100.0, 125.0, 125.0, 100.0],
            "to_median": [1.0, 1.0, 0.8, 0.8, 1.0],
            "actual": [float(value) for value in actual],
            "error_scale": [float(value) for value in scale],
            "is_intermittent": [False, False, False, False, True],
            "is_erratic": [False] * 5,
        }
    )
    nodes = pa.table({"node_id": [0, 1], "level_no": [1, 1]})
    missed = pa.table({"node_id": [0], "run": [26], "from_period": [28]})
    parts = pa.table({"approach": ["bottom_up"], "node_id": [0], "run": [25], "period": [25], "error": [10.0]})
    tables = {"base": base, "coherent": coherent, "nodes": nodes, "missed_shifts": missed, "missed_parts": parts}
    found = sql.query("demand/forecast/unit_errors", tables, {"scale_renewal": 0.5}, ranged=["bottom_up"]).to_pylist()
    rows = {(row["node_id"], row["run"], row["lag"]): (row["error"], row["half"]) for row in found}
    assert rows == {
        (0, 24, 0): (pytest.approx(2.0), 1),
        (0, 25, 0): (pytest.approx(2.0), 1),
        (0, 26, 1): (pytest.approx(1.0), 2),
        (1, 24, 0): (2.0, 1),
    }


def pooled(rows: list[tuple]) -> pa.Table:
    """Pools as ``pooled_quantiles`` gives them, of one approach and the whole backtest."""
    names = ("level_no", "is_intermittent", "is_erratic", "errors", "quantiles")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    types = (pa.int64(), pa.bool_(), pa.bool_(), pa.int64(), pa.list_(pa.float64()))
    arrays = {name: pa.array(columns[name], kind) for name, kind in zip(names, types, strict=True)}
    return pa.table({"approach": ["bottom_up"] * len(rows), "part": [0] * len(rows), **arrays})


def quantiles(pools: pa.Table, nodes: int, origins: int) -> dict[tuple, list[float]]:
    """P10, P50, P90 by pattern of a level of ``nodes`` nodes with ``origins`` each, errors correlated by half."""
    widths = pa.table({"approach": ["bottom_up"] * nodes, "part": [0] * nodes, "level_no": [1] * nodes})
    widths = widths.append_column("origins", pa.array([origins] * nodes))
    shrunk = settings("fewest_errors", "pool_errors")
    blended = sql.query("demand/forecast/blended_quantiles", {"pooled_quantiles": pools}, shrunk)
    tables = {"blended_quantiles": blended, "own_widths": widths}
    found = sql.query("demand/forecast/error_quantiles", tables, {"error_correlation": 0.5})
    return {
        (row["is_intermittent"], row["is_erratic"]): [row[name] for name in ("q10", "q50", "q90")]
        for row in found.to_pylist()
    }


def test_a_pool_counts_by_its_errors() -> None:
    """200 errors of a level count half against all nodes, 8 of a pattern not; half of a lean is chance, of P50 more."""
    pools = pooled(
        [
            (None, None, None, 1000, [-1.0, 0.0, 1.0]),
            (1, None, None, 200, [-3.0, 1.0, 5.0]),
            (1, False, True, 8, [-90.0, 0.0, 90.0]),
            (1, True, True, 600, [-6.0, 0.5, 7.0]),
        ]
    )
    found = quantiles(pools, 1, 10**9)
    assert len(found) == 4
    for pattern in ((False, False), (False, True)):
        assert found[pattern] == pytest.approx([-2.25, 0.125, 2.75])
    assert found[True, False] == pytest.approx([-2.0, 0.5, 3.0])
    assert found[True, True] == pytest.approx([-5.0, 0.5, 6.0])


def test_a_lean_beyond_measure_is_not_mirrored() -> None:
    """A history that collapsed a million one-step errors deep widens the other side by half of five, no more."""
    pools = pooled([(None, None, None, 1000, [-1e6, 0.0, 1.0]), (1, None, None, 200, [-1e6, 0.0, 1.0])])
    assert quantiles(pools, 1, 10**9)[False, False] == pytest.approx([-1e6 + 2.5, 0.0, 3.5])


def test_few_origins_widen_and_more_nodes_less_so() -> None:
    """12 origins widen by half of what t of 11 degrees and one error more do; 9 nodes, half correlated, count 1.8."""
    pools = pooled([(None, None, None, 1000, [-1.0, 0.0, 1.0]), (1, None, None, 200, [-1.0, 0.0, 1.0])])
    (_, _, one), (_, _, nine) = (quantiles(pools, nodes, 12)[False, False] for nodes in (1, 9))
    assert one - 1 == pytest.approx((1.363 * (1 + 1 / 12) ** 0.5 / 1.2816 - 1) / 2, rel=0.05)
    assert nine == pytest.approx(1 + 0.58 / (12 * 1.8 - 1))


def test_own_width_is_the_ratio_of_sizes_shrunk_by_origins() -> None:
    """Two nodes of twelve origins, one with errors three times the other's: ratios 1.5 and 0.5 to the power of 1/5."""
    rows = [(node, run, size * sign) for node, size in ((0, 3.0), (1, 1.0)) for run in range(12) for sign in (1, -1)]
    nodes, runs, scores = zip(*rows, strict=True)
    table = pa.table(
        {
            "approach": ["bottom_up"] * len(rows),
            "level_no": [1] * len(rows),
            "is_intermittent": [False] * len(rows),
            "is_erratic": [False] * len(rows),
            "node_id": nodes,
            "run": runs,
            "half": [1 if run < 6 else 2 for run in runs],
            "score": scores,
        }
    )
    found = sql.query("demand/forecast/own_widths", {"scores": table}, settings("own_origins"))
    width = {(row["node_id"], row["part"]): row["width"] for row in found.to_pylist()}
    assert width[0, 0] == pytest.approx(1.5 ** (12 / 60))
    assert width[1, 0] == pytest.approx(0.5 ** (12 / 60))
    assert width[0, 1] == width[0, 2] == pytest.approx(1.5 ** (6 / 54))


def test_pools_take_what_they_pool_over_and_both_halves() -> None:
    """Nine scores of one pattern: the pool of all, the level and the pattern agree; the halves stand apart."""
    scores = [float(number) for number in range(9)]
    halves = [1] * 5 + [2] * 4
    table = pa.table(
        {
            "approach": ["bottom_up"] * 9,
            "level_no": [1] * 9,
            "is_intermittent": [False] * 9,
            "is_erratic": [True] * 9,
            "node_id": [4] * 9,
            "half": halves,
            "score": scores,
        }
    )
    widths = pa.table({"approach": ["bottom_up"] * 3, "node_id": [4] * 3, "part": [0, 1, 2], "width": [2.0, 1.0, 1.0]})
    tables = {"scores": table, "own_widths": widths}
    found = sql.query("demand/forecast/pooled_quantiles", tables, {"pool_quantiles": [0.1, 0.5, 0.9]}).to_pylist()
    middles = {(row["part"], row["level_no"], row["is_erratic"]): row["quantiles"][1] for row in found}
    pools = ((None, None), (1, None), (1, True))
    assert middles == {(part, *pool): middle for part, middle in ((0, 2.0), (1, 2.0), (2, 6.5)) for pool in pools}
    assert {row["errors"] for row in found if row["part"] == 0} == {9}


def test_ranges_hold_eight_in_ten_by_pattern(history: Callable) -> None:
    """Smooth and intermittent series made to a law: the year held back lies inside about eight times in ten."""
    random = np.random.default_rng(21)
    smooth = {f"s{n}": 100 * np.exp(random.normal(0, 0.05 * (1 + n % 4), 48)) for n in range(60)}
    rare = {f"r{n}": random.poisson(6, 48) * (random.random(48) < 0.4) for n in range(60)}
    series = {**smooth, **rare}
    found = forecast(
        history({name: list(values[:36]) for name, values in series.items()}),
        settings=Settings(horizon=12),
        approaches=(),
    )
    inside: dict[str, list[bool]] = {"s": [], "r": []}
    for row in found.forecast.to_pylist():
        if row["level"] == "product":
            actual = float(series[row["item_id"]][36 + row["lag"]])
            inside[row["item_id"][0]].append(float(row["p10"]) <= actual <= float(row["p90"]))
            if row["item_id"][0] == "r":
                assert row["p10"] == 0
    assert np.mean(inside["s"]) == pytest.approx(0.8, abs=0.05)
    assert 0.75 < np.mean(inside["r"]) < 0.97


def test_ranges_hold_far_beyond_the_backtest(history: Callable) -> None:
    """Levels that wander by a third of each month's noise: 12 to 23 months ahead, where no origin looked, as before."""
    random = np.random.default_rng(5)
    shocks = 0.1 * random.normal(size=(100, 60))
    wander = 0.33 * np.cumsum(shocks, axis=1)
    values = 100 * np.exp(shocks + np.concatenate([np.zeros((100, 1)), wander[:, :-1]], axis=1))
    found = forecast(
        history({f"s{n:03d}": list(row[:36]) for n, row in enumerate(values)}),
        settings=Settings(horizon=24),
        approaches=(),
    )
    rows = [row for row in found.forecast.to_pylist() if row["level"] == "product"]
    inside: dict[bool, list[bool]] = {True: [], False: []}
    for row in rows:
        actual = values[int(row["item_id"][1:]), 36 + row["lag"]]
        inside[row["lag"] >= 12].append(float(row["p10"]) <= actual <= float(row["p90"]))
    assert np.mean(inside[True]) == pytest.approx(0.8, abs=0.05)
    assert np.mean(inside[False]) == pytest.approx(0.8, abs=0.05)
