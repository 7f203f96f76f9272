"""Launches under review: gates passed and due, what they cost, and the ramp since launch against the plan before it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.past import PastCycle


@dataclass(frozen=True)
class RampsBefore(PastCycle):
    """The ramps as the last cycle had them."""

    launch_ramps: pa.Table


@dataclass(frozen=True)
class LaunchInputs:
    """What is known of launches, what is planned of them, and what was sold."""

    new_products: pa.Table
    launch_gates: pa.Table
    product_lifecycle: pa.Table
    sales_plan: pa.Table
    actuals: pa.Table


@dataclass(frozen=True)
class LaunchTables:
    """The ramp of every launch by month, and a row a launch."""

    launch_ramps: pa.Table
    launch_review: pa.Table


def launch_review(inputs: LaunchInputs, *, cycle: Cycle, before: RampsBefore | None = None) -> LaunchTables:
    """Return ``launch_ramps`` and ``launch_review``.

    The ramp of a launched product is held against the plan of the last cycle before its launch, which is carried on for
    a year; a product that was launched before any cycle has actuals alone.
    """
    earlier = tables.empty("launch_ramps") if before is None else before.launch_ramps
    with sql.session({**vars(inputs), "earlier": earlier}) as connection:
        params = {"cycle": cycle.name, "cycle_month": cycle.month}
        ramps = tables.conform("launch_ramps", sql.run(connection, "reconciliation/launch_ramps", params))
        connection.register("launch_ramps", ramps)
        review = sql.run(connection, "reconciliation/launch_review", {"cutoff": cycle.cutoff})
    return LaunchTables(ramps, tables.conform("launch_review", review))
