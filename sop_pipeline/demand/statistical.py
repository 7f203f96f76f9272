"""The company's statistical forecast: its history into the forecasting engine, the engine's results into the lake.

Here: which products are forecast, what the engine is asked for, and the four tables it fills. Not here: the engine
(``forecast``), the choice among approaches (``approach_selection``) or what people add (``consensus``).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand import forecast as engine
from sop_pipeline.demand.approach_selection import configured_approach, forecast_approach

LAGS_KEPT = 3
"""The backtest is kept up to this lag at least, and to the company's own longest lag."""


def statistical_forecast(
    demand_history: pa.Table, product_lifecycle: pa.Table, *, company: Company, cycle: Cycle
) -> dict[str, pa.Table]:
    """Return ``forecast``, ``forecast_backtest``, ``forecast_accuracy`` and ``forecast_approach`` by name.

    METHODS 3. Every approach at every level, from ``cleansed`` history; products that have ended, never
    sold or are still to be launched are there with zero, so that every product of the list has its rows. The top's
    item is the company's own name.
    """
    inputs = {"demand_history": demand_history, "product_lifecycle": product_lifecycle}
    series = sql.query("demand/history/forecast_series", inputs)
    result = _engine_result(series, product_lifecycle, company, cycle)
    backtest = _backtest(result.backtest, company) if result else tables.empty("forecast_backtest")
    accuracy = _renamed(result.accuracy, company) if result else None
    approaches = _approaches(result, company)
    choice = forecast_approach(backtest, approaches, company=company)
    chosen = next(row["approach"] for row in tables.rows(choice) if row["chosen"])
    engine_rows = result.forecast if result else tables.empty("forecast")
    return {
        "forecast": _whole(engine_rows, product_lifecycle, approaches, chosen, company, cycle),
        "forecast_backtest": backtest,
        "forecast_accuracy": tables.conform("forecast_accuracy", accuracy)
        if accuracy
        else tables.empty("forecast_accuracy"),
        "forecast_approach": choice,
    }


def _engine_result(
    series: pa.Table, product_lifecycle: pa.Table, company: Company, cycle: Cycle
) -> engine.ForecastResult | None:
    """Ask the engine; None when no product has a history that goes on."""
    if not series.num_rows:
        return None
    lifecycle = product_lifecycle.select(["product_id", "family"]).rename_columns(["unique_id", "family"])
    is_forecast = pc.is_in(lifecycle["unique_id"], value_set=series["unique_id"].combine_chunks().unique())
    wanted = configured_approach(company)
    return engine.forecast(
        series,
        lifecycle.filter(is_forecast),
        horizon=company.horizon_months,
        engine=company.forecast.engine,
        approach="bottom_up" if wanted == "auto" else wanted,
        proportions=company.forecast.proportions,
        middle_level="family",
        origins=company.forecast.origins,
        last_month=cycle.last_actual_month,
    )


def _approaches(result: engine.ForecastResult | None, company: Company) -> list[str]:
    if result is not None:
        return sorted(result.forecast["approach"].unique().to_pylist())
    wanted = configured_approach(company)
    return ["bottom_up" if wanted == "auto" else wanted]


def _whole(
    engine_forecast: pa.Table,
    product_lifecycle: pa.Table,
    approaches: list[str],
    chosen: str,
    company: Company,
    cycle: Cycle,
) -> pa.Table:
    inputs = {"engine_forecast": engine_forecast, "product_lifecycle": product_lifecycle}
    params = {
        "approaches": approaches,
        "chosen": chosen,
        "company": company.company,
        "cycle_month": cycle.month,
        "horizon": company.horizon_months,
    }
    return tables.conform("forecast", sql.query("demand/consensus/whole_forecast", inputs, params))


def _backtest(backtest: pa.Table, company: Company) -> pa.Table:
    longest = max(LAGS_KEPT, *company.forecast.lags)
    near = backtest.filter(pc.less_equal(backtest["lag"], longest))
    return tables.conform("forecast_backtest", _renamed(near, company))


def _renamed(data: pa.Table, company: Company) -> pa.Table:
    """Give the top's item the company's name, except where the row is about the whole level."""
    is_top = pc.and_(pc.equal(data["level"], "company"), pc.not_equal(data["item_id"], "all"))
    items = pc.if_else(is_top, pa.scalar(company.company), data["item_id"])
    return data.set_column(data.column_names.index("item_id"), "item_id", items)
