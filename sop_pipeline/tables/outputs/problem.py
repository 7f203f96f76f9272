"""The planning problem of a cycle: the planning folder's tables under names of the lake.

What an input table says of products, the problem says of planned items, families among them: a column that refers to
the company's products refers to the items here.
"""

from __future__ import annotations

from dataclasses import replace

from sop_pipeline.tables import inputs, planning
from sop_pipeline.tables.schema import Column, Table

_ITEMS = "planning_products"


def _problem(name: str, of: Table) -> Table:
    columns = tuple(_of_items(column, of) for column in of.columns)
    return Table(name, of.grain, "supply", f"the planning problem of the cycle: {of.meaning}", columns, of.key)


def _of_items(column: Column, of: Table) -> Column:
    """A product's column as a planned item's; what succeeds a product is a product still."""
    if column.name != "product_id" or of is inputs.PRODUCTS:
        return column
    return replace(column, references=f"{_ITEMS}.product_id")


TABLES: tuple[Table, ...] = (
    _problem(_ITEMS, inputs.PRODUCTS),
    _problem("planning_resources", inputs.RESOURCES),
    _problem("planning_resource_months", inputs.RESOURCE_MONTHS),
    _problem("planning_features", inputs.PRODUCT_FEATURES),
    _problem("planning_calendar", inputs.CALENDAR),
    _problem("planning_materials", inputs.MATERIALS),
    _problem("planning_demand", planning.DEMAND),
    _problem("planning_state", planning.PRODUCT_STATE),
    _problem("planning_months", planning.PRODUCT_MONTHS),
    _problem("planning_feature_months", planning.FEATURE_MONTHS),
    _problem("planning_raised_limits", planning.RAISED_LIMITS),
)
