"""Random planning problems over all features of the aggregate model, for oracles and properties.

Every problem is a function of its seed. Not here: what their plans should be.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions

FEATURES = (
    "backlog", "lost", "subcontract", "safety", "closing", "storage", "shelf_life", "cover", "lots", "setup_hours",
    "alternatives", "temporary", "maintenance", "rates", "worked", "hire_limits", "hire_lead", "material", "on_hand",
    "cash", "fixed", "lead", "down", "must_serve", "max_stock", "overtime_pct", "month_overtime", "stated_hours",
    "max_production", "price_by_month", "closing_backlog", "discontinued", "free_start", "min_utilisation",
    "rate_limit", "campaign", "month_costs", "cover_max", "month_usage", "route_setup", "subcontract_month",
)  # fmt: skip

# They count only together with another feature.
OFTEN = ("month_costs", "subcontract_month", "campaign", "route_setup", "setup_hours", "on_hand")


def random_problem(seed: int, *, whole: bool = True) -> PlanningProblem:
    """A small problem with a random choice of features; ``whole`` False leaves out what needs whole numbers."""
    rng = np.random.default_rng(seed)
    on = {name: bool(rng.random() < (0.6 if name in OFTEN else 0.3)) for name in FEATURES}
    if not whole:
        on |= {"lots": False, "setup_hours": False, "maintenance": False, "campaign": False, "route_setup": False}
    on["route_setup"] &= on["alternatives"]
    on["subcontract_month"] &= on["subcontract"]
    on["stated_hours"] &= not on["maintenance"]
    months = [str(month) for month in pd.period_range("2026-01", periods=int(rng.integers(3, 6)), freq="M")]
    products = [f"P{number}" for number in range(int(rng.integers(1, 4)))]
    demand = rng.integers(20, 100, (len(products), len(months))).astype(float)
    tables = {
        "demand_plan": _demand(rng, on, products, months, demand),
        "products": _products(rng, on, products),
        "product_state": _state(rng, on, products),
        "product_months": _product_months(rng, on, products, months),
        "calendar": pd.DataFrame({"month": months, "working_days": rng.integers(15, 23, len(months)).astype(float)}),
        "resources": _resources(rng, on, float(demand.sum(axis=0).mean())),
        "resource_months": _resource_months(rng, on, months),
        "product_features": _features(rng, on, products),
        "product_feature_months": _feature_months(rng, on, products, months),
        "materials": _materials(on),
    }
    return PlanningProblem(**tables, options=PlanOptions(shadow_prices=False, mip_gap=0.0))


def _demand(
    rng: np.random.Generator, on: dict[str, bool], products: list[str], months: list[str], demand: np.ndarray
) -> pd.DataFrame:
    table = pd.DataFrame(
        {"product_id": np.repeat(products, len(months)), "month": months * len(products), "quantity": demand.ravel()}
    )
    if on["must_serve"]:
        table["min_quantity"] = (table["quantity"] * rng.uniform(0, 0.3, len(table))).round(0)
    if on["price_by_month"]:
        table["price"] = rng.uniform(20, 80, len(table)).round(2)
    return table


def _products(rng: np.random.Generator, on: dict[str, bool], products: list[str]) -> pd.DataFrame:
    count = len(products)
    table = pd.DataFrame({"product_id": products, "product_name": products})
    table["unit_price"] = rng.uniform(20, 80, count).round(2)
    table["unit_material_cost"] = rng.uniform(1, 10, count).round(2)
    table["holding_cost"] = rng.uniform(0.1, 3, count).round(2)
    if on["material"]:
        table["unit_material_cost"] = np.nan
        table["standard_cost"] = 12.0
    optional = {
        "backlog": ("backlog_cost", rng.uniform(1, 10, count).round(2)),
        "lost": ("lost_sales_cost", rng.uniform(10, 80, count).round(2)),
        "subcontract": ("subcontract_cost", rng.uniform(10, 50, count).round(2)),
        "shelf_life": ("shelf_life_months", np.full(count, 2.0)),
        "cover": ("cover_days_min", rng.integers(3, 12, count).astype(float)),
        "max_stock": ("max_stock", rng.integers(60, 150, count).astype(float)),
        "cover_max": ("cover_days_max", rng.integers(40, 70, count).astype(float)),
        "rate_limit": ("max_rate_change_pct", rng.integers(40, 90, count).astype(float)),
        "campaign": ("campaign_months", np.full(count, 2.0)),
    }
    for name, (column, values) in optional.items():
        if on[name]:
            table[column] = values
    if on["subcontract"] and rng.random() < 0.5:
        table["subcontract_limit"] = rng.integers(10, 60, count).astype(float)
    if on["lots"]:
        table["min_lot"] = rng.integers(5, 40, count).astype(float)
        table["setup_cost"] = rng.integers(10, 200, count).astype(float)
    if on["discontinued"]:
        table["discontinued_on"] = ["2026-03-15"] + [None] * (count - 1)
    return table


def _state(rng: np.random.Generator, on: dict[str, bool], products: list[str]) -> pd.DataFrame:
    count = len(products)
    table = pd.DataFrame({"product_id": products, "opening_stock": rng.integers(20, 80, count).astype(float)})
    if on["safety"]:
        table["safety_stock"] = rng.integers(0, 20, count).astype(float)
    if on["closing"]:
        table["closing_stock"] = rng.integers(0, 40, count).astype(float)
    if on["backlog"]:
        table["opening_backlog"] = rng.integers(0, 10, count).astype(float)
    if on["closing_backlog"]:
        table["closing_backlog"] = 0.0
    if on["rates"] and rng.random() < 0.5:
        table["opening_rate"] = rng.uniform(1, 5, count).round(1)
    return table


def _product_months(
    rng: np.random.Generator, on: dict[str, bool], products: list[str], months: list[str]
) -> pd.DataFrame:
    rows = []
    if on["fixed"]:
        rows.append({"product_id": products[0], "month": months[0], "fixed_production": 15.0, "frozen": True})
    if on["max_production"]:
        rows.append({"product_id": products[-1], "month": months[1], "max_production": 40.0})
        rows.append({"product_id": products[-1], "month": months[2], "max_stock": 90.0, "min_stock": 5.0})
    if on["month_costs"]:
        rows += [_month_costs(rng, on, product, month) for product in products for month in months[1:3]]
    if on["subcontract_month"]:
        rows.append({"product_id": products[0], "month": months[-1], "subcontract_limit": 12.0})
    table = pd.DataFrame(rows)
    # A product and month stands in one row, whatever it says.
    return table.groupby(["product_id", "month"], as_index=False).first() if rows else table


def _month_costs(rng: np.random.Generator, on: dict[str, bool], product: str, month: str) -> dict[str, object]:
    """Costs of one product in one month, of those that the product has at all."""
    row: dict[str, object] = {"product_id": product, "month": month, "holding_cost": round(rng.uniform(0.1, 4), 2)}
    row["unit_material_cost"] = round(rng.uniform(1, 12), 2)
    for name, column in (
        ("backlog", "backlog_cost"), ("lost", "lost_sales_cost"), ("subcontract", "subcontract_cost"),
        ("lots", "setup_cost"),
    ):  # fmt: skip
        if on[name]:
            row[column] = round(rng.uniform(5, 60), 2)
    return row


def _feature_months(
    rng: np.random.Generator, on: dict[str, bool], products: list[str], months: list[str]
) -> pd.DataFrame:
    if not on["month_usage"]:
        return pd.DataFrame()
    rows = [
        {"product_id": product, "feature": "crew", "month": month, "quantity": round(rng.uniform(0.5, 2.5), 2)}
        for product in products
        for month in months[::2]
    ]
    return pd.DataFrame(rows)


def _resources(rng: np.random.Generator, on: dict[str, bool], demand: float) -> pd.DataFrame:
    heads = max(2.0, round(demand * 2 / 150))
    crew = {
        "resource_id": "crew", "kind": "labour", "opening_units": heads, "hours_per_day": 8.0, "regular_rate": 12.0,
        "overtime_rate": 18.0, "overtime_hours_per_unit": 20.0, "hire_cost": 300.0, "layoff_cost": 400.0,
        "pay_basis": "worked" if on["worked"] else "paid",
    }  # fmt: skip
    if on["free_start"]:
        crew["opening_units"] = np.nan
    if on["overtime_pct"]:
        crew |= {"overtime_limit_pct": 10.0}
    if on["temporary"]:
        crew |= {"temporary_max": 3.0, "temporary_rate": 15.0}
    if on["hire_limits"]:
        crew |= {"max_hires": 2.0, "max_layoffs": 1.0, "min_units": 1.0, "max_units": heads + 5}
    if on["hire_lead"]:
        crew |= {"hire_lead_months": 1.0}
    if on["rates"]:
        crew |= {"rate_up_cost": 20.0, "rate_down_cost": 30.0}
    if on["min_utilisation"]:
        crew |= {"min_utilisation_pct": 40.0}
    line = {"resource_id": "line", "kind": "machine", "opening_units": heads + 1, "hours_per_month": 160.0}
    if on["maintenance"]:
        line |= {"maintenance_units_required": 2.0}
    if on["stated_hours"]:
        line |= {"capacity": round(demand * 1.6), "overtime_limit_pct": 20.0, "regular_rate": 2.0, "overtime_rate": 3.0}
    rows: list[dict[str, object]] = [crew, line]
    return pd.DataFrame(rows + _other_resources(on, demand))


def _other_resources(on: dict[str, bool], demand: float) -> list[dict[str, object]]:
    second_line = {
        "resource_id": "line2", "kind": "machine", "opening_units": 1.0, "hours_per_month": 100.0,
        "regular_rate": 3.0, "pay_basis": "worked",
    }  # fmt: skip
    rows: dict[str, dict[str, object]] = {
        "alternatives": second_line,
        "storage": {"resource_id": "hall", "kind": "storage", "capacity": 250.0},
        "material": {"resource_id": "steel", "kind": "material", "capacity": round(demand * 2.4)},
        "cash": {"resource_id": "cash", "kind": "cash", "capacity": round(demand * 70)},
    }
    return [row for name, row in rows.items() if on[name]]


def _resource_months(rng: np.random.Generator, on: dict[str, bool], months: list[str]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    if on["down"]:
        rows.append({"resource_id": "line", "month": months[1], "units_down": 1.0})
        rows.append({"resource_id": "crew", "month": months[2], "units_down": 0.5})
    if on["month_overtime"]:
        rows.append({"resource_id": "crew", "month": months[0], "overtime_hours": float(rng.integers(0, 60))})
    if on["storage"]:
        rows.append({"resource_id": "hall", "month": months[-1], "capacity": 200.0})
    return pd.DataFrame(rows)


def _features(rng: np.random.Generator, on: dict[str, bool], products: list[str]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for product in products:
        crew = {"product_id": product, "feature": "crew", "quantity": round(rng.uniform(0.5, 2.5), 2)}
        line = {"product_id": product, "feature": "line", "quantity": round(rng.uniform(0.5, 1.8), 2)}
        if on["lead"]:
            line["lead_months"] = 1
        if on["setup_hours"]:
            crew["setup"] = float(rng.integers(1, 8))
        rows += [crew, line]
        if on["alternatives"]:
            line["option_group"] = "place"
            second = {"product_id": product, "feature": "line2", "quantity": 1.1, "option_group": "place"}
            rows.append(second | ({"setup": 3.0} if on["route_setup"] else {}))
        if on["storage"]:
            rows.append({"product_id": product, "feature": "hall", "quantity": round(rng.uniform(0.5, 1.5), 2)})
        if on["material"]:
            rows.append({"product_id": product, "feature": "steel", "quantity": round(rng.uniform(0.5, 2), 2)})
    return pd.DataFrame(rows)


def _materials(on: dict[str, bool]) -> pd.DataFrame:
    if not on["material"]:
        return pd.DataFrame()
    steel: dict[str, object] = {"material_id": "steel", "unit_cost": 3.0}
    if on["on_hand"]:
        steel |= {"on_hand": 150.0, "on_order": 60.0, "lead_days": 40, "max_receipt": 260.0}
    return pd.DataFrame([steel])
