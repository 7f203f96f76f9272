"""Rough-cut capacity by all three methods: overall factors, bill of resources, resource profile (METHODS 4).

A look at load against capacity before any plan is made. They agree where their assumptions do: the profile equals the
bill when nothing has a lead, the overall factors equal the bill when the mix is the reference mix. Not here: the plan.
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.supply.requirements.load import Load


def rough_cut_capacity(load: Load) -> pa.Table:
    """Return load, regular hours and utilisation of every resource with hours, by method and month.

    Overall factors (CPOF): total hours of the month's demand, split over resources as the last 12 months' volumes
    split them; 100 x 2 + 50 x 3 + 25 x 4 = 450 hours, split 60/40, are 270 and 180 (METHODS 4).
    """
    return tables.conform("rough_cut_capacity", sql.query("supply/rough_cut_capacity", load.inputs))
