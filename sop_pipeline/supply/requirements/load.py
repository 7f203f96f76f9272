"""What requirements and rough-cut capacity are computed from, brought together once.

The sums are SQL over exact decimals; here its inputs are made: the bill of resources, the reference mix, the hours
there are. Not here: what comes out (``requirements``, ``rough_cut``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.requirements.capacity import availability, capacity, planning_calendar
from sop_pipeline.supply.requirements.inputs import RequirementInputs

REFERENCE_MONTHS = 12


@dataclass(frozen=True)
class Load:
    """What the SQL of this step reads: demand, bill, reference mix, resources and the hours there are.

    ``usage`` is what the demand takes by family, feature, lead and month of completion, added up once for all of them.
    """

    demand_plan: pa.Table
    bill: pa.Table
    usage: pa.Table
    mix: pa.Table
    resources: pa.Table
    materials: pa.Table
    availability: pa.Table
    demand_units: pa.Table

    @property
    def inputs(self) -> Mapping[str, pa.Table]:
        """Every table by the name the SQL calls it."""
        return vars(self)


def bill_of_resources(product_features: pa.Table) -> pa.Table:
    """Return what one unit of each product takes (product_id, feature, lead_months, quantity).

    Alternatives of an option group count in equal parts: which of them serves is the plan's choice, not known here.
    """
    return sql.query("supply/bill", {"product_features": product_features})


def reference_mix(
    demand_plan: pa.Table, demand_history: pa.Table, *, cycle: Cycle, use_history: bool = True
) -> pa.Table:
    """Return each planned product's share of its family over the last 12 months (family, product_id, units, mix).

    A family without history, or every family with ``use_history`` false, takes the demand plan's own mix.
    """
    return sql.query(
        "supply/mix",
        {"demand_plan": demand_plan, "demand_history": demand_history},
        {
            "first_month": add_months(cycle.month, -REFERENCE_MONTHS),
            "cutoff": cycle.cutoff,
            "history_months": REFERENCE_MONTHS,
            "use_history": use_history,
        },
    )


def load(inputs: RequirementInputs, *, company: SupplySettings, cycle: Cycle) -> Load:
    """Bring together what requirements, mix drift and rough-cut capacity are computed from."""
    limits = capacity(inputs, cycle=cycle)
    months = planning_calendar(inputs.working_calendar, inputs.calendar, cycle.horizon(company.horizon_months))
    bill = bill_of_resources(limits.product_features)
    return Load(
        demand_plan=inputs.demand_plan,
        bill=bill,
        usage=sql.query("supply/usage", {"demand_plan": inputs.demand_plan, "bill": bill}),
        mix=reference_mix(inputs.demand_plan, inputs.demand_history, cycle=cycle),
        resources=limits.resources,
        materials=inputs.materials,
        availability=availability(limits.resources, limits.resource_months, months, inputs.demand_plan),
        demand_units=inputs.demand_units,
    )
