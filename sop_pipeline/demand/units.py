"""Units of measure in the demand step: what may be added, in which unit, and how forecasts get there and back.

METHODS 1: quantities in different units are never added. Here: the unit of every level's total and the weights that let
products of several units be forecast together. Not here: where totals are drawn up (the statements that join these).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.room_settings import DemandSettings

MOST = 1e10
"""Largest weighted month: a company's sum over its products still fits a quantity."""


def demand_units(products: pa.Table, product_lifecycle: pa.Table, *, company: DemandSettings) -> pa.Table:
    """Return ``demand_units``: each product's unit, and what one unit counts for in its family's and company's totals.

    One where units agree; else the product's ``equivalent_units`` where all have them, else money at ``unit_price``,
    else at ``standard_cost``. Null where nothing serves: that total is not drawn up.
    """
    inputs = {"products": products, "product_lifecycle": product_lifecycle}
    units = sql.query("demand/units/demand_units", inputs, {"currency": company.currency})
    return tables.conform("demand_units", units)


def one_unit(products: pa.Table) -> pa.Table:
    """Return ``demand_units`` of a company that counts all in one; ``products`` has product_id and family."""
    return tables.conform("demand_units", sql.query("demand/units/one_unit", {"members": products}))


def level_units(units: pa.Table, company: DemandSettings) -> pa.Table:
    """Return level, item_id, unit_of_measure, company_unit, company_equivalent of every level whose total exists."""
    return sql.query("demand/units/level_units", {"demand_units": units}, {"company": company.company})


def series_weights(units: pa.Table, demand_history: pa.Table) -> pa.Table:
    """Return product_id and the weight its series is forecast with; no rows where all units agree."""
    inputs = {"demand_units": units, "demand_history": demand_history}
    return sql.query("demand/units/series_weights", inputs, {"most": MOST})


def totals_by_unit(
    engine_rows: pa.Table, inputs: Mapping[str, pa.Table], *, keys: Sequence[str], amounts: Sequence[str]
) -> pa.Table:
    """Return approach, level, item_id, the ``keys``, the ``amounts`` in units as they are sold, and their ratio.

    ``engine_rows`` are the engine's, in weighed units; ``inputs`` has ``series_weights`` and ``demand_units``.
    """
    sources = {"engine_rows": engine_rows, **{name: inputs[name] for name in ("series_weights", "demand_units")}}
    return sql.query("demand/units/totals_by_unit", sources, keys=list(keys), amounts=list(amounts))


def levels_without_unit(units: pa.Table) -> tuple[str, ...]:
    """Name the levels of which some total does not exist, from the top down."""
    blanks = {"company": units["company_unit"].null_count, "family": units["family_unit"].null_count}
    return tuple(level for level, blank in blanks.items() if blank)


def names_of(units: pa.Table) -> list[str]:
    """Name the units of measure in use, in order of the alphabet."""
    return sorted(set(tables.texts(units, "unit_of_measure")))
