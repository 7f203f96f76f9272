"""Labour and machines as arrays: heads, hours, overtime and what may change of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sop_pipeline.resource_kinds import has_hours
from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.problem.calendar_days import site_days
from sop_pipeline.supply.problem.data.spread import spread
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.problem.usual_costs import OVERTIME_PREMIUM

PAID_HOURS, HEADS_FOR_HOURS = "paid_hours", "heads_for_hours"
"""Regular hours added whose pay is due as that of heads is, and heads hired for them, beside those of the plan."""


@dataclass(frozen=True)
class ResourceData:
    """Resources with hours (labour and machines): (H,) and (H, T) arrays in heads, hours and money.

    Pay of a month is the rate (H,) x ``pay_factor`` (H, T): regular, overtime and temporary alike. ``raised`` is what a
    limit's relief adds to it, by the limit's name (H, T).
    """

    names: list[str]
    hours: Floats
    fixed_hours: Floats
    days: Floats
    opening: Floats
    free_start: np.ndarray
    unlimited: np.ndarray
    can_hire: np.ndarray
    can_lay_off: np.ndarray
    labour: np.ndarray
    down: Floats
    has_overtime: np.ndarray
    overtime_cap: Floats
    overtime_share: Floats
    overtime_per_unit: Floats
    overtime_rate: Floats
    regular_rate: Floats
    pay_factor: Floats
    paid: np.ndarray
    min_utilisation: Floats
    table: pd.DataFrame
    raised: Mapping[str, Floats] = field(default_factory=dict)

    def more(self, limit: str) -> Floats:
        """What a limit is raised by (H, T)."""
        return self.raised.get(limit, np.zeros_like(self.days))

    @property
    def pay_for_more(self) -> Floats:
        """Regular pay of hours added, due whether they are used or not (H, T)."""
        paid: Floats = np.where(self.paid[:, None], self.more(PAID_HOURS), 0.0)
        return paid * self.regular_rate[:, None] * self.pay_factor

    @property
    def hiring_for_more(self) -> Floats:
        """Money for heads hired for hours added (H, T)."""
        cost: Floats = self.table["hire_cost"].fillna(0.0).to_numpy(float)[:, None]
        return self.more(HEADS_FOR_HOURS) * cost


@dataclass(frozen=True)
class _Overtime:
    """Which resources have overtime (H,), its limits by month (H, T) and its pay an hour (H,)."""

    allowed: np.ndarray
    cap: Floats
    share: Floats
    per_unit: Floats
    rate: Floats


def resource_data(problem: PlanningProblem, months: list[str], assumptions: list[str]) -> ResourceData:
    """Return the resources with hours, defaults filled in and named in ``assumptions``."""
    table = problem.resources[has_hours(problem.resources)].reset_index(drop=True)
    names = list(table["resource_id"])
    days = site_days(problem.calendar, months, table["site_id"])
    hours = _hours(table, days)
    capacity = spread(problem.resource_months, "resource_id", "capacity", names, months)
    capacity = np.where(np.isnan(capacity), table["capacity"].to_numpy(float)[:, None], capacity)
    labour = (table["kind"] == "labour").to_numpy()
    opening = table["opening_units"].to_numpy(float)
    no_hours = np.isnan(hours).any(axis=1)
    single = np.isnan(opening) & ~labour & ~no_hours
    if single.any():
        assumptions.append("opening_units of " + ", ".join(table.loc[single, "resource_id"]) + ": one machine")
    overtime = _overtime(table, spread(problem.resource_months, "resource_id", "overtime_hours", names, months))
    if (overtime.allowed & table["overtime_rate"].isna()).any():
        named = ", ".join(table.loc[overtime.allowed & table["overtime_rate"].isna(), "resource_id"])
        assumptions.append(f"overtime_rate of {named}: 1.5 times the regular rate")
    return ResourceData(
        names=names,
        hours=np.nan_to_num(hours),
        fixed_hours=capacity,
        days=days,
        opening=np.where(single, 1.0, opening),
        free_start=np.isnan(opening) & labour,
        unlimited=np.asarray(no_hours & np.isnan(capacity).all(axis=1)),
        can_hire=_possible(table, "hire_cost", "max_hires"),
        can_lay_off=_possible(table, "layoff_cost", "max_layoffs"),
        labour=labour,
        down=spread(problem.resource_months, "resource_id", "units_down", names, months, 0.0),
        has_overtime=overtime.allowed,
        overtime_cap=overtime.cap,
        overtime_share=overtime.share,
        overtime_per_unit=overtime.per_unit,
        overtime_rate=overtime.rate,
        regular_rate=table["regular_rate"].fillna(0.0).to_numpy(float),
        pay_factor=1 + spread(problem.resource_months, "resource_id", "pay_change_pct", names, months, 0.0) / 100,
        paid=(table["pay_basis"].fillna("paid") != "worked").to_numpy(),
        min_utilisation=table["min_utilisation_pct"].fillna(0.0).to_numpy(float) / 100,
        table=table,
    )


def _hours(table: pd.DataFrame, days: Floats) -> Floats:
    """Hours of one head or machine (H, T): those of a month where stated, else those of its working days."""
    per_month = table["hours_per_month"].to_numpy(float)[:, None]
    return np.where(np.isnan(per_month), table["hours_per_day"].to_numpy(float)[:, None] * days, per_month)


def _overtime(table: pd.DataFrame, of_month: Floats) -> _Overtime:
    """Limits of overtime: the month's own hours, else a share of regular hours, or hours a head; and its pay."""
    share = table["overtime_limit_pct"].to_numpy(float) / 100
    per_unit = table["overtime_hours_per_unit"].to_numpy(float)
    rate = table["overtime_rate"].to_numpy(float)
    allowed = ~np.isnan(np.stack([share, per_unit, rate])).all(axis=0) | ~np.isnan(of_month).all(axis=1)
    regular = table["regular_rate"].fillna(0.0).to_numpy(float)
    return _Overtime(
        allowed=allowed,
        cap=np.where(np.isnan(of_month), INF, of_month),
        share=np.where(np.isnan(of_month), share[:, None], np.nan),
        per_unit=np.where(np.isnan(of_month), per_unit[:, None], np.nan),
        rate=np.where(allowed & np.isnan(rate), OVERTIME_PREMIUM * regular, rate),
    )


def _possible(table: pd.DataFrame, cost: str, limit: str) -> np.ndarray:
    """An action is possible where its cost is stated (0: free) or a limit above zero is."""
    return (table[cost].notna() | (table[limit].fillna(0.0) > 0)).to_numpy()
