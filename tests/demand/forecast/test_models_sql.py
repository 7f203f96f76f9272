"""Every model in SQL against an independent recursion with the same parameters, on series of different lengths.

The lengths differ on purpose: DuckDB's list_reduce mixes up rows of unequal lists when its seed is a constant.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline import sql
from sop_pipeline.demand.forecast.level_shifts import known_shifts
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import make

SETTINGS = Settings(horizon=6, origins=12)


def _histories(ragged: dict[str, list[float]]) -> pa.Table:
    """Histories as lists, one a node."""
    lists = list(ragged.values())
    return pa.table({"node_id": range(len(lists)), "periods": [len(one) for one in lists], "history": lists})


@pytest.fixture(scope="module")
def fitted(ragged: dict[str, list[float]]) -> dict[str, pa.Table]:
    """All intermediate tables of one run of the models."""
    nodes = {"node_id": range(len(ragged)), "parent_id": [None] * len(ragged)}
    rows = [(node, t, y) for node, values in enumerate(ragged.values()) for t, y in enumerate(values)]
    columns = list(zip(*rows, strict=True))
    tables = {
        "nodes": pa.table({"node_id": list(nodes["node_id"]), "parent_id": pa.array(nodes["parent_id"], pa.int64())}),
        "node_history": pa.table({"node_id": columns[0], "period": columns[1], "quantity": columns[2]}),
    }
    params = {**SETTINGS.params(), "first_node": 0, "last_node": 99}
    with sql.session(tables, threads=2) as connection:
        connection.register("level_shifts", known_shifts(_histories(ragged), SETTINGS))
        for table in ("series", "fits", "seasonal_profiles", "family_profiles", "adjusted", "origins"):
            make(connection, table, f"demand/models/{table}", params)
        _smoothing(connection, params)
        made = [row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {name: connection.execute(f"select * from {name}").to_arrow_table() for name in made}


def _smoothing(connection: duckdb.DuckDBPyConnection, params: dict) -> None:
    make(connection, "ses_candidates", "demand/models/ses_coarse", params)
    make(connection, "ses_best", "demand/models/ses_search", params, known=None)
    make(connection, "ses_candidates", "demand/models/ses_fine", params)
    make(connection, "ses", "demand/models/ses_search", params, known=None)
    for name, phis in (("damped", SETTINGS.phis), ("holt", (1.0,))):
        grid = {**params, **SETTINGS.trend_grid(phis)}
        make(connection, "trend_candidates", "demand/models/trend_grid", grid)
        make(connection, name, "demand/models/trend_search", grid)
        make(connection, f"{name}_forecast", "demand/models/trend_forecast", grid, fit=name)
    make(connection, "ses_forecast", "demand/models/ses_forecast", params, fit="ses")
    for name in ("lines", "line_slopes", "seasonal_naive_forecast"):
        make(connection, name, f"demand/models/{name}", params)
    make(connection, "theta_forecast", "demand/models/theta_forecast", params, smoothed="ses_forecast")


def rows(table: pa.Table, *keys: str) -> dict:
    return {tuple(row[key] for key in keys): row for row in table.to_pylist()}


def path(model: dict) -> np.ndarray:
    """Six steps of a model's level, trend and damping."""
    return model["level"] + model["trend"] * np.cumsum(model["phi"] ** np.arange(1, 7))


def smooth(z: np.ndarray, alpha: float, level: float) -> tuple[float, float]:
    """Level after the last value and the sum of squared one-step errors."""
    sse = 0.0
    for value in z:
        sse += (value - level) ** 2
        level += alpha * (value - level)
    return level, sse


def damp(z: np.ndarray, fit: dict) -> tuple[float, float, float]:
    level, trend, sse = fit["level0"], fit["trend0"], 0.0
    for value in z:
        error = value - level - fit["phi"] * trend
        sse += error**2
        level, trend = (
            level + fit["phi"] * trend + fit["alpha"] * error,
            (fit["phi"] * trend + fit["alpha"] * fit["beta"] * error),
        )
    return level, trend, sse


def drawn_in(z: np.ndarray, cutoff: int) -> np.ndarray:
    """Values no further from the median of those around every fourth place than so many robust deviations."""
    places = range(1, (len(z) + 7) // 4)
    medians = [np.median(z[max(1, 4 * j - 8) - 1 : min(4 * j + 5, max(4 * j - 3, cutoff))]) for j in places]
    middles = np.array([medians[(i + 3) // 4 - 1] for i in range(1, len(z) + 1)])
    most = SETTINGS.params()["outlier_spread"] * 1.4826 * np.median(np.abs(z - middles)[:cutoff])
    return np.clip(z, middles - most, middles + most) if most > 0 else z


def test_outliers_are_drawn_in_and_nothing_else_is(fitted: dict[str, pa.Table]) -> None:
    fits, drawn = rows(fitted["fits"], "node_id", "cutoff"), 0
    for key, row in rows(fitted["adjusted"], "node_id", "cutoff").items():
        place = np.arange(row["last_origin"])
        z = np.array(fits[key]["x"][: row["last_origin"]]) - np.array(row["profile"])[(row["first_phase"] + place) % 12]
        assert row["z"] == pytest.approx(drawn_in(z, key[1]), rel=1e-9, abs=1e-9)
        drawn += int((np.abs(np.array(row["z"]) - z) > 1e-6).sum())
    assert drawn > 0


def test_ses_is_the_least_squares_fit(fitted: dict[str, pa.Table]) -> None:
    """Constant and first level are no worse than any of a fine grid, and the error claimed is the error made."""
    adjusted = rows(fitted["adjusted"], "node_id", "cutoff")
    for key, fit in rows(fitted["ses"], "node_id", "cutoff").items():
        z = np.array(adjusted[key]["z"][: key[1]])
        _, sse = smooth(z, fit["alpha"], fit["level0"])
        assert fit["sse"] == pytest.approx(sse, rel=1e-6, abs=1e-9)
        for shift in (-1e-3, 1e-3):
            assert smooth(z, fit["alpha"], fit["level0"] * (1 + shift) + shift)[1] >= sse - 1e-9 * abs(sse)


def test_ses_levels_at_every_origin(fitted: dict[str, pa.Table]) -> None:
    """One pass gives the level of every origin that a separate recursion gives."""
    adjusted, fits = rows(fitted["adjusted"], "node_id", "cutoff"), rows(fitted["ses"], "node_id", "cutoff")
    origins = rows(fitted["origins"], "node_id", "origin")
    for key, row in rows(fitted["ses_forecast"], "node_id", "origin").items():
        fit_key = (key[0], origins[key]["cutoff"])
        level, _ = smooth(np.array(adjusted[fit_key]["z"][: key[1]]), fits[fit_key]["alpha"], fits[fit_key]["level0"])
        assert path(row) == pytest.approx([level] * 6, rel=1e-6)


@pytest.mark.slow
def test_ses_agrees_with_statsforecast(fitted: dict[str, pa.Table]) -> None:
    """The recursion itself against statsforecast's, with its seed (the first value) and the same constant."""
    models = pytest.importorskip("statsforecast.models")
    z = {key: row["z"] for key, row in rows(fitted["adjusted"], "node_id", "cutoff").items()}
    newest = {node: max(cutoff for other, cutoff in z if other == node) for node, _ in z}
    steps = {
        "origins": pa.table(
            {
                "node_id": list(newest),
                "cutoff": [1] * len(newest),
                "origin": list(newest.values()),
                "later": [z[key][1:] for key in newest.items()],
            }
        ),
        "ses": pa.table(
            {
                "node_id": list(newest),
                "cutoff": [1] * len(newest),
                "alpha": [0.3] * len(newest),
                "level": [z[key][0] for key in newest.items()],
            }
        ),
    }
    for row in sql.query("demand/models/ses_forecast", steps, fit="ses").to_pylist():
        values = np.array(z[row["node_id"], row["origin"]])
        theirs = models.SimpleExponentialSmoothing(alpha=0.3).forecast(values, 1)["mean"][0]
        assert row["level"] == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize("model", ["damped", "holt"])
def test_trend_models_at_every_origin(fitted: dict[str, pa.Table], model: str) -> None:
    adjusted, fits = rows(fitted["adjusted"], "node_id", "cutoff"), rows(fitted[model], "node_id", "cutoff")
    origins = rows(fitted["origins"], "node_id", "origin")
    for key, fit in fits.items():
        assert fit["sse"] == pytest.approx(damp(np.array(adjusted[key]["z"][: key[1]]), fit)[2], rel=1e-6, abs=1e-9)
        assert (fit["phi"] == 1) == (model == "holt")
    for key, row in rows(fitted[f"{model}_forecast"], "node_id", "origin").items():
        fit_key = (key[0], origins[key]["cutoff"])
        level, trend, _ = damp(np.array(adjusted[fit_key]["z"][: key[1]]), fits[fit_key])
        trend *= key[1] >= 24
        expected = level + trend * np.cumsum(fits[fit_key]["phi"] ** np.arange(1, 7))
        assert path(row) == pytest.approx(expected, rel=1e-6)


def test_theta_is_smoothing_with_half_the_shrunk_slope(fitted: dict[str, pa.Table]) -> None:
    adjusted, fits = rows(fitted["adjusted"], "node_id", "cutoff"), rows(fitted["ses"], "node_id", "cutoff")
    origins = rows(fitted["origins"], "node_id", "origin")
    for key, row in rows(fitted["theta_forecast"], "node_id", "origin").items():
        fit_key, n = (key[0], origins[key]["cutoff"]), key[1]
        z, alpha = np.array(adjusted[fit_key]["z"][:n]), fits[fit_key]["alpha"]
        t = np.arange(1, n + 1)
        (slope, intercept), deviations = np.polyfit(t, z, 1), ((t - t.mean()) ** 2).sum()
        error = np.sqrt(((z - intercept - slope * t) ** 2).sum() / (n - 2) / deviations)
        slope *= max(0.0, 1 - (error / slope) ** 2) * (n >= 24)
        level, _ = smooth(z, alpha, fits[fit_key]["level0"])
        expected = level + slope / 2 * (np.arange(6) + (1 - (1 - alpha) ** n) / alpha)
        assert path(row) == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_seasonal_naive_agrees_with_statsforecast(fitted: dict[str, pa.Table], ragged: dict[str, list[float]]) -> None:
    models = pytest.importorskip("statsforecast.models")
    forecasts = rows(fitted["seasonal_naive_forecast"], "node_id", "origin")
    for node, values in enumerate(ragged.values()):
        y = np.array(values)
        for back in (0, 5):
            theirs = models.SeasonalNaive(12).forecast(y[: len(y) - back], 6)["mean"]
            assert forecasts[node, len(y) - back]["repeated"][:6] == pytest.approx(theirs)


def test_decomposition_and_its_strength(fitted: dict[str, pa.Table]) -> None:
    """Profile, shrinkage and the weight by the lag-12 autocorrelation, against numpy."""
    fits, strengths = rows(fitted["fits"], "node_id", "cutoff"), []
    for key, row in rows(fitted["seasonal_profiles"], "node_id", "cutoff").items():
        x, phase = np.array(fits[key]["x"][: key[1]]), fits[key]["first_phase"]
        profile, strength = decomposed(x, phase)
        assert row["strength"] == pytest.approx(strength)
        assert row["profile"] == pytest.approx(profile * strength, abs=1e-6)
        strengths.append(strength)
    assert max(strengths) == 1
    assert min(strengths) == 0


def decomposed(x: np.ndarray, phase: int) -> tuple[np.ndarray, float]:
    n, t = len(x), np.arange(len(x))
    residual = x - np.polyval(np.polyfit(t, x, 1), t)
    r = np.array([(residual[k:] * residual[:-k]).sum() for k in range(1, 13)]) / (residual**2).sum()
    strength = float(np.clip((r[11] / np.sqrt((1 + 2 * (r[:11] ** 2).sum()) / n) - 0.5) / 2, 0, 1))
    ratio, skipped = around_trend(x)
    phases = (phase + skipped + np.arange(len(ratio))) % 12
    raw = np.array([ratio[phases == p].mean() for p in range(12)])
    free = len(ratio) - 12 - (n < 36)
    noise = ((ratio - raw[phases]) ** 2).sum() / max(free, 1) / (len(ratio) / 12)
    centred = raw - raw.mean()
    strength = max(strength, float(np.clip((centred.var(ddof=1) / noise - 2) / 4, 0, 1)))
    return centred * max(0, 1 - 9 / 11 * noise / centred.var(ddof=1)), strength


def around_trend(x: np.ndarray) -> tuple[np.ndarray, int]:
    """Under three years about the nearer of a line and a step between two years' means, else a moving average."""
    n, first, last = len(x), x[:12].mean(), x[-12:].mean()
    if n >= 36:
        return x[6:-6] - np.convolve(x, np.array([0.5, *[1] * 11, 0.5]) / 12, "valid"), 6
    line = x - first - (np.arange(n) - 5.5) * (last - first) / (n - 12)
    step = x - np.where(np.arange(1, n + 1) <= n / 2, first, last)
    return (line if (line**2).sum() <= (step**2).sum() else step), 0


@pytest.mark.slow
def test_croston_sba_and_tsb_agree_with_statsforecast() -> None:
    """Every origin of intermittent series of different lengths, with statsforecast's own constants."""
    models = pytest.importorskip("statsforecast.models")
    random = np.random.default_rng(2)
    series = [random.poisson(4, 40 + n) * (random.random(40 + n) < 0.3) for n in range(8)]
    starts = ([3.0], [0.0, 0.0, 5.0])
    series = [np.concatenate([starts[n % 2], values]).astype(float) for n, values in enumerate(series)]
    adjusted = pa.table(
        {
            "node_id": range(8),
            "cutoff": [len(values) - 4 for values in series],
            "history": [list(values) for values in series],
            "is_intermittent": [True] * 8,
        }
    )
    params = {"croston_alpha": 0.1, "tsb_alpha": 0.2, "level_alpha": 0.1, "seed_periods": 1}
    for row in sql.query("demand/models/intermittent_states", {"adjusted": adjusted}, params).to_pylist():
        assert len(row["states"]) == 5
        for back, state in zip(range(4, -1, -1), row["states"], strict=True):
            y = series[row["node_id"]]
            y = y[: len(y) - back]
            assert state["croston_sba"] == pytest.approx(models.CrostonSBA().forecast(y, 1)["mean"][0], rel=1e-6)
            assert state["tsb"] == pytest.approx(models.TSB(0.2, 0.2).forecast(y, 1)["mean"][0], rel=1e-6)
            assert state["ses"] == pytest.approx(
                models.SimpleExponentialSmoothing(0.1).forecast(y, 1)["mean"][0], rel=1e-6
            )
