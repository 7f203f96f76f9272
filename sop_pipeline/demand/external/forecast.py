"""External forecasts beside the statistical one: judged by the same backtest, and laid over it where they are used.

Here: the runs they are asked at, the statements in order, and what is told. Not here: reading them (``ingest``), nor
what becomes of the approach they make (``statistical.external``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import FEWEST_JUDGED, misspelt_model
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import DemandSettings

EXTERNAL = "external"
"""The approach that is the statistical forecast with external figures laid over it."""
FEWEST_RANGED = 9
"""Months that have come from which a forecast's own errors give its P10 and P90."""


@dataclass(frozen=True)
class Statistical:
    """The statistical forecast and its backtest, in units, and the name of the approach that would be used."""

    approach: str
    forecast: pa.Table
    backtest: pa.Table


@dataclass(frozen=True)
class ExternalForecast:
    """Rows of ``forecast``, ``forecast_backtest`` (approach ``external``), ``external_accuracy``, ``forecast_notes``.

    Forecast and backtest are empty where no external figure is used.
    """

    forecast: pa.Table
    backtest: pa.Table
    accuracy: pa.Table
    notes: tuple[Mapping[str, Any], ...]

    @property
    def is_set(self) -> bool:
        """Whether it is used because it is set, and not because it has earned it."""
        return "as_given" in self.accuracy["outcome"].to_pylist()


def external_forecast(
    external_forecasts: pa.Table,
    statistical: Statistical,
    inputs: Mapping[str, pa.Table],
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> ExternalForecast:
    """Judge every external forecast, and lay those that are used over the statistical one.

    ``inputs``: demand_history, product_lifecycle, demand_units, level_units. The model that ``forecast.external`` names
    is used as it stands; without it each where its errors were smaller (docs/decisions/0055). BadInput for a
    misspelt name.
    """
    _refuse_misspelt(company.forecast.external, external_forecasts)
    sources = {
        **{name: inputs[name] for name in ("demand_history", "product_lifecycle", "demand_units", "level_units")},
        "external_forecasts": external_forecasts,
        "external_runs": _runs(statistical.backtest, cycle),
        "forecast": statistical.forecast,
        "forecast_backtest": statistical.backtest,
    }
    params = {
        "company": company.company,
        "statistical": statistical.approach,
        "lags": company.forecast.lags,
        "set_model": company.forecast.external,
        "fewest_months": FEWEST_JUDGED,
        "fewest_ranged": FEWEST_RANGED,
        "cycle_month": cycle.month,
        "last_month": add_months(cycle.month, company.horizon_months - 1),
    }
    made = sql.chain(_STATEMENTS, sources, params)
    accuracy = tables.conform("external_accuracy", made["accuracy_told"])
    is_used = any(accuracy["used"].to_pylist())
    return ExternalForecast(
        tables.conform("forecast", _without(made["laid_over"], "range_from") if is_used else []),
        tables.conform("forecast_backtest", _without(made["external_backtest"], "is_external") if is_used else []),
        accuracy,
        tuple(tables.rows(made["external_told"])),
    )


def _without(table: pa.Table, column: str) -> pa.Table:
    return table.drop_columns([column])


def _runs(backtest: pa.Table, cycle: Cycle) -> pa.Table:
    """The runs external forecasts are asked at, and from which day on a row was not known to each.

    A plan knows what people say until its deadline; a past run is judged by what was there at its cut-off.
    """
    origins = sorted(set(tables.days(backtest, "origin")))
    return pa.table(
        {
            "origin": pa.array([*origins, cycle.month], pa.date32()),
            "known_before": pa.array([*origins, cycle.input_deadline], pa.date32()),
            "is_plan": pa.array([*(False for _ in origins), True], pa.bool_()),
        }
    )


def _refuse_misspelt(name: str | None, external_forecasts: pa.Table) -> None:
    """Refuse a name that nearly is a model's; one that nothing is like may not have sent anything yet."""
    models = sorted(set(tables.texts(external_forecasts, "model")))
    near = misspelt_model(name, models) if name else None
    if near:
        raise BadInput(
            found=f"external: {name}",
            needed=f"a model of external_forecasts: {', '.join(models)}",
            where="sop.yaml, forecast, external",
            mend=f"Did you mean {near}?",
        )


_STATEMENTS = [
    f"demand/external/{name}"
    for name in (
        *("named_figures", "figures_then", "item_actuals", "past_errors", "external_accuracy"),
        *("figures_used", "statistical_months", "spread_figures", "external_backtest", "own_ranges", "laid_over"),
        *("accuracy_told", "external_told"),
    )
]
