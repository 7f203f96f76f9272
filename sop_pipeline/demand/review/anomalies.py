"""The newest month against what the last cycle expected of it: items outside their P1 to P99.

Here: one month, judged by the range that was published. Not here: errors over many months (``value_added``), nor
findings in a history (``history``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.past import PastCycle
from sop_pipeline.room_settings import DemandSettings


@dataclass(frozen=True)
class FrozenRange(PastCycle):
    """The range of demand that a cycle published."""

    demand_range: pa.Table


def demand_anomalies(
    demand_history: pa.Table,
    products: pa.Table,
    demand_units: pa.Table,
    last: FrozenRange | None,
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> pa.Table:
    """Return ``demand_anomalies``: items of every level whose newest month lies outside its last P1 to P99.

    In units of the level; money at standard cost. Empty without an earlier cycle, or where the last one's plan does not
    reach the month.
    """
    if last is None or not last.cycle < cycle:
        return tables.empty("demand_anomalies")
    inputs = {
        "demand_history": demand_history,
        "products": products,
        "demand_units": demand_units,
        "frozen_ranges": last.demand_range,
    }
    found = sql.query("demand/accuracy/demand_anomalies", inputs, {"company": company.company})
    return tables.conform("demand_anomalies", found)
