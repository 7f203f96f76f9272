"""Where the plan in use is uneven though demand is not: a resource all but stops, a product comes in bulk or hardly.

Least cost is at liberty to do so, for instance to run stock down that stands above its minimum. It is not smoothed,
since that would cost what nobody asked for; it is told, on the page of strategies and in the decision about them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables

MONTHS = 12
STOPPED = 0.5
"""Share of the hours that a month's demand takes, under which a resource all but stops."""
FULL = 0.99
"""Share of the hours there are, overtime included, from which a resource is full, whatever more its demand takes."""
STEADY = 1.25
"""Demand is steady while its largest month is at most this times its smallest."""
LEAST, MOST = 0.25, 1.75
"""A product swings that is made at most, and at least, this times its average demand in two months of a year."""


@dataclass(frozen=True)
class SwingInputs:
    """The schedule with its loads, what the demand itself takes, and which products come in lots."""

    production_schedule: pa.Table
    schedule_load: pa.Table
    feature_requirements: pa.Table
    planned_features: pa.Table
    products: pa.Table


def plan_swings(inputs: SwingInputs) -> pa.Table:
    """Return ``plan_swings``: where the plan in use all but stops a resource, or swings a product on steady demand."""
    limits = {"months": MONTHS, "stopped": STOPPED, "full": FULL, "steady": STEADY} | {"least": LEAST, "most": MOST}
    found = sql.query("supply/plan_swings", vars(inputs), limits)
    return tables.conform("plan_swings", found)
