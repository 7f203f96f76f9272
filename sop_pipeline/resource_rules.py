"""What of resources, and of what products take of them, contradicts itself: each rule once, by the row.

``sop check`` asks before anything is planned, of the tables as they were read; the planner asks of its problem before
it solves. A row is a mapping by column, a blank cell None. Not here: what a single cell may hold (the registry).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sop_pipeline.errors import BadInput
from sop_pipeline.resource_kinds import HOUR_KINDS, UNSTATED

Row = Mapping[str, Any]
_HOURS = ("hours_per_day", "hours_per_month", "capacity")


def refuse_resources(resources: Iterable[Row], with_capacity: Collection[str]) -> None:
    """BadInput where the fewest heads are above the most, or counted heads have no hours.

    ``with_capacity`` are the resources whose capacity is stated by month.
    """
    for row in resources:
        name, least, most = row["resource_id"], row["min_units"], row["max_units"]
        if None not in (least, most) and least > most:
            raise _fault(f"resources, {name}", f"min_units {float(least):g}", f"at most max_units {float(most):g}")
        is_counted = row["opening_units"] is not None or row["hire_cost"] is not None
        has_hours = name in with_capacity or any(row[column] is not None for column in _HOURS)
        if (row["kind"] or UNSTATED) in HOUR_KINDS and is_counted and not has_hours:
            raise _fault(f"resources, {name}", "units without hours", "hours_per_day or hours_per_month")


def refuse_storage(features: Iterable[Row]) -> None:
    """BadInput where products take storage with a lead time or as a choice: storage is taken by stock."""
    for row in features:
        where = f"product_features, {row['product_id']} {row['feature']}"
        for column in ("lead_months", "option_group"):
            if row[column]:
                found = f"{column} {row[column]}"
                raise _fault(where, found, "a blank: storage is taken by stock, with no lead time and no choice")


def _fault(where: str, found: str, needed: str) -> BadInput:
    return BadInput(found=found, needed=needed, where=where, mend="Correct it, or clear the cell.")
