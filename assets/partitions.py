"""Cycles as Dagster partitions: one a calendar month, the running month included."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from sop_pipeline import config
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.errors import SopError

FIRST_CYCLE = "2020-01"


def cycles_of(folder: Path, end_offset: int = 1) -> dg.MonthlyPartitionsDefinition:
    """Return the partitions of a company, from its first cycle on; the running month is the newest."""
    try:
        first = config.load(folder).first_cycle or FIRST_CYCLE
    except SopError:
        first = FIRST_CYCLE  # the company folder may not be there yet when the code location loads
    start = Cycle.parse(first).month
    return dg.MonthlyPartitionsDefinition(
        start_date=add_months(start, 0).isoformat()[:7], fmt="%Y-%m", end_offset=end_offset
    )
