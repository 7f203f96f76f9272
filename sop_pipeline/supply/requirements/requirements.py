"""What the demand plan takes of every resource, material and option, and whether a family may be planned as one.

Total feature requirements bottom-up with lead offsets, top-down by reference mix, mix drift (METHODS 4). Not here: load
against capacity by the rough-cut methods (``rough_cut``), or a plan that meets the requirement (``strategies``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.requirements.inputs import RequirementInputs
from sop_pipeline.supply.requirements.load import Load, load
from sop_pipeline.supply.requirements.rough_cut import rough_cut_capacity


@dataclass(frozen=True)
class Requirements:
    """What demand takes of every resource, family by family and roughly against capacity."""

    feature_requirements: pa.Table
    planning_approach: pa.Table
    rough_cut_capacity: pa.Table


def total_requirements(inputs: RequirementInputs, *, company: SupplySettings, cycle: Cycle) -> Requirements:
    """Add every product's features up, compare with the top-down load, and cut capacity roughly three ways."""
    demanded = load(inputs, company=company, cycle=cycle)
    return Requirements(
        feature_requirements=feature_requirements(demanded),
        planning_approach=planning_approach(demanded, company=company),
        rough_cut_capacity=rough_cut_capacity(demanded),
    )


def feature_requirements(load: Load) -> pa.Table:
    """Return total feature requirements by feature and month, bottom-up and top-down, with drift, availability, cost.

    ``R(f,t) = sum_p sum_l Q(p,t+l) u(p,f,l)`` (METHODS 4). What a lead would place before the first planned month is
    past; months whose lead reaches beyond the horizon count what is planned.
    """
    return tables.conform("feature_requirements", sql.query("supply/feature_requirements", load.inputs))


def planning_approach(load: Load, *, company: SupplySettings) -> pa.Table:
    """Return for each family whether it is planned top-down or bottom-up, and what decided it (METHODS 4).

    As the company has it, or by the mix; a family of several units of measure without equivalents is planned bottom-up
    whatever is wanted, since its products cannot be added.
    """
    drifts = {row["family"]: row for row in sql.query("supply/mix_drift", load.inputs).to_pylist()}
    mixed = set(tables.texts(sql.query("supply/mixed_families", load.inputs), "family"))
    families = sorted(set(tables.texts(load.demand_plan, "family")))
    rows = [_approach(family, drifts.get(family), family in mixed, company) for family in families]
    return tables.conform("planning_approach", rows)


def _approach(family: str, worst: dict[str, Any] | None, is_mixed: bool, company: SupplySettings) -> dict[str, Any]:
    tolerance = company.supply.mix_drift_tolerance
    above = worst is not None and float(worst["drift"]) > tolerance
    by_mix = "bottom_up" if above else "top_down"
    wanted = by_mix if company.plans_by == "auto" else company.plans_by
    cannot = is_mixed and wanted == "top_down"
    return {
        "family": family,
        "approach": "bottom_up" if cannot else wanted,
        "worst_mix_drift": worst["drift"] if worst else None,
        "basis": "units" if cannot else "mix" if company.plans_by == "auto" else "configured",
        "drift": "none" if worst is None else "above" if above else "within",
        "resource_id": worst["resource_id"] if worst else None,
        "month": worst["month"] if worst else None,
        "tolerance": tolerance,
    }
