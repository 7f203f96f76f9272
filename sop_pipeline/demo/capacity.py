"""What products take and what the plants have: resources, features, materials, maintenance, the calendar.

Calibrated so that in the coming year the tube lines are short of hours from April to July while bottle lines are not:
level, chase and blended plans then differ in money and in people. Not here: how the past was produced (``factory``).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.demo.catalogue import BOTTLES, TUBES, Catalogue
from sop_pipeline.demo.days import SHUTDOWN, months, working_days

MACHINE_HOURS_A_DAY = 15.0
LINES = {BOTTLES: 14, TUBES: 15}
PLANT_OF = {BOTTLES: "ULM", TUBES: "LYON"}
LABOUR_OF = {"ULM": "labour_ulm", "LYON": "labour_lyon"}
STORAGE, SURFACTANT, UV_FILTER, PUMP = "storage", "surfactant", "uv_filter", "pump_dispenser"
NAMES = {
    "labour_ulm": "Labour Ulm",
    "labour_lyon": "Labour Lyon",
    BOTTLES: "Bottle lines",
    TUBES: "Tube lines",
    STORAGE: "Pallet places",
    SURFACTANT: "Surfactant",
    UV_FILTER: "UV filter",
}
CASES_A_PALLET = {"Hair Care": 64, "Body Wash": 56, "Home Care": 48, "Face Care": 96, "Sun Care": 80}
SURFACTANT_KG = {"Hair Care": 3.4, "Body Wash": 3.8, "Home Care": 4.2}
UV_FILTER_KG = 0.35
WITH_PUMP = ("HS-301", "HS-309", "BW-204", "FC-403", "FC-406", "SC-506")


def machine_hours(machine: str) -> np.ndarray:
    """Regular hours of a machine group in each month of history and outlook."""
    return np.asarray(LINES[machine] * MACHINE_HOURS_A_DAY * working_days(PLANT_OF[machine]))


def resources_table() -> pd.DataFrame:
    """The ``resources`` input table: two crews, two machine groups, storage and two materials."""
    crew = {"kind": "labour", "unit": "heads", "hours_per_day": 7.5, "pay_basis": "paid", "overtime_limit_pct": 10.0}
    lines = {"kind": "machine", "unit": "lines", "hours_per_day": MACHINE_HOURS_A_DAY, "overtime_limit_pct": 12.0}
    rows = [
        {"resource_id": "labour_ulm", "site_id": "ULM", **crew, "opening_units": 446, "regular_rate": 31.0,
         "overtime_rate": 42.0, "hire_cost": 4_800.0, "layoff_cost": 9_500.0, "max_hires": 25, "max_layoffs": 20,
         "min_units": 420, "max_units": 600, "temporary_max": 30, "temporary_rate": 37.0},
        {"resource_id": "labour_lyon", "site_id": "LYON", **crew, "opening_units": 418, "regular_rate": 32.5,
         "overtime_rate": 44.5, "hire_cost": 5_200.0, "layoff_cost": 11_000.0, "max_hires": 30, "max_layoffs": 20,
         "min_units": 380, "max_units": 640, "temporary_max": 45, "temporary_rate": 39.0},
        {"resource_id": BOTTLES, "site_id": "ULM", **lines, "opening_units": LINES[BOTTLES], "regular_rate": 0.0,
         "overtime_rate": 95.0},
        {"resource_id": TUBES, "site_id": "LYON", **lines, "opening_units": LINES[TUBES], "regular_rate": 0.0,
         "overtime_rate": 120.0},
        {"resource_id": STORAGE, "kind": "storage", "unit": "pallets", "capacity": 13_500},
        {"resource_id": SURFACTANT, "kind": "material", "unit": "kg", "capacity": 2_100_000},
        {"resource_id": UV_FILTER, "kind": "material", "unit": "kg", "capacity": 50_000},
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    table.insert(1, "resource_name", table["resource_id"].map(NAMES))
    return table


def resource_months_table() -> pd.DataFrame:
    """The ``resource_months`` input table: planned maintenance, a supplier's short month, rented storage."""
    rows = [
        (TUBES, "2027-01", 2, None, date(2026, 6, 15)),
        (TUBES, "2027-08", 3, None, date(2026, 6, 15)),
        (BOTTLES, "2027-02", 2, None, date(2026, 6, 15)),
        (BOTTLES, "2027-08", 3, None, date(2026, 6, 15)),
        (TUBES, "2028-01", 2, None, date(2026, 9, 14)),
        (BOTTLES, "2028-02", 2, None, date(2026, 9, 14)),
        (STORAGE, "2027-03", None, 15_000, date(2026, 9, 14)),
        (STORAGE, "2027-04", None, 15_000, date(2026, 9, 14)),
        (UV_FILTER, "2027-03", None, 36_000, date(2026, 10, 22)),
    ]
    table = pd.DataFrame(rows, columns=["resource_id", "month", "units_down", "capacity", "recorded_on"])
    return table.sort_values(["resource_id", "month"], ignore_index=True)


def features_table(known: Catalogue, products: pd.DataFrame) -> pd.DataFrame:
    """The ``product_features`` input table: hours, materials, pallet places and an option of one case.

    New products take the mean of their family's hours.
    """
    hours = products[["product_id", "family", "site_id"]].merge(
        known.table[["product_id", "machine", "labour_hours", "machine_hours"]], how="left", on="product_id"
    )
    family = hours.groupby("family")
    hours["machine"] = hours["machine"].fillna(family["machine"].transform("first"))
    for column in ("labour_hours", "machine_hours"):
        hours[column] = hours[column].fillna(family[column].transform("mean").round(5))
    item, kind = hours["product_id"], hours["family"]
    parts = [
        _features(item, hours["site_id"].map(LABOUR_OF), hours["labour_hours"]),
        _features(item, hours["machine"], hours["machine_hours"]),
        _features(item, STORAGE, (1 / kind.map(CASES_A_PALLET).fillna(110)).round(6)),
        _features(item, SURFACTANT, kind.map(SURFACTANT_KG)),
        _features(item, UV_FILTER, kind.map({"Sun Care": UV_FILTER_KG})),
        _features(item, PUMP, item.map(dict.fromkeys(WITH_PUMP, 12.0))),
    ]
    table = pd.concat(parts, ignore_index=True).dropna(subset=["quantity"])
    return table.sort_values(["product_id", "feature"], ignore_index=True)


def _features(product: pd.Series, feature: pd.Series | str, quantity: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"product_id": product, "feature": feature, "quantity": quantity})


def materials_table() -> pd.DataFrame:
    """The ``materials`` input table."""
    return pd.DataFrame(
        {
            "material_id": [SURFACTANT, UV_FILTER],
            "unit_cost": [1.85, 21.5],
            "on_hand": [1_150_000, 31_000],
            "on_order": [1_900_000, 36_000],
            "lead_days": [35, 50],
            "min_order": [200_000, 8_000],
        }
    )


def calendar_table() -> pd.DataFrame:
    """The ``calendar`` input table: a row a month for both plants, and Lyon's own Augusts, whose shutdown is longer."""
    when = months()
    august = when.month == 8
    table = pd.DataFrame({"month": when.strftime("%Y-%m"), "working_days": working_days("ULM"), "site_id": ""})
    own = table[august].assign(working_days=working_days("LYON")[august], site_id="LYON")
    both = pd.concat([table, own]).sort_values(["month", "site_id"], ignore_index=True)
    both["shutdown"] = both["month"].str.endswith("-08").map({True: SHUTDOWN, False: ""})
    return both.astype({"working_days": int}).replace("", None)
