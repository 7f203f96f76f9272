"""The invented company: its products, and what it sells, makes and keeps each month, past and ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months

FAMILIES = ("Snacks", "Cereals", "Drinks", "Sauces", "Frozen meals", "Pet food", "Bakery", "Dairy")
STRATEGIES = ("level", "chase", "blended")
PAST = 36
CYCLE = Cycle.parse("2026-11")


@dataclass(frozen=True)
class Shape:
    """What kind of company to invent."""

    families: int = 6
    products: int = 6
    horizon: int = 24
    money: bool = True
    business_plan: bool = True
    first_cycle: bool = False
    names: dict[str, str] = field(default_factory=dict)
    seed: int = 7


def company(**changes: Any) -> Company:
    """A company's configuration."""
    return Company.model_validate({"company": "Meridian Foods", "country": "DE", "sources": {}, **changes})


class Firm:
    """What every table is made from; whatever is invented balances."""

    def __init__(self, shape: Shape, cycle: Cycle) -> None:
        self.shape, self.cycle = shape, cycle
        self.rng = np.random.default_rng(shape.seed)
        self.past = [add_months(cycle.month, -lag) for lag in range(PAST, 0, -1)]
        self.ahead = cycle.horizon(shape.horizon)
        self.months = [*self.past, *self.ahead]
        self.products = self._products()
        self.facts = self._facts()

    def _products(self) -> pd.DataFrame:
        rows = []
        for f in range(self.shape.families):
            family = FAMILIES[f] if f < len(FAMILIES) else f"Family {f + 1}"
            for p in range(self.shape.products):
                key = f"P{f + 1:02d}{p + 1:02d}"
                price = round(float(self.rng.uniform(2, 9)), 2)
                rows.append(
                    {
                        "product_id": key,
                        "product_name": self.shape.names.get(key, f"{family} no {p + 1}"),
                        "family": self.shape.names.get(family, family),
                        "unit_of_measure": "case",
                        "unit_price": price if self.shape.money else None,
                        "standard_cost": round(price * 0.66, 2) if self.shape.money else None,
                        "phase": float(self.rng.uniform(0, 6)),
                        "base": float(self.rng.uniform(800, 14000)),
                        "trend": float(self.rng.uniform(-0.004, 0.008)),
                    }
                )
        return pd.DataFrame(rows)

    def _facts(self) -> pd.DataFrame:
        """One row per product and month, past and ahead, with quantities that balance."""
        parts = []
        for _, item in self.products.iterrows():
            t = np.arange(len(self.months))
            season = 1 + 0.22 * np.sin((t + item.phase) * 2 * np.pi / 12)
            demand = item.base * season * (1 + item.trend) ** t
            demand[:PAST] *= self.rng.normal(1, 0.06, PAST)
            demand = np.round(demand, 4)
            output = np.round(pd.Series(demand).rolling(5, center=True, min_periods=1).mean().to_numpy(), 4)
            stock = np.round(item.base * 0.55 + np.cumsum(output - demand), 4)
            part = pd.DataFrame({"month": self.months, "demand": demand, "output": output, "stock": stock})
            low = -min(0.0, float((stock - item.base * 0.15).min()))
            part["stock"] += low
            part["product_id"], part["family"] = item.product_id, item.family
            part["price"], part["cost"] = item.unit_price, item.standard_cost
            part["plan_before"] = np.round(part["demand"] * self.rng.normal(1.01, 0.03), 4)
            part["business"] = np.round(part["demand"] * self.rng.normal(1.02, 0.02), 4)
            parts.append(part)
        facts = pd.concat(parts, ignore_index=True)
        facts["ahead"] = facts["month"] >= self.cycle.month
        facts["revenue"] = (facts["demand"] * facts["price"].astype(float)).round(2)
        facts["cogs"] = (facts["demand"] * facts["cost"].astype(float)).round(2)
        facts["margin"] = facts["revenue"] - facts["cogs"]
        facts["value"] = (facts["stock"] * facts["cost"].astype(float)).round(2)
        return facts

    @property
    def plan(self) -> pd.DataFrame:
        return self.facts[self.facts["ahead"]]

    @property
    def history(self) -> pd.DataFrame:
        return self.facts[~self.facts["ahead"]]

    def families(self) -> list[str]:
        return list(dict.fromkeys(self.products["family"]))
