"""The nodes of a forecast: every series and every sum of them, with its history.

What belongs here: refusing series that cannot be placed, and the tables that say who the nodes are. Not here: any
forecast.
"""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import drop, make
from sop_pipeline.errors import BadInput


def make_nodes(connection: duckdb.DuckDBPyConnection, settings: Settings, last_month: dt.date | None) -> pa.Table:
    """Make ``nodes``, ``memberships``, ``node_history`` and ``series_floor`` from ``given_history`` and ``ancestry``.

    Returns the histories as lists, one row per node in order, as ``batch`` takes them.
    """
    params = {**settings.params(), "last_month": last_month}
    for table in ("history", "nodes", "memberships", "node_history", "series_floor", "series"):
        file = f"demand/models/{table}" if table == "series" else f"demand/forecast/{table}"
        make(connection, table, file, params)
    drop(connection, "history")
    return connection.execute("select * from series order by node_id").to_arrow_table()


def check_series(history: pa.Table, hierarchy: pa.Table) -> None:
    """Refuse no history at all, series without history, and history without a place."""
    if not history.num_rows:
        raise BadInput(
            found="no history",
            needed="one row a series and period",
            where="forecast",
            mend="Give at least one month of demand.",
        )
    placed = {str(value) for value in hierarchy["unique_id"].unique().to_pylist()}
    with_history = {str(value) for value in history["unique_id"].unique().to_pylist()}
    for missing, fault, mend in (
        (placed - with_history, "no history", "Give it a like product, or take it out until it has sold."),
        (with_history - placed, "history but no place in the hierarchy", "Add it to the hierarchy."),
    ):
        if missing:
            names = ", ".join(sorted(missing)[:5])
            raise BadInput(
                found=f"{fault} for {names} ({len(missing)} in all)",
                needed="history and a place in the hierarchy for every series",
                where="forecast",
                mend=mend,
            )
