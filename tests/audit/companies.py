"""Companies made up from a seed, as folders of files: no two plan alike.

Chance decides how many products and families there are, the units they are counted in, whether prices, costs, stocks,
resources, materials and a business plan are known, whether customers wait, and how the company forecasts and plans.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

CYCLE = "2026-07"
HISTORY = pd.date_range("2024-01-01", "2026-06-01", freq="MS")


def write_random_company(folder: Path, seed: int, *, units: list[str] | None = None, **stated: Any) -> Path:
    """Write the company of this seed, with these units of measure in turn and these settings where they are stated."""
    chance = np.random.default_rng(seed)
    products = _products(chance)
    if units:
        products["unit_of_measure"] = np.resize(units, len(products))
    tables = {"products": products, "sales": _sales(chance, products)}
    if chance.random() < 0.8:
        tables["inventory"] = _inventory(chance, products, tables["sales"])
    if chance.random() < 0.7:
        tables |= _resources(chance, products, tables["sales"])
    if chance.random() < 0.6:
        tables["business_plan"] = _business_plan(chance, products)
    (folder / "data").mkdir(parents=True)
    for name, frame in tables.items():
        frame.to_csv(folder / "data" / f"{name}.csv", index=False)
    sources = {name: f"data/{name}.csv" for name in tables}
    settings = _settings(chance, seed) | {"sources": sources} | stated
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def _products(chance: np.random.Generator) -> pd.DataFrame:
    count, families = int(chance.integers(4, 11)), int(chance.integers(1, 4))
    cost = chance.uniform(5, 60, count).round(2)
    frame = pd.DataFrame(
        {
            "product_id": [f"P{number:02d}" for number in range(count)],
            "product_name": [f"Product {number}" for number in range(count)],
            "family": [f"Family {number % families}" for number in range(count)],
            "standard_cost": cost,
            "unit_material_cost": (cost * chance.uniform(0.3, 0.7)).round(2),
            "unit_price": (cost * chance.uniform(1.2, 2.5, count)).round(2),
            "replenishment_lead_days": chance.integers(0, 70, count),
            "unit_of_measure": chance.choice(["piece", "kg"], count) if chance.random() < 0.3 else "piece",
        }
    )
    if chance.random() < 0.5:
        frame["backlog_cost"] = (cost * 0.2).round(2)
    if chance.random() < 0.3:
        frame["subcontract_cost"] = (cost * 1.4).round(2)
    if frame["unit_of_measure"].nunique() > 1 and chance.random() < 0.5:
        frame["equivalent_units"] = np.where(frame["unit_of_measure"] == "kg", 2.5, 1.0)
    return frame


def _sales(chance: np.random.Generator, products: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, price in zip(products["product_id"], products["unit_price"], strict=True):
        level, season, trend = chance.uniform(50, 900), chance.uniform(0, 0.5), chance.uniform(-0.005, 0.01)
        phase, noise = chance.uniform(0, 2 * np.pi), chance.uniform(0.02, 0.2)
        for number, month in enumerate(HISTORY):
            mean = level * (1 + season * np.sin(number * np.pi / 6 + phase)) * (1 + trend * number)
            quantity = round(max(0.0, float(mean * (1 + noise * chance.standard_normal()))))
            for day, share in ((5, 0.5), (20, 0.5)):
                date, part = month + pd.Timedelta(days=day), round(quantity * share)
                rows.append({"date": date.date(), "product_id": name, "quantity": part})
                rows[-1]["revenue"] = round(part * float(price) * 0.95, 2)
    return pd.DataFrame(rows)


def _inventory(chance: np.random.Generator, products: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    monthly = sales.groupby("product_id")["quantity"].sum().reindex(products["product_id"]) / len(HISTORY)
    ends = [month + pd.offsets.MonthEnd(0) for month in HISTORY[-12:]]
    return pd.DataFrame(
        [
            {"date": end.date(), "product_id": name, "on_hand": round(mean * chance.uniform(0.1, 1.5))}
            for end in ends
            for name, mean in monthly.items()
        ]
    )


def _resources(chance: np.random.Generator, products: pd.DataFrame, sales: pd.DataFrame) -> dict[str, pd.DataFrame]:
    names = products["product_id"]
    monthly = sales.groupby("product_id")["quantity"].sum().reindex(names).to_numpy() / len(HISTORY)
    hours = {
        "crew": chance.uniform(0.05, 0.4, len(names)).round(3),
        "line": chance.uniform(0.02, 0.2, len(names)).round(3),
    }
    heads = max(2.0, round(float((hours["crew"] * monthly).sum()) / 150 * chance.uniform(0.8, 1.3)))
    lines = max(1.0, round(float((hours["line"] * monthly).sum()) / 150 * chance.uniform(1.0, 1.6)))
    resources = pd.DataFrame(
        [
            {"resource_id": "crew", "kind": "labour", "opening_units": heads, "hours_per_day": 8, "regular_rate": 24}
            | {
                "overtime_rate": 36,
                "overtime_limit_pct": int(chance.integers(0, 25)),
                "hire_cost": 900,
                "layoff_cost": 1500,
            },
            {"resource_id": "line", "kind": "machine", "opening_units": lines, "hours_per_day": 8, "overtime_rate": 30}
            | {"overtime_limit_pct": 15},
        ]
    )
    features = [
        {"product_id": name, "feature": feature, "quantity": amount}
        for feature, amounts in hours.items()
        for name, amount in zip(names, amounts, strict=True)
    ]
    made: dict[str, pd.DataFrame] = {"resources": resources}
    if chance.random() < 0.5:
        features += [
            {"product_id": name, "feature": "resin", "quantity": round(float(chance.uniform(0.2, 3)), 2)}
            for name in names
        ]
        made["materials"] = pd.DataFrame(
            [{"material_id": "resin", "unit_cost": 1.5, "lead_days": int(chance.integers(0, 90)), "on_hand": 500}]
        )
    return made | {"product_features": pd.DataFrame(features)}


def _business_plan(chance: np.random.Generator, products: pd.DataFrame) -> pd.DataFrame:
    months = pd.date_range("2026-01-01", "2027-12-01", freq="MS")
    return pd.DataFrame(
        [
            {"month": month.date(), "family": family, "units": units, "revenue": units * 40, "margin": units * 12}
            for family in sorted(set(products["family"]))
            for month in months
            for units in [int(chance.integers(300, 3000))]
        ]
    )


def _settings(chance: np.random.Generator, seed: int) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "company": f"Company {seed}",
        "horizon_months": int(chance.integers(6, 16)),
        "fiscal_year_start": int(chance.choice([1, 1, 4, 10])),
        "forecast_approach": str(chance.choice(["bottom_up", "top_down", "middle_out", "reconciled", "auto"])),
        "planning_approach": str(chance.choice(["bottom_up", "top_down", "auto"])),
        "forecast": {"origins": 6},
        "supply": {"demand_samples": 20, "strategy": str(chance.choice(["level", "chase", "blended"]))},
        "packs": {"formats": ["csv"]},
    }
    settings["finance"] = {
        "receipt_lag_months": int(chance.integers(0, 3)),
        "payment_lag_months": int(chance.integers(0, 3)),
        "fixed_cost_month": float(chance.integers(0, 20) * 500),
    }
    if chance.random() < 0.5:
        settings["finance"]["opening_cash"] = 50_000.0
    if chance.random() < 0.3:
        settings["supply"]["max_products"] = 3
    return settings
