"""Consensus demand: the statistical forecast, what each stream knows, and the agreed number with its range.

Here: the streams in their order of precedence, spread down to products, and the demand plan that adds up to the last
unit. Not here: the portfolio's own effects (``new_products``) or the statistical forecast (``statistical``).
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.new_products import portfolio_changes
from sop_pipeline.demand.units import level_units, one_unit

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
        changes = [portfolio]
        connection.register("portfolio_amounts", _apply(connection, portfolio))
        for stream, level in _steps(entries, streams):
            step = {"stream": stream, "level_no": level}
            changes.append(sql.run(connection, "demand/consensus/stream_changes", step))
            _apply(connection, changes[-1])
        connection.register("changes", pa.concat_tables(changes, promote_options="permissive"))
        connection.register("precedence", pa.table({"stream": streams, "precedence": range(1, len(streams) + 1)}))
        return tables.conform("demand_adjustments", sql.run(connection, "demand/consensus/demand_adjustments"))


def _streams(entries: pa.Table) -> list[str]:
    others = set(entries["stream"].to_pylist()) - set(PRECEDENCE)
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


def demand_plan(
    forecast: pa.Table,
    demand_adjustments: pa.Table,
    product_lifecycle: pa.Table,
    demand_units: pa.Table | None = None,
) -> pa.Table:
    """Return ``demand_plan``: statistical + adjustment = quantity, exactly, per product and month.

    P10, P50 and P90 keep their distance from the number relative to it (METHODS 3). Where the streams more than double
    the forecast or there is none, as for a launch, the relative distance of the family (else of the company) is taken,
    its products' distances added up.
    """
    inputs = {
        "forecast": forecast,
        "demand_adjustments": demand_adjustments,
        "product_lifecycle": product_lifecycle,
        "demand_units": one_unit(product_lifecycle) if demand_units is None else demand_units,
    }
    return tables.conform("demand_plan", sql.chain(_PLAN, inputs)["demand_plan"])


_PLAN = [
    "demand/consensus/statistical_amounts",
    "demand/consensus/relative_ranges",
    "demand/consensus/demand_plan",
]


def demand_range(
    demand_plan: pa.Table, forecast: pa.Table, demand_units: pa.Table | None = None, *, company: Company
) -> pa.Table:
    """Return ``demand_range``: consensus at company, family and product with P10, P50 and P90.

    ``mean`` is the exact sum of the products' consensus. Quantiles of families and the company are those of their own
    forecast, in proportion to the change of the number; they are marginal and do not add up (METHODS 3).
    """
    units = one_unit(demand_plan) if demand_units is None else demand_units
    inputs = {
        "demand_plan": demand_plan,
        "forecast": forecast,
        "demand_units": units,
        "level_units": level_units(units, company),
    }
    params = {"company": company.company}
    return tables.conform("demand_range", sql.query("demand/consensus/demand_range", inputs, params))
