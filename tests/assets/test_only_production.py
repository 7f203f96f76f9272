"""A company that keeps no books of its sales: its product list and what it made go through the whole cycle.

Bottom-up, as companies with variable production plan. Once without stock counts (what was made is what was asked for),
once with them (output less the change of stock).
"""

import csv

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, add_months
from tests.thrift import some

CYCLE = Cycle.parse("2026-01")
MONTHS = [add_months(CYCLE.month, step) for step in range(-30, 0)]
MADE = {"OAK": 120, "ASH": 60, "ELM": 30}
FAMILY = {"OAK": "Tables", "ASH": "Tables", "ELM": "Chairs"}
SETTINGS = """company: Village Joinery
currency: EUR
horizon_months: 18
approach: bottom_up
sources:
  products: data/products.csv
  production: data/production.csv
"""
pytestmark = pytest.mark.slow


def output(product_id, month):
    return MADE[product_id] + 2 * (month.month % 4)


def stock(product_id, month):
    """Stock at the month's end swings by up to nine."""
    return 50 + 3 * (month.month % 4)


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def joinery(folder, with_stock):
    (folder / "data").mkdir(parents=True)
    (folder / "sop.yaml").write_text(SETTINGS + ("  inventory: data/inventory.csv\n" if with_stock else ""))
    write(
        folder / "data" / "products.csv",
        [{"product_id": name, "product_name": name.title(), "family": FAMILY[name]} for name in MADE],
    )
    made = [
        {"date": f"{month:%Y-%m}-{day}", "product_id": name, "quantity": output(name, month) / 3}
        for month in MONTHS
        for name in MADE
        for day in ("06", "15", "27")
    ]
    write(folder / "data" / "production.csv", made)
    if with_stock:
        counts = [
            {"date": f"{month:%Y-%m}-28", "product_id": name, "on_hand": stock(name, month)}
            for month in MONTHS
            for name in MADE
        ]
        write(folder / "data" / "inventory.csv", counts)


@pytest.fixture(scope="module", params=some(["with stock", "output alone"], 2))
def planned_joinery(request, company_at, instance, tmp_path_factory):
    folder = tmp_path_factory.mktemp("joinery") / "company"
    joinery(folder, request.param == "with stock")
    company = company_at(folder)
    result = company.run(CYCLE.name, instance)
    assert result.success, [event.message for event in result.all_events if event.is_step_failure]
    return company, request.param == "with stock"


def table(company, name):
    return company.lake.read(name, CYCLE).to_pylist()


def test_demand_is_output_less_the_change_of_stock_where_that_is_known(planned_joinery):
    company, with_stock = planned_joinery
    rows = table(company, "demand_history")
    assert {row["signal"] for row in rows} == {"production"}
    for row in rows:
        before = add_months(row["month"], -1)
        change = stock(row["product_id"], row["month"]) - stock(row["product_id"], before)
        taken = change if with_stock and before >= MONTHS[0] else 0
        assert float(row["quantity"]) == pytest.approx(output(row["product_id"], row["month"]) - taken, abs=0.001)


def test_it_is_forecast_and_planned_bottom_up(planned_joinery):
    company, _ = planned_joinery
    assert [row["approach"] for row in table(company, "forecast_approach") if row["chosen"]] == ["bottom_up"]
    assert {row["approach"] for row in table(company, "planning_approach")} == {"bottom_up"}
    assert {row["product_id"] for row in table(company, "planning_demand")} == set(MADE)


def test_every_deliverable_covers_the_horizon(planned_joinery):
    company, _ = planned_joinery
    months = set(CYCLE.horizon(18))
    for name in ("demand_plan", "sales_plan", "production_plan", "inventory_plan"):
        rows = [row for row in table(company, name) if row["month"] in months]
        assert {row["month"] for row in rows} == months, name
        assert {row["product_id"] for row in rows} == set(MADE), name
    planned = sum(row["quantity"] for row in table(company, "demand_plan") if row["product_id"] == "OAK")
    assert float(planned) / 18 == pytest.approx(123, rel=0.05)
    assert sum(row["sales"] for row in table(company, "sales_plan")) > 0
    assert {row["revenue"] for row in table(company, "financial_plan")} == {None}
    assert table(company, "operational_plan")
    assert set(company.hashes(CYCLE.name)) == set(tables.REGISTRY)


def test_accuracy_is_claimed_from_the_backtest_and_nothing_from_markets_or_earlier_cycles(planned_joinery):
    company, _ = planned_joinery
    assert any(row["level"] == "company" and row["wmape"] is not None for row in table(company, "forecast_accuracy"))
    for name in ("market_history", "market_forecast", "market_accuracy", "forecast_value_added"):
        assert table(company, name) == []


def test_the_pack_says_where_demand_comes_from_and_what_is_unknown(planned_joinery):
    company, with_stock = planned_joinery
    used = {row["default_id"]: row["items"] for row in table(company, "demand_defaults")}
    assert used["demand_from_production"] == 3
    listed = {row["default_id"] for row in table(company, "defaults_used")}
    assert ("production_without_stock" in listed) != with_stock
    assert used.get("production_without_stock") == (None if with_stock else 3)
    made = list((company.folder / "packs" / CYCLE.name).rglob("*"))
    assert {".html", ".pdf", ".xlsx", ".csv"} <= {path.suffix for path in made if path.is_file()}
    page = next(path for path in made if path.name.startswith("executive-pack") and path.suffix == ".html").read_text()
    assert "production less the change of stock, production alone where stock is unknown" in page
    assert "none: nothing is priced" in page
    assert "No earlier cycle’s plan has met its actuals yet" in page
    assert "Demand by region and channel" not in page
