"""By when a limit has to be moved: one rule of leads, for every page and every decision that names the limit.

Heads and their regular hours take the time to hire, a material its delivery, a subcontracted unit the product's
replenishment; anything else can be decided up to the day before the month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sop_pipeline import tables
from sop_pipeline.cycle import last_safe_day
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.strategies.results.shadow_prices import POORER

BY_HIRING = ("regular_hours", "max_units", "max_hires", "temporary_max", "workforce")
BY_DELIVERY = ("capacity", "on_hand and on_order", "max_receipt")
BY_REPLENISHMENT = ("subcontract_limit",)


@dataclass(frozen=True)
class Leads:
    """Months of hiring by resource, days of delivery by material, days of replenishment by product."""

    hiring: Mapping[str, int]
    delivery: Mapping[str, int]
    replenishment: Mapping[str, int]

    @classmethod
    def of(cls, planning: PlanningTables) -> Leads:
        """Read them off the problem's tables; blank is none."""
        return cls(
            _stated(tables.frame(planning.planning_resources), "resource_id", "hire_lead_months"),
            _stated(tables.frame(planning.planning_materials), "material_id", "lead_days"),
            _stated(tables.frame(planning.planning_products), "product_id", "replenishment_lead_days"),
        )

    def lead(self, constraint: str, item: str) -> tuple[int, int]:
        """Months and days from a decision to its effect."""
        name = constraint.removesuffix(POORER)
        if name in BY_HIRING:
            return self.hiring.get(item, 0), 0
        if name in BY_DELIVERY:
            return 0, self.delivery.get(item, 0)
        return 0, self.replenishment.get(item, 0) if name in BY_REPLENISHMENT else 0


def with_last_safe_days(prices: pd.DataFrame, leads: Leads) -> pd.DataFrame:
    """Add ``decide_by`` to rows of constraint, item and month (a timestamp)."""
    rows = zip(prices["constraint"], prices["item"], prices["month"], strict=True)
    days = [last_safe_day(month.date(), *leads.lead(str(name), str(item))) for name, item, month in rows]
    return prices.assign(decide_by=days)


def _stated(frame: pd.DataFrame, item: str, lead: str) -> dict[str, int]:
    stated = frame.dropna(subset=[lead])
    return dict(zip(stated[item].astype(str), stated[lead].astype(int), strict=True))
