"""AutoETS on every node of a hierarchy, added up, and reconciled by MinT (shrink) of hierarchicalforecast.

What belongs here: the rivals' forecasts in the form of ``bench_hierarchy.measure``. statsforecast is the project's own;
hierarchicalforecast is not installed with it. A fit that fails falls back on the seasonal naive.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.bench_hierarchy import actuals, errors, sums
from bench.hierarchies import Floats, Hierarchy


def measure_rivals(known: Hierarchy) -> pd.DataFrame:
    """Rows as of ``measure``: AutoETS as it stands, its bottom-up and, with hierarchicalforecast, its MinT (shrink)."""
    return pd.concat([_measure(known, cutoff) for cutoff in known.cutoffs])


def _measure(known: Hierarchy, cutoff: int) -> pd.DataFrame:
    levels = [level for level, _ in known.levels()]
    parts = {level: sums(known, level) for level in levels}
    past = np.vstack([parts[level][1][:, :cutoff] for level in levels])
    mean, fitted = (np.stack(rows) for rows in zip(*(_ets(y, known) for y in past), strict=True))
    summing = _summing(known, levels)
    leaves = len(parts["product"][0])
    made = {"AutoETS": mean, "AutoETS bottom-up": summing @ mean[-leaves:]}
    reconciled = _mint_shrink(summing, mean, past, fitted)
    if reconciled is not None:
        made["AutoETS MinT shrink"] = reconciled
    out, first = [], 0
    for level in levels:
        items, actual, scale = actuals(known, cutoff, level)
        for name, forecasts in made.items():
            part = errors(items, forecasts[first : first + len(items)], actual, scale)
            out.append(part.assign(inside=np.nan, approach=name, level=level, cutoff=cutoff, set=known.name))
        first += len(items)
    return pd.concat(out)


def _ets(y: Floats, known: Hierarchy) -> tuple[Floats, Floats]:
    """Forecast of one history, and its fit on the whole calendar."""
    from statsforecast.models import AutoETS

    season, begun = (12 if known.freq == "M" else 4), ~np.isnan(y)
    seen, fitted = y[begun], np.full(len(y), np.nan)
    try:
        found = AutoETS(season_length=season).forecast(seen, known.horizon, fitted=True)
        mean, fitted[begun] = np.asarray(found["mean"], float), np.asarray(found["fitted"], float)
        assert np.isfinite(mean).all()
    except Exception:  # a rival's failed fit must not end the comparison
        mean = np.resize(seen[-season:], known.horizon)
        fitted[begun] = np.concatenate([np.full(season, seen.mean()), seen[:-season]])[: len(seen)]
    return mean, fitted


def _summing(known: Hierarchy, levels: list[str]) -> Floats:
    """Summing matrix, nodes x series, in the order of ``levels`` and of their items."""
    blocks = []
    of = dict(known.levels())
    for level in levels:
        items, place = np.unique(of[level], return_inverse=True)
        blocks.append((place == np.arange(len(items))[:, None]).astype(float))
    return np.vstack(blocks)


def _mint_shrink(summing: Floats, mean: Floats, past: Floats, fitted: Floats) -> Floats | None:
    try:
        from hierarchicalforecast.methods import MinTrace
    except ImportError:
        print("hierarchicalforecast is not installed: no MinT")
        return None
    whole = np.isfinite(past).all(axis=0) & np.isfinite(fitted).all(axis=0)
    found = MinTrace("mint_shrink").fit_predict(summing, mean, past[:, whole], fitted[:, whole])
    return np.asarray(found["mean"])
