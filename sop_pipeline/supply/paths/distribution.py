"""The forecast's distribution of demand for the planned items, and how much of it they share.

Marginals are the forecast's own P10, P50 and P90. What items have in common is set so that sums of items spread as the
forecast says families and the company spread; what carries over from month to month comes from the backtest's errors
(docs/decisions/0012). Here: that one table, ``demand_distribution``. Not here: drawing from it (``paths.sample``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import ndtr

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_approach
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.arrays import Floats, Ints

Z90 = 1.2815515655446004
"""The normal's 90% point: P90 - P10 of a normal is twice this times its standard deviation."""
FEWEST_PAIRS = 9
PERSISTENCE = 0.3
"""Taken where the backtest has fewer pairs of months than ``FEWEST_PAIRS``."""
MOST_PERSISTENT = 0.95
STEPS = 60
MOST_APART = 0.25
"""Share by which ranges are scaled at most."""


@dataclass(frozen=True)
class Shared:
    """Shares of variance by family (F,): with the whole company, with the family alone; ``contrast`` as in ``own``."""

    company: Floats
    family: Floats
    contrast: Floats


@dataclass(frozen=True)
class DistributionInputs:
    """What is planned of which products, the forecast's ranges with their units, and its errors."""

    planning_demand: pa.Table
    planning_products: pa.Table
    opening_state: pa.Table
    demand_plan: pa.Table
    demand_units: pa.Table
    demand_range: pa.Table
    forecast_backtest: pa.Table
    forecast_approach: pa.Table


def demand_distribution(inputs: DistributionInputs, *, company: SupplySettings) -> pa.Table:
    """Return ``demand_distribution``: one row per planned item and month, units as planned, shares of variance.

    Ranges are those of the demand plan, scaled so that paths average to the quantity, which the plan answers. Further
    apart than ``MOST_APART`` the two tell of different things, as for a launch that may not come, and stay. Where the
    forecast has no range for an item, as for one that nothing resembles, its demand is taken as certain.
    """
    weights = sql.query("supply/robustness/item_weights", vars(inputs))
    table = sql.query("supply/robustness/item_ranges", {**vars(inputs), "item_weights": weights}).to_pandas()
    for column in ("quantity", "p10", "p50", "p90", "family_weight", "company_weight"):
        table[column] = table[column].astype(float)
    quantiles = ["p10", "p50", "p90"]
    table[quantiles] = table[quantiles].mul(_towards(table), axis=0).round(4)
    shared = _shared(table, tables.frame(inputs.demand_range))
    place = {name: index for index, name in enumerate(sorted(table["family"].unique()))}
    family = table["family"].map(place).to_numpy(np.int64)
    carried = persistence(inputs.forecast_backtest, chosen_approach(inputs.forecast_approach, company))
    table["company_share"] = shared.company[family]
    table["family_share"] = shared.family[family]
    table["own_contrast"] = shared.contrast[family]
    table["company_persistence"] = carried["company"]
    table["family_persistence"] = carried["family"]
    table["own_persistence"] = carried["product"]
    return tables.conform("demand_distribution", table)


def _towards(table: pd.DataFrame) -> pd.Series:
    """Factors that bring the average of every row's paths to its quantity, 1 where the two tell of different things."""
    p10, p50, p90 = (table[name].to_numpy(float) for name in ("p10", "p50", "p90"))
    average = average_demand(p10, p50, p90)
    ratio = np.divide(table["quantity"].to_numpy(float), average, out=np.ones_like(average), where=average > 0)
    return pd.Series(np.where(np.abs(ratio - 1) <= MOST_APART, ratio, 1.0), index=table.index)


def average_demand(p10: Floats, p50: Floats, p90: Floats) -> Floats:
    """Mean of demand that is normal on either side of its P50, through P10 and P90, and never below nothing."""
    below, above = np.maximum(p50 - p10, 0) / Z90, np.maximum(p90 - p50, 0) / Z90
    nothing = np.divide(-p50, below, out=np.full_like(p50, -np.inf), where=below > 0)
    lower = p50 * (0.5 - ndtr(nothing)) + below * (_density(nothing) - _density(np.zeros_like(p50)))
    upper: Floats = p50 / 2 + above * _density(np.zeros_like(p50))
    return lower + upper


def _density(z: Floats) -> Floats:
    density: Floats = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return density


def persistence(forecast_backtest: pa.Table, approach: str) -> dict[str, float]:
    """Correlation of neighbouring months' errors by level, between 0 and 0.95; 0.3 where too few were backtested."""
    errors = sql.query(
        "supply/robustness/error_persistence", {"forecast_backtest": forecast_backtest}, {"approach": approach}
    )
    by_level = {
        row["level"]: min(max(round(row["persistence"], 6), 0.0), MOST_PERSISTENT)
        for row in errors.to_pylist()
        if row["pairs"] >= FEWEST_PAIRS and row["persistence"] is not None
    }
    return {level: by_level.get(level, PERSISTENCE) for level in ("company", "family", "product")}


def _shared(table: pd.DataFrame, ranges: pd.DataFrame) -> Shared:
    """Fit the shares to the forecast's own ranges of families and the company, each in the unit of its total."""
    months = sorted(table["month"].unique())
    families = sorted(table["family"].unique())
    of_item = table.drop_duplicates("item_id").sort_values("item_id")
    family = np.searchsorted(families, of_item["family"].to_numpy(str))
    width = (table["p90"] - table["p10"]) / (2 * Z90)
    sigma = table.assign(
        family=width * table["family_weight"].fillna(1.0), company=width * table["company_weight"].fillna(1.0)
    )
    of_family, of_company = (
        sigma.pivot(index="item_id", columns="month", values=level).sort_index()[months].to_numpy(float)
        for level in ("family", "company")
    )
    ranges = ranges[ranges["level"] != "product"]
    ranges = ranges.assign(month=pd.to_datetime(ranges["month"]), sigma=(ranges["p90"] - ranges["p10"]) / (2 * Z90))
    when = pd.to_datetime(pd.Series(months))
    groups = ranges[ranges["level"] == "family"].pivot(index="item_id", columns="month", values="sigma")
    whole = ranges[ranges["level"] == "company"].set_index("month")["sigma"]
    family_sigma = groups.reindex(index=families, columns=when).to_numpy(float)
    company_sigma = whole.reindex(when).to_numpy(float)
    return fit_shares(of_family, np.asarray(family, np.int64), family_sigma, company_sigma, in_company=of_company)


def fit_shares(
    sigma: Floats, family: Ints, family_sigma: Floats, company_sigma: Floats, *, in_company: Floats | None = None
) -> Shared:
    """Return the shares at which sums of items have the standard deviations given, all months together.

    ``sigma`` (I, T) of the items in the unit of their family's total, ``in_company`` in that of the company's (absent:
    the same), ``family`` (I,) their family's number, ``family_sigma`` (F, T), ``company_sigma`` (T,); NaN where
    unknown. Within a family any two items have one correlation ``rho``::

        sum_t S(f,t)^2 = sum_t [ (1 - rho) sum_i s(i,t)^2 + rho (sum_i s(i,t))^2 ],   -1/(n-1) <= rho <= 1

    and items of two families f, g the correlation ``sqrt(a(f) a(g))`` with ``a(f) = min(a, rho(f))``, at the ``a`` at
    which the company's sum spreads as it should, or comes nearest.
    """
    count = np.bincount(family, minlength=len(family_sigma))
    squares, sums = _by_family(sigma**2, family, len(count)), _by_family(sigma, family, len(count))
    known = ~np.isnan(family_sigma)
    wanted = np.where(known, np.nan_to_num(family_sigma) ** 2, squares).sum(axis=1)
    room = (sums**2 - squares).sum(axis=1)
    rho = np.where(room > 0, (wanted - squares.sum(axis=1)) / np.where(room > 0, room, 1.0), 0.0)
    rho = np.clip(rho, np.where(count > 1, -1 / np.maximum(count - 1, 1), 0.0), 1.0)
    rho = np.where(count > 1, rho, 1.0)
    if in_company is not None:
        squares, sums = _by_family(in_company**2, family, len(count)), _by_family(in_company, family, len(count))
    variance = squares.sum(axis=1) + rho * (sums**2 - squares).sum(axis=1)
    total = float(np.where(np.isnan(company_sigma), np.nan, company_sigma**2).sum())
    common = _common(sums, variance, np.maximum(rho, 0.0), total)
    # negative correlation within a family: each item's own variation less part k of their average, (1-k)^2 = 1 + q
    q = np.where(rho < 0, rho * count / (1 - np.minimum(rho, 0.0)), 0.0)
    contrast = 1 - np.sqrt(np.maximum(1 + q, 0.0))
    return Shared(common, np.maximum(rho, 0.0) - common, contrast)


def _by_family(values: Floats, family: Ints, count: int) -> Floats:
    out = np.zeros((count, values.shape[1]))
    np.add.at(out, family, values)
    return out


def _common(sums: Floats, variance: Floats, rho: Floats, total: float) -> Floats:
    """Share of variance common to all families (F,), by bisection on the total's variance."""
    if np.isnan(total):
        return np.zeros(len(rho))

    def spread(share: float) -> float:
        load = np.sqrt(np.minimum(share, rho))[:, None] * sums
        return float(variance.sum() + (load.sum(axis=0) ** 2 - (load**2).sum(axis=0)).sum())

    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if spread(middle) < total else (low, middle)
    return np.asarray(np.minimum(high if spread(1.0) < total else low, rho), float)
