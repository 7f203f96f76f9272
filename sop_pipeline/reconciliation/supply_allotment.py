"""Who gets what where supply is short: channels, regions and customers by priority and least share.

Not here: how much there is to share (``sales_plan``), or what a market asks for (``market_forecast``).
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.room_settings import AllotmentSettings

_FIELDS: dict[str, pa.DataType] = {
    "dimension": pa.string(),
    "market": pa.string(),
    "priority": pa.int64(),
    "least_share_pct": pa.decimal128(18, 6),
}


def supply_allotment(
    sales_plan: pa.Table, market_forecast: pa.Table, sales: pa.Table, *, company: AllotmentSettings, cycle: Cycle
) -> pa.Table:
    """Return ``supply_allotment``: of every product and month that is short, what each market asks for and gets.

    Each market first gets its least share of what there is (no more than it asks for); the rest goes by priority, 1
    first, markets of one priority in proportion to what they still ask for. Without rules all share alike.
    """
    given = {"sales_plan": sales_plan, "market_forecast": market_forecast, "sales": sales}
    given |= {"allotment_rules": rules(company)}
    with sql.session(given) as connection:
        weights = sql.run(connection, "reconciliation/market_weights", {"cutoff": cycle.cutoff})
        connection.register("market_weights", weights)
        return tables.conform("supply_allotment", sql.run(connection, "reconciliation/supply_allotment"))


def rules(company: AllotmentSettings) -> pa.Table:
    """Return one row per market that ``sop.yaml`` has a priority or a least share for."""
    rows = [
        {
            "dimension": dimension,
            "market": market,
            "priority": rule.priority.get(market),
            "least_share_pct": None if market not in rule.least_share else Decimal(str(rule.least_share[market])),
        }
        for dimension, rule in company.allotment.items()
        for market in dict.fromkeys([*rule.priority, *rule.least_share])
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(_FIELDS))
