"""Errors by level of a hierarchy, ours and rivals': ``python -m bench.bench_hierarchy [--help]``.

RMSSE (METHODS 3) over a set's cut-offs, from each of which ``horizon`` periods are forecast: the mean over a level's
items, then over cut-offs, and at last over levels, for each approach; with ``--origins`` the coverage of P10 to P90 at
each level; bias of the whole horizon's sum of the company. ``--keep FILE`` writes what was measured, ``--against FILE``
compares with it. Rivals need hierarchicalforecast, which the project does not install.

The rule by which a change of the engine is judged, stated before any was tried. Sets: the made-up hierarchies
(of each length together one set) and each real one. A set's score is the RMSSE, mean over levels, of the approach a
plan uses where nobody chose one. The variant with the least mean over sets of the score's ratio to today's is taken, if
no set's score is worse by more than 1 % and the made-up hierarchies held out agree; at equal score (0.2 %) the simpler
one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.hierarchies import DEVELOPED, FEW_MONTHS, HELD_OUT, MONTHS, Floats, Hierarchy, made_up, real
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.settings import Engine, Settings

START = {"M": "2000-01", "Q": "2000Q1"}
APPROACHES = ("bottom_up", "top_down_forecast_proportions", "reconciled")


def measure(known: Hierarchy, settings: Settings) -> pd.DataFrame:
    """One row per approach, cut-off, level and item: rmsse, inside (share of the periods in P10 to P90), bias."""
    return pd.concat([_measure(known, cutoff, settings) for cutoff in known.cutoffs])


def _measure(known: Hierarchy, cutoff: int, settings: Settings) -> pd.DataFrame:
    history, groups = _given(known, cutoff)
    found = forecast(history, groups, settings, approaches=APPROACHES, threads=1).forecast.to_pandas()
    found = found.sort_values(["approach", "level", "item_id", "month"])
    parts = []
    for (approach, level), rows in found.groupby(["approach", "level"]):
        items, actual, scale = actuals(known, cutoff, str(level))
        values = {
            name: rows[name].to_numpy(float).reshape(len(items), -1)[:, : actual.shape[1]]
            for name in ("mean", "p10", "p90")
        }
        part = errors(items, values["mean"], actual, scale)
        part["inside"] = ((values["p10"] <= actual) & (actual <= values["p90"])).mean(axis=1)
        parts.append(part.assign(approach=str(approach), level=str(level), cutoff=cutoff, set=known.name))
    return pd.concat(parts)


def errors(items: list[str], mean: Floats, actual: Floats, scale: Floats) -> pd.DataFrame:
    """RMSSE and bias of each item; items that never changed over a year are left out by nan."""
    squared = ((mean - actual) ** 2).mean(axis=1)
    rmsse = np.sqrt(squared / np.where(scale > 0, scale, np.nan))
    return pd.DataFrame(
        {"item_id": items, "rmsse": rmsse, "off": (mean - actual).sum(axis=1), "of": actual.sum(axis=1)}
    )


def _given(known: Hierarchy, cutoff: int) -> tuple[pa.Table, pa.Table]:
    ids = next(items for level, items in known.levels() if level == "product")
    y = known.y[:, :cutoff]
    row, column = np.nonzero(~np.isnan(y))
    months = pd.period_range(START[known.freq], periods=cutoff, freq=known.freq).to_timestamp().date
    history = pa.table(
        {
            "unique_id": pa.array(ids).take(pa.array(row, pa.int64())),
            "month": pa.array(months).take(pa.array(column, pa.int64())),
            "y": pa.array(y[row, column]),
        }
    )
    return history, pa.Table.from_pandas(pd.DataFrame({"unique_id": ids, **known.groups}), preserve_index=False)


def sums(known: Hierarchy, level: str) -> tuple[list[str], Floats]:
    """Items of a level in order, and their histories; nan where no series of theirs has begun."""
    of_series = next(items for name, items in known.levels() if name == level)
    items, place = np.unique(of_series, return_inverse=True)
    out = np.zeros((len(items), known.y.shape[1]))
    np.add.at(out, place, np.nan_to_num(known.y))
    begun = np.zeros(out.shape, bool)
    np.logical_or.at(begun, place, ~np.isnan(known.y))
    return [str(item) for item in items], np.where(begun, out, np.nan)


def actuals(known: Hierarchy, cutoff: int, level: str) -> tuple[list[str], Floats, Floats]:
    """Items, what came after the cut-off, and the mean squared change over a season before it."""
    items, y = sums(known, level)
    season = 12 if known.freq == "M" else 4
    past = y[:, :cutoff]
    scale = np.nanmean((past[:, season:] - past[:, :-season]) ** 2, axis=1)
    return items, y[:, cutoff : cutoff + known.horizon], scale


def summary(measured: pd.DataFrame) -> pd.DataFrame:
    """RMSSE by set, approach and level, the company first, and the mean over levels; bias and coverage beside it."""
    measured = measured.assign(set=measured["set"].str.replace(r"(made up, .*), \d+", r"\1", regex=True))
    by_cut = measured.groupby(["set", "approach", "level", "cutoff"], sort=False)["rmsse"].mean()
    by_level = by_cut.groupby(["set", "approach", "level"], sort=False).mean().rename("rmsse").reset_index()
    mean = by_level.groupby(["set", "approach"])["rmsse"].mean().rename("rmsse").reset_index().assign(level="mean")
    inside = measured.groupby(["set", "approach", "level"])["inside"].mean()
    total = measured.groupby(["set", "approach", "level"])[["off", "of"]].sum()
    out = pd.concat([by_level, mean]).set_index(["set", "approach", "level"])
    return out.join(inside).join((total["off"] / total["of"]).rename("bias"))


def chosen(sets: str) -> Iterator[Hierarchy]:
    """Hierarchies by the name of the set: developed, held-out, real, all, a seed, or a part of a real one's name."""
    if sets.isdigit():
        yield made_up(int(sets))
        return
    for name, seeds in (("developed", DEVELOPED), ("held-out", HELD_OUT)):
        if sets in (name, "all"):
            yield from (made_up(seed, months) for months in (MONTHS, FEW_MONTHS) for seed in seeds)
    if sets not in ("developed", "held-out"):
        yield from (known for known in real() if sets in ("real", "all") or sets in known.name)


def main() -> None:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sets", default="all")
    parser.add_argument("--engine", default="fast")
    parser.add_argument("--origins", type=int, default=0)
    parser.add_argument("--rivals", action="store_true", help="AutoETS too, which takes minutes a hierarchy")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--against", type=Path)
    asked = parser.parse_args()
    parts, before = [], time.process_time()
    for known in chosen(asked.sets):
        engine: Engine = asked.engine
        settings = Settings(horizon=known.horizon, freq=known.freq, engine=engine, origins=asked.origins)
        parts.append(measure(known, settings))
        if asked.rivals:
            from bench.hierarchy_rivals import measure_rivals

            parts.append(measure_rivals(known))
        print(f"{known.name}: {time.process_time() - before:.1f} s CPU so far", flush=True)
    measured = pd.concat(parts)
    if asked.keep:
        measured.to_parquet(asked.keep)
    show(measured, pd.read_parquet(asked.against) if asked.against else None)


def show(measured: pd.DataFrame, before: pd.DataFrame | None) -> None:
    """Print the summary; with ``before`` the ratio of each mean to the one before too."""
    table = summary(measured)
    levels = list(dict.fromkeys(["company", *measured["level"].unique(), "mean"]))
    wide = table["rmsse"].unstack().reindex(columns=levels)
    top = table.xs("company", level="level")
    wide = wide.join(top["bias"]).join(top["inside"])
    if before is not None:
        past = summary(before)["rmsse"].unstack()
        for name in ("company", "product", "mean"):
            wide[f"{name}/before"] = (wide[name] / past[name]).round(4)
    print(wide.round(3).to_string())
    if before is not None:
        print(wide.groupby("approach")[[name for name in wide if "/before" in str(name)]].mean().round(4).to_string())


if __name__ == "__main__":
    main()
