"""A lever as a planner states it, with the months in which it can still be pulled.

Not here: what pulling it does to the problem (``pulled``), or to the model (``columns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import add_months, last_safe_day, month_text, parse_month
from sop_pipeline.plan_change import ALL

OF_DEMAND = ("price", "promotion")
OF_STOCK = "stock"
OF_LIMITS = ("overtime", "capacity", "hiring", "subcontract")
OF_RESOURCES = ("overtime", "capacity", "hiring")


@dataclass(frozen=True)
class Lever:
    """What may be pulled: of whom, up to how much (in its kind's unit), at what price, how fast.

    ``months`` (``YYYY-MM``) are those of the plan in which a decision of the meeting still takes effect. ``elasticity``
    is the percent by which demand changes for a percent of price; None where nothing is stated.
    """

    name: str
    kind: str
    subject: str
    limit: float
    unit_cost: float
    elasticity: float | None
    lead_months: int
    months: tuple[str, ...]

    @property
    def missing(self) -> str:
        """Why it cannot be pulled at all; nothing where it can."""
        if not self.months:
            return "too_late"
        if self.kind in OF_RESOURCES and self.subject == ALL:
            return "no_resource"
        return "no_elasticity" if self.kind == "price" and self.elasticity is None else ""

    def decide_by(self, month: str) -> date:
        """The last day on which a decision still takes effect from a month."""
        return last_safe_day(parse_month(month), self.lead_months)


def levers_of(levers: pa.Table, horizon: Sequence[str], *, meeting: date) -> list[Lever]:
    """Read table ``levers``, in the order of their names; ``horizon`` are the plan's months."""
    return [_lever(row, horizon, meeting) for row in sorted(tables.rows(levers), key=lambda row: str(row["lever_id"]))]


def _lever(row: dict[str, Any], horizon: Sequence[str], meeting: date) -> Lever:
    lead = int(row["lead_months"] or 0)
    first, last = row["month_from"], row["month_to"]
    months = [
        month
        for month in horizon
        if last_safe_day(parse_month(month), lead) >= meeting
        and (first is None or month >= month_text(first))
        and (last is None or month <= month_text(last))
    ]
    subjects = (row["resource_id"],) if row["kind"] in OF_RESOURCES else (row["product_id"], row["family"])
    return Lever(
        name=str(row["lever_id"]),
        kind=row["kind"],
        subject=next((str(name) for name in subjects if name), ALL),
        limit=float(row["limit"]),
        unit_cost=float(row["unit_cost"] or 0),
        elasticity=None if row["elasticity"] is None else float(row["elasticity"]),
        lead_months=lead,
        months=tuple(months),
    )


def after(month: str, count: int) -> str:
    """The month so many months later."""
    return month_text(add_months(parse_month(month), count))
