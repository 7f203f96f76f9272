"""What Larkfield Care makes: six families, sixty products and three on the way.

Here: names, families, plants, prices, costs and the size and shape of each product's market. Not here: how a day's
sales come about (``market``), what a product takes to make (``capacity``), what planners think of it (``planners``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.demo.days import FIRST_DAY

BOTTLES, TUBES = "bottle_lines", "tube_lines"
SHARES = (0.18, 0.15, 0.13, 0.11, 0.10, 0.09, 0.08, 0.07, 0.05, 0.04)
PRICE_STEPS = (1.00, 0.96, 1.05, 1.10, 0.92, 1.02, 0.88, 1.15, 0.98, 1.20)
MATERIAL_SHARE = 0.62

LAUNCHED, ENDED, HEIR, PHASED_OUT = "FC-410", "HL-603", "HL-604", "BW-205"


@dataclass(frozen=True)
class Family:
    """A family: where it is made and on what, cases a month in 2026, price, cost share, growth a year and seasons."""

    code: str
    name: str
    site_id: str
    machine: str
    cases_a_month: float
    price: float
    cost_share: float
    growth: float
    seasons: tuple[float, ...]
    labour_hours: float
    machine_hours: float
    products: tuple[str, ...]


FAMILIES: tuple[Family, ...] = (
    Family(
        "HC", "Hair Care", "ULM", BOTTLES, 118_000, 38.0, 0.66, 0.01,
        (0.97, 0.96, 1.00, 1.00, 1.03, 1.04, 1.03, 1.00, 1.02, 1.01, 0.98, 0.96), 0.172, 0.0088,
        ("Daily Shampoo", "Repair Shampoo", "Daily Conditioner", "Volume Shampoo", "Repair Conditioner",
         "Colour Shampoo", "Kids Shampoo", "Hair Mask", "Classic Shampoo", "Scalp Tonic"),
    ),
    Family(
        "BW", "Body Wash", "ULM", BOTTLES, 150_000, 31.0, 0.72, 0.03,
        (0.88, 0.88, 0.94, 1.00, 1.07, 1.14, 1.16, 1.11, 1.02, 0.96, 0.92, 0.92), 0.160, 0.0082,
        ("Shower Gel Citrus", "Shower Gel Sensitive", "Shower Gel Sport", "Shower Cream", "Bath Foam Pine",
         "Bath Foam Lavender", "Body Scrub", "Shower Oil", "Kids Bath", "Travel Shower Gel"),
    ),
    Family(
        "HS", "Home Care", "ULM", BOTTLES, 170_000, 29.0, 0.74, 0.04,
        (1.06, 1.04, 1.05, 1.00, 0.97, 0.94, 0.93, 0.93, 0.98, 1.01, 1.04, 1.05), 0.152, 0.0079,
        ("Hand Soap Classic", "Hand Soap Refill", "Dish Liquid", "Surface Spray", "Floor Cleaner",
         "Glass Cleaner", "Bathroom Cleaner", "Laundry Liquid", "Hand Foam", "Limescale Gel"),
    ),
    Family(
        "FC", "Face Care", "LYON", TUBES, 62_000, 105.0, 0.56, 0.08,
        (1.02, 0.98, 1.00, 0.98, 0.97, 0.95, 0.92, 0.93, 1.01, 1.05, 1.10, 1.09), 0.305, 0.0200,
        ("Day Cream", "Night Cream", "Cleansing Milk", "Eye Cream", "Face Serum",
         "Cleansing Gel", "Toner", "Lifting Cream", "Clay Mask", "Peptide Serum"),
    ),
    Family(
        "SC", "Sun Care", "LYON", TUBES, 78_000, 96.0, 0.58, 0.06,
        (0.34, 0.48, 0.88, 1.42, 2.00, 2.18, 1.80, 1.10, 0.62, 0.42, 0.36, 0.40), 0.300, 0.0235,
        ("Sun Milk SPF 30", "Sun Milk SPF 50", "Kids Sun Milk SPF 50", "Sun Spray SPF 30", "Face Sun Cream",
         "After Sun Lotion", "Sun Gel Sport", "Sun Oil", "Lip Sun Stick", "Self Tan Lotion"),
    ),
    Family(
        "HL", "Hand and Lip Care", "LYON", TUBES, 92_000, 58.0, 0.64, -0.03,
        (1.50, 1.32, 1.06, 0.80, 0.60, 0.50, 0.50, 0.60, 0.94, 1.24, 1.44, 1.50), 0.285, 0.0130,
        ("Hand Cream Classic", "Hand Cream Intensive", "Hand Cream Rose", "Lip Balm Classic", "Lip Balm Cherry",
         "Hand Cream Men", "Cold Cream", "Hand Mask", "Lip Butter", "Nail Balm"),
    ),
)  # fmt: skip

NEW_PRODUCTS: tuple[tuple[str, str, str, float, float], ...] = (
    ("HS-311", "Hand Soap Pouch", "Home Care", 26.0, 0.70),
    ("HC-111", "Scalp Calm Shampoo", "Hair Care", 43.0, 0.63),
    ("SC-511", "Mineral Sun Stick", "Sun Care", 104.0, 0.57),
)


@dataclass(frozen=True)
class Catalogue:
    """Products as arrays in one order; ``table`` has a row a product with its family's figures and its own."""

    table: pd.DataFrame
    cases_a_month: np.ndarray = field(repr=False)
    growth: np.ndarray = field(repr=False)
    seasons: np.ndarray = field(repr=False)

    @property
    def ids(self) -> list[str]:
        """Identifiers of the products that have been sold."""
        return list(self.table["product_id"])

    def place(self, product_id: str) -> int:
        """Row of a product."""
        return self.ids.index(product_id)


def catalogue(random: np.random.Generator) -> Catalogue:
    """The sixty products sold: shape (60,) volumes and growth, (60, 12) seasons with mean 1, and a table of figures."""
    rows = [_figures(family, index) for family in FAMILIES for index in range(len(family.products))]
    table = pd.DataFrame(rows)
    cases = np.array([family.cases_a_month * share for family in FAMILIES for share in SHARES])
    growth = np.array([family.growth for family in FAMILIES for _ in SHARES]) + random.normal(0, 0.015, len(table))
    strength = random.uniform(0.85, 1.15, len(table))
    seasons = np.array([family.seasons for family in FAMILIES for _ in SHARES]) ** strength[:, None]
    return Catalogue(table, cases, growth, seasons / seasons.mean(axis=1, keepdims=True))


def _figures(family: Family, index: int) -> dict[str, object]:
    price = round(family.price * PRICE_STEPS[index], 2)
    share = family.cost_share + (0.02, -0.01, 0.00, -0.03, 0.03, 0.01, 0.02, -0.02, 0.01, -0.03)[index]
    return {
        "product_id": f"{family.code}-{[each.code for each in FAMILIES].index(family.code) + 1}{index + 1:02d}",
        "product_name": family.products[index],
        "family": family.name,
        "site_id": family.site_id,
        "machine": family.machine,
        "unit_price": price,
        "standard_cost": round(price * share, 2),
        "labour_hours": round(family.labour_hours * (0.9 + 0.025 * index), 4),
        "machine_hours": round(family.machine_hours * (0.92 + 0.02 * index), 5),
    }


def products_table(known: Catalogue) -> pd.DataFrame:
    """The ``products`` input table: everything sold, and the three new products."""
    columns = ["product_id", "product_name", "family", "site_id", "unit_price", "standard_cost"]
    sold = known.table[columns]
    site = {family.name: family.site_id for family in FAMILIES}
    coming = pd.DataFrame(
        [(pid, name, fam, site[fam], price, round(price * cost, 2)) for pid, name, fam, price, cost in NEW_PRODUCTS],
        columns=columns,
    )
    table = pd.concat([sold, coming], ignore_index=True)
    return _policies(table).assign(**_life(table))


def _policies(table: pd.DataFrame) -> pd.DataFrame:
    price, cost, family = table["unit_price"], table["standard_cost"], table["family"]
    seasonal = family.isin(["Sun Care", "Hand and Lip Care"])
    bought_in = family.isin(["Sun Care", "Body Wash"])
    return pd.DataFrame(
        {
            "product_id": table["product_id"],
            "product_name": table["product_name"],
            "family": family,
            "unit_of_measure": "case",
            "unit_price": price,
            "unit_material_cost": (cost * MATERIAL_SHARE).round(2),
            "standard_cost": cost,
            "holding_cost": (cost * 0.012).round(3),
            "backlog_cost": (price * 0.10).round(2),
            "lost_sales_cost": price,
            "subcontract_cost": (cost * 1.18).round(2).where(bought_in),
            "subcontract_limit": pd.Series(np.where(family == "Sun Care", 600, 1_200)).where(bought_in),
            "shelf_life_months": np.where(family == "Sun Care", 24, 30),
            "service_level": np.where(family == "Face Care", 0.97, 0.95),
            "cover_days_min": np.where(seasonal, 18, 21),
            "cover_days_max": np.where(seasonal, 150, 75),
            "replenishment_lead_days": np.where(table["site_id"] == "LYON", 28, 21),
            "site_id": table["site_id"],
        }
    )


def _life(table: pd.DataFrame) -> dict[str, pd.Series]:
    launched = {LAUNCHED: date(2025, 5, 1)}
    ended = {ENDED: date(2024, 12, 31), PHASED_OUT: date(2027, 3, 31), "HC-109": date(2027, 6, 30)}
    heirs = {ENDED: HEIR, PHASED_OUT: "BW-206", "HC-109": "HC-111"}
    coming = {item[0] for item in NEW_PRODUCTS}
    old = date(FIRST_DAY.year - 9, 3, 1)
    first = [launched.get(item, None if item in coming else old) for item in table["product_id"]]
    return {
        "launched_on": pd.Series(first, dtype=object),
        "discontinued_on": table["product_id"].map(ended).astype(object),
        "successor_id": table["product_id"].map(heirs).astype(object),
    }
