"""Ranges: pools of errors, the width a node has of its own, and what they reach on series made to a known law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline import sql
from sop_pipeline.demand.forecast import forecast

SETTINGS = {"fewest_errors": 9, "pool_errors": 200, "own_origins": 48}


def pooled(rows: list[tuple]) -> pa.Table:
    """Pools as ``pooled_quantiles`` gives them, of one approach and the whole backtest."""
    names = ("level_no", "is_intermittent", "is_erratic", "errors", "quantiles")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    types = (pa.int64(), pa.bool_(), pa.bool_(), pa.int64(), pa.list_(pa.float64()))
    arrays = {name: pa.array(columns[name], kind) for name, kind in zip(names, types, strict=True)}
    return pa.table({"approach": ["bottom_up"] * len(rows), "part": [0] * len(rows), **arrays})


def test_a_pool_counts_by_its_errors() -> None:
    """200 errors of a level count half against all nodes, 8 errors of a pattern not at all."""
    pools = pooled(
        [
            (None, None, None, 1000, [-1.0, 0.0, 1.0]),
            (1, None, None, 200, [-3.0, 1.0, 5.0]),
            (1, False, True, 8, [-90.0, 0.0, 90.0]),
            (1, True, True, 600, [-6.0, 0.5, 7.0]),
        ]
    )
    given = {name: SETTINGS[name] for name in ("fewest_errors", "pool_errors")}
    found = sql.query("demand/forecast/error_quantiles", {"pooled_quantiles": pools}, given)
    rows = {(row["is_intermittent"], row["is_erratic"]): row for row in found.to_pylist()}
    assert len(rows) == 4
    for pattern in ((False, False), (False, True), (True, False)):
        assert [rows[pattern][name] for name in ("q10", "q50", "q90")] == [-2.0, 0.5, 3.0]
    assert [rows[True, True][name] for name in ("q10", "q50", "q90")] == pytest.approx([-5.0, 0.5, 6.0])


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
    found = sql.query("demand/forecast/own_widths", {"scores": table}, {"own_origins": SETTINGS["own_origins"]})
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
    found = sql.query("demand/forecast/pooled_quantiles", {"scores": table, "own_widths": widths}).to_pylist()
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
    found = forecast(history({name: list(values[:36]) for name, values in series.items()}), horizon=12, approaches=())
    inside: dict[str, list[bool]] = {"s": [], "r": []}
    for row in found.forecast.to_pylist():
        if row["level"] == "product":
            actual = float(series[row["item_id"]][36 + row["lag"]])
            inside[row["item_id"][0]].append(float(row["p10"]) <= actual <= float(row["p90"]))
            if row["item_id"][0] == "r":
                assert row["p10"] == 0
    assert np.mean(inside["s"]) == pytest.approx(0.8, abs=0.05)
    assert 0.75 < np.mean(inside["r"]) < 0.97
