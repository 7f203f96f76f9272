"""A workshop of as many products as are asked for, all alike but in volume, on one crew. Not a test."""

from __future__ import annotations

from pathlib import Path

import yaml

from sop_pipeline.cycle import Cycle, add_months
from tests.steps.dairy import Rows, write_csv

CYCLE = Cycle.parse("2026-05")
MONTHS = [add_months(CYCLE.month, step) for step in range(-26, 0)]
HOURS = 0.5
HORIZON = 6


def sold(place: int, number: int) -> float:
    """Monthly sales of product ``number``: its own level, and a season."""
    return 20 + number % 7 + (place % 4)


def write(folder: Path, count: int) -> None:
    """Write a company of ``count`` products in ten families."""
    names = [f"W{number:04d}" for number in range(count)]
    total = sum(sold(3, number) for number in range(count))
    tables: dict[str, Rows] = {
        "products": [
            {"product_id": name, "product_name": name, "family": f"Family {number % 10}", "unit_of_measure": "piece"}
            | {"unit_price": 30, "unit_material_cost": 8, "standard_cost": 20}
            for number, name in enumerate(names)
        ],
        "sales": [
            {"date": f"{month:%Y-%m}-12", "product_id": name, "quantity": sold(place, number)}
            for place, month in enumerate(MONTHS)
            for number, name in enumerate(names)
        ],
        "resources": [
            {"resource_id": "crew", "kind": "labour", "opening_units": round(total * HOURS / 150), "hours_per_day": 8}
            | {"regular_rate": 20, "overtime_limit_pct": 20}
        ],
        "product_features": [{"product_id": name, "feature": "crew", "quantity": HOURS} for name in names],
    }
    for name, rows in tables.items():
        write_csv(folder / "data" / f"{name}.csv", rows)
    sources = {name: f"data/{name}.csv" for name in tables}
    settings = {"company": "Hillside Workshop", "horizon_months": HORIZON, "sources": sources}
    settings |= {"supply": {"demand_samples": 20}, "packs": {"formats": ["html", "csv"]}}
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
