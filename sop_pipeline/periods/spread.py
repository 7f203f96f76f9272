"""Shares an amount of a period out over its days: evenly over those worked, over all where none is.

The shares are cumulative, so that they add up to the amount to the last decimal.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from sop_pipeline.periods.span import Span
from sop_pipeline.working_days import WorkingDays

_SHARES = pa.schema(
    [
        pa.field(name, pa.date32() if name in ("first", "day") else pa.int64())
        for name in ("first", "days", "day", "number", "of")
    ]
)


def day_shares(spans: Iterable[Span], worked: WorkingDays) -> pa.Table:
    """Return one row per span and day with a share: ``first``, ``days``, ``day``, its ``number`` and ``of`` how many.

    An amount's share of day ``number`` is what ``number`` of ``of`` days have, less what one day fewer has.
    """
    rows = [
        {"first": span.first, "days": span.days, "day": day, "number": number, "of": len(chosen)}
        for span in sorted(set(spans))
        for chosen in [[day for day in span.each_day() if worked.is_worked(day)] or span.each_day()]
        for number, day in enumerate(chosen, start=1)
    ]
    return pa.Table.from_pylist(
        rows,
        schema=_SHARES,
    )
