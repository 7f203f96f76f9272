"""Tables of the supply step: plans of three strategies, their costs and limits.

A function a table, named as it is, which returns its rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.cycle import last_safe_day
from tests.packs.invented.firm import STRATEGIES, Firm


def planning_approach(firm: Firm) -> list[dict[str, Any]]:
    return [
        {"family": name, "approach": "bottom_up", "worst_mix_drift": 0.02} | {"basis": "configured", "drift": "none"}
        for name in firm.families()
    ]


def resource_plan(firm: Firm) -> list[dict[str, Any]]:
    rows = []
    for s, strategy in enumerate(STRATEGIES):
        for r, (name, kind) in enumerate((("Packers", "labour"), ("Press line", "machine"), ("Mixing", "machine"))):
            for n, month in enumerate(firm.ahead):
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


def aggregate_plan(firm: Firm) -> pd.DataFrame:
    parts = []
    for s, strategy in enumerate(STRATEGIES):
        plan = firm.plan.assign(strategy=strategy, scenario="base", item_id=firm.plan["product_id"])
        plan = plan.assign(item_level="product", subcontract=0.0, inventory=plan["stock"] * (1.3 - 0.2 * s))
        parts.append(plan.assign(backlog=0.0, lost_sales=0.0, target_stock=plan["demand"] * 0.3))
    return pd.concat(parts)


def _kinds() -> dict[str, float]:
    return {"material": 61e6, "regular_pay": 21e6, "overtime": 0.4e6, "holding": 2.2e6, "hiring": 0.1e6}


def plan_costs(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "strategy": strategy,
            "scenario": "base",
            "month": month,
            "item": "Packers",
            "kind": kind,
            "amount": round(amount * (1.05 - 0.02 * s) / len(firm.ahead), 2),
        }
        for s, strategy in enumerate(STRATEGIES)
        for month in firm.ahead
        for kind, amount in _kinds().items()
    ]


def plan_summary(firm: Firm) -> pd.DataFrame:
    costs = pd.DataFrame(plan_costs(firm)).groupby(["strategy", "scenario"], as_index=False)[["amount"]].sum()
    revenue = float(firm.plan["revenue"].sum()) if firm.shape.money else 0.0
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


_WHY = {"reason": "saving", "saving_share": 0.57, "change_share": 0.25, "average_saving": 229.28}


def plan_frontier(firm: Firm) -> list[dict[str, Any]]:
    rows = [
        {
            "point": n,
            "label": {0: "blended", 8: "level"}.get(n, str(n)),
            "instability": 9000.0 - 1000 * n,
            "cost": 84.1e6 + 2.1e4 * n**2.4,
            "on_frontier": True,
            "recommended": n == 4,
            **(_WHY if n == 4 else {}),
        }
        for n in range(9)
    ]
    chase = {"point": 9, "label": "chase", "instability": 9600.0, "cost": 86.4e6, "on_frontier": False}
    return [*rows, chase | {"recommended": False}]


def plan_shortfalls(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "strategy": "blended",
            "scenario": "base",
            "rule": "stock_below_target",
            "item": firm.products["product_id"].iloc[-1],
            "month": firm.ahead[3],
            "quantity": 412.0,
            "unit": "case",
            "cost": 1800.0,
        }
    ]


def shadow_prices(firm: Firm) -> list[dict[str, Any]]:
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
            "verified": True,
            "current_limit": 7200.0,
            "pay_per_unit": 0.0,
            "decide_by": last_safe_day(month, 1),
        }
        for n, month in enumerate(firm.ahead[2:6])
    ]


def limit_options(firm: Firm) -> list[dict[str, Any]]:
    months = firm.ahead[2:6]
    scope = {"scope": "all_months", "month_from": months[0], "month_to": months[-1], "months": 4}
    more = {"quantity": 4 * 440.0, "unit": "hour", "relief_cost": 0.0, "promised": 70400.0, "found": True}
    option = {"strategy": "blended", "scenario": "overtime limit-Press line-all_months", "decide_by": months[0]}
    return [option | scope | more | {"constraint": "overtime limit", "item": "Press line"}]


def limit_option_effects(firm: Firm) -> list[dict[str, Any]]:
    option = {"strategy": "blended", "scenario": "overtime limit-Press line-all_months"}
    return [option | {"month": month, "effect": 17600.0} for month in firm.ahead[2:6]]


def production_schedule(firm: Firm) -> pd.DataFrame:
    plan = firm.plan.assign(site_id="North", subcontract=0.0, inventory=firm.plan["stock"], backlog=0.0)
    plan = plan.assign(lost_sales=0.0, target_stock=plan["demand"] * 0.3, opening_backlog=0.0)
    return plan.assign(opening_stock=plan["stock"] - plan["output"] + plan["demand"])
