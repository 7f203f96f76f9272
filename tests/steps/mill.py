"""A mill of two families that has what the dairy has not: a cycle before this one, and all the inputs people add.

Orders with promised days, prices by month, changes of pay and material, another currency, markets, service levels,
safety stock of a material whose supplier has a limit, hires that take a month, temporary workers, a shutdown, a machine
that is down, goals, a scenario. Crew and mill are short in the season, so that there is overtime and customers wait.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sop_pipeline.cycle import Cycle, add_months
from tests.steps.dairy import Rows, write_csv

CYCLES = ("2026-05", "2026-06")
START = Cycle.parse(CYCLES[-1]).month
MONTHS = [add_months(START, step) for step in range(-30, 0)]
HORIZON = 9
LEVEL = {"WHITE": 500, "RYE": 260, "SPELT": 90, "CAKE": 300, "PIZZA": 140}
FAMILY = {"WHITE": "Flour", "RYE": "Flour", "SPELT": "Flour", "CAKE": "Mixes", "PIZZA": "Mixes", "OAT": "Flour"}
PRICE = {"WHITE": 3.0, "RYE": 3.6, "SPELT": 6.5, "CAKE": 5.2, "PIZZA": 4.8, "OAT": 4.0}
MARKETS = (("Shops", "North", "", 0.55), ("Cafes", "South", "", 0.3), ("Export", "South", "USD", 0.15))


def sold(name: str, place: int) -> float:
    """Sales of a month: a season of the year, a slow rise, and a wobble that differs by product."""
    season = (0.9, 0.92, 1.0, 1.02, 1.0, 0.95, 0.9, 0.95, 1.05, 1.2, 1.35, 1.3)[(MONTHS[0].month - 1 + place) % 12]
    wobble = 1 + ((place * 7 + len(name) * 3) % 11 - 5) / 60
    return round(LEVEL[name] * season * wobble * (1 + place / 300), 1)


def products() -> Rows:
    def row(name: str) -> dict[str, Any]:
        price = PRICE[name]
        return {
            "product_id": name,
            "product_name": name.title(),
            "family": FAMILY[name],
            "unit_of_measure": "kg" if FAMILY[name] == "Flour" else "box",
            "unit_price": price,
            "unit_material_cost": round(price * 0.3, 2),
            "standard_cost": round(price * 0.6, 2),
            "holding_cost": round(price * 0.02, 3),
            "backlog_cost": 0.8 if name in ("WHITE", "RYE", "CAKE") else "",
            "lost_sales_cost": 4.0 if name == "PIZZA" else "",
            "setup_cost": 15 if name == "CAKE" else "",
            "service_level": {"WHITE": 0.97, "CAKE": 0.9}.get(name, ""),
            "cover_days_min": 6 if name == "RYE" else "",
            "cover_days_max": 45 if name == "RYE" else "",
            "max_stock": 260 if name == "PIZZA" else "",
            "replenishment_lead_days": {"WHITE": 20, "CAKE": 45}.get(name, 10),
            "site_id": "river" if FAMILY[name] == "Flour" else "hill",
            "launched_on": "2024-11-15" if name == "SPELT" else "",
        }

    return [row(name) for name in FAMILY]


def resources() -> Rows:
    millers = {"resource_id": "millers", "kind": "labour", "site_id": "river", "unit": "heads", "opening_units": 4}
    millers |= {"hours_per_day": 7.5, "regular_rate": 22, "overtime_rate": 33, "overtime_limit_pct": 10}
    millers |= {"hire_cost": 800, "layoff_cost": 1200, "max_hires": 1, "hire_lead_months": 1, "max_units": 6}
    millers |= {"temporary_max": 1, "temporary_rate": 30}
    packers = {"resource_id": "packers", "kind": "labour", "site_id": "hill", "unit": "heads", "opening_units": 1}
    packers |= {"hours_per_day": 8, "regular_rate": 18, "overtime_rate": 26, "overtime_limit_pct": 15}
    packers |= {"hire_cost": 500, "layoff_cost": 700, "pay_basis": "worked", "max_layoffs": 1, "min_units": 1}
    stones = {"resource_id": "stones", "kind": "machine", "site_id": "river", "unit": "lines", "opening_units": 2}
    stones |= {"hours_per_day": 9, "overtime_rate": 12, "overtime_limit_pct": 20, "rate_up_cost": 3}
    silo = {"resource_id": "silo", "kind": "storage", "site_id": "river", "capacity": 900}
    return [millers, packers, stones, silo]


def features() -> Rows:
    hours = {"WHITE": 0.55, "RYE": 0.6, "SPELT": 0.8, "OAT": 0.6}
    rows: list[tuple[Any, ...]] = []
    for name, family in FAMILY.items():
        if family == "Flour":
            rows += [(name, "millers", hours[name], 0, ""), (name, "stones", 0.32, 0, 0.5), (name, "silo", 1, 0, "")]
            rows.append((name, "grain", 1.25, 0, ""))
        else:
            rows += [(name, "packers", 0.35 if name == "CAKE" else 0.4, 0, ""), (name, "grain", 0.4, 1, "")]
    keys = ("product_id", "feature", "quantity", "lead_months", "setup")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def sales() -> Rows:
    """Two days a month in each market; cafes send a little back, export is paid in dollars."""
    rows: Rows = []
    for place, month in enumerate(MONTHS):
        for name in LEVEL:
            for channel, region, currency, share in MARKETS:
                for day, part in (("07", 0.6), ("21", 0.4)):
                    quantity = round(sold(name, place) * share * part, 2)
                    paid = round(quantity * PRICE[name] * (0.94 if channel == "Cafes" else 0.98), 2)
                    row = {"date": f"{month:%Y-%m}-{day}", "product_id": name, "quantity": quantity, "revenue": paid}
                    rows.append(row | {"channel": channel, "region": region, "currency": currency or "EUR"})
        back = {"date": f"{month:%Y-%m}-25", "product_id": "WHITE", "quantity": -4, "revenue": -11.5}
        rows.append(back | {"channel": "Cafes", "region": "South", "currency": "EUR"})
    return rows


def orders() -> Rows:
    """Lines of the last six months and of the next; every fifth is late, every seventh short."""
    rows: Rows = []
    for place in range(-6, 2):
        month = add_months(START, place)
        for number, name in enumerate(LEVEL):
            count = place * 5 + number
            quantity = round(LEVEL[name] * 0.3)
            shipped = "" if place >= 0 else f"{month:%Y-%m}-{'24' if count % 5 == 0 else '14'}"
            row = {
                "order_id": f"O{count + 40}",
                "line": 1,
                "product_id": name,
                "ordered_on": f"{add_months(month, -1):%Y-%m}-20",
            }
            row |= {"requested_on": f"{month:%Y-%m}-15", "shipped_on": shipped, "quantity": quantity}
            rows.append(row | {"quantity_shipped": "" if place >= 0 else quantity - (5 if count % 7 == 0 else 0)})
    return rows


def business_plan() -> Rows:
    plan = {"Flour": (900, 3100, 1300, 900, 0.96), "Mixes": (450, 2250, 900, 700, 0.94)}
    return [
        {"month": f"{add_months(START, step):%Y-%m}", "family": family, "units": units, "revenue": revenue}
        | {"margin": margin, "inventory_value": stock, "service_level": service}
        for step in range(-8, HORIZON + 4)
        for family, (units, revenue, margin, stock, service) in plan.items()
    ]


def inputs() -> dict[str, Rows]:
    """What people add to a cycle."""
    dollars = [
        {"month": f"{month:%Y-%m}", "currency": "USD", "rate": round(0.9 + place % 5 / 100, 3), "plan_rate": 0.92}
        for place, month in enumerate([*MONTHS, *(add_months(START, step) for step in range(HORIZON))])
    ]
    return {
        "exchange_rates": dollars,
        "materials": [
            {"material_id": "grain", "unit_cost": 0.5, "on_hand": 700, "on_order": 200, "lead_days": 40}
            | {"min_order": 150, "max_receipt": 1500, "safety_stock": 120}
        ],
        "calendar": [{"month": "2026-08", "working_days": 15, "site_id": "river", "shutdown": 5}],
        "resource_months": [
            {
                "resource_id": "stones",
                "month": "2026-10",
                "units_down": 0.5,
                "overtime_hours": "",
                "pay_change_pct": "",
            },
            {"resource_id": "millers", "month": "2026-11", "units_down": "", "overtime_hours": 30, "pay_change_pct": 2},
        ],
        "price_list": [
            {"product_id": "WHITE", "month": "2026-09", "unit_price": 3.2},
            {"family": "Mixes", "month": "2026-12", "unit_price": 5.5},
        ],
        "cost_changes": [
            {
                "resource_id": "millers",
                "material_id": "",
                "month_from": "2026-10",
                "change_pct": 3,
                "reason": "Pay round",
            },
            {"resource_id": "", "material_id": "grain", "month_from": "2026-08", "change_pct": 6, "reason": "Harvest"},
        ],
        "new_products": [
            {"product_id": "OAT", "stage": "development", "probability": 0.6, "launch_month": "2026-09"}
            | {
                "like_product_id": "RYE",
                "scale_pct": 30,
                "ramp_months": 2,
                "cannibalises": "SPELT",
                "cannibalisation_pct": 10,
            }
        ],
        "demand_inputs": [
            {"stream": "marketing", "product_id": "CAKE", "family": "", "month_from": "2026-10", "month_to": "2026-11"}
            | {"change_units": "", "change_pct": 12, "replace_units": "", "reason": "Promotion", "owner": "Ada Brook"},
            {"stream": "sales", "product_id": "", "family": "Flour", "month_from": "2026-07", "month_to": "2026-07"}
            | {"change_units": 60, "change_pct": "", "replace_units": "", "reason": "Tender", "owner": "Ben Hill"},
            {"stream": "sales", "product_id": "SPELT", "family": "", "month_from": "2026-08", "month_to": "2026-08"}
            | {
                "change_units": "",
                "change_pct": "",
                "replace_units": 70,
                "reason": "A shop shuts",
                "owner": "Ben Hill",
            },
        ],
        "risks_opportunities": [
            {"item_id": "R1", "kind": "risk", "description": "A cafe chain leaves", "probability": 0.4}
            | {
                "month_from": "2026-09",
                "month_to": "2026-12",
                "units": -120,
                "revenue": -400,
                "margin": -150,
                "family": "Flour",
            },
            {"item_id": "O1", "kind": "opportunity", "description": "A tender", "probability": 0.5}
            | {
                "month_from": "2026-08",
                "month_to": "2026-10",
                "units": 200,
                "revenue": 950,
                "margin": 380,
                "family": "Mixes",
            },
        ],
        "assumptions": [
            {
                "assumption_id": "A1",
                "text": "Grain is 6% dearer from August",
                "driver": "material",
                "subject": "grain",
                "month_from": "2026-08",
                "change_pct": 6,
            },
            {
                "assumption_id": "A2",
                "text": "Pay rises by 4% in October",
                "driver": "pay",
                "month_from": "2026-10",
                "change_pct": 4,
            },
        ],
        "decisions": [
            {"decision_id": "D1", "cycle": "2026-05", "question": "Hire a miller?", "chosen": "yes", "by": "Cy Dale"}
            | {"on": "2026-05-20", "status": "done", "promised_value": 1200, "realised_value": 900}
        ],
    }


def write(folder: Path) -> None:
    """Write the mill's folder."""
    stock = [
        {
            "date": f"{month:%Y-%m}-28",
            "product_id": name,
            "on_hand": round(level * 0.25),
            "backlog": 12 if name == "RYE" else 0,
        }
        for month in MONTHS[-12:]
        for name, level in LEVEL.items()
    ]
    made = [
        {"date": f"{month:%Y-%m}-16", "product_id": name, "quantity": sold(name, place)}
        for place, month in enumerate(MONTHS)
        for name in LEVEL
    ]
    tables = {"products": products(), "sales": sales(), "production": made, "inventory": stock, "orders": orders()}
    tables |= {"resources": resources(), "product_features": features(), "business_plan": business_plan(), **inputs()}
    for name, rows in tables.items():
        write_csv(folder / "data" / f"{name}.csv", _filled(rows))
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings(list(tables)), sort_keys=False), encoding="utf-8")


def _filled(rows: Rows) -> Rows:
    """Rows that all have the columns of any, blank where a row has none."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return [{key: row.get(key, "") for key in keys} for row in rows]


def settings(tables: list[str]) -> dict[str, Any]:
    """What ``sop.yaml`` says."""
    return {
        "company": "Weir Mill",
        "currency": "EUR",
        "country": "DE",
        "fiscal_year_start": 4,
        "horizon_months": HORIZON,
        "planning_approach": "bottom_up",
        "sources": {name: f"data/{name}.csv" for name in tables},
        "forecast": {"origins": 6},
        "supply": {"demand_samples": 20, "strategy": "blended", "frozen_months": 1, "service_level_of": "units"},
        "finance": {
            "receipt_lag_months": 1,
            "payment_lag_months": 2,
            "fixed_cost_month": 900.0,
            "opening_cash": 15_000.0,
        },
        "goals": [{"measure": "service", "at_least": 0.98}, {"measure": "gross_margin_share", "at_least": 0.35}],
        "allotment": {"channel": {"priority": {"Shops": 1, "Cafes": 2}, "least_share": {"Export": 10}}},
        "owners": {"sales": "Ada Brook", "production": {"river": "Ben Hill", "all": "Cy Dale"}},
        "scenarios": [
            {"name": "Strong autumn", "changes": ["demand Flour +10% 2026-09..2026-11", "wage all +2% 2026-10.."]}
        ],
    }
