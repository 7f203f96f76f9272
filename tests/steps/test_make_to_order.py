"""A month of a company that makes one family to order: planned on what was asked for and is owed, shown as backlog."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company
from sop_pipeline.steps.publication import make_packs

pytestmark = pytest.mark.slow
CYCLE = Cycle.parse("2026-07")
FAMILY = ("pastry-1", "pastry-2")
LATE = "2026-06"
NAMES = ("order_id", "line", "product_id", "ordered_on", "requested_on", "shipped_on", "quantity", "quantity_shipped")


def write_orders(folder):
    """An order line for every month and pastry, asked for ten days before it is shipped; the last ones are not."""
    with (folder / "data" / "sales.csv").open() as file:
        sold = [row for row in csv.DictReader(file) if row["product_id"] in FAMILY]
    with (folder / "data" / "orders.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        for number, row in enumerate(sold):
            asked = date.fromisoformat(row["date"]) - timedelta(days=10)
            shipped = "" if row["date"].startswith(LATE) else row["date"]
            done = row["quantity"] if shipped else ""
            days = (asked - timedelta(days=15), asked, shipped)
            writer.writerow([number, 1, row["product_id"], *days, row["quantity"], done])


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order") / "company"
    init_company(folder)
    write_orders(folder)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["sources"]["orders"] = "data/orders.csv"
    settings["make_to_order"] = ["Pastry"]
    settings["packs"] = {"formats": ["html"]}
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    company = CompanyFolder(folder)
    snapshot(company.settings, folder, CYCLE, company.lake)
    return company, steps.run(company.lake, company.settings, CYCLE, publish=True)


def test_the_plan_starts_with_what_is_owed_and_keeps_no_stock_for_it(planned):
    company, month = planned
    owed: dict[str, Decimal] = defaultdict(Decimal)
    with (company.path / "data" / "orders.csv").open() as file:
        for row in csv.DictReader(file):
            owed[row["product_id"]] += Decimal(row["quantity"]) if not row["shipped_on"] else 0
    state = {row["product_id"]: row for row in month["opening_state"].to_pylist()}
    for name in FAMILY:
        assert state[name]["opening_backlog"] == owed[name] > 0
        assert state[name]["safety_stock"] == 0 < state["bread-1"]["safety_stock"]
    assert all(row["target_low"] == 0 for row in month["inventory_plan"].to_pylist() if row["product_id"] in FAMILY)
    assert {row["signal"] for row in month["demand_history"].to_pylist() if row["product_id"] == "bread-1"} == {"sales"}


def test_its_page_shows_backlog_where_others_show_stock(planned):
    company, month = planned
    packs = make_packs(company, CYCLE)
    (page,) = (path for path in packs.files if path.name == f"executive-pack-{CYCLE}.html")
    text = page.read_text()
    grids = re.findall(r'class="[^"]*sop-grid.*?</table>', text, re.DOTALL)
    (to_order,) = (grid for grid in grids if "Lines on time in full" in grid)
    assert "Backlog" in to_order and "Bookings" in to_order and "Shipments" in to_order
    assert ">Inventory" not in to_order and "Days of supply" not in to_order
    assert any(">Inventory" in grid and "Bookings" not in grid for grid in grids)
    overdue = sum(row["overdue"] for row in month["order_book"].to_pylist() if f"{row['month']:%Y-%m}" == LATE)
    assert f"{overdue:,.0f}" in to_order
