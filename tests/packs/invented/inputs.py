"""What the company's files give: products, resources, risks, decisions.

A function a table, named as it is, which returns its rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from tests.packs.invented.firm import Firm


def products(firm: Firm) -> pd.DataFrame:
    return firm.products.drop(columns=["phase", "base", "trend"])


def resources(firm: Firm) -> list[dict[str, Any]]:
    return [
        {"resource_id": "Packers", "kind": "labour", "hire_lead_months": 2, "opening_units": 84},
        {"resource_id": "Press line", "kind": "machine", "opening_units": 4},
        {"resource_id": "Mixing", "kind": "machine", "opening_units": 3},
        {"resource_id": "Warehouse", "kind": "storage", "capacity": 150000},
    ]


def product_features(firm: Firm) -> list[dict[str, Any]]:
    return [
        {"product_id": key, "feature": feature, "quantity": 0.02}
        for n, key in enumerate(firm.products["product_id"])
        for feature in ("Packers", "Press line" if n % 2 else "Mixing")
    ]


def assumptions(firm: Firm) -> list[dict[str, Any]]:
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


def risks_opportunities(firm: Firm) -> list[dict[str, Any]]:
    base = {"month_from": date(2027, 2, 1), "month_to": date(2027, 5, 1), "owner": "Sales"}
    effect = 1.0 if firm.shape.money else None
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
            "family": firm.families()[n % len(firm.families())],
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


def decisions(firm: Firm) -> list[dict[str, Any]]:
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
