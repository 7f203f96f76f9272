"""Invented tables of a whole cycle that conform to the registry and foot, for the packs to be built from.

Not a test: pack tests need every table of a cycle at once, with knobs (families, products, money or none, first cycle
or not) that a real company cannot turn. What the numbers mean does not matter; that they add up does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months

FAMILIES = ("Snacks", "Cereals", "Drinks", "Sauces", "Frozen meals", "Pet food", "Bakery", "Dairy")
STRATEGIES = ("level", "chase", "blended")
PAST = 36


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


CYCLE = Cycle.parse("2026-11")


def cycle_tables(shape: Shape = Shape(), cycle: Cycle = CYCLE) -> dict[str, pa.Table]:
    """Every table of a cycle, input and output, conforming to the registry."""
    data = _Maker(shape, cycle)
    made = {
        name.removeprefix("make_"): tables.conform(name.removeprefix("make_"), _listed(getattr(data, name)()))
        for name in dir(_Maker)
        if name.startswith("make_")
    }
    return {name: made.get(name, tables.empty(name)) for name in tables.REGISTRY}


def _listed(rows: Any) -> Any:
    return rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))


class _Maker:
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

    # -- inputs ---------------------------------------------------------------------------------------------------

    def make_products(self) -> pd.DataFrame:
        return self.products.drop(columns=["phase", "base", "trend"])

    def make_resources(self) -> list[dict[str, Any]]:
        return [
            {"resource_id": "Packers", "kind": "labour", "hire_lead_months": 2, "opening_units": 84},
            {"resource_id": "Press line", "kind": "machine", "opening_units": 4},
            {"resource_id": "Mixing", "kind": "machine", "opening_units": 3},
            {"resource_id": "Warehouse", "kind": "storage", "capacity": 150000},
        ]

    def make_product_features(self) -> list[dict[str, Any]]:
        return [
            {"product_id": key, "feature": feature, "quantity": 0.02}
            for n, key in enumerate(self.products["product_id"])
            for feature in ("Packers", "Press line" if n % 2 else "Mixing")
        ]

    def make_assumptions(self) -> list[dict[str, Any]]:
        return [
            {
                "assumption_id": "A1",
                "text": "Sugar stays at its October price until June",
                "value": "0.61 a kg",
                "owner": "Purchasing",
                "changed_on": date(2026, 10, 22),
            },
            {"assumption_id": "A2", "text": "No new competitor in Drinks before May", "owner": "Marketing"},
        ]

    def make_risks_opportunities(self) -> list[dict[str, Any]]:
        base = {"month_from": date(2027, 2, 1), "month_to": date(2027, 5, 1), "owner": "Sales"}
        effect = 1.0 if self.shape.money else None
        return [
            base
            | {
                "item_id": f"R{n}",
                "kind": kind,
                "description": words,
                "probability": chance,
                "units": units,
                "revenue": effect and units * 4,
                "margin": effect and units * 1.3,
                "family": self.families()[n % len(self.families())],
                "trigger_on": date(2026, 12, 4 + n),
                "included": n == 0,
            }
            for n, (kind, words, chance, units) in enumerate(
                [
                    ("risk", "A retailer delists the second brand", 0.3, -21000.0),
                    ("opportunity", "Export order for the summer range", 0.4, 32000.0),
                    ("risk", "Strike at the film supplier", 0.15, -14000.0),
                    ("opportunity", "Spring promotion repeats last year's lift", 0.6, 9000.0),
                ]
            )
        ]

    def make_decisions(self) -> list[dict[str, Any]]:
        return [
            {
                "decision_id": "D-09-1",
                "cycle": "2026-09",
                "question": "Weekend shift on Mixing through December?",
                "chosen": "Yes, 12 people",
                "by": "Managing director",
                "on": date(2026, 9, 24),
                "owner": "Operations",
                "due": date(2026, 10, 15),
                "status": "done",
                "promised_value": 240000,
                "realised_value": 205000,
            },
            {
                "decision_id": "D-10-1",
                "cycle": "2026-10",
                "question": "Delist the small can in the south?",
                "chosen": "After Christmas",
                "owner": "Marketing",
                "due": date(2027, 1, 10),
                "status": "open",
                "promised_value": 90000,
            },
        ]

    # -- ingest, portfolio, demand --------------------------------------------------------------------------------

    def make_source_files(self) -> list[dict[str, Any]]:
        rows = (("sales", "data/sales.csv", 500123, 499880, 206, 31), ("products", "data/products.xlsx", 60, 60, 0, 0))
        names = ("table", "file", "rows_read", "rows_used", "rows_duplicate", "rows_quarantined")
        fixed = {"sha256": "ab" * 32, "rows_superseded": 0, "rows_later": 6, "note": "comma, UTF-8"}
        return [dict(zip(names, row, strict=True)) | fixed for row in rows]

    def make_quarantine(self) -> list[dict[str, Any]]:
        return [
            {
                "table": "sales",
                "file": "data/sales.csv",
                "row": 1000 + n,
                "column": "product_id",
                "value": "P9999",
                "reason": "no such product; add it to products or correct the row",
                "content": "{}",
            }
            for n in range(31)
        ]

    def make_working_calendar(self) -> list[dict[str, Any]]:
        return [
            {"month": month, "working_days": 20 + n % 3, "source": "calendar"} for n, month in enumerate(self.months)
        ]

    def make_product_lifecycle(self) -> list[dict[str, Any]]:
        rows = [
            {
                "product_id": item.product_id,
                "product_name": item.product_name,
                "family": item.family,
                "status": "active",
                "first_month": self.past[0],
                "last_month": self.past[-1],
                "history_months": PAST,
            }
            for item in self.products.itertuples()
        ]
        rows[0] |= {"status": "new", "history_months": 4, "first_month": self.past[-4]}
        rows[-1] |= {"status": "phase_out", "discontinued_on": date(2027, 3, 31)}
        return rows

    def make_demand_history(self) -> pd.DataFrame:
        out = self.history.assign(quantity=self.history["demand"], cleansed=self.history["demand"], returns=0.0)
        out = out.assign(signal="sales", flag=None, reason=None)
        odd = out.index[5]
        out.loc[odd, ["flag", "reason"]] = ["outlier", "4,100 against 2,300 expected"]
        return out

    def make_demand_plan(self) -> pd.DataFrame:
        plan = self.plan
        lag = plan["month"].map({month: n for n, month in enumerate(self.ahead)})
        spread = 0.10 + 0.004 * lag
        return plan.assign(
            lag=lag,
            quantity=plan["demand"],
            adjustment=(plan["demand"] * 0.03).round(4),
            statistical=plan["demand"] - (plan["demand"] * 0.03).round(4),
            p10=plan["demand"] * (1 - spread),
            p50=plan["demand"] * 0.995,
            p90=plan["demand"] * (1 + spread),
        )

    def make_demand_range(self) -> pd.DataFrame:
        plan = self.make_demand_plan()
        levels = (("product", plan["product_id"], 1.0), ("family", plan["family"], 0.6), ("company", None, 0.4))
        parts = []
        for level, item, narrow in levels:
            keyed = plan.assign(level=level, item_id=item if item is not None else "Meridian Foods")
            total = keyed.groupby(["level", "item_id", "month", "lag"], as_index=False)[["demand"]].sum()
            width = (0.10 + 0.004 * total["lag"]) * narrow
            total = total.assign(mean=total["demand"], p50=total["demand"] * 0.998)
            parts.append(total.assign(p10=total["demand"] * (1 - width), p90=total["demand"] * (1 + width)))
        return pd.concat(parts)

    def make_demand_adjustments(self) -> pd.DataFrame:
        plan = self.make_demand_plan()
        return plan.assign(
            stream="sales", precedence=1, before=plan["statistical"], change=plan["adjustment"], reason="New listings"
        )

    def make_forecast_accuracy(self) -> list[dict[str, Any]]:
        rows = []
        for level, items in (("product", ["all"]), ("family", ["all", *self.families()])):
            for n, item in enumerate(items):
                for lag in range(4):
                    for approach, worse in (("bottom_up", 0.0), ("naive", 0.05)):
                        wmape = 0.08 + 0.012 * lag + 0.013 * n + worse
                        rows.append(
                            {
                                "approach": approach,
                                "level": level,
                                "item_id": item,
                                "lag": lag,
                                "n": 72,
                                "wmape": wmape,
                                "bias": 0.01 * (n % 3 - 1) + 0.003 * lag,
                                "tracking_signal": 5.2 if n == 3 else 1.1,
                                "mase": 0.8 + wmape,
                                "rmsse": 0.9,
                                "coverage": 0.79,
                            }
                        )
        return rows

    def make_forecast_approach(self) -> list[dict[str, Any]]:
        return [
            {
                "approach": approach,
                "wmape": wmape,
                "bias": 0.004,
                "chosen": approach == "bottom_up",
                "reason": "configured; the smallest backtest error"
                if approach == "bottom_up"
                else "not the one configured",
            }
            for approach, wmape in (
                ("bottom_up", 0.104),
                ("top_down_forecast_proportions", 0.121),
                ("top_down_average_proportions", 0.133),
                ("top_down_proportion_of_averages", 0.131),
            )
        ]

    def make_forecast_value_added(self) -> list[dict[str, Any]]:
        steps = (("naive", 0.162), ("statistical", 0.118), ("sales", 0.109), ("marketing", 0.113), ("consensus", 0.112))
        rows = []
        for n, item in enumerate(["all", *self.families()]):
            before = None
            for position, (step, wmape) in enumerate(steps):
                error = wmape + 0.01 * n + (0.006 * ((n + position) % 3 - 1) if n else 0)
                rows.append(
                    {
                        "step": step,
                        "position": position,
                        "level": "family",
                        "item_id": item,
                        "lag": 1,
                        "n": 36,
                        "wmape": error,
                        "bias": 0.01,
                        "tracking_signal": 1.0,
                        "value_added": None if before is None else before - error,
                        "value_added_money": None if before is None else round((before - error) * 1e6, 2),
                    }
                )
                before = error
        return rows

    # -- supply ---------------------------------------------------------------------------------------------------

    def make_planning_approach(self) -> list[dict[str, Any]]:
        return [
            {"family": name, "approach": "bottom_up", "worst_mix_drift": 0.02, "reason": "configured"}
            for name in self.families()
        ]

    def make_resource_plan(self) -> list[dict[str, Any]]:
        rows = []
        for s, strategy in enumerate(STRATEGIES):
            for r, (name, kind) in enumerate((("Packers", "labour"), ("Press line", "machine"), ("Mixing", "machine"))):
                for n, month in enumerate(self.ahead):
                    wave = np.sin((n + r) * 2 * np.pi / 12)
                    use = 0.88 + (0.0 if s == 0 else 0.12) * wave + 0.03 * r
                    use = max(use, 1.06) if (r == 1 and 2 <= n <= 5) else use
                    available = 14000.0 / (r + 1)
                    regular = min(use, 1.0) * available
                    heads = 84 + round(6 * wave) * s if r == 0 else 4
                    rows.append(
                        {
                            "strategy": strategy,
                            "scenario": "base",
                            "resource_id": name,
                            "kind": kind,
                            "month": month,
                            "units": heads,
                            "hires": 2 if s and n % 6 == 2 else 0,
                            "layoffs": 1 if s == 1 and n % 6 == 5 else 0,
                            "temporary": 0,
                            "regular_hours": regular,
                            "overtime_hours": max(0.0, use - 1) * available,
                            "idle_hours": available - regular,
                            "units_down": 0,
                            "available": available,
                            "utilisation": use,
                        }
                    )
        return rows

    def make_aggregate_plan(self) -> pd.DataFrame:
        parts = []
        for s, strategy in enumerate(STRATEGIES):
            plan = self.plan.assign(strategy=strategy, scenario="base", item_id=self.plan["product_id"])
            plan = plan.assign(item_level="product", subcontract=0.0, inventory=plan["stock"] * (1.3 - 0.2 * s))
            parts.append(plan.assign(backlog=0.0, lost_sales=0.0, target_stock=plan["demand"] * 0.3))
        return pd.concat(parts)

    def _kinds(self) -> dict[str, float]:
        return {"material": 61e6, "regular_pay": 21e6, "overtime": 0.4e6, "holding": 2.2e6, "hiring": 0.1e6}

    def make_plan_costs(self) -> list[dict[str, Any]]:
        return [
            {
                "strategy": strategy,
                "scenario": "base",
                "month": month,
                "item": "Packers",
                "kind": kind,
                "amount": round(amount * (1.05 - 0.02 * s) / len(self.ahead), 2),
            }
            for s, strategy in enumerate(STRATEGIES)
            for month in self.ahead
            for kind, amount in self._kinds().items()
        ]

    def make_plan_summary(self) -> pd.DataFrame:
        costs = pd.DataFrame(self.make_plan_costs()).groupby(["strategy", "scenario"], as_index=False)["amount"].sum()
        revenue = float(self.plan["revenue"].sum()) if self.shape.money else 0.0
        out = costs.rename(columns={"amount": "total_cost"})
        rank = out["strategy"].map({name: n for n, name in enumerate(STRATEGIES)})
        return out.assign(
            status="optimal",
            shortfall_cost=0.0,
            total_revenue=revenue,
            total_profit=revenue - out["total_cost"],
            lost_units=0.0,
            late_units=120.0 * rank,
            service=0.998 - 0.004 * rank,
            peak_inventory=310000 - 60000 * rank,
            hires=3 * rank,
            layoffs=2 * rank,
            overtime_hours=1800.0 * rank,
            worst_utilisation=1.0 + 0.05 * rank,
            instability=900.0 + 4000 * (2 - abs(rank - 2)),
            mip_gap=0.0,
            chosen=out["strategy"] == "blended",
        )

    def make_plan_frontier(self) -> list[dict[str, Any]]:
        rows = [
            {
                "point": n,
                "label": {0: "blended", 8: "level"}.get(n, str(n)),
                "instability": 9000.0 - 1000 * n,
                "cost": 84.1e6 + 2.1e4 * n**2.4,
                "on_frontier": True,
                "recommended": n == 4,
                "reason": "97% of level's stability for 0.7% more cost" if n == 4 else None,
            }
            for n in range(9)
        ]
        chase = {"point": 9, "label": "chase", "instability": 9600.0, "cost": 86.4e6, "on_frontier": False}
        return [*rows, chase | {"recommended": False}]

    def make_plan_shortfalls(self) -> list[dict[str, Any]]:
        return [
            {
                "strategy": "blended",
                "scenario": "base",
                "rule": "safety stock",
                "item": self.products["product_id"].iloc[-1],
                "month": self.ahead[3],
                "quantity": 412.0,
                "unit": "case",
                "cost": 1800.0,
            }
        ]

    def make_shadow_prices(self) -> list[dict[str, Any]]:
        return [
            {
                "strategy": "blended",
                "scenario": "base",
                "constraint": "overtime limit",
                "item": "Press line",
                "month": month,
                "price_per_unit": 41.2 + n,
                "unit": "hour",
                "valid_from": 6800.0,
                "valid_to": 7640.0,
            }
            for n, month in enumerate(self.ahead[2:6])
        ]

    def make_production_schedule(self) -> pd.DataFrame:
        plan = self.plan.assign(site_id="North", subcontract=0.0, inventory=self.plan["stock"], backlog=0.0)
        plan = plan.assign(lost_sales=0.0, target_stock=plan["demand"] * 0.3, opening_backlog=0.0)
        return plan.assign(opening_stock=plan["stock"] - plan["output"] + plan["demand"])

    # -- reconciliation -------------------------------------------------------------------------------------------

    def make_last_plan(self) -> pd.DataFrame:
        if self.shape.first_cycle:
            return pd.DataFrame()
        before = self.facts[self.facts["month"] >= self.past[-1]]
        before = before.assign(cycle=self.cycle.previous().name, sales=before["plan_before"], inventory=before["stock"])
        before = before.assign(
            revenue=before["revenue"] * 1.01, margin=before["margin"], inventory_value=before["value"]
        )
        return before.assign(demand=before["plan_before"])

    def make_actuals(self) -> pd.DataFrame:
        past = self.history
        return past.assign(sales=past["demand"], inventory=past["stock"], inventory_value=past["value"])

    def make_sales_plan(self) -> pd.DataFrame:
        return self.plan.assign(sales=self.plan["demand"], unit_price=self.plan["price"])

    def make_production_plan(self) -> pd.DataFrame:
        return self.plan.assign(site_id="North", subcontract=0.0, output_per_working_day=self.plan["output"] / 21)

    def make_inventory_plan(self) -> pd.DataFrame:
        plan = self.plan.assign(inventory=self.plan["stock"], backlog=0.0, inventory_value=self.plan["value"])
        plan = plan.assign(target_low=plan["demand"] * 0.3, target_high=plan["demand"] * 1.6)
        return plan.assign(days_of_supply=plan["stock"] / plan["demand"] * 30)

    def make_new_product_plan(self) -> list[dict[str, Any]]:
        rows = []
        first, last = self.products.iloc[0], self.products.iloc[-1]
        for n, month in enumerate(self.ahead):
            ramp = 2000.0 * min(1, n / 6)
            rows.append(
                {
                    "product_id": "NEW1",
                    "product_name": "Oat range",
                    "family": first.family,
                    "kind": "launch",
                    "stage": "tooling",
                    "probability": 0.6,
                    "month": month,
                    "units": ramp,
                    "cannibalised": ramp * 0.2,
                    "revenue": ramp * 4 if self.shape.money else None,
                    "expected_revenue": ramp * 2.4 if self.shape.money else None,
                    "inventory": 500.0,
                }
            )
            rows.append(
                {
                    "product_id": last.product_id,
                    "product_name": last.product_name,
                    "family": last.family,
                    "kind": "phase_out",
                    "month": month,
                    "units": max(0.0, 900.0 - 180 * n),
                    "cannibalised": 0.0,
                    "inventory": max(140.0, 2400.0 - 600 * n),
                }
            )
        return rows

    def make_financial_plan(self) -> pd.DataFrame:
        total = self.facts.groupby(["family", "month", "ahead"], as_index=False)[
            ["demand", "revenue", "cogs", "margin", "value"]
        ].sum(min_count=1)
        total = total.assign(basis=np.where(total["ahead"], "plan", "actual"), units=total["demand"])
        total = total.assign(inventory_value=total["value"], receivables=total["revenue"], payables=total["cogs"] * 0.6)
        total["working_capital"] = total["inventory_value"] + total["receivables"] - total["payables"]
        return total.assign(cash_flow=(total["margin"] * 0.8).round(2))

    def make_operational_plan(self) -> list[dict[str, Any]]:
        rows = []
        for month in self.ahead:
            for department, commitment, item, allots, amount, unit in (
                ("Production", "run shifts", "Press line", "time", 6800.0, "hours"),
                ("People", "employ", "Packers", "people", 84.0, "heads"),
                ("Finance", "spend", "material", "money", 3.1e6, "EUR"),
            ):
                rows.append(
                    {
                        "month": month,
                        "department": department,
                        "commitment": commitment,
                        "item": item,
                        "allots": allots,
                        "quantity": amount,
                        "unit": unit,
                        "owner": "Operations",
                    }
                )
        return rows

    def make_plan_attainment(self) -> list[dict[str, Any]]:
        if self.shape.first_cycle:
            return []
        rows = []
        for month in self.past[-3:]:
            facts = self.facts[self.facts["month"] == month].groupby("family")[
                ["demand", "output", "stock", "plan_before"]
            ]
            for family, item in facts.sum().iterrows():
                pairs = (("sales", item.demand, item.plan_before), ("production", item.output, item.output * 1.08))
                for measure, actual, plan in (*pairs, ("inventory", item.stock, item.stock * 0.8)):
                    rows.append(
                        {
                            "measure": measure,
                            "family": family,
                            "month": month,
                            "cycle": self.cycle.previous().name,
                            "plan": plan,
                            "actual": actual,
                            "attainment": 1 - abs(actual - plan) / plan,
                        }
                    )
        return rows

    def make_plan_gap(self) -> pd.DataFrame:
        facts = self.facts.sort_values(["product_id", "month"])
        measures = {"units": "demand", "revenue": "revenue", "margin": "margin", "inventory_value": "value"}
        parts = []
        for measure, column in measures.items():
            part = facts.assign(latest=facts[column], last_year=facts.groupby("product_id")[column].shift(12))
            factor = facts["business"] / facts["demand"]
            part["business_plan"] = part["latest"] * factor if self.shape.business_plan else np.nan
            part["last_plan"] = np.nan if self.shape.first_cycle else part["latest"] * 1.01
            columns = ["latest", "business_plan", "last_plan", "last_year"]
            total = part.groupby(["family", "month", "ahead"], as_index=False)[columns].sum(min_count=1)
            total["gap"] = total["latest"] - total["business_plan"].fillna(total["last_year"])
            parts.append(total.assign(measure=measure, basis=np.where(total["ahead"], "plan", "actual")))
        return pd.concat(parts)

    def _year(self, values: pd.DataFrame) -> pd.DataFrame:
        return values[[month.year == self.cycle.month.year for month in values["month"]]]

    def make_bridge(self) -> list[dict[str, Any]]:
        if not (self.shape.money and self.shape.business_plan):
            return []
        gaps = self._year(self.make_plan_gap())
        rows = []
        for measure in ("revenue", "margin"):
            for family, gap in gaps[gaps["measure"] == measure].groupby("family")["gap"].sum().items():
                volume, price = round(gap * 1.2, 2), round(-gap * 0.35, 2)
                parts = {"volume": volume, "price": price, "mix": round(float(gap), 2) - volume - price}
                rows += [
                    {
                        "measure": measure,
                        "fiscal_year": self.cycle.month.year,
                        "family": family,
                        "cause": cause,
                        "amount": amount,
                    }
                    for cause, amount in parts.items()
                ]
        return rows

    def make_key_figures(self) -> list[dict[str, Any]]:
        year = self.cycle.month.year
        rows = [
            {
                "measure": "service",
                "fiscal_year": year,
                "unit": "share",
                "latest": 0.961,
                "p10": 0.949,
                "p90": 0.972,
                "business_plan": 0.98 if self.shape.business_plan else None,
                "last_plan": None if self.shape.first_cycle else 0.957,
                "last_year": 0.952,
                "note": "fill rate: shipped / demanded",
            }
        ]
        if not self.shape.money:
            return rows
        gaps = self._year(self.make_plan_gap())
        for measure in ("revenue", "margin", "inventory_value"):
            part = gaps[gaps["measure"] == measure]
            if measure == "inventory_value":
                part = part[part["month"] == part["month"].max()]
            total = part[["latest", "business_plan", "last_plan", "last_year"]].sum(min_count=1)
            rows.append(
                {"measure": measure, "fiscal_year": year, "unit": "currency", "note": None}
                | total.to_dict()
                | {"p10": total["latest"] * 0.985, "p90": total["latest"] * 1.014}
            )
        revenue, margin = (next(r for r in rows if r["measure"] == name) for name in ("revenue", "margin"))
        ratio = {
            name: margin[name] / revenue[name] if revenue[name] == revenue[name] and revenue[name] else None
            for name in ("latest", "business_plan", "last_plan", "last_year")
        }
        return [*rows, {"measure": "margin_pct", "fiscal_year": year, "unit": "share"} | ratio]

    def make_plan_changes(self) -> pd.DataFrame:
        if self.shape.first_cycle:
            return pd.DataFrame()
        plan = self.plan.assign(demand_change=self.plan["demand"] - self.plan["plan_before"])
        plan["revenue_change"] = plan["demand_change"] * plan["price"].astype(float)
        total = plan.groupby(["product_id", "family"], as_index=False)[["demand_change", "revenue_change"]].sum(
            min_count=1
        )
        total["statistical_change"] = (total["demand_change"] * 0.7).round(4)
        total["streams_change"] = total["demand_change"] - total["statistical_change"]
        return total.assign(cause="statistical forecast: the level fell after three weak months")

    def make_decisions_wanted(self) -> list[dict[str, Any]]:
        effect = 1.0 if self.shape.money else None
        rows = []
        cases = (
            (
                "Third shift on the press line, February to May?",
                "Utilisation 106% in January; an hour is worth €44, up to 640 hours",
                [("no shift", -2.1e6), ("third shift, 18 people", 1.2e6), ("subcontract 60 t a month", 0.4e6)],
                1,
                "Pays back in 5 weeks; C is the fallback if hiring slips past 12 January",
                date(2026, 11, 28),
                "Operations",
            ),
            (
                "Build stock for the summer peak from March?",
                "Peak demand is 22% over the average month",
                [("chase", 0.0), ("blended", 0.7e6)],
                1,
                "97% of level's stability at 71% of its stock",
                date(2027, 1, 31),
                "Supply chain",
            ),
            (
                "Move the Oat range launch to April?",
                "The launch is 60% likely in March",
                [("keep March", 0.3e6), ("April", 0.1e6)],
                0,
                "Worth 0.18 against 0.09 weighted",
                date(2026, 12, 12),
                "Marketing",
            ),
        )
        for rank, (question, context, options, best, why, last, owner) in enumerate(cases, start=1):
            for n, (words, amount) in enumerate(options):
                rows.append(
                    {
                        "decision_id": f"W{rank}",
                        "rank": rank,
                        "question": question,
                        "context": context,
                        "option": "ABC"[n],
                        "option_text": words,
                        "effect": effect and amount,
                        "recommended": n == best,
                        "why": why if n == best else None,
                        "last_safe_date": last + timedelta(days=0),
                        "owner": owner,
                    }
                )
        return rows

    def make_defaults_used(self) -> list[dict[str, Any]]:
        rows = [("holding_cost", "holding cost", "2% of unit cost a month", self.shape.families * self.shape.products)]
        if not self.shape.money:
            rows.append(("price", "price, cost", "none: money pages show units", len(self.products)))
        names = ("default_id", "missing", "assumed", "items")
        return [dict(zip(names, row, strict=True)) for row in rows]
