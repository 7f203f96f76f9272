"""What the demand plan takes of every resource, material and option, and whether a family may be planned as one.

Total feature requirements bottom-up with lead offsets, top-down by reference mix, mix drift (METHODS 4). The sums are
SQL over exact decimals; this module brings the inputs together. Not here: load against capacity by the rough-cut
methods (``rough_cut``), or a plan that meets the requirement (``compare``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months, month_text
from sop_pipeline.supply.requirements.capacity import availability, capacity, planning_calendar

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


def load(
    demand_plan: pa.Table,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    products: pa.Table,
    resources: pa.Table,
    resource_months: pa.Table,
    product_features: pa.Table,
    materials: pa.Table,
    production: pa.Table,
    working_calendar: pa.Table,
    calendar: pa.Table,
    *,
    company: Company,
    cycle: Cycle,
) -> Load:
    """Bring together what requirements, mix drift and rough-cut capacity are computed from."""
    held = capacity(
        resources,
        resource_months,
        product_features,
        products,
        demand_plan,
        demand_history,
        production,
        working_calendar,
        product_lifecycle,
        cycle=cycle,
    )
    months = planning_calendar(working_calendar, calendar, cycle.horizon(company.horizon_months))
    bill = bill_of_resources(held.product_features)
    return Load(
        demand_plan=demand_plan,
        bill=bill,
        usage=sql.query("supply/usage", {"demand_plan": demand_plan, "bill": bill}),
        mix=reference_mix(demand_plan, demand_history, cycle=cycle),
        resources=held.resources,
        materials=materials,
        availability=availability(held.resources, held.resource_months, months, demand_plan),
    )


def feature_requirements(load: Load) -> pa.Table:
    """Return total feature requirements by feature and month, bottom-up and top-down, with drift, availability, cost.

    ``R(f,t) = sum_p sum_l Q(p,t+l) u(p,f,l)`` (METHODS 4). What a lead would place before the first planned month is
    past; months whose lead reaches beyond the horizon count what is planned.
    """
    return tables.conform("feature_requirements", sql.query("supply/feature_requirements", load.inputs))


def planning_approach(load: Load, *, company: Company) -> pa.Table:
    """Return for each family whether it is planned top-down or bottom-up, with the reason in a sentence (METHODS 4)."""
    drifts = {row["family"]: row for row in sql.query("supply/mix_drift", load.inputs).to_pylist()}
    families = sorted(set(load.demand_plan["family"].to_pylist()))
    return tables.conform("planning_approach", [_approach(family, drifts.get(family), company) for family in families])


def _approach(family: str, worst: dict[str, Any] | None, company: Company) -> dict[str, Any]:
    tolerance = company.supply.mix_drift_tolerance
    above = worst is not None and float(worst["drift"]) > tolerance
    finding = _finding(worst, tolerance)
    if company.plans_by == "auto":
        approach = "bottom_up" if above else "top_down"
        reason = f"Chosen from its mix: {finding}."
    else:
        approach = company.plans_by
        warning = (
            "; planned as one, the family's load is misstated by as much" if above and approach == "top_down" else ""
        )
        reason = f"Set in sop.yaml; {finding}{warning}."
    return {
        "family": family,
        "approach": approach,
        "worst_mix_drift": worst["drift"] if worst else None,
        "reason": reason,
    }


def _finding(worst: dict[str, Any] | None, tolerance: float) -> str:
    if worst is None:
        return "its products take no hours of any resource, so its mix moves no load"
    side = "above" if float(worst["drift"]) > tolerance else "within"
    return (
        f"its mix moves the load of {worst['resource_id']} by {float(worst['drift']):.1%} in "
        f"{month_text(worst['month'])}, {side} the tolerance of {tolerance:.1%}"
    )
