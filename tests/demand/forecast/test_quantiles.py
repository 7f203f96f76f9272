"""Quantiles beside P10, P50 and P90: asked for as shares, in order, and held as often as they say."""

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline import sql
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.settings import Settings, other_quantiles
from sop_pipeline.errors import BadInput
from tests.present import present

SHARES = (0.025, 0.25, 0.75, 0.975)
NAMES = ("p2.5", "p25", "p75", "p97.5")
MONTHS, KNOWN = 60, 48


@pytest.fixture(scope="module")
def demand() -> dict[str, np.ndarray]:
    random = np.random.default_rng(7)
    smooth = {f"s{number:02d}": 100 * np.exp(random.normal(0, 0.2, MONTHS)) for number in range(60)}
    rare = {f"r{number:02d}": random.poisson(6, MONTHS) * (random.random(MONTHS) < 0.4) for number in range(20)}
    return smooth | rare


@pytest.fixture(scope="module")
def ranged(history: Callable, demand: dict[str, np.ndarray]) -> tuple[list[dict], list[dict]]:
    """Rows of the forecast without and with other quantiles, of the same history."""
    known = history({name: list(values[:KNOWN]) for name, values in demand.items()})
    plain, more = (
        forecast(known, settings=Settings(horizon=12, quantiles=shares), approaches=()) for shares in ((), SHARES)
    )
    assert plain.quantiles is None
    assert plain.forecast.equals(more.forecast)
    others = {(row["item_id"], row["month"]): row for row in present(more.quantiles).to_pylist()}
    rows = more.forecast.to_pylist()
    assert len(others) == len(rows)
    return rows, [others[row["item_id"], row["month"]] for row in rows]


def test_they_stand_in_order_around_the_range(ranged: tuple[list[dict], list[dict]]) -> None:
    for row, other in zip(*ranged, strict=True):
        ordered = [other["p2.5"], row["p10"], other["p25"], row["p50"], other["p75"], row["p90"], other["p97.5"]]
        assert ordered == sorted(ordered)
        assert ordered[0] >= 0
        if row["item_id"].startswith("s"):
            assert len(set(ordered)) == 7


def test_each_holds_as_often_as_it_says(ranged: tuple[list[dict], list[dict]], demand: dict[str, np.ndarray]) -> None:
    below: dict[str, list[bool]] = {name: [] for name in NAMES}
    for row, other in zip(*ranged, strict=True):
        if row["item_id"].startswith("s"):
            actual = float(demand[row["item_id"]][KNOWN + row["lag"]])
            for name in NAMES:
                below[name].append(actual <= float(other[name]))
    for share, name in zip(SHARES, NAMES, strict=True):
        assert np.mean(below[name]) == pytest.approx(share, abs=0.05 if 0.1 < share < 0.9 else 0.02)


def test_they_lie_as_the_pooled_errors_do() -> None:
    """Errors of -4, -1, 0, 2, 6, 8 at P2.5, P10, P50, P90, P95, P99 around 50 with a P10 of 30 and a P90 of 60."""
    pool: dict[str, Any] = {
        "approach": ["bottom_up"],
        "part": [0],
        "level_no": [1],
        "is_intermittent": [False],
        "is_erratic": [False],
    }
    pool["quantiles"] = [[-1.0, 0.0, 2.0, -4.0, 6.0, 8.0]]
    row: dict[str, Any] = {"approach": ["bottom_up"], "level": ["product"], "item_id": ["a"], "month": ["2026-01-01"]}
    row |= {"mean": [50.0], "p10": [30.0], "p50": [50.0], "p90": [60.0]}
    given = {
        "ranged_forecast": pa.table(row),
        "blended_quantiles": pa.table(pool),
        "series_floor": pa.table({"node_id": [0], "floor": [0.0], "high": [44.0], "low": [1.0]}),
        "nodes": pa.table({"node_id": [0], "level_no": [1], "level": ["product"], "item_id": ["a"]}),
        "coherent": pa.table(
            {"approach": ["bottom_up"], "node_id": [0], "run": [0], "is_intermittent": [False], "is_erratic": [False]}
        ),
    }
    asked = [("p2.5", 4, "lower", 0.025), ("p95", 5, "upper", 0.95), ("p99", 6, "upper", 0.99)]
    bell = NormalDist()
    others = [
        {"name": name, "place": place, "side": side, "bell": bell.inv_cdf(share) / bell.inv_cdf(0.9)}
        for name, place, side, share in asked
    ]
    (found,) = sql.query("demand/forecast/other_quantiles", given, {"chosen": "bottom_up"}, others=others).to_pylist()
    assert [float(found[name]) for name, *_ in asked] == [0.0, 80.0, 90.0]
    del given["blended_quantiles"]
    empty = pa.table(pool).slice(0, 0)
    tables = given | {"blended_quantiles": empty}
    (found,) = sql.query("demand/forecast/other_quantiles", tables, {"chosen": "bottom_up"}, others=others).to_pylist()
    of_a_bell = [20 * -1.95996 / 1.28155 + 50, 10 * 1.64485 / 1.28155 + 50, 10 * 2.32635 / 1.28155 + 50]
    assert [float(found[name]) for name, *_ in asked] == pytest.approx(of_a_bell, abs=1e-3)


def test_shares_are_read_and_those_of_the_range_are_there_already() -> None:
    assert other_quantiles("0.1, 0.2,0.5,0.9,0.975") == (0.2, 0.975)
    assert other_quantiles("") == ()


@pytest.mark.parametrize("written", ["5%", "0.2,0.2", "0,0.4", "1.2", "nan"])
def test_what_is_no_share_is_refused(written: str) -> None:
    with pytest.raises(BadInput, match="quantiles"):
        Settings(quantiles=other_quantiles(written))
