"""The statistical forecast with external ones: where any is used, one more approach, ``external``, and it is chosen.

Not here: which figures are used and how they reach every product (``demand.external``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_approach
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.external.forecast import EXTERNAL, ExternalForecast, Statistical, external_forecast
from sop_pipeline.demand.statistical.approach import Choice, approach_in_place, in_full
from sop_pipeline.demand.statistical.tables import ForecastTables
from sop_pipeline.room_settings import DemandSettings


def with_external(
    made: ForecastTables,
    external_forecasts: pa.Table,
    inputs: Mapping[str, pa.Table],
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> ForecastTables:
    """Return the tables with what external forecasts add: their accuracy, and the approach where any is used.

    ``inputs``: demand_history, product_lifecycle, demand_units, level_units, measured_products.
    """
    approach = chosen_approach(made.forecast_approach, company)
    statistical = Statistical(approach, made.forecast, made.forecast_backtest)
    external = external_forecast(external_forecasts, statistical, inputs, company=company, cycle=cycle)
    told = replace(made, external_accuracy=external.accuracy, forecast_notes=_notes(made.forecast_notes, external))
    return _chosen(told, external, approach, inputs, company) if external.forecast.num_rows else told


def _notes(forecast_notes: pa.Table, external: ExternalForecast) -> pa.Table:
    """The engine's notes, and after them those of external forecasts."""
    first = forecast_notes.num_rows + 1
    more = [{**note, "position": place} for place, note in enumerate(external.notes, start=first)]
    return pa.concat_tables([forecast_notes, tables.conform("forecast_notes", more)])


def _chosen(
    made: ForecastTables,
    external: ExternalForecast,
    approach: str,
    inputs: Mapping[str, pa.Table],
    company: DemandSettings,
) -> ForecastTables:
    """Choose the external approach in place of ``approach``, of which many products keep only what is above them."""
    units = inputs["demand_units"]
    backtest = pa.concat_tables([made.forecast_backtest, external.backtest])
    choice = Choice(EXTERNAL, "external_set" if external.is_set else "external_earned", approach)
    others = [name for name in tables.texts(made.forecast_approach, "approach") if name != "naive"]
    forecast = pa.concat_tables([_unmarked(made.forecast), external.forecast])
    accuracy = _accuracy(made.forecast_accuracy, external.backtest, approach, inputs, company)
    return replace(
        made,
        forecast=forecast if in_full(units) else _above_products(forecast, approach),
        forecast_backtest=backtest if in_full(units) else _above_products(backtest, approach),
        forecast_accuracy=pa.concat_tables([made.forecast_accuracy, accuracy]),
        forecast_approach=approach_in_place(backtest, [*others, EXTERNAL], units, choice, company=company),
    )


def _unmarked(forecast: pa.Table) -> pa.Table:
    place = forecast.column_names.index("chosen")
    return forecast.set_column(place, forecast.schema.field(place), pa.array([False] * forecast.num_rows))


def _above_products(rows: pa.Table, approach: str) -> pa.Table:
    is_spare = pc.and_(pc.equal(rows["approach"], pa.scalar(approach)), pc.equal(rows["level"], pa.scalar("product")))
    return rows.filter(pc.invert(is_spare))


def _accuracy(
    forecast_accuracy: pa.Table,
    backtest: pa.Table,
    approach: str,
    inputs: Mapping[str, pa.Table],
    company: DemandSettings,
) -> pa.Table:
    """The accuracy of the external approach, of the same items and lags as that of ``approach``.

    How often what came fell inside P10 and P90 is not known: past figures have seldom come with a range.
    """
    counted = tables.where(forecast_accuracy, approach=approach)
    if not counted.num_rows:
        return tables.empty("forecast_accuracy")
    names: pa.Array = pa.array([EXTERNAL] * counted.num_rows, pa.string())
    counted = counted.set_column(counted.column_names.index("approach"), "approach", names)
    unknown = pa.nulls(counted.num_rows, pa.float64())
    counted = counted.set_column(counted.column_names.index("coverage"), "coverage", unknown)
    by_item = pc.any(pc.not_equal(counted["item_id"], pa.scalar("all"))).as_py()
    sources = {**inputs, "engine_accuracy": counted, "backtest_in_units": backtest}
    params = {"company": company.company}
    with sql.reading(sources) as connection:
        connection.register("naive_errors", sql.run(connection, "demand/accuracy/naive_errors", params))
        measured = sql.run(connection, "demand/accuracy/accuracy_in_units", params, by_item=by_item)
    return tables.conform("forecast_accuracy", measured)
