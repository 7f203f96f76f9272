"""The cell of the input behind a coefficient of the model, for a coefficient that no solver could see.

Not here: which coefficients those are (``scaling``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.arrays import Ints
from sop_pipeline.supply.model.blocks import Block
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.scaling import OutOfScale

USED = ("load", "material", "material_used", "storage")
"""Rows whose coefficients are what a unit takes of a resource or material."""
STATED = {
    ("overtime_limit_pct", "units"): ("resources", "overtime_limit_pct"),
    ("overtime_hours_per_unit", "units"): ("resources", "overtime_hours_per_unit"),
    ("min_utilisation", "units"): ("resources", "min_utilisation_pct"),
    ("hours", "units"): ("resources", "hours_per_day or hours_per_month"),
    ("hours", "temporary"): ("resources", "hours_per_day or hours_per_month"),
    ("hours_worked", "units"): ("resources", "hours_per_day or hours_per_month"),
    ("min_lot", "set_up"): ("products", "min_lot"),
}
"""Where other coefficients are stated, by the names of their row and column."""


def unseen(draft: Draft, fault: OutOfScale) -> BadInput:
    """The error that names the cell, its value and what makes it too small beside the others."""
    row, row_place = _member(draft.builder.rows, fault.row)
    column, column_place = _member(draft.builder.columns, fault.column)
    table, key, name, found = _cell(draft, row, row_place, column, column_place)
    return BadInput(
        found=f"{abs(fault.value) if np.isnan(found) else found:g}",
        needed="figures that differ by less than a thousand million from others that they are added to: beside those "
        "of its limit and of what shares it, this one cannot be told from nothing",
        where=f"{table}, {key}, column {name}",
        mend="Clear the cell if it does not matter, or write the table in other units.",
    )


def _cell(draft: Draft, row: Block, row_place: Ints, column: Block, column_place: Ints) -> tuple[str, str, str, float]:
    """Table, key, column and value of the cell; the value is NaN where the coefficient is made of several."""
    item, month = column.items[column_place[0]], column.months[column_place[1]]
    if row.name in USED:
        product, feature = _product(draft, column, column_place), row.items[row_place[0]]
        name = "setup" if column.name.endswith("set_up") else "quantity"
        return "product_features", f"{product} {feature}", name, _quantity(draft, product, feature, name)
    table, name = STATED.get((row.name, column.name), ("", ""))
    if table:
        return table, item if table == "products" else row.items[row_place[0]], name, float("nan")
    key = f"{row.items[row_place[0]]} and {item} in {month}"
    return f"the rule {row.name.replace('_', ' ')}", key, column.name.replace("_", " "), float("nan")


def _product(draft: Draft, column: Block, place: Ints) -> str:
    """The product of a column of products or of alternatives."""
    if column.name.startswith("route"):
        return draft.data.products.names[int(draft.data.features.alternative_product[place[0]])]
    return column.items[place[0]]


def _quantity(draft: Draft, product: str, feature: str, name: str) -> float:
    features = draft.data.features
    owner = draft.data.products.names.index(product)
    chosen = (features.product == owner) & (features.feature == feature)
    values = (features.setup if name == "setup" else features.quantity)[chosen]
    return float(values[0]) if len(values) == 1 else float("nan")


def _member(blocks: dict[str, Block], number: int) -> tuple[Block, Ints]:
    """The block that a row or column belongs to, and its place in it."""
    for block in blocks.values():
        place = np.argwhere(block.ids == number)
        if len(place):
            return block, place[0]
    raise LookupError(f"no block has the member {number}")
