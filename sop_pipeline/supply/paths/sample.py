"""Demand paths drawn from the forecast's distribution, the same ones for every plan (common random numbers).

A path is a function of ``demand_distribution``, the seed and the item's name: not of row order, of which other items
there are, of threads, or of the plan it is held against. Here: drawing, and how wide the draws spread. Not here: the
distribution (``paths.distribution``), what a plan makes of it (``robustness.simulation``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import ndtri

from sop_pipeline import tables
from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.paths.distribution import Z90

EVALUATION = "evaluation"
"""Stream of the paths that plans are judged by."""
PLANNING = "planning"
"""Stream of the paths a stochastic plan is made for; it is judged by others."""
SHARES = ("company_share", "family_share", "own_contrast")
PERSISTENCES = ("company_persistence", "family_persistence", "own_persistence")


@dataclass(frozen=True)
class Distribution:
    """``demand_distribution`` as arrays: items by name, months in order; (I, T) quantiles, (I,) shares.

    ``weights`` (I,) by level turn an item's units into those of its family's and the company's total, NaN without one.
    """

    items: list[str]
    families: list[str]
    months: list[pd.Timestamp]
    quantity: Floats
    quantiles: tuple[Floats, Floats, Floats]
    family: Ints
    shares: pd.DataFrame
    weights: Mapping[str, Floats]

    @classmethod
    def of(cls, demand_distribution: pa.Table) -> Distribution:
        """Read the table."""
        frame = tables.frame(demand_distribution).sort_values(["item_id", "month"])
        months = [pd.Timestamp(month) for month in sorted(frame["month"].unique())]
        single = frame.drop_duplicates("item_id")
        families = sorted(single["family"].unique())

        def wide(column: str) -> Floats:
            return frame.pivot(index="item_id", columns="month", values=column).sort_index()[months].to_numpy(float)

        return cls(
            items=list(single["item_id"]),
            families=families,
            months=months,
            quantity=wide("quantity"),
            quantiles=(wide("p10"), wide("p50"), wide("p90")),
            family=np.searchsorted(families, single["family"].to_numpy(str)).astype(np.int64),
            shares=single[[*SHARES, *PERSISTENCES]].reset_index(drop=True),
            weights={level: single[f"{level}_weight"].to_numpy(float) for level in ("family", "company")},
        )


def sample_demand(distribution: Distribution, count: int, stream: str = EVALUATION) -> Floats:
    """Return ``count`` demand paths (S, I, T) in units, never below zero.

    ``z = sqrt(a) C(t) + sqrt(b) F(f,t) + sqrt(1-a-b) (E(i,t) - k mean_f E)`` with C, F, E autoregressive,
    ``E(t) = phi E(t-1) + sqrt(1-phi^2) e(t)``; each month's draws of an item are replaced by the normal scores of their
    ranks, and read through the quantile function that joins P10, P50 and P90 (a normal of its own width on each side).
    """
    scores = _normal_scores(_latent(distribution, count, stream))
    p10, p50, p90 = distribution.quantiles
    below, above = (p50 - p10) / Z90, (p90 - p50) / Z90
    paths: Floats = p50 + np.where(scores < 0, below, above) * scores
    return np.maximum(paths, 0.0)


def sampled_rows(demand_distribution: pa.Table, count: int) -> pd.DataFrame:
    """Return ``count`` paths to plan for as the table ``demand_samples``: sample, product_id, month, quantity."""
    distribution = Distribution.of(demand_distribution)
    paths = sample_demand(distribution, count, PLANNING)
    names = ["sample", "product_id", "month"]
    index = pd.MultiIndex.from_product([range(count), distribution.items, distribution.months], names=names)
    return pd.DataFrame({"quantity": paths.round(4).ravel()}, index=index).reset_index()


def _latent(distribution: Distribution, count: int, stream: str) -> Floats:
    shares, months = distribution.shares, len(distribution.months)
    company = _factor(stream, "company", count, months, _first(shares["company_persistence"]))
    carried = _first(shares["family_persistence"])
    family = np.stack(
        [_factor(stream, f"family {name}", count, months, carried) for name in distribution.families], axis=1
    )
    alone = np.stack(
        [
            _factor(stream, f"item {name}", count, months, float(carry))
            for name, carry in zip(distribution.items, shares["own_persistence"], strict=True)
        ],
        axis=1,
    )
    common, of_family, contrast = (shares[name].to_numpy(float)[None, :, None] for name in SHARES)
    if contrast.any():
        alone = alone - contrast * _family_means(alone, distribution.family)[:, distribution.family]
    result: Floats = (
        np.sqrt(common) * company[:, None, :]
        + np.sqrt(of_family) * family[:, distribution.family]
        + np.sqrt(np.maximum(1 - common - of_family, 0.0)) * alone
    )
    return result


def _first(values: pd.Series) -> float:
    return float(values.iloc[0]) if len(values) else 0.0


def _factor(stream: str, name: str, count: int, months: int, carried: float) -> Floats:
    """An autoregressive standard normal (S, T) of its own stream; the second half of the draws mirrors the first."""
    seed = int.from_bytes(hashlib.sha256(f"{stream}|{name}".encode()).digest()[:16], "big")
    half = np.random.Generator(np.random.PCG64(seed)).standard_normal(((count + 1) // 2, months))
    fresh = np.concatenate([half, -half])[:count]
    out = np.empty_like(fresh)
    for month in range(months):
        before = carried * out[:, month - 1] if month else 0.0
        out[:, month] = before + (np.sqrt(1 - carried**2) if month else 1.0) * fresh[:, month]
    return out


def _family_means(draws: Floats, family: Ints) -> Floats:
    members = np.eye(int(family.max()) + 1)[family]
    means: Floats = np.einsum("sit,if->sft", draws, members / members.sum(axis=0))
    return means


def _normal_scores(draws: Floats) -> Floats:
    """Replace draws (S, ...) by the normal scores of their ranks over S."""
    count = len(draws)
    ranked = ndtri((np.arange(count) + 0.5) / count)
    order = np.argsort(draws, axis=0, kind="stable")
    out = np.empty_like(draws)
    np.put_along_axis(out, order, np.broadcast_to(ranked.reshape(-1, *[1] * (draws.ndim - 1)), draws.shape), axis=0)
    return out


def sample_fit(
    distribution: Distribution, paths: Floats, demand_range: pa.Table, *, company: str
) -> list[dict[str, Any]]:
    """Return the rows of ``demand_sample_fit``: how wide sums of sampled items spread against the forecast's ranges.

    Items add up in the unit of the total; a family, or the company, that has none has no row.
    """
    ranges = tables.frame(demand_range)
    ranges["width"] = ranges["p90"] - ranges["p10"]
    rows = []
    for level, name, members in _groups(distribution, company):
        weight = distribution.weights[level][members]
        if np.isnan(weight).any():
            continue
        widths = ranges[(ranges["level"] == level) & (ranges["item_id"] == name)].set_index("month")["width"]
        width = float(widths.reindex(distribution.months).sum())
        spread = np.quantile(np.einsum("sit,i->st", paths[:, members], weight), [0.1, 0.9], axis=0)
        sampled = float((spread[1] - spread[0]).sum())
        shares = distribution.shares[members]
        common = shares["company_share"] + (shares["family_share"] if level == "family" else 0.0)
        rows.append(
            {
                "level": level,
                "item_id": name,
                "items": int(members.sum()),
                "forecast_width": width,
                "sampled_width": sampled,
                "ratio": sampled / width if width > 0 else None,
                "correlation": float(common.min()) if members.sum() > 1 else None,
                "persistence": _first(shares[f"{level}_persistence"]),
            }
        )
    return rows


def _groups(distribution: Distribution, company: str) -> list[tuple[str, str, np.ndarray]]:
    whole = np.ones(len(distribution.items), bool)
    families = [("family", name, distribution.family == number) for number, name in enumerate(distribution.families)]
    return [("company", company, whole), *families]
