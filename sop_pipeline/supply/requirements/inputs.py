"""The tables that requirements are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class RequirementInputs:
    """What the company makes, of what, on which resources, and what is asked for; by name of the registry table."""

    products: pa.Table
    resources: pa.Table
    resource_months: pa.Table
    product_features: pa.Table
    materials: pa.Table
    calendar: pa.Table
    production: pa.Table
    demand_plan: pa.Table
    demand_history: pa.Table
    product_lifecycle: pa.Table
    demand_units: pa.Table
    working_calendar: pa.Table
