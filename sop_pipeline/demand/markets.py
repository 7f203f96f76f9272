"""Demand by region and by channel, where the sales carry them: past, planned and how well it could be told.

Here: families' totals split over their markets. Not here: the totals themselves (``consensus``); no market is forecast
on its own, so that markets always add up to the plan.
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_approach
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.units import level_units
from sop_pipeline.room_settings import DemandSettings

SHARE_MONTHS = 12
"""Months of sales the shares rest on: a whole year, so that no season favours a market."""
KEPT_MONTHS = 36
"""Months of sales kept by market: a year of origins, each looking back on a year of shares, and one year more."""
NOT_GIVEN = "not_given"
"""The market of sales without a region or channel, where others have one."""


def market_history(sales: pa.Table, demand_units: pa.Table, *, cycle: Cycle) -> pa.Table:
    """Return ``market_history``: recorded sales by dimension (region, channel), market, family and month.

    The last ``KEPT_MONTHS`` months. No rows where no sale names a region or a channel, nor for families whose units
    cannot be added.
    """
    inputs = {"sales": sales, "demand_units": demand_units}
    params = {"cutoff": cycle.cutoff, "kept_months": KEPT_MONTHS, "not_given": NOT_GIVEN}
    return tables.conform("market_history", sql.query("demand/market/market_history", inputs, params))


def market_forecast(
    market_history: pa.Table, demand_range: pa.Table, demand_units: pa.Table, *, cycle: Cycle
) -> pa.Table:
    """Return ``market_forecast``: each family's consensus split by its markets' shares of the last 12 months.

    Exact: in every dimension the markets add up to the family. A family without sales in those months takes the average
    of the other families' shares, and says so.
    """
    if not market_history.num_rows:
        return tables.empty("market_forecast")
    inputs = {"market_history": market_history, "demand_range": demand_range, "demand_units": demand_units}
    params = {"origins": [cycle.month], "share_months": SHARE_MONTHS, "cycle_month": cycle.month}
    results = sql.chain(["demand/market/market_shares", "demand/market/market_forecast"], inputs, params)
    return tables.conform("market_forecast", results["market_forecast"])


def market_accuracy(
    market_history: pa.Table,
    forecast_backtest: pa.Table,
    demand_units: pa.Table,
    forecast_approach: pa.Table,
    *,
    company: DemandSettings,
) -> pa.Table:
    """Return ``market_accuracy``: error and bias by market, family and lag, from the families' backtest.

    Each past forecast is split by the shares known when it was made and held against the market's recorded sales.
    """
    if not market_history.num_rows or not forecast_backtest.num_rows:
        return tables.empty("market_accuracy")
    inputs = {
        "market_history": market_history,
        "forecast_backtest": forecast_backtest,
        "demand_units": demand_units,
        "level_units": level_units(demand_units, company),
    }
    origins = forecast_backtest.group_by("origin").aggregate([])
    params = {
        "origins": sorted(tables.days(origins, "origin")),
        "share_months": SHARE_MONTHS,
        "approach": chosen_approach(forecast_approach, company),
        "lags": company.forecast.lags,
    }
    results = sql.chain(["demand/market/market_shares", "demand/market/market_accuracy"], inputs, params)
    return tables.conform("market_accuracy", results["market_accuracy"])
