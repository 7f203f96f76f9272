"""The consensus: the statistical forecast and every adjustment in one agreed number, with its range.

Here: the demand plan, which adds up to the last unit, and its quantiles by level. Not here: what the streams change
(``adjustments``) or the statistical forecast.
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.demand.consensus.launch_ranges import with_chances
from sop_pipeline.demand.units import level_units, one_unit
from sop_pipeline.room_settings import DemandSettings


def demand_plan(
    forecast: pa.Table,
    demand_adjustments: pa.Table,
    product_lifecycle: pa.Table,
    demand_units: pa.Table | None = None,
) -> pa.Table:
    """Return ``demand_plan``: statistical + adjustment = quantity, exactly, per product and month.

    P10, P50 and P90 keep their distance from the number relative to it (METHODS 3). Where the streams more than double
    the forecast or there is none, as for a launch, the relative distance of the family (else of the company) is taken,
    its products' distances added up. A launch is in the number as stated; its chance is in the range.
    """
    inputs = {
        "forecast": forecast,
        "demand_adjustments": demand_adjustments,
        "product_lifecycle": product_lifecycle,
        "demand_units": one_unit(product_lifecycle) if demand_units is None else demand_units,
    }
    return with_chances(tables.conform("demand_plan", sql.chain(_PLAN, inputs)["demand_plan"]), product_lifecycle)


_PLAN = [
    "demand/consensus/statistical_amounts",
    "demand/consensus/relative_ranges",
    "demand/consensus/demand_plan",
]


def demand_range(
    demand_plan: pa.Table, forecast: pa.Table, demand_units: pa.Table | None = None, *, company: DemandSettings
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
