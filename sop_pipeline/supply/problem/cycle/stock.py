"""Where each product starts and the band its stock has to stay in.

Here: opening stock from the newest counts, safety stock from forecast error (METHODS 6), cover targets by forward
depletion of the demand plan. By product, whatever level is planned. Not here: the band of a family (``items``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.defaults import Defaults
from sop_pipeline.supply.problem.calendar_days import forward_demand
from sop_pipeline.supply.problem.loss import empirical_stock, fill_rate_stock

Floats = npt.NDArray[np.float64]

DEFAULT_SERVICE = 0.95
DAYS_A_MONTH = 365.25 / 12
REVIEW_MONTHS = 1
"""A monthly cycle cannot order in between."""
FEWEST_ERRORS = 3
YEAR = 12
P90_DEVIATES = NormalDist().inv_cdf(0.9)
UNSTARTED = ("launching", "never_sold")


@dataclass(frozen=True)
class StockPolicy:
    """Whose errors stock is held against (a forecast approach), and what ``service_level`` is a share of."""

    approach: str
    service_level_of: str = "months"


def opening_state(
    products: pd.DataFrame,
    demand_plan: pa.Table,
    inventory: pa.Table,
    forecast_backtest: pa.Table,
    product_lifecycle: pa.Table,
    *,
    policy: StockPolicy,
    cycle: Cycle,
    defaults: Defaults,
) -> pd.DataFrame:
    """Return one row per planned product: the columns of table ``opening_state``, as floats.

    ``products`` has one row per planned product with ``family`` and the policies of table ``products``.
    """
    state = _policies(products, defaults)
    state = _opening(state, demand_plan, inventory, product_lifecycle, cycle, defaults)
    return _safety(state, demand_plan, forecast_backtest, policy, defaults)


def _policies(products: pd.DataFrame, defaults: Defaults) -> pd.DataFrame:
    no_lead = products["replenishment_lead_days"].isna()
    no_service = products["service_level"].isna()
    defaults.use("lead_time", int(no_lead.sum()))
    defaults.use("service_level", int(no_service.sum()), amount=DEFAULT_SERVICE, unit="share")
    lead = np.ceil(products["replenishment_lead_days"].fillna(0.0) / DAYS_A_MONTH).clip(lower=1).astype(int)
    # what is ordered now has to last until what is ordered at the next review has come
    return pd.DataFrame(
        {
            "product_id": products["product_id"],
            "family": products["family"],
            "risk_months": lead + REVIEW_MONTHS,
            "service_level": products["service_level"].fillna(DEFAULT_SERVICE).astype(float),
        }
    )


def _opening(
    state: pd.DataFrame,
    demand_plan: pa.Table,
    inventory: pa.Table,
    lifecycle: pa.Table,
    cycle: Cycle,
    defaults: Defaults,
) -> pd.DataFrame:
    counts = tables.frame(sql.query("supply/opening_stock", {"inventory": inventory}, {"cutoff": cycle.cutoff}))
    merged = state.merge(counts, on="product_id", how="left")
    demand = tables.frame(demand_plan)
    first = demand[demand["month"] == pd.Timestamp(cycle.month)].set_index("product_id")["quantity"]
    cover = merged["product_id"].map(first).fillna(0.0)
    status = dict(zip(lifecycle["product_id"].to_pylist(), lifecycle["status"].to_pylist(), strict=True))
    unstarted = merged["product_id"].map(status).isin(UNSTARTED)
    unknown = merged["on_hand"].isna() & ~unstarted
    defaults.use("opening_stock", int(unknown.sum()))
    stale = pd.to_datetime(merged["counted_on"]) < pd.Timestamp(cycle.cutoff - timedelta(days=7))
    defaults.use("stale_count", int(stale.sum()))
    on_hand = merged["on_hand"].where(~unknown, cover).fillna(0.0)
    below = on_hand < 0
    defaults.use("negative_stock", int(below.sum()))
    merged["opening_stock"] = on_hand.clip(lower=0.0)
    merged["opening_backlog"] = merged["backlog"].fillna(0.0) - on_hand.clip(upper=0.0)
    return merged.drop(columns=["on_hand", "backlog"])


def _safety(
    state: pd.DataFrame, demand_plan: pa.Table, forecast_backtest: pa.Table, policy: StockPolicy, defaults: Defaults
) -> pd.DataFrame:
    """Service quantile of the error over lead time and review: empirical, else ``z sigma sqrt(L + 1)`` (METHODS 6).

    Where ``service_level`` is a fill rate, the stock that leaves no more than the rest of a month's demand unserved, by
    the loss function of the same errors (``problem.loss``); a month's demand is the average of the first year's. Either
    way q needs q / (1 - q) errors (19 for 95%). Sigma is the root mean square of the monthly errors inside those L + 1
    months, or, with fewer than three of them, what the demand plan's P90 implies.
    """
    merged = state.merge(_errors(state, forecast_backtest, policy.approach), on="product_id", how="left")
    service = merged["service_level"].clip(0.5, 0.9999)
    needed = np.ceil((service / (1 - service)).round(9))
    by_units = policy.service_level_of == "units"
    empirical = merged["origins"].fillna(0) >= needed
    enough = merged["months"].fillna(0) >= FEWEST_ERRORS
    implied = merged["product_id"].map(_implied_sigma(demand_plan, state)).fillna(0.0)
    sigma = np.sqrt(merged["mean_square"].where(enough)).fillna(implied)
    deviation = sigma * np.sqrt(merged["risk_months"])
    normal, past = service.map(NormalDist().inv_cdf) * deviation, merged["risk_quantile"]
    if by_units:
        demand = merged["product_id"].map(_month_demand(demand_plan)).fillna(0.0)
        normal = pd.Series(fill_rate_stock(service.to_numpy(float), demand.to_numpy(float), deviation.to_numpy(float)))
        past = _by_past_errors((1 - service) * demand, merged["errors"].where(empirical))
    merged["safety_stock"] = past.where(empirical, normal).clip(lower=0.0)
    merged["method"] = np.where(empirical, "empirical", np.where(enough, "normal", "range"))
    for method in ("empirical", "normal", "range"):
        defaults.use(f"safety_stock_{method}", int((merged["method"] == method).sum()))
    return merged


def _by_past_errors(allowed: pd.Series, errors: pd.Series) -> pd.Series:
    """The stock that leaves ``allowed`` units a month unserved by each product's own errors; NaN without them."""
    rows = zip(allowed, errors, strict=True)
    found = [math.nan if past is None or np.isscalar(past) else empirical_stock(left, past) for left, past in rows]
    return pd.Series(found, index=allowed.index, dtype=float)


def _month_demand(demand_plan: pa.Table) -> pd.Series:
    """Average planned demand of a month, by product, over the first year."""
    demand = tables.frame(demand_plan.select(["product_id", "lag", "quantity"]))
    return demand[demand["lag"] < YEAR].groupby("product_id")["quantity"].mean()


def _errors(state: pd.DataFrame, forecast_backtest: pa.Table, approach: str) -> pd.DataFrame:
    policy = tables.conform("opening_state", _placeholder(state)).select(["product_id", "risk_months", "service_level"])
    errors = sql.query(
        "supply/errors_at_risk",
        {"forecast_backtest": forecast_backtest, "stock_policy": policy},
        {"approach": approach},
    )
    return tables.frame(errors)


def _placeholder(state: pd.DataFrame) -> pd.DataFrame:
    return state.assign(
        item_id="", opening_stock=0.0, opening_backlog=0.0, safety_stock=0.0, method="normal", counted_on=None
    )


def _implied_sigma(demand_plan: pa.Table, state: pd.DataFrame) -> pd.Series:
    demand = tables.frame(demand_plan.select(["product_id", "lag", "p50", "p90"]))
    months = demand["product_id"].map(state.set_index("product_id")["risk_months"]).clip(lower=FEWEST_ERRORS)
    near = demand[demand["lag"] < months]
    return ((near["p90"] - near["p50"]).clip(lower=0.0) / P90_DEVIATES).groupby(near["product_id"]).mean()


def stock_targets(
    state: pd.DataFrame, products: pd.DataFrame, demand: Floats, months: list[pd.Timestamp], defaults: Defaults
) -> tuple[Floats, Floats]:
    """Return least and most stock wanted (P, T) in units; infinite where nothing limits it.

    Least: safety stock and ``cover_days_min``, while the product is still asked for in the month after. Most:
    ``cover_days_max``, ``max_stock`` and the demand of the ``shelf_life_months`` that follow; never under the least.
    """
    ahead = np.concatenate([demand[:, 1:], demand[:, -1:]], axis=1)
    days = month_days(months)
    cover = forward_demand(demand, products["cover_days_min"].fillna(0.0).to_numpy(float), days)
    low = np.maximum(state["safety_stock"].to_numpy(float)[:, None], cover) * (ahead > 0)
    longest = products["cover_days_max"].to_numpy(float)
    most_cover = forward_demand(demand, np.nan_to_num(longest), days)
    high = np.where(np.isnan(longest)[:, None], math.inf, most_cover)
    high = np.fmin(high, np.nan_to_num(products["max_stock"].to_numpy(float), nan=math.inf)[:, None])
    high = np.fmin(high, _keeps(demand, products["shelf_life_months"].to_numpy(float)))
    narrow = high < low
    defaults.use("stock_band", int(narrow.any(axis=1).sum()))
    return low, np.maximum(high, low)


def _keeps(demand: Floats, shelf_life: Floats) -> Floats:
    """Demand of the ``shelf_life`` months after each (P, T), the last month repeated; infinite without shelf life."""
    count = demand.shape[1]
    out = np.full(demand.shape, math.inf)
    for row in np.flatnonzero(~np.isnan(shelf_life)):
        life = int(shelf_life[row])
        extended = np.concatenate([demand[row], np.repeat(demand[row, -1], life)])
        total = np.concatenate([[0.0], np.cumsum(extended)])
        out[row] = total[1 + life : 1 + life + count] - total[1 : 1 + count]
    return out


def month_days(months: list[pd.Timestamp]) -> Floats:
    """Calendar days of each month."""
    return np.array([(add_months(month.date(), 1) - month.date()).days for month in months], float)
