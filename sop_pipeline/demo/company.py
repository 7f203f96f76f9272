"""Puts the demo company together and writes its folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sop_pipeline.demo import capacity, files, ledger, planners, troubles
from sop_pipeline.demo.budget import business_plan_table
from sop_pipeline.demo.catalogue import Catalogue, catalogue, products_table
from sop_pipeline.demo.factory import Factory, factory, inventory_table, production_table
from sop_pipeline.demo.market import Market, market
from sop_pipeline.starter import write_editor_schema

CONFIGURATION = Path(__file__).with_name("sop.yaml")


@dataclass(frozen=True)
class Written:
    """What was written: the troubles planted, and count differences of stock (P, H) that break no identity."""

    planted: troubles.Planted
    count_differences: pd.DataFrame


def write_company(folder: Path, seed: int = 2026) -> Written:
    """Write the demo company into ``folder``: sop.yaml and data/, in place of an earlier data/; lake and packs stay.

    Equal seeds give equal bytes. About 8 MB, in some five seconds.
    """
    folder, random = Path(folder), np.random.default_rng(seed)
    known = catalogue(random)
    made_for = market(known, random)
    made = factory(known, made_for, random)
    sales = ledger.sales_table(known, made_for)
    data = folder / "data"
    if data.exists():
        shutil.rmtree(data)
    data.mkdir(parents=True)
    shutil.copyfile(CONFIGURATION, folder / "sop.yaml")
    write_editor_schema(folder)
    planted = _write_sales(sales, data / "sales", random)
    files.write_parquet(ledger.orders_table(sales, random), data / "orders.parquet")
    files.write_wide_rates(ledger.exchange_rates_table(), data / "exchange_rates.csv")
    files.write_csv(production_table(known, made), data / "production.csv")
    files.write_csv(inventory_table(known, made), data / "inventory.csv")
    _write_workbooks(known, made_for, data)
    return Written(planted, _differences(known, made))


def _write_sales(sales: pd.DataFrame, folder: Path, random: np.random.Generator) -> troubles.Planted:
    spoilt = troubles.spoil(sales, random)
    for year, rows in spoilt.years.items():
        files.write_parquet(rows, folder / f"sales_{year}.parquet")
    for month, rows in spoilt.exports.items():
        files.write_export(rows, folder / f"export_{month}.csv")
    files.write_export(spoilt.resent, folder / f"export_{troubles.RESENT_MONTH}_again.csv")
    files.write_csv(spoilt.corrections, folder / "corrections.csv")
    return spoilt.planted


def _write_workbooks(known: Catalogue, made_for: Market, data: Path) -> None:
    products = products_table(known)
    files.write_workbook({"products": ("", products)}, data / "products.xlsx")
    supply = {
        "resources": ("", capacity.resources_table()),
        "resource_months": ("", capacity.resource_months_table()),
        "product_features": ("", capacity.features_table(known, products)),
        "materials": ("", capacity.materials_table()),
        "calendar": ("", capacity.calendar_table()),
    }
    files.write_workbook(supply, data / "supply.xlsx")
    budget = business_plan_table(known, made_for)
    files.write_workbook({"plan": ("Business plan", budget)}, data / "business_plan.xlsx")
    inputs = {
        "demand": ("What sales, marketing, finance and customers know", planners.demand_inputs_table()),
        "launches": ("Launches on the way", planners.new_products_table()),
        "gates": ("Gates of launches", planners.launch_gates_table()),
        "panel": ("Forecasts made elsewhere", planners.external_forecasts_table(budget)),
        "events": ("Promotions, prices and other events", planners.demand_events_table()),
        "assumptions": ("Assumptions", planners.assumptions_table()),
        "risks": ("Risks and opportunities", planners.risks_opportunities_table()),
        "levers": ("Levers that may close a gap", planners.levers_table()),
        "decisions": ("Decisions", planners.decisions_table()),
        "prices": ("Net prices", planners.price_list_table(products)),
        "costs": ("Pay and material costs", planners.cost_changes_table()),
    }
    files.write_workbook(inputs, data / "planning_meeting.xlsx")


def _differences(known: Catalogue, made: Factory) -> pd.DataFrame:
    """One row per product and month with a count difference: product_id, month (index of history), cases."""
    product, month = np.nonzero(made.differences)
    return pd.DataFrame(
        {
            "product_id": np.array(known.ids)[product],
            "month": month,
            "difference": made.differences[product, month].astype(np.int64),
        }
    )
