"""What each stream changes in the statistical forecast: portfolio, sales, marketing, finance, customers.

Here: the streams in their order of precedence, spread down to products. Not here: the portfolio's own effects
(``portfolio_changes``), the statistical forecast, or the agreed number (``plan``).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.consensus.portfolio_changes import portfolio_changes
from sop_pipeline.demand.units import one_unit

PRECEDENCE = ("portfolio", "sales", "marketing", "finance", "customers")
"""Order in which streams are applied, each to what the ones before it left; any other stream follows, by name."""
LEVELS = (1, 2, 3)
"""Within a stream the whole company is changed first, then families, then products: the narrower knows better."""


def demand_adjustments(
    forecast: pa.Table,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    demand_inputs: pa.Table,
    demand_units: pa.Table | None = None,
    *,
    cycle: Cycle,
) -> pa.Table:
    """Return ``demand_adjustments``: one row per stream, product and month that the stream touched, in units.

    Streams are applied in their order of precedence, each to what the ones before it left (``before``). Within a stream
    company entries come first, then families, then products; at one level a replacement first (of several the one
    recorded last, the others named), then percentages and units added up. Entries on families and the company are
    spread in proportion to what stands there, or stood before people came where they have left nothing. Nothing falls
    below zero: what could not be taken is named. Entries recorded on or after the deadline, the cycle month's tenth
    day, are not known. Units of a family or the company are those of its total (``demand_units``; without it all
    products count alike).
    """
    inputs = {"forecast": forecast, "product_lifecycle": product_lifecycle}
    amounts = sql.query("demand/consensus/statistical_amounts", inputs)
    portfolio = portfolio_changes(amounts, demand_history, product_lifecycle, cycle=cycle)
    inputs = {
        "product_lifecycle": product_lifecycle,
        "demand_inputs": demand_inputs,
        "demand_units": one_unit(product_lifecycle) if demand_units is None else demand_units,
        "statistical_amounts": amounts,
        "amounts": amounts,
    }
    with sql.session(inputs) as connection:
        deadline = {"input_deadline": cycle.input_deadline}
        entries = sql.run(connection, "demand/consensus/entries", deadline)
        connection.register("entries", entries)
        streams = _streams(entries)
        connection.register("changes", _changes(connection, portfolio, _steps(entries, streams)))
        connection.register("precedence", pa.table({"stream": streams, "precedence": range(1, len(streams) + 1)}))
        return tables.conform("demand_adjustments", sql.run(connection, "demand/consensus/demand_adjustments"))


def _changes(connection: duckdb.DuckDBPyConnection, portfolio: pa.Table, steps: list[tuple[str, int]]) -> pa.Table:
    """Apply the portfolio's changes, then those of each stream and level, and return them all."""
    changes = [portfolio]
    connection.register("portfolio_amounts", _apply(connection, portfolio))
    for stream, level in steps:
        step = {"stream": stream, "level_no": level}
        changes.append(sql.run(connection, "demand/consensus/stream_changes", step))
        _apply(connection, changes[-1])
    return pa.concat_tables(changes, promote_options="permissive")


def _streams(entries: pa.Table) -> list[str]:
    others = set(tables.texts(entries, "stream")) - set(PRECEDENCE)
    return [*PRECEDENCE, *sorted(others)]


def _steps(entries: pa.Table, streams: list[str]) -> list[tuple[str, int]]:
    present = set(zip(entries["stream"].to_pylist(), entries["level_no"].to_pylist(), strict=True))
    return [(stream, level) for stream in streams for level in LEVELS if (stream, level) in present]


def _apply(connection: duckdb.DuckDBPyConnection, changes: pa.Table) -> pa.Table:
    """Let ``amounts`` stand as the changes leave them, and return them."""
    connection.register("changes", changes)
    after = sql.run(connection, "demand/consensus/amounts_after")
    connection.register("amounts", after)
    return after
