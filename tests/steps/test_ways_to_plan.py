"""A month is planned whole whichever way it is forecast and planned: by product, by family, above the most products.

Every way is run from files to packs, with all checks; here stands what has to be true of each, recomputed from the
tables and the dairy's own figures.
"""

import csv
import re
from typing import Any

import pandas as pd
import pytest

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.ingest import snapshot
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.documents import EXECUTIVE_PACK
from sop_pipeline.steps.publication import make_packs
from tests.steps import dairy

pytestmark = pytest.mark.slow

FLOWS = ["output", "subcontract", "lost_sales"]
PLAIN = {"signal": "sales", "without": ("Gifts",)}


def planned_dairy(folder, **ways):
    """Write the dairy, plan its month with every check, publish it and make its packs."""
    dairy.write(folder, packs={"formats": ["html", "xlsx", "csv"]}, **ways)
    company = CompanyFolder(folder)
    snapshot(company.settings, folder, dairy.CYCLE, company.lake)
    planned = steps.run(company.lake, company.settings, dairy.CYCLE, publish=True)
    packs = make_packs(company, dairy.CYCLE)
    book = Book(company.lake.published(dairy.CYCLE), company.settings, dairy.CYCLE)
    return {name: tables.frame(planned[name]) for name in planned.tables}, packs, book


def chosen(frame):
    return frame[frame["strategy"] == "blended"]


def check_whole(made):
    """What holds of every way to plan: items ask for what their products do, and products add up to their items."""
    plan, schedule = chosen(made["aggregate_plan"]), made["production_schedule"]
    demand = made["demand_plan"].set_index(["product_id", "month"])["quantity"]
    by_product = schedule.set_index(["product_id", "month"])
    assert by_product["demand"].sub(demand).abs().max() < 1e-6
    assert len(by_product) == len(demand)
    of_items = schedule.groupby(["item_id", "month"])[["demand", *FLOWS]].sum().astype(float)
    left = made["schedule_remainders"].groupby(["item_id", "month"])["remainder"].sum().astype(float)
    of_items["output"] = of_items["output"].add(left, fill_value=0.0)
    wanted = plan.set_index(["item_id", "month"])[["demand", *FLOWS]].astype(float)
    assert of_items.sub(wanted).abs().to_numpy().max() < 1e-3
    check_hours(made, schedule)
    check_money(made)


def check_hours(made, schedule):
    """Crew hours of the schedule are its products' output times the hours the dairy's own list says."""
    hours = {row["product_id"]: row["quantity"] for row in dairy.features() if row["feature"] == "dairymen"}
    worked = schedule["output"].astype(float) * schedule["product_id"].map(hours)
    load = made["schedule_load"]
    crew = load[load["resource_id"] == "dairymen"].set_index("month")["by_products"].astype(float)
    assert worked.groupby(schedule["month"]).sum().sub(crew).abs().max() < 0.01


def check_money(made):
    """Revenue is what is sold at the price the dairy sells at."""
    sales = made["sales_plan"]
    price = sales["family"].map({"Yoghurt": 2.0}).fillna(12.0)
    revenue = (sales["sales"].astype(float) * price).groupby([sales["family"], sales["month"]]).sum()
    financial = made["financial_plan"]
    ahead = financial[financial["basis"] == "plan"].set_index(["family", "month"])["revenue"].astype(float)
    assert ahead.sub(revenue).abs().max() < 0.05
    allotted = made["operational_plan"].groupby(["commitment", "item"])["quantity"].sum().astype(float)
    for family, amount in revenue.groupby(level=0).sum().items():
        assert allotted["revenue", family] == pytest.approx(amount, abs=0.5)


def check_packs(made, packs):
    """The meeting gets pages by family and files by product, whatever the month was planned by."""
    files = {path.name: path for path in packs.files}
    page = files[f"executive-pack-{dairy.CYCLE}.html"].read_text(encoding="utf-8")
    families = sorted(set(made["demand_plan"]["family"]))
    assert [family for family in families if f">{family}<" in page] == families
    assert not re.search(r">[^<]*(\bnan\b|\bNone\b)", re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S))
    with files["production_plan.csv"].open(encoding="utf-8") as lines:
        exported = pd.DataFrame(csv.DictReader(lines))
    planned = made["production_schedule"].groupby("product_id")["output"].sum().astype(float)
    assert exported.astype({"output": float}).groupby("product_id")["output"].sum().sub(planned).abs().max() < 1e-3
    return page


@pytest.fixture(scope="module")
def by_family(tmp_path_factory):
    return planned_dairy(tmp_path_factory.mktemp("dairy"), approach="top_down", **PLAIN)


def test_families_are_planned_as_one(by_family):
    made, packs, _ = by_family
    plan = made["aggregate_plan"]
    assert set(zip(plan["item_id"], plan["item_level"], strict=True)) == {("Cheese", "family"), ("Yoghurt", "family")}
    assert set(made["planning_features"]["product_id"]) == {"Cheese", "Yoghurt"}
    check_whole(made)
    assert "families by their mix" in check_packs(made, packs)


def test_a_familys_crew_hours_are_those_of_its_mix(by_family):
    """Average of the products' hours by the volumes of the last 12 months, by hand from the dairy's sales."""
    made, *_ = by_family
    features = made["planning_features"].set_index(["product_id", "feature"])["quantity"].astype(float)
    for family in ("Cheese", "Yoghurt"):
        sold = {
            name: sum(dairy.quantity(name, place) for place in range(24, 36))
            for name in dairy.FAMILY[family]
            if name in dairy.SOLD
        }
        hours = {row["product_id"]: row["quantity"] for row in dairy.features() if row["feature"] == "dairymen"}
        average = sum(sold[name] * hours[name] for name in sold) / sum(sold.values())
        assert features[family, "dairymen"] == pytest.approx(average, abs=2e-6)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    return planned_dairy(tmp_path_factory.mktemp("mixed"), approach="top_down", equivalents=False)


def test_a_family_of_several_units_is_planned_by_product_and_said(mixed):
    made, packs, _ = mixed
    items = {("CARD", "product"), ("HAMPER", "product"), ("Cheese", "family"), ("Yoghurt", "family")}
    assert set(zip(made["aggregate_plan"]["item_id"], made["aggregate_plan"]["item_level"], strict=True)) == items
    approach = made["planning_approach"].set_index("family")
    assert approach["approach"].to_dict() == {"Cheese": "top_down", "Yoghurt": "top_down", "Gifts": "bottom_up"}
    assert approach["basis"].to_dict() == {"Cheese": "configured", "Yoghurt": "configured", "Gifts": "units"}
    check_whole(made)
    check_packs(made, packs)


def test_samples_of_a_company_of_several_units_spread_as_the_forecast(mixed):
    """In money: what Gifts and the company count in without equivalents."""
    made, *_ = mixed
    fit = made["demand_sample_fit"].set_index("item_id")
    price = {"Yoghurt": 2.0}
    worth = made["demand_range"].assign(width=made["demand_range"]["p90"] - made["demand_range"]["p10"])
    for name in ("Gifts", "Meadow Dairy"):
        row, ranged = fit.loc[name], worth[worth["item_id"] == name]
        assert float(row["forecast_width"]) == pytest.approx(float(ranged["width"].sum()), abs=0.01)
        demand = made["demand_plan"]
        of_it = demand if name == "Meadow Dairy" else demand[demand["family"] == name]
        money = (of_it["quantity"].astype(float) * of_it["family"].map(price).fillna(12.0)).sum()
        assert float(ranged["mean"].sum()) == pytest.approx(money, rel=1e-6)
    assert fit.loc["Gifts", "ratio"] == pytest.approx(1.0, abs=0.35)


def parts_of(book, title) -> dict[str, Any]:
    """A page's parts by their title; of what kind each is, the test knows."""
    (page,) = [each for each in EXECUTIVE_PACK.fill(book).pages if each.title == title]
    return {"meta": page.meta} | {str(getattr(each, "title", "")): each for each in page.parts}


def rows_of(listing):
    """A grid's rows by block and name, as read."""
    block, rows = "", {}
    for row in listing.rows:
        title, *cells = (cell.text for cell in row.cells)
        block = title if row.kind == "head" else block
        rows[block, title] = cells
    return rows


def test_a_family_of_several_units_has_a_page_in_one_measure(mixed):
    """Cards and hampers at 12 each: what is sold, made and held in money; the plan's pieces stand nowhere."""
    made, _, book = mixed
    parts = parts_of(book, "Gifts")
    assert "added up in EUR at unit price" in parts["meta"]
    assert parts["Demand"].chart is not None and parts["Inventory against its band"].chart is not None
    rows = rows_of(parts["S&OP grid"])
    sold = [12 * (dairy.quantity("CARD", place) + dairy.quantity("HAMPER", place)) for place in range(30, 36)]
    for block, actual, share in (("Sales", "Actual", 1.0), ("Production", "Actual", 1.0), ("Inventory", "Actual", 0.5)):
        cells = rows[f"{block}, EUR at unit price", actual][:6]
        assert cells == [f"{share * amount:,.0f}" for amount in sold]
    plan = made["sales_plan"][made["sales_plan"]["family"] == "Gifts"]
    worth = (plan["sales"].astype(float) * 12).groupby(plan["month"]).sum()
    assert rows["Sales, EUR at unit price", "Plan"][6:18] == [f"{amount:,.0f}" for amount in worth]
    assert ("Sales, EUR at unit price", "Business plan") not in rows
    assert rows["Money, €", "Business plan"][6:18] == ["960"] * 12


def test_stock_of_strategies_adds_up_in_money(mixed):
    """Peak stock of the plan in use, from its products at 12 a kilogram, piece or box, 2 a cup."""
    made, _, book = mixed
    stock = made["production_schedule"]
    worth = stock["inventory"].astype(float) * stock["family"].map({"Yoghurt": 2.0}).fillna(12.0)
    peak = made["plan_summary"].set_index("strategy").loc["blended", "peak_inventory"]
    assert float(peak) == pytest.approx(worth.groupby(stock["month"]).sum().max(), rel=1e-3)
    parts = parts_of(book, "Strategies and scenarios")
    told, drawn = parts["Side by side"], parts["Stock"]
    assert "peak stock in EUR at unit price" in told.note
    assert drawn.chart is not None and drawn.note.startswith("EUR at unit price")
