"""Accuracy of the forecasts on real data that nobody here wrote: ``python -m bench.bench_accuracy [part ...]``.

Parts: m3 (OWA and coverage on the test part), levels (coverage of families and total over rolling origins),
reconciliation, tourism, parts (intermittent demand). Data in ``../shared/data`` or ``SOP_BENCHMARK_DATA``. Each figure
stands beside what it must be; the engine's constants never saw a test part.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.stats import binom

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Engine, Frequency, Settings

DATA = Path(os.environ.get("SOP_BENCHMARK_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def table(frame: pd.DataFrame, freq: str = "M") -> pa.Table:
    """Long frame with unique_id, month, y as the engine takes it."""
    months = pd.PeriodIndex(frame["month"].astype(str), freq=freq).to_timestamp().date
    ids, amounts = pa.array(frame["unique_id"].astype(str)), pa.array(frame["y"].astype(float))
    return pa.table({"unique_id": ids, "month": pa.array(months), "y": amounts})


def shipments() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "m3_shipments" / "shipments_monthly.csv")
    return frame.rename(columns={"series_id": "unique_id", "quantity": "y"})


def families(frame: pd.DataFrame, *groups: str) -> pa.Table:
    return pa.Table.from_pandas(frame[["unique_id", *groups]].drop_duplicates(), preserve_index=False)


def wide(result: ForecastResult, level: str, column: str) -> dict[str, np.ndarray]:
    """Values of the chosen approach by item, in the order of the months."""
    return by_item(result.plan(), level, column)


def by_item(rows: pa.Table, level: str, column: str) -> dict[str, np.ndarray]:
    """A column of one level by item, in the order of the months."""
    frame = rows.to_pandas()
    frame = frame[frame["level"] == level].sort_values(["item_id", "month"])
    return {str(item): part[column].to_numpy(float) for item, part in frame.groupby("item_id")}


def owa(train: dict[str, np.ndarray], test: dict[str, np.ndarray], found: dict[str, np.ndarray]) -> float:
    """OWA against the NAIVE2 row of the published entrants (METHODS 3)."""
    scores = pd.read_csv(DATA / "m3_shipments" / "entrant_scores.csv").set_index("method").loc["NAIVE2"]
    smape = np.mean([np.mean(200 * abs(found[k] - a) / (abs(found[k]) + abs(a))) for k, a in test.items()])
    mase = np.mean([np.mean(abs(found[k] - a)) / np.mean(abs(train[k][12:] - train[k][:-12])) for k, a in test.items()])
    return float((smape / scores["smape"] + mase / scores["mase"]) / 2)


def pattern(y: np.ndarray) -> str:
    """Pattern of Syntetos and Boylan: mean interval between demands 1.32, squared coefficient of variation 0.49."""
    sizes = y[y != 0]
    if not len(sizes):
        return "no demand"
    rare, erratic = (np.nonzero(y)[0][-1] + 1) / len(sizes) >= 1.32, sizes.var() / sizes.mean() ** 2 >= 0.49
    return {(0, 0): "smooth", (0, 1): "erratic", (1, 0): "intermittent", (1, 1): "lumpy"}[int(rare), int(erratic)]


def inside_by(result: ForecastResult, train: dict[str, np.ndarray], test: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row per product and month held out: its pattern, band of lags, and whether P10 to P90 held."""
    low, high = wide(result, "product", "p10"), wide(result, "product", "p90")
    parts = []
    for item in sorted(low.keys() & test.keys()):
        actual = test[item]
        lags = pd.cut(range(len(actual)), [-1, 2, 5, 11, 99], labels=["0-2", "3-5", "6-11", "12-"]).astype(str)
        inside = (actual >= low[item][: len(actual)]) & (actual <= high[item][: len(actual)])
        parts.append(pd.DataFrame({"pattern": pattern(train[item]), "lags": lags, "inside": inside}))
    return pd.concat(parts)


def print_by(inside: pd.DataFrame, *columns: str) -> None:
    for column in columns:
        found = inside.groupby(column)["inside"].agg(["mean", "size"])
        print(
            f"  by {column}: "
            + ", ".join(f"{name} {row['mean']:.1%} of {row['size']:.0f}" for name, row in found.iterrows())
        )


def m3(engine: Engine = "fast") -> None:
    """OWA of the bottom-up mean, and coverage of P10 to P90, on the 277 test parts."""
    frame = shipments()
    split = {name: frame[frame["split"] == name] for name in ("train", "test")}
    train, test = (
        {str(k): g["y"].to_numpy(float) for k, g in split[n].groupby("unique_id")} for n in ("train", "test")
    )
    found = forecast(
        table(split["train"]), families(frame, "family"), Settings(horizon=18, engine=engine), approaches=()
    )
    inside = inside_by(found, train, test)
    print(f"M3 shipments, {engine}: OWA {owa(train, test, wide(found, 'product', 'mean')):.4f} (must 0.718, aim 0.705)")
    share = inside["inside"].mean()
    print(f"M3 shipments, {engine}: coverage of P10 to P90, products {share:.1%} of {len(inside)} (80% +- 4)")
    print_by(inside, "pattern", "lags")


def levels() -> None:
    """Coverage of families and total: every origin with two years of history, each forecast knowing nothing later."""
    frame = shipments()
    months = sorted(frame["month"].unique())
    inside: dict[tuple[str, str], list[bool]] = {}
    for end in range(23, len(months) - 1):
        era = "last 24 origins" if end >= len(months) - 25 else "earlier origins"
        known = frame[frame["month"] <= months[end]]
        result = forecast(table(known), families(frame, "family"), Settings(horizon=12), approaches=())
        later = frame[frame["month"] > months[end]]
        for level, actuals in (
            ("family", later.groupby(["family", "month"])["y"].sum()),
            ("company", later.assign(top="company").groupby(["top", "month"])["y"].sum()),
        ):
            plan = result.plan().to_pandas()
            for row in plan[plan["level"] == level].itertuples():
                key = (row.item_id, f"{row.month:%Y-%m}")
                if key in actuals.index:
                    for span in ("all origins", era):
                        inside.setdefault((level, span), []).append(bool(row.p10 <= actuals[key] <= row.p90))
    for (level, span), hits in sorted(inside.items()):
        low, high = binom.interval(0.95, len(hits), 0.8)
        print(
            f"M3 shipments: coverage of {level}, {span}: {np.mean(hits):.1%} of {len(hits)} "
            f"(binomial band of independent cases {low / len(hits):.1%} to {high / len(hits):.1%}; must 80% +- 4)"
        )


def tourism_frame() -> pd.DataFrame:
    wide_frame = pd.read_csv(DATA / "tourismsmall" / "tourismsmall_data.csv", index_col=0)
    bottom = pd.read_csv(DATA / "tourismsmall" / "tourismsmall_agg_mat.csv", index_col=0).columns
    frame = wide_frame[bottom].stack().reset_index()
    frame.columns = ["month", "unique_id", "y"]
    parts = frame["unique_id"].str.split("-")
    return frame.assign(purpose=parts.str[1], state=parts.str[0] + "-" + parts.str[1])


def squared_errors(result: ForecastResult, frame: pd.DataFrame, groups: list[str], season: int) -> pd.DataFrame:
    """Mean RMSSE over the items of each level, by approach, from the rolling backtest."""
    backtest = result.backtest.to_pandas()
    backtest["squared"] = (backtest["forecast"].astype(float) - backtest["actual"].astype(float)) ** 2
    scale = {}
    for level, key in [("company", None), *((g, g) for g in groups), ("product", "unique_id")]:
        keys = frame[key] if key else pd.Series("company", frame.index)
        sums = frame.groupby([keys, frame["month"]])["y"].sum().unstack(0)
        for item, square in (sums.diff(season) ** 2).mean().items():
            scale[level, item] = square
    mean = backtest.groupby(["approach", "level", "item_id"])["squared"].mean().reset_index()
    mean["rmsse"] = np.sqrt(mean["squared"] / [scale[key] for key in zip(mean["level"], mean["item_id"], strict=True)])
    return mean.groupby(["approach", "level"])["rmsse"].mean().unstack()


def reconciliation() -> None:
    """Reconciled against the better of bottom-up and top-down from the same base forecasts: mean RMSSE over levels."""
    frame = shipments()
    frame = frame[(frame["split"] == "train") & (frame["month"] <= "1994-02")]
    tour = tourism_frame()
    cases: tuple[tuple[str, pd.DataFrame, list[str], Frequency, int, int], ...] = (
        ("M3 shipments", frame, ["family"], "M", 12, 18),
        ("tourismsmall", tour, ["purpose", "state"], "Q", 4, 12),
    )
    for name, data, groups, freq, horizon, origins in cases:
        result = forecast(
            table(data, freq), families(data, *groups), Settings(horizon=horizon, freq=freq, origins=origins)
        )
        season = 12 if freq == "M" else 4
        mean = squared_errors(result, data, groups, season).mean(axis=1)
        better = mean[[a for a in mean.index if a == "bottom_up" or a.startswith("top_down")]].min()
        print(
            f"{name}: mean RMSSE over levels, reconciled {mean['reconciled']:.4f}, better of bottom-up and top-down "
            f"{better:.4f}: {mean['reconciled'] / better - 1:+.1%} (must +1%, aim -3%)"
        )


def tourism() -> None:
    """Squared error against the naive over all levels, last four quarters held out."""
    data = tourism_frame()
    months = sorted(data["month"].unique())
    known, later = data[data["month"] < months[-4]], data[data["month"] >= months[-4]]
    result = forecast(
        table(known, "Q"), families(data, "purpose", "state"), Settings(horizon=4, freq="Q")
    ).forecast.to_pandas()
    print("tourismsmall, last 4 quarters, relMSE to naive (published: bottom-up 0.1002, top-down 0.1919, MinT 0.1235)")
    for approach, rows in result.groupby("approach"):
        ours = naive = 0.0
        for level, key in (("company", None), ("purpose", "purpose"), ("state", "state"), ("product", "unique_id")):
            for item, part in rows[rows["level"] == level].groupby("item_id"):
                past, future = (frame if key is None else frame[frame[key] == item] for frame in (known, later))
                actual = future.groupby("month")["y"].sum().to_numpy(float)
                ours += ((part.sort_values("month")["mean"].to_numpy(float) - actual) ** 2).sum()
                naive += ((past.groupby("month")["y"].sum().iloc[-1] - actual) ** 2).sum()
        print(f"  {approach:34s} {ours / naive:.4f}")


def parts() -> None:
    """Intermittent demand against Croston-SBA and TSB of statsforecast, three blocks of six months.

    Measure: root mean squared scaled error pooled over series (squared error, because demand that is mostly zero has
    a median of zero and every absolute measure rewards forecasting nothing), scaled by each series' in-sample naive.
    """
    from statsforecast.models import TSB, CrostonSBA

    frame = pd.read_parquet(DATA / "carparts" / "carparts_monthly.parquet").dropna()
    frame = frame.rename(columns={"series_id": "unique_id"}).astype({"unique_id": str})
    from_end = frame.groupby("unique_id").cumcount(ascending=False)
    rivals: dict[str, Any] = {"Croston-SBA": CrostonSBA(), "TSB 0.1": TSB(0.1, 0.1), "TSB 0.2": TSB(0.2, 0.2)}
    inside = []
    squares: dict[str, list[float]] = {"fast": [], **{name: [] for name in rivals}}
    for back in (0, 6, 12):
        known, later = frame[from_end >= back + 6], frame[(from_end >= back) & (from_end < back + 6)]
        found = forecast(table(known), settings=Settings(horizon=6), approaches=())
        ours = wide(found, "product", "mean")
        actual = {str(k): g["y"].to_numpy(float) for k, g in later.groupby("unique_id")}
        past = {str(k): g["y"].to_numpy(float) for k, g in known.groupby("unique_id")}
        inside.append(inside_by(found, past, actual))
        for item, y in past.items():
            scale = np.mean(np.diff(y) ** 2) if len(y) > 1 else 0.0
            if scale <= 0 or not y.any():
                continue
            squares["fast"].append(float(np.mean((ours[item] - actual[item]) ** 2) / scale))
            for name, model in rivals.items():
                squares[name].append(float(np.mean((model.forecast(y, 6)["mean"] - actual[item]) ** 2) / scale))
    pooled = {name: float(np.sqrt(np.mean(values))) for name, values in squares.items()}
    for name in rivals:
        print(
            f"car parts: pooled RMSSE, fast {pooled['fast']:.4f}, {name} {pooled[name]:.4f}: "
            f"{pooled['fast'] / pooled[name] - 1:+.1%} (must 0%, aim -10%)"
        )
    print("car parts: coverage of P10 to P90 (nothing lies inside where P10 is nothing, so more than 80% is natural)")
    print_by(pd.concat(inside), "pattern", "lags")


def main(wanted: list[str]) -> int:
    if not DATA.is_dir():
        print(f"no benchmark data in {DATA}; set SOP_BENCHMARK_DATA", file=sys.stderr)
        return 0
    known = {"m3": m3, "levels": levels, "reconciliation": reconciliation, "tourism": tourism, "parts": parts}
    for name in wanted or known:
        known[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
