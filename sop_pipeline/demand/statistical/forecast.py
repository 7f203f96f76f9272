"""The company's statistical forecast: its history into the forecasting engine, the engine's results into the lake.

Here: which products are forecast, what the engine is asked for, and the four tables it fills. Not here: the engine
(``forecast.engine``), the choice among approaches (``approach``), units of measure (``units``) or what people add
(``consensus``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.choice import FEWEST_JUDGED, chosen_approach
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand import units as measures
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.hierarchy import Levels
from sop_pipeline.demand.forecast.notes import rows
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.history.working_days import working_day_factors
from sop_pipeline.demand.statistical.approach import NAIVE, compared, forecast_approach, in_full
from sop_pipeline.demand.statistical.external import with_external
from sop_pipeline.demand.statistical.series import Series
from sop_pipeline.demand.statistical.tables import ForecastTables, Told
from sop_pipeline.room_settings import DemandSettings, ForecastSettings

FEWEST_CHANGES = 9
"""Month-to-month changes from which quantiles are drawn where nothing could be backtested (a P90 needs nine)."""
LEAST_CHANGES = 3
"""The same for a normal range from their spread."""
NORMAL_P90 = 1.281552
DAYS_A_MONTH = 365.25 / 12


def statistical_forecast(
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table | None = None,
    demand_units: pa.Table | None = None,
    products: pa.Table | None = None,
    told: Told | None = None,
    *,
    company: ForecastSettings,
    cycle: Cycle,
) -> ForecastTables:
    """Forecast the company's demand, backtest it and choose an approach, with external forecasts and known events.

    METHODS 3. Every approach at every level, from ``cleansed`` history, per working day where demand follows the
    working days; products that have ended, never sold or are still to be launched are there with zero, so that every
    product of the list has its rows. The top's item is the company's own name. Products of several units of measure are
    weighed to be forecast together and taken back after; a level without a common unit has no rows (METHODS 1).
    The backtest is kept as far ahead as accuracy is judged and as the longest replenishment lead of ``products``.
    What known events did is taken out of history before, and laid on where they are planned (docs/decisions/0058).
    """
    calendar = tables.empty("working_calendar") if working_calendar is None else working_calendar
    units = measures.one_unit(product_lifecycle) if demand_units is None else demand_units
    inputs = {
        "demand_history": demand_history,
        "product_lifecycle": product_lifecycle,
        "working_day_factors": working_day_factors(demand_history, calendar, units),
        **_unit_tables(units, demand_history, company),
    }
    series = Series.of(inputs, told, company=company, cycle=cycle, origins=_origins(company))
    inputs |= {"demand_history": series.demand_history, "measured_products": series.products}
    wanted, others = compared(units, company)
    result = series.with_events(_engine_result(series.cleared, product_lifecycle, wanted, others, company, cycle))
    backtest, accuracy = _in_units(result, inputs, _longest_lag(products, company), company)
    approaches = _approaches(result, wanted)
    choice = forecast_approach(backtest, approaches, units, company=company, wanted=wanted)
    chosen = chosen_approach(choice, company)
    whole = _whole_forecast(result, inputs, approaches, chosen, company, cycle)
    made = ForecastTables(
        forecast=whole,
        forecast_backtest=backtest if in_full(units) else _of_use(backtest, chosen),
        forecast_accuracy=accuracy,
        forecast_approach=choice,
        forecast_notes=tables.conform("forecast_notes", rows(result.notes if result else ())),
        external_accuracy=tables.empty("external_accuracy"),
        event_effects=series.effects(whole, inputs["level_units"], chosen, cycle),
    )
    given = tables.empty("external_forecasts") if told is None else told.external_forecasts
    if not given.num_rows and company.forecast.external is None:
        return made
    return with_external(made, given, inputs, company=company, cycle=cycle)


def _origins(company: DemandSettings) -> int:
    """How many past months are forecast: those that are judged, and as many before as the furthest lag needs."""
    return max(company.forecast.origins, max(company.forecast.lags) + FEWEST_JUDGED)


def _unit_tables(units: pa.Table, demand_history: pa.Table, company: DemandSettings) -> dict[str, pa.Table]:
    """Which unit each level is counted in, and what a series weighs there."""
    return {
        "demand_units": units,
        "level_units": measures.level_units(units, company),
        "series_weights": measures.series_weights(units, demand_history),
    }


def _engine_result(
    series: pa.Table,
    product_lifecycle: pa.Table,
    wanted: str,
    others: Sequence[str] | None,
    company: ForecastSettings,
    cycle: Cycle,
) -> ForecastResult | None:
    """Ask the engine; None when no product has a history that goes on."""
    if not series.num_rows:
        return None
    lifecycle = product_lifecycle.select(["product_id", "family"]).rename_columns(["unique_id", "family"])
    is_forecast = pc.is_in(lifecycle["unique_id"], value_set=series["unique_id"].combine_chunks().unique())
    settings = Settings(
        horizon=company.horizon_months,
        engine=company.forecast.engine,
        affordable_seconds=company.forecast.budget_s,
        proportions=company.forecast.proportions,
        origins=_origins(company),
        judged_lag=max(company.forecast.lags),
        undecided=wanted == "auto",
        cluster=company.cluster,
    )
    return forecast(
        series,
        lifecycle.filter(is_forecast),
        settings,
        Levels(middle="family"),
        approach="bottom_up" if wanted == "auto" else wanted,
        approaches=others,
        last_month=cycle.last_actual_month,
    )


def _approaches(result: ForecastResult | None, wanted: str) -> list[str]:
    if result is not None:
        return sorted(set(tables.texts(result.forecast, "approach")))
    return ["bottom_up" if wanted == "auto" else wanted]


def _whole_forecast(
    result: ForecastResult | None,
    inputs: dict[str, pa.Table],
    approaches: list[str],
    chosen: str,
    company: DemandSettings,
    cycle: Cycle,
) -> pa.Table:
    engine_forecast = result.forecast if result else tables.empty("forecast")
    if result and inputs["series_weights"].num_rows:
        totals = measures.totals_by_unit(engine_forecast, inputs, keys=["month"], amounts=["mean"])
        sources = {"engine_forecast": engine_forecast, "totals_by_unit": totals}
        engine_forecast = sql.query("demand/units/forecast_by_unit", sources)
    params = {
        "approaches": approaches,
        "chosen": chosen,
        "by_product": approaches if in_full(inputs["demand_units"]) else [chosen],
        "company": company.company,
        "cycle_month": cycle.month,
        "horizon": company.horizon_months,
        "fewest_changes": FEWEST_CHANGES,
        "least_changes": LEAST_CHANGES,
        "normal_p90": NORMAL_P90,
        "is_per_working_day": inputs["working_day_factors"].num_rows > 0,
    }
    results = sql.chain(_WHOLE, {**inputs, "engine_forecast": engine_forecast}, params)
    return tables.conform("forecast", results["whole_forecast"])


def _longest_lag(products: pa.Table | None, company: DemandSettings) -> int:
    """The last month ahead somebody asks for: accuracy at the company's lags, safety stock over lead and review."""
    days = None if products is None else pc.max(products["replenishment_lead_days"]).as_py()
    lead_months = math.ceil(float(days) / DAYS_A_MONTH) if days else 1
    return max(*company.forecast.lags, lead_months)


def _in_units(
    result: ForecastResult | None,
    inputs: dict[str, pa.Table],
    longest_lag: int,
    company: DemandSettings,
) -> tuple[pa.Table, pa.Table]:
    """Return backtest (up to ``longest_lag``) and accuracy, both in units as they were sold."""
    if result is None:
        return tables.empty("forecast_backtest"), tables.empty("forecast_accuracy")
    engine_backtest = result.backtest
    if inputs["series_weights"].num_rows:
        keys, amounts = ["origin", "lag", "month"], ["forecast", "actual"]
        row = ["approach", "level", "item_id", *keys]
        judged = engine_backtest.select([*row, "is_judged"])
        totals = measures.totals_by_unit(engine_backtest, inputs, keys=keys, amounts=amounts)
        engine_backtest = totals.join(judged, row, join_type="inner")
    sources = {
        **inputs,
        "engine_backtest": engine_backtest,
        "engine_accuracy": result.accuracy,
    }
    by_item = pc.any(pc.not_equal(result.accuracy["item_id"], pa.scalar("all"))).as_py()
    params = {"company": company.company}
    with sql.reading(sources) as connection:
        for name in ("backtest_in_units", "naive_errors"):
            connection.register(name, sql.run(connection, f"demand/accuracy/{name}", params))
        accuracy = sql.run(connection, "demand/accuracy/accuracy_in_units", params, by_item=by_item)
        near = connection.execute("from backtest_in_units where lag <= ?", [longest_lag]).to_arrow_table()
    return tables.conform("forecast_backtest", near), tables.conform("forecast_accuracy", accuracy)


def _of_use(backtest: pa.Table, chosen: str) -> pa.Table:
    """What plans rest on of a backtest of many products: theirs by the approach in use and naive, all of levels above.

    ``chosen``: the approach in use.
    """
    in_use = pc.is_in(backtest["approach"], value_set=pa.array([chosen, NAIVE]))
    return backtest.filter(pc.or_(in_use, pc.not_equal(backtest["level"], pa.scalar("product"))))


_WHOLE = ["demand/consensus/history_ranges", "demand/consensus/whole_forecast"]
