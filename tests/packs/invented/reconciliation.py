"""Deliverables, money, gaps, and what the meeting is asked.

A function a table, named as it is, which returns its rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tests.packs.invented import inputs
from tests.packs.invented.firm import Firm
from tests.packs.invented.supply import plan_costs

FIXED = 400_000.0
"""Fixed cost a month."""


def last_plan(firm: Firm) -> pd.DataFrame:
    if firm.shape.first_cycle:
        return pd.DataFrame()
    before = firm.facts[firm.facts["month"] >= firm.past[-1]]
    before = before.assign(cycle=firm.cycle.previous().name, sales=before["plan_before"], inventory=before["stock"])
    before = before.assign(revenue=before["revenue"] * 1.01, margin=before["margin"], inventory_value=before["value"])
    return before.assign(demand=before["plan_before"])


def actuals(firm: Firm) -> pd.DataFrame:
    past = firm.history
    return past.assign(sales=past["demand"], inventory=past["stock"], inventory_value=past["value"])


def sales_plan(firm: Firm) -> pd.DataFrame:
    return firm.plan.assign(sales=firm.plan["demand"], unit_price=firm.plan["price"])


def production_plan(firm: Firm) -> pd.DataFrame:
    return firm.plan.assign(site_id="North", subcontract=0.0, output_per_working_day=firm.plan["output"] / 21)


def inventory_plan(firm: Firm) -> pd.DataFrame:
    plan = firm.plan.assign(inventory=firm.plan["stock"], backlog=0.0, inventory_value=firm.plan["value"])
    plan = plan.assign(target_low=plan["demand"] * 0.3, target_high=plan["demand"] * 1.6)
    return plan.assign(days_of_supply=plan["stock"] / plan["demand"] * 30)


def new_product_plan(firm: Firm) -> list[dict[str, Any]]:
    rows = []
    first, last = firm.products.iloc[0], firm.products.iloc[-1]
    for n, month in enumerate(firm.ahead):
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
                "revenue": ramp * 4 if firm.shape.money else None,
                "expected_revenue": ramp * 2.4 if firm.shape.money else None,
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


def financial_plan(firm: Firm) -> pd.DataFrame:
    total = firm.facts.groupby(["family", "month", "ahead"], as_index=False)[
        ["demand", "revenue", "cogs", "margin", "value"]
    ].sum(min_count=1)
    total = total.assign(basis=np.where(total["ahead"], "plan", "actual"), units=total["demand"])
    total = total.assign(inventory_value=total["value"], receivables=total["revenue"], payables=total["cogs"] * 0.6)
    total["working_capital"] = total["inventory_value"] + total["receivables"] - total["payables"]
    return total.assign(cash_flow=(total["margin"] * 0.8).round(2).where(total["ahead"]))


def plan_money(firm: Firm) -> pd.DataFrame:
    """Every strategy's months: what it spends is ``plan_costs``; customers and suppliers are paid at once."""
    sold = firm.plan.groupby("month", as_index=False)[["revenue", "cogs", "margin", "value"]].sum(min_count=1)
    spent = pd.DataFrame(plan_costs(firm)).pivot_table(
        index=["strategy", "scenario", "month"], columns="kind", values="amount", aggfunc="sum"
    )
    out = spent.reset_index().merge(sold, on="month").rename(columns={"margin": "gross_margin"})
    names = ("temporary", "layoff", "subcontracting", "setup", "rate_change", "stock_change", "backlog", "lost_sales")
    nothing = dict.fromkeys((*names, "shortfall", "overhead_in_stock", "material_stock", "material_change"), 0.0)
    out = out.assign(**nothing, chosen=out["strategy"] == "blended", inventory_value=out["value"], fixed_cost=FIXED)
    paid = out[["regular_pay", "overtime", "hiring"]].sum(axis=1)
    out["contribution"] = out["revenue"] - out["material"] - paid
    out["operating_result"] = out["contribution"] - FIXED
    out["spending_over_standard"] = out["gross_margin"] - out["operating_result"]
    out = out.assign(purchases=out["material"], purchases_paid=out["material"], receipts=out["revenue"])
    out = out.assign(cash_flow=out["operating_result"], receivables=0.0, payables=0.0)
    out["cash_change"] = out.groupby("strategy")["cash_flow"].cumsum()
    return out.round(2)


def plan_attainment(firm: Firm) -> list[dict[str, Any]]:
    if firm.shape.first_cycle:
        return []
    rows = []
    for month in firm.past[-3:]:
        facts = firm.facts[firm.facts["month"] == month].groupby("family")[["demand", "output", "stock", "plan_before"]]
        for family, item in facts.sum().iterrows():
            pairs = (("sales", item.demand, item.plan_before), ("production", item.output, item.output * 1.08))
            for measure, actual, plan in (*pairs, ("inventory", item.stock, item.stock * 0.8)):
                rows.append(
                    {
                        "measure": measure,
                        "family": family,
                        "month": month,
                        "cycle": firm.cycle.previous().name,
                        "plan": plan,
                        "actual": actual,
                        "attainment": 1 - abs(actual - plan) / plan,
                    }
                )
    return rows


def plan_gap(firm: Firm) -> pd.DataFrame:
    facts = firm.facts.sort_values(["product_id", "month"])
    measures = {"units": "demand", "revenue": "revenue", "margin": "margin", "inventory_value": "value"}
    parts = []
    for measure, column in measures.items():
        part = facts.assign(latest=facts[column], last_year=facts.groupby("product_id")[column].shift(12))
        factor = facts["business"] / facts["demand"]
        part["business_plan"] = part["latest"] * factor if firm.shape.business_plan else np.nan
        part["last_plan"] = np.nan if firm.shape.first_cycle else part["latest"] * 1.01
        columns = ["latest", "business_plan", "last_plan", "last_year"]
        total = part.groupby(["family", "month", "ahead"], as_index=False)[columns].sum(min_count=1)
        total["gap"] = total["latest"] - total["business_plan"].fillna(total["last_year"])
        parts.append(total.assign(measure=measure, basis=np.where(total["ahead"], "plan", "actual")))
    out = pd.concat(parts)
    ended = out["month"] < firm.past[-1]
    return out.assign(last_basis=None if firm.shape.first_cycle else np.where(ended, "actual", "plan"))


def _year(firm: Firm, values: pd.DataFrame) -> pd.DataFrame:
    return values[[month.year == firm.cycle.month.year for month in values["month"]]]


def bridge(firm: Firm) -> list[dict[str, Any]]:
    if not (firm.shape.money and firm.shape.business_plan):
        return []
    gaps = _year(firm, plan_gap(firm))
    rows = []
    for measure in ("revenue", "margin"):
        for family, gap in gaps[gaps["measure"] == measure].groupby("family")["gap"].sum().items():
            volume, price = round(gap * 1.2, 2), round(-gap * 0.35, 2)
            parts = {"volume": volume, "price": price, "mix": round(float(gap), 2) - volume - price}
            rows += [
                {
                    "measure": measure,
                    "fiscal_year": firm.cycle.month.year,
                    "family": family,
                    "cause": cause,
                    "amount": amount,
                }
                for cause, amount in parts.items()
            ]
    return rows


def key_figures(firm: Firm) -> list[dict[str, Any]]:
    year = firm.cycle.month.year
    rows: list[dict[str, Any]] = [
        {
            "measure": "service",
            "fiscal_year": year,
            "unit": "share",
            "latest": 0.961,
            "p10": 0.949,
            "p90": 0.972,
            "business_plan": 0.98 if firm.shape.business_plan else None,
            "last_plan": None if firm.shape.first_cycle else 0.957,
            "last_year": 0.952,
            "basis": "fill_rate",
        }
    ]
    if not firm.shape.money:
        return rows
    gaps = _year(firm, plan_gap(firm))
    for measure in ("revenue", "margin", "inventory_value"):
        part = gaps[gaps["measure"] == measure]
        if measure == "inventory_value":
            part = part[part["month"] == part["month"].max()]
        total = part[["latest", "business_plan", "last_plan", "last_year"]].sum(min_count=1)
        rows.append(
            {"measure": measure, "fiscal_year": year, "unit": "currency", "basis": "landing"}
            | {str(column): amount for column, amount in total.items()}
            | {"p10": total["latest"] * 0.985, "p90": total["latest"] * 1.014}
        )
    revenue, margin = (next(r for r in rows if r["measure"] == name) for name in ("revenue", "margin"))
    ratio = {
        name: margin[name] / revenue[name] if revenue[name] == revenue[name] and revenue[name] else None
        for name in ("latest", "business_plan", "last_plan", "last_year")
    }
    return [*rows, {"measure": "margin_pct", "fiscal_year": year, "unit": "share", "basis": "margin_share"} | ratio]


def plan_changes(firm: Firm) -> pd.DataFrame:
    if firm.shape.first_cycle:
        return pd.DataFrame()
    plan = firm.plan.assign(demand_change=firm.plan["demand"] - firm.plan["plan_before"])
    plan["revenue_change"] = plan["demand_change"] * plan["price"].astype(float)
    total = plan.groupby(["product_id", "family"], as_index=False)[["demand_change", "revenue_change"]].sum(min_count=1)
    total["statistical_change"] = (total["demand_change"] * 0.7).round(4)
    total["streams_change"] = total["demand_change"] - total["statistical_change"]
    return total.assign(
        beyond_forecast=(total["demand_change"] * 0.5).round(4),
        cause=[
            "sold_more" if change > 0 else "sold_less" if change < 0 else "supply_or_price"
            for change in total["demand_change"]
        ],
    )


_WANTED: tuple[tuple[dict[str, Any], list[tuple[dict[str, Any], float]], int], ...] = (
    (
        {
            "kind": "limit",
            "subject": "press_line",
            "limit": "regular_hours",
            "month_from": date(2027, 2, 1),
            "month_to": date(2027, 5, 1),
            "last_safe_date": date(2026, 11, 28),
            "department": "production",
            "site_id": "north",
        },
        [
            ({"choice": "keep_limit"}, -2.1e6),
            ({"choice": "raise_limit", "quantity": 2400.0}, 1.2e6),
            ({"choice": "raise_one_month", "quantity": 640.0, "choice_month": date(2027, 3, 1)}, 0.4e6),
        ],
        1,
    ),
    (
        {
            "kind": "strategy",
            "subject": "blended",
            "month_from": date(2026, 11, 1),
            "month_to": date(2028, 10, 1),
            "last_safe_date": date(2027, 1, 31),
            "department": "supply_chain",
        },
        [
            ({"choice": "work_to", "choice_subject": "chase"}, 0.0),
            ({"choice": "work_to", "choice_subject": "blended"}, 0.7e6),
        ],
        1,
    ),
    (
        {
            "kind": "gap",
            "subject": "2026",
            "last_safe_date": date(2026, 12, 12),
            "department": "sales",
            "owner": "Marketing",
        },
        [({"choice": "no_action"}, 0.3e6), ({"choice": "pursue_first", "choice_subject": "o1"}, 0.1e6)],
        0,
    ),
)
_REASONS = {"limit": "planned_anew", "strategy": "leaves_most", "gap": "expected_margin"}
_FACTS = (
    ("W1", "utilisation", "press_line", 1.06, "share"),
    ("W1", "worth_of_one", "press_line", 44.0, "currency"),
    ("W1", "room", "press_line", 640.0, "hours"),
    ("W1", "relief_cost", "press_line", 61250.0, "currency"),
    ("W1", "stock_change", "press_line", -18000.0, "currency"),
    ("W1", "binding_months", "press_line", 4, "months"),
    *(("W2", "total_cost", name, cost, "currency") for name, cost in (("chase", 86.4e6), ("blended", 84.1e6))),
    *(("W2", fact, name, 12, "heads") for name in ("chase", "blended") for fact in ("hires", "layoffs")),
    *(("W2", "left", name, left, "currency") for name, left in (("chase", 0.0), ("blended", 0.7e6))),
    *(("W2", "instability", name, moved, "hours") for name, moved in (("chase", 9600.0), ("blended", 5000.0))),
    ("W3", "landing", "2026", 9e6, "currency"),
    ("W3", "gap_to_business_plan", "2026", 1e6, "currency"),
    ("W3", "expected", "2026", 0.18e6, "currency"),
    ("W3", "expected_in_year", "2026", 0.09e6, "currency"),
    ("W3", "closed", "2026", 0.09, "share"),
    ("W3", "expected", "o1", 0.18e6, "currency"),
    ("W3", "probability", "o1", 0.6, "share"),
)


def decisions_wanted(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "decision_id": f"W{rank}",
            "rank": rank,
            **asked,
            **option,
            "option": "ABC"[n],
            "effect": amount if firm.shape.money else None,
            "recommended": n == best,
            "reason": _REASONS[asked["kind"]] if n == best else None,
        }
        for rank, (asked, options, best) in enumerate(_WANTED, start=1)
        for n, (option, amount) in enumerate(options)
    ]


def decision_results(firm: Firm) -> list[dict[str, Any]]:
    came = {"done": {"realised_by": "company"}, "open": {"unknown": "own_list"}}
    return [{**row, **came[row["status"]], "source": "file"} for row in inputs.decisions(firm)]


def open_items(firm: Firm) -> list[dict[str, Any]]:
    since = {"since": firm.cycle.month, "status": "open"}
    kept = ("kind", "item_id", "description", "owner", "month_to", "probability", "units", "revenue", "margin")
    items = [{name: row[name] for name in kept} | since for row in inputs.risks_opportunities(firm)]
    assumed = [
        {"kind": "assumption", "item_id": row["assumption_id"], "description": row["text"], "owner": row["owner"]}
        | since
        for row in inputs.assumptions(firm)
    ]
    return [*items, *assumed]


def decision_facts(firm: Firm) -> list[dict[str, Any]]:
    names = ("decision_id", "fact", "subject", "amount", "unit")
    peak = {"month": date(2027, 3, 1)}
    return [dict(zip(names, row, strict=True)) | (peak if row[0] == "W1" else {}) for row in _FACTS]


def defaults_used(firm: Firm) -> list[dict[str, Any]]:
    rows = [("supply", "holding_cost", firm.shape.families * firm.shape.products)]
    if not firm.shape.money:
        rows.append(("supply", "unit_value", len(firm.products)))
    return [dict(zip(("step", "default_id", "items"), row, strict=True)) for row in rows]


def gap_closing(firm: Firm) -> list[dict[str, Any]]:
    if not firm.shape.money:
        return []
    year = {"fiscal_year": firm.cycle.month.year}
    rows = (("decision", "W2", 120_000.0), ("risk", "r1", -450_000.0), ("opportunity", "o1", 90_000.0))
    this_year = [{**year, "source": source, "subject": subject, "amount": amount} for source, subject, amount in rows]
    return [*this_year, {"fiscal_year": year["fiscal_year"] + 1, "source": "risk", "subject": "r1", "amount": -9e6}]
