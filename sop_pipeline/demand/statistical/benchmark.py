"""The benchmark as a forecast of months ahead: the same month of the year before (seasonal naive).

No month is planned with it, so that ``forecast`` has no rows of it; a replay asks what planning with it would have
cost. Not here: its backtest, which the engine makes by the same rule (``demand/models/seasonal_naive_forecast``).
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.history.working_days import working_day_factors
from sop_pipeline.demand.statistical.approach import NAIVE
from sop_pipeline.room_settings import DemandSettings

SEASON = 12
_NO_WEIGHTS = pa.table({"product_id": pa.array([], pa.string()), "weight": pa.array([], pa.float64())})
"""Nothing is added up, so that every product stays in its own unit."""


def benchmark_forecast(
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    demand_units: pa.Table,
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> pa.Table:
    """Return rows of ``forecast``, chosen: every product's newest same month known, cleansed, as its backtest has it.

    By the working day where demand follows the working days; under a year of history the last month's. Without a range:
    what it may be off by is in its backtest.
    """
    inputs = {
        "demand_history": demand_history,
        "product_lifecycle": product_lifecycle,
        "demand_units": demand_units,
        "working_day_factors": working_day_factors(demand_history, working_calendar, demand_units),
        "series_weights": _NO_WEIGHTS,
    }
    inputs["forecast_series"] = sql.query("demand/history/forecast_series", inputs)
    params = {"cycle_month": cycle.month, "horizon": company.horizon_months, "season": SEASON}
    means = sql.query("demand/history/same_month_known", inputs, params)
    same = {"approach": NAIVE, "level": "product", "flag": "no_range", "chosen": True}
    rows = [{**row, **dict.fromkeys(("p10", "p50", "p90"), row["mean"]), **same} for row in tables.rows(means)]
    return tables.conform("forecast", rows)
