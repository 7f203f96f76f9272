"""The last cycle's plan, which this cycle is compared with."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput

SOURCES = ("demand_plan", "sales_plan", "production_plan", "inventory_plan")


def last_plan(previous: Mapping[str, pa.Table] | None, cycle: Cycle) -> pa.Table:
    """Return ``last_plan`` from the tables of the cycle before (``SOURCES``); empty in a first cycle.

    The cycle it was made in is read from its demand plan (month less lag). BadInput when that is not before ``cycle``,
    or when one of the tables is missing.
    """
    if not previous:
        return tables.empty("last_plan")
    absent = [name for name in SOURCES if name not in previous]
    if absent:
        raise BadInput(
            found=f"no {', '.join(absent)}",
            needed=", ".join(SOURCES),
            where="the cycle before",
            mend="Run that cycle to its end first.",
        )
    result = tables.conform(
        "last_plan", sql.query("reconciliation/last_plan", {name: previous[name] for name in SOURCES})
    )
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
