"""Monthly demand history: what was asked for, month by month, raw and cleansed side by side.

Here: the demand signal (sales, else production less the change of stock), the months without a sale, succession, and
the order of the cleansing statements with their stated limits. Not here: forecasts, nor what people know (consensus).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.forecast.level_shifts import level_shifts
from sop_pipeline.room_settings import DemandSettings

_LONGEST_CHAIN = 20
SEASON = 12

HAMPEL_SPREADS = 3.0
"""Robust standard deviations beyond which a month is an outlier (twice that for the newest month)."""
LEAST_DEVIATION = 0.5
"""Share of the local median by which an outlier must differ as well, so that calm series are not combed for trifles."""
HAMPEL_MONTHS = 8
"""Fewest months in which an outlier can be told."""
EDGE_DAYS = 2
"""Trading days without data at the edge of a month that are never taken for missing data (a long weekend)."""
LONGEST_PAUSE = 5
"""Trading days up to which a pause seen before (a public holiday) is not taken for missing data either."""
DAILY_FROM = 10
"""Days with data in the median month from which data counts as daily; coarser data has no partial months."""
LEAST_COVERAGE = 1 / 3
"""Share of a month's trading days from which a partial month is scaled up; under it the expectation is taken."""
USUAL_WORKING_DAYS = 21.74
"""Weekdays of an average month, for months the calendar does not have."""

_LIMITS = {
    "longest_chain": _LONGEST_CHAIN,
    "hampel_spreads": HAMPEL_SPREADS,
    "least_deviation": LEAST_DEVIATION,
    "hampel_months": HAMPEL_MONTHS,
    "edge_days": EDGE_DAYS,
    "longest_pause": LONGEST_PAUSE,
    "daily_from": DAILY_FROM,
    "least_coverage": LEAST_COVERAGE,
    "usual_working_days": USUAL_WORKING_DAYS,
}
_STATEMENTS = [
    "demand/history/monthly_sales",
    "demand/history/monthly_asked",
    "demand/history/monthly_production",
    "demand/history/monthly_stock",
    "demand/history/demand_signal",
    "demand/history/heirs",
    "demand/history/demand_months",
    "demand/cleansing/month_coverage",
    "demand/cleansing/demand_rates",
    "demand/cleansing/seasonal_indices",
    "demand/cleansing/expectations",
    "demand/cleansing/findings",
]


@dataclass(frozen=True)
class WhatIsSaid:
    """What people say of demand: planners, of promotions and other events; customers, by their orders."""

    demand_inputs: pa.Table
    order_book: pa.Table
    demand_events: pa.Table | None = None


def demand_history(
    sales: pa.Table,
    production: pa.Table,
    inventory: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    said: WhatIsSaid | None = None,
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> pa.Table:
    """Return ``demand_history``: one row per product and month, from its first month to the last actual one.

    METHODS 2. ``quantity`` is the demand as recorded, returns netted; ``cleansed`` is what forecasts are made from and
    differs only in rows that say why. Of products made to order (``company.make_to_order``) demand is
    what the ``order_book`` has as asked for in its month. A predecessor that has ended keeps its ``quantity``, while
    its ``cleansed`` demand stands with its successor, so both columns count every unit once. ``demand_inputs`` tell
    promotions from outliers, and what ``demand_events`` explain stays as it was.
    """
    params = {
        **_LIMITS,
        "cutoff": cycle.cutoff,
        "last_actual_month": cycle.last_actual_month,
        "input_deadline": cycle.input_deadline,
        "signal": company.forecast.signal,
        "make_to_order": company.make_to_order,
    }
    inputs = {
        "sales": sales,
        "production": production,
        "inventory": inventory,
        "product_lifecycle": product_lifecycle,
        "working_calendar": working_calendar,
        "demand_inputs": said.demand_inputs if said else tables.empty("demand_inputs"),
        "order_book": said.order_book if said else tables.empty("order_book"),
        "demand_events": (said.demand_events if said else None) or tables.empty("demand_events"),
    }
    found = sql.chain(_STATEMENTS, inputs, params)
    shifts = _shifts(found["findings"])
    months = {"demand_months": found["demand_months"], "findings": found["findings"], "shifts": shifts}
    return tables.conform("demand_history", sql.query("demand/history/demand_history", months))


def _shifts(findings: pa.Table) -> pa.Table:
    """Level shifts of each product's cleansed demand: product_id, month, level_change."""
    demand = findings.select(["product_id", "month", "cleansed"]).to_pandas().astype({"cleansed": float})
    wide = demand.pivot(index="product_id", columns="month", values="cleansed")
    places, factors = level_shifts(wide.to_numpy(), SEASON)
    row, number = np.nonzero(places >= 0)
    return pa.table(
        {
            "product_id": pa.array(wide.index[row], pa.string()),
            "month": pa.array(wide.columns[places[row, number]], pa.date32()),
            "level_change": pa.array(factors[row, number]),
        }
    )
