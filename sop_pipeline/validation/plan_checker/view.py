"""A plan and its problem as the checker sees them: arrays by product, resource and month, and what violates them.

Not here: how tables are read (``reading``), the identities (``stock``, ``hours``, ``costs``, ``routes``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

UNIT_TOLERANCE = 1e-3
ROUNDING = 2e-4


@dataclass(frozen=True)
class Violation:
    """One identity that does not hold: its name, where, what was found and what was needed."""

    identity: str
    item: str
    month: str
    found: float
    needed: float
    strategy: str = ""
    scenario: str = ""

    def __str__(self) -> str:
        where = " ".join(part for part in (self.strategy, self.scenario, self.item, self.month) if part)
        return f"{self.identity}: {where}: found {self.found:,.4f}; needed {self.needed:,.4f}"


@dataclass(frozen=True)
class PlanView:
    """One problem and one plan. Arrays are (products, months) or (resources, months); blank limits are NaN."""

    months: list[str]
    products: pd.DataFrame
    resources: pd.DataFrame
    others: pd.DataFrame
    features: pd.DataFrame
    materials: pd.DataFrame
    demand: Floats
    must_serve: Floats
    state: pd.DataFrame
    by_month: Mapping[str, Floats]
    days: Floats
    product_days: Floats
    down: Floats
    stated_hours: Floats
    pay_factor: Floats
    month_overtime: Floats
    other_capacity: Floats
    items: Mapping[str, Floats] = field(default_factory=dict)
    hours: Mapping[str, Floats] = field(default_factory=dict)
    costs: pd.DataFrame = field(default_factory=pd.DataFrame)
    shortfalls: Mapping[str, Mapping[tuple[str, str], float]] = field(default_factory=dict)
    whole_workers: bool = False
    profit: bool = False
    monthly: Mapping[tuple[str, str, int, str], Floats] = field(default_factory=dict)
    routes: Mapping[tuple[str, str, str], Floats] | None = None
    raised: Mapping[str, Floats] = field(default_factory=dict)

    def more(self, *limits: str) -> Floats:
        """What limits are raised by, added up (H, T); ``heads`` are those hired for hours that were added."""
        nothing = np.zeros((len(self.resources), len(self.months)))
        return sum((self.raised.get(limit, nothing) for limit in limits), nothing)

    def declared(self, rule: str, names: list[str]) -> Floats:
        """Shortfall that the plan admits to (names, months)."""
        amounts = self.shortfalls.get(rule, {})
        return np.array([[amounts.get((name, month), 0.0) for month in self.months] for name in names]).reshape(
            len(names), len(self.months)
        )

    def own(self, column: str, standing: Floats | None = None) -> Floats:
        """A figure of products by month (P, T): the month's own, else the product's (``standing`` in its place)."""
        general = self.products[column].to_numpy(float) if standing is None else standing
        month = self.by_month[column]
        return np.where(np.isnan(month), general[:, None], month)

    @property
    def product_names(self) -> list[str]:
        """Planned items in order."""
        return list(self.products["product_id"])

    @property
    def resource_names(self) -> list[str]:
        """Resources with hours in order."""
        return list(self.resources["resource_id"])

    @property
    def hours_a_head(self) -> Floats:
        """Hours one head or machine gives in each month (H, T); NaN where nothing is said."""
        month = self.resources["hours_per_month"].to_numpy(float)[:, None]
        day = self.resources["hours_per_day"].to_numpy(float)[:, None] * self.days
        return np.where(np.isnan(month), day, np.broadcast_to(month, day.shape))

    def usage(self, names: list[str], *, alternatives: bool) -> Floats:
        """What output takes of each named feature, in the month it is taken (names, T); options apart or alone.

        An alternative takes by what its route made; where the plan names no routes, all output counts.
        """
        out = np.zeros((len(names), len(self.months)))
        place = {name: index for index, name in enumerate(names)}
        product = {name: index for index, name in enumerate(self.product_names)}
        for row in self.features.to_dict("records"):
            optional = bool(row["option_group"])
            if row["feature"] not in place or row["product_id"] not in product or optional != alternatives:
                continue
            lead = 0 if np.isnan(row["lead_months"]) else int(row["lead_months"])
            line, owner = place[row["feature"]], product[row["product_id"]]
            of_month = self.monthly.get((row["product_id"], row["feature"], lead, row["option_group"]))
            amount = np.full(len(self.months), row["quantity"])
            amount = amount if of_month is None else np.where(np.isnan(of_month), amount, of_month)
            used = (self.routed(row) if optional else self.items["output"][owner]) * amount
            out[line, : len(self.months) - lead] += used[lead:]
            if not np.isnan(row["setup"]):
                out[line] += row["setup"] * self.items["set_up"][owner]
        return out

    def routed(self, feature: Mapping[Any, Any]) -> Floats:
        """Output made by an alternative (T,); all of the product's where the plan names no routes."""
        product, group, choice = feature["product_id"], *split_group(feature["option_group"], feature["feature"])
        if self.routes is None:
            return self.items["output"][self.product_names.index(product)]
        return self.routes.get((product, group, choice), np.zeros(len(self.months)))

    def weight(self, names: list[str]) -> Floats:
        """Sum over products of what a unit takes of each named feature (names,): how far rounding can carry."""
        total = self.features.groupby("feature")["quantity"].sum()
        return total.reindex(names).fillna(0.0).to_numpy(float)


def split_group(option_group: str, feature: str) -> tuple[str, str]:
    """Group and choice of an alternative: what stands before and after the slash; the feature where nothing does."""
    group, _, choice = option_group.partition("/")
    return group, choice or feature


def label(value: object) -> str:
    """A month as text: YYYY-MM for dates, the text itself for anything else."""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m"))
    text = str(value)
    return text[:7] if re.match(r"^\d{4}-\d{2}-\d{2}", text) else text


def breaches(
    identity: str, names: list[str], months: list[str], found: Floats, needed: Floats, wrong: npt.NDArray[np.bool_]
) -> list[Violation]:
    """A violation for each place that is wrong."""
    shape = wrong.shape
    found, needed = np.broadcast_to(found, shape), np.broadcast_to(needed, shape)
    return [
        Violation(identity, names[row], months[column], float(found[row, column]), float(needed[row, column]))
        for row, column in np.argwhere(wrong)
    ]
