"""The last cycle's plan, which this cycle is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.past import PastCycle, tables_of


@dataclass(frozen=True)
class PlanBefore(PastCycle):
    """The plan a cycle published."""

    demand_plan: pa.Table
    sales_plan: pa.Table
    production_plan: pa.Table
    inventory_plan: pa.Table


def last_plan(before: PlanBefore | None, cycle: Cycle) -> pa.Table:
    """Return ``last_plan`` from the last cycle's newest release, else its draft; empty in a first cycle.

    The cycle it was made in is read from its demand plan (month less lag). BadInput when that is not before ``cycle``.
    """
    if before is None:
        return tables.empty("last_plan")
    given = {name: getattr(before, name) for name in tables_of(PlanBefore)}
    result = tables.conform("last_plan", sql.query("reconciliation/last_plan", given, {"release": before.release}))
    _refuse_later(result, cycle)
    return result


def _refuse_later(plan: pa.Table, cycle: Cycle) -> None:
    if plan.num_rows and plan.column("cycle")[0].as_py() >= cycle.name:
        raise BadInput(
            found=f"a plan made in cycle {plan.column('cycle')[0].as_py()}",
            needed=f"one made before cycle {cycle}",
            where="the cycle before",
            mend="Compare with an earlier cycle.",
        )
