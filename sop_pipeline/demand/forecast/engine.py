"""Forecasts of many series and their hierarchy: the one entry to the forecasting engine.

What belongs here: plain tables in, plain tables out, and the order of the steps between. Not here: the models
(``sql/demand/models``), the approaches (``hierarchy``), a company's cleansing and consensus (the other folders
of this step) or the reading of files (``analyst``).

Per series, in batches that may run anywhere: seasonal profiles and base forecasts with their backtest (``batch``).
Pooled, and so after the batches: the profile a family lends (``family_profiles``, between the two); the global model
and the weights of the models (``accurate``); shares and reconciliation (``approaches``); ranges and accuracy
(``results``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.demand.forecast.accurate.engine import sharpen
from sop_pipeline.demand.forecast.approaches import approach_forecasts, known_approaches
from sop_pipeline.demand.forecast.base import base_forecasts
from sop_pipeline.demand.forecast.choice import AUTO
from sop_pipeline.demand.forecast.flags import flag_notes
from sop_pipeline.demand.forecast.hierarchy import COMPANY, Levels, ancestry, flat
from sop_pipeline.demand.forecast.nodes import check_series, make_nodes
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.results import ForecastResult, results
from sop_pipeline.demand.forecast.settings import DEFAULTS, Settings
from sop_pipeline.demand.forecast.statements import make, read
from sop_pipeline.errors import BadInput

MOST = 1e14
"""Quantities are kept with eighteen digits, four of them decimals."""


def forecast(
    history: pa.Table,
    hierarchy: pa.Table | None = None,
    settings: Settings = DEFAULTS,
    levels: Levels = COMPANY,
    *,
    approach: str = "bottom_up",
    approaches: Sequence[str] | None = None,
    last_month: dt.date | None = None,
    threads: int | None = None,
) -> ForecastResult:
    """Forecast every series of ``history`` and every level above it, by every approach, with its backtest.

    ``history``: unique_id, month (DATE, first of month or quarter), y in any number type; months without a row inside a
    series count as zero, as do those up to ``last_month`` when it is given. ``hierarchy``: unique_id and its groups,
    outermost first. Each series is forecast ``settings.horizon`` periods past its own last.

    ``approach``: bottom_up, top_down (by ``settings.proportions``), middle_out (from ``levels.middle``), reconciled,
    auto (by the backtest), or an approach's full name; ``approaches`` limits those computed beside it (None: all).
    METHODS 3. Raises BadInput, naming the series, for one without history, without a place in the hierarchy or with a
    forecast of 10^14 or more.
    """
    hierarchy = flat(history) if hierarchy is None else hierarchy
    check_series(history, hierarchy)
    middle = levels.middle_number(hierarchy)
    asked = f"top_down_{settings.proportions}" if approach == "top_down" else approach
    wanted = _wanted(asked, approaches, known_approaches(middle))
    settings = replace(settings, residuals="reconciled" in wanted)
    with sql.reading({"given_history": history, "ancestry": ancestry(hierarchy, levels)}, threads) as connection:
        model, notes = _base(connection, settings, last_month, threads)
        approach_forecasts(connection, settings, wanted, middle)
        result = results(connection, settings, asked, wanted, model)
        errors = tables.where(result.backtest, approach=result.chosen).num_rows
        return replace(result, notes=(*notes, *flag_notes(connection, settings, result.plan(), errors)))


def _wanted(asked: str, approaches: Sequence[str] | None, possible: list[str]) -> list[str]:
    """Approaches to compute, the one asked for among them; refuses names the hierarchy does not know."""
    first = [] if asked == AUTO else [asked]
    limited = first if approaches is None else [*first, *(name for name in approaches if name not in first)]
    wanted = [*possible] if approaches is None or not limited else limited
    unknown = [name for name in (*limited, *wanted) if name not in possible]
    if unknown:
        raise BadInput(
            found=f"approach {unknown[0]!r}",
            needed=f"one of auto, top_down, {', '.join(possible)}",
            where="forecast",
            mend="A middle-out forecast needs a level between the top and the series.",
        )
    return wanted


def _base(
    connection: duckdb.DuckDBPyConnection, settings: Settings, last_month: dt.date | None, threads: int | None
) -> tuple[str, tuple[Note, ...]]:
    """Make ``base``, every node's own forecasts; returns what they are made of, and notes.

    What the batches return is let go of once ``base`` stands: it is the larger part of the memory.
    """
    histories = make_nodes(connection, settings, last_month)
    connection.register("base_forecast", base_forecasts(histories, settings, threads))
    made_of, notes = sharpen(connection, settings)
    _refuse_runaways(connection)
    make(connection, "base", "demand/forecast/base", settings.params())
    if settings.residuals:
        make(connection, "run_residuals", "demand/forecast/run_residuals", settings.params())
    connection.unregister("base_forecast")
    return made_of, notes


def _refuse_runaways(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a forecast with more digits than a quantity can keep, by the item it is for."""
    largest = read(connection, "demand/forecast/runaways", {"most": MOST}).to_pylist()
    if largest:
        raise BadInput(
            found=f"growth that takes {largest[0]['item_id']} to {largest[0]['size']:.1e} inside the horizon",
            needed=f"forecasts under {MOST:.0e}",
            where="forecast",
            mend="Ask for a shorter horizon, state quantities in thousands, or take out what is no demand.",
        )
