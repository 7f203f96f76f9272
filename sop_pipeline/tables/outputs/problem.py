"""The planning problem of a cycle: the planning folder's tables under names of the lake."""

from __future__ import annotations

from sop_pipeline.tables import inputs, planning
from sop_pipeline.tables.schema import Table


def _problem(name: str, of: Table) -> Table:
    return Table(name, of.grain, "supply", f"the planning problem of the cycle: {of.meaning}", of.columns, of.key)


TABLES: tuple[Table, ...] = (
    _problem("planning_products", inputs.PRODUCTS),
    _problem("planning_resources", inputs.RESOURCES),
    _problem("planning_resource_months", inputs.RESOURCE_MONTHS),
    _problem("planning_features", inputs.PRODUCT_FEATURES),
    _problem("planning_calendar", inputs.CALENDAR),
    _problem("planning_materials", inputs.MATERIALS),
    _problem("planning_demand", planning.DEMAND),
    _problem("planning_state", planning.PRODUCT_STATE),
    _problem("planning_months", planning.PRODUCT_MONTHS),
    _problem("planning_feature_months", planning.FEATURE_MONTHS),
)
