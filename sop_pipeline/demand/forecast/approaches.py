"""How one level's forecasts reach every other level: bottom-up, top-down by three proportions, middle-out, reconciled.

What belongs here: the approaches as tables over the base forecasts. Not here: the base forecasts (``base``), who
belongs to whom (``hierarchy``) and the algebra of minimum-trace reconciliation (``reconciliation``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from sop_pipeline.demand.forecast.reconciliation import reconcile
from sop_pipeline.demand.forecast.settings import PROPORTIONS, Settings
from sop_pipeline.demand.forecast.statements import make, show


def known_approaches(middle: int | None) -> list[str]:
    """Names of the approaches a hierarchy allows, ``middle`` being the number of its middle level if it has one."""
    top_down = [f"top_down_{proportion}" for proportion in PROPORTIONS]
    return ["bottom_up", *top_down, *(["middle_out"] if middle is not None else []), "reconciled"]


def approach_forecasts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, approaches: Sequence[str], middle: int | None
) -> None:
    """Make view ``approaches`` (approach, leaf_id, run, period, mean) from ``base``: every series once each.

    Bottom-up and the seasonal naive, the benchmark, are columns of ``base`` and read from there (``leaves``).
    ``middle`` is the level a middle-out forecast starts at.
    """
    spread = [name for name in approaches if name != "bottom_up"]
    if set(spread) - {"reconciled"}:
        make(connection, "historical_shares", "demand/forecast/historical_shares", settings.params())
    for proportion in PROPORTIONS:
        if f"top_down_{proportion}" in spread:
            _split(connection, settings, f"top_down_{proportion}", proportion, 0)
    if "middle_out" in spread:
        _split(connection, settings, "middle_out", settings.proportions, middle or 0)
    if "reconciled" in spread:
        reconcile(connection, settings)
        make(connection, "reconciled", "demand/forecast/reconciled", settings.params())
    _gather(connection, spread)


def _gather(connection: duckdb.DuckDBPyConnection, spread: Sequence[str]) -> None:
    """Make view ``approaches`` over the tables of ``spread``, under names of one byte that sort by the alphabet."""
    names = ", ".join(f"'{name}'" for name in sorted({"naive", "bottom_up", *spread}))
    connection.execute(f"create temp type approach_name as enum ({names})")
    show(connection, "approaches", "demand/forecast/approaches", spread=spread)


def _split(
    connection: duckdb.DuckDBPyConnection, settings: Settings, name: str, proportion: str, level_no: int
) -> None:
    """Make table ``name``: forecasts of level ``level_no`` split over the series."""
    params = {**settings.params(), "split_level": level_no}
    by_period = proportion == "forecast_proportions"
    if by_period:
        ((lowest,),) = connection.execute("select max(level_no) from nodes").fetchall()
        deep = lowest - level_no > 2
        make(connection, "forecast_shares", "demand/forecast/forecast_shares", params, deep=deep)
    make(
        connection,
        name,
        "demand/forecast/split",
        params,
        shares="forecast_shares" if by_period else "historical_shares",
        share="share" if by_period else proportion,
        by_period=by_period,
    )
