"""A dairy of three families with everything a plan can have to keep, small enough to be planned a hundred times.

Cheese (kg) has alternatives of a machine, material with a lead and a launch; yoghurt (cups) a lot, a subcontractor and
a product that ends; gifts come by the piece and by the box. Amounts are the tests' own; not a test.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from sop_pipeline.cycle import Cycle, add_months

CYCLE = Cycle.parse("2026-05")
MONTHS = [add_months(CYCLE.month, step) for step in range(-36, 0)]
HORIZON = 12
SOLD = {"GOUDA": 400, "BRIE": 240, "FETA": 160, "PLAIN": 900, "BERRY": 500, "CARD": 60, "HAMPER": 20}
FAMILY = {
    "Cheese": ("GOUDA", "BRIE", "FETA", "HALLOUMI"),
    "Yoghurt": ("PLAIN", "BERRY"),
    "Gifts": ("CARD", "HAMPER"),
}
UNIT = {"Cheese": "kg", "Yoghurt": "cup"}
EQUIVALENT = {"Cheese": 2.0, "Yoghurt": 0.25}
Rows = list[dict[str, Any]]


def products(*, equivalents: bool) -> Rows:
    """Gifts are counted by the piece and by the box; ``equivalents`` says what they are worth in common units."""
    rows: Rows = []
    for family, members in FAMILY.items():
        for name in members:
            gift = family == "Gifts"
            rows.append(
                {
                    "product_id": name,
                    "product_name": name.title(),
                    "family": family,
                    "unit_of_measure": ("box" if name == "HAMPER" else "piece") if gift else UNIT[family],
                    "equivalent_units": (3.0 if equivalents else "") if gift else EQUIVALENT[family],
                    "unit_price": 2 if family == "Yoghurt" else 12,
                    "unit_material_cost": 0.5 if family == "Yoghurt" else 4,
                    "standard_cost": 1.2 if family == "Yoghurt" else 8,
                    "subcontract_cost": 1.6 if name == "PLAIN" else "",
                    "subcontract_limit": 100 if name == "PLAIN" else "",
                    "min_lot": 50 if name == "BERRY" else "",
                    "shelf_life_months": 2 if family == "Yoghurt" else "",
                    "cover_days_max": 60 if name == "BRIE" else "",
                    "discontinued_on": "2026-11-30" if name == "FETA" else "",
                    "successor_id": "GOUDA" if name == "FETA" else "",
                }
            )
    return rows


def features() -> Rows:
    def row(product: str, feature: str, quantity: float, lead: int = 0, group: str = "") -> dict[str, Any]:
        keys = {"product_id": product, "feature": feature, "lead_months": lead, "option_group": group}
        return {**keys, "quantity": quantity}

    rows: Rows = []
    for family, members in FAMILY.items():
        for place, name in enumerate(members):
            rows.append(row(name, "dairymen", {"Cheese": 0.2, "Yoghurt": 0.05, "Gifts": 0.3}[family] + 0.02 * place))
            if family == "Cheese":
                rows += [
                    row(name, "north_vat", 0.1, group="vat/north"),
                    row(name, "south_vat", 0.12, group="vat/south"),
                ]
                rows.append(row(name, "milk", 9.0 + place, lead=1))
            if family != "Gifts":
                rows.append(row(name, "cold_store", 1.0 if family == "Cheese" else 0.1))
    return rows


def resources() -> Rows:
    keys = ("resource_id", "kind", "site_id", "unit", "opening_units", "hours_per_day", "regular_rate", "overtime_rate")
    more = ("overtime_limit_pct", "hire_cost", "layoff_cost", "capacity")
    rows = [
        ("dairymen", "labour", "", "heads", 3, 7.5, 20, 30, 10, 1000, 2000, ""),
        ("north_vat", "machine", "north", "vats", 1, 4, 0, 5, 20, "", "", ""),
        ("south_vat", "machine", "south", "vats", 1, 3, 0, 5, 20, "", "", ""),
        ("cold_store", "storage", "", "shelves", "", "", "", "", "", "", "", 4000),
    ]
    return [dict(zip((*keys, *more), row, strict=True)) for row in rows]


def quantity(name: str, place: int) -> float:
    """Sales of a month: a level, a season, and a mix that moves slowly."""
    season = (0, 3, 6, 9, 6, 3)[place % 6]
    drift = place / 4 if name in ("GOUDA", "PLAIN") else -place / 8
    return round(SOLD[name] * (1 + (season + drift) / 100), 1)


def dated(value: str, days: tuple[str, ...], share: float) -> Rows:
    """Rows of each product and month on the ``days``, each with a ``share`` of the month's sales as ``value``."""
    sold = [name for members in FAMILY.values() for name in members if name in SOLD]
    return [
        {"date": f"{month:%Y-%m}-{day}", "product_id": name, value: round(quantity(name, place) * share, 2)}
        for place, month in enumerate(MONTHS)
        for name in sold
        for day in days
    ]


def business_plan() -> Rows:
    plan = {"Cheese": (850, 10000, 3300), "Yoghurt": (1450, 2900, 1100), "Gifts": (80, 960, 320)}
    months = [add_months(CYCLE.month, step) for step in range(-4, HORIZON)]
    return [
        {"month": f"{month:%Y-%m}", "family": family, "units": units, "revenue": revenue, "margin": margin}
        for month in months
        for family, (units, revenue, margin) in plan.items()
    ]


def write(
    folder: Path, *, signal: str = "sales", equivalents: bool = True, without: tuple[str, ...] = (), **settings: Any
) -> None:
    """Write the dairy's folder.

    ``signal`` is sales or production (alone, without stock); ``without`` leaves families out; ``settings`` go into
    sop.yaml.
    """
    tables: dict[str, Rows] = {
        "products": products(equivalents=equivalents),
        "production": dated("quantity", ("08", "22"), 0.5),
        "resources": resources(),
        "product_features": features(),
        "materials": [{"material_id": "milk", "unit_cost": 0.4, "on_hand": 20000, "lead_days": 20}],
        "new_products": [
            {"product_id": "HALLOUMI", "stage": "trial", "probability": 1, "launch_month": "2026-08"}
            | {"like_product_id": "BRIE", "scale_pct": 50, "ramp_months": 3, "cannibalises": "FETA"}
            | {"cannibalisation_pct": 20}
        ],
        "business_plan": business_plan(),
    }
    if signal == "sales":
        tables |= {"sales": dated("quantity", ("10", "20"), 0.5), "inventory": dated("on_hand", ("28",), 0.5)}
        for row in tables["sales"]:
            row["revenue"] = round(row["quantity"] * (2 if row["product_id"] in FAMILY["Yoghurt"] else 12), 2)
    gone = {name for family in without for name in FAMILY[family]}
    for name, rows in tables.items():
        kept = [row for row in rows if row.get("product_id") not in gone and row.get("family") not in without]
        write_csv(folder / "data" / f"{name}.csv", kept)
    sources = {name: f"data/{name}.csv" for name in tables}
    given = {"company": "Meadow Dairy", "currency": "EUR", "horizon_months": HORIZON, "sources": sources, **settings}
    (folder / "sop.yaml").write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")


def write_csv(path: Path, rows: Rows) -> None:
    """Write rows as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
