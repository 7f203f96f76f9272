"""How much data came: rows by table beside the cycle before, and of the last month beside the months before it."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest.freshness import DATED

SHRUNK, THIN = 0.9, 0.5
"""Shares of the cycle before, and of the median month, below which a volume is told of."""


@dataclass(frozen=True)
class Volume:
    """Rows of a table: in all, in the cycle before, in its last month, in the median of the twelve months before."""

    table: str
    rows: int
    before: int | None = None
    last_month: int | None = None
    usual_month: float | None = None

    @property
    def told(self) -> str:
        """What is odd about it; nothing where nothing is."""
        if self.before and self.rows < SHRUNK * self.before:
            return (
                f"{self.table} has {self.rows} rows, {1 - self.rows / self.before:.0%} fewer than in the cycle before"
            )
        if self.usual_month and self.last_month is not None and self.last_month < THIN * self.usual_month:
            return f"{self.table} has {self.last_month} rows of the last month; {self.usual_month:.0f} are usual"
        return ""


def volumes(made: Mapping[str, pa.Table], cycle: Cycle, before: Mapping[str, int]) -> list[Volume]:
    """Return the volume of every input table that has rows, or had some before."""
    names = [table.name for table in tables.INPUTS if table.name in made]
    return [
        Volume(name, made[name].num_rows, before.get(name), *_months(name, made[name], cycle))
        for name in names
        if made[name].num_rows or before.get(name)
    ]


def _months(name: str, table: pa.Table, cycle: Cycle) -> tuple[int | None, float | None]:
    """Rows of the last month before the cycle, and the median of the twelve before that; None without dates."""
    if name not in DATED or not table.num_rows:
        return None, None
    counts = Counter(day.replace(day=1) for day in table.column(DATED[name]).to_pylist() if isinstance(day, date))
    last = cycle.last_actual_month
    months = [cycle.previous(back).month for back in range(2, 14)]
    known = [counts[month] for month in months if month in counts]
    return counts.get(last, 0), statistics.median(known) if len(known) >= 3 else None
