"""What the pack shows of regions and channels, and of families counted in several units."""

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import add_months
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import build_packs
from sop_pipeline.packs.pages.accuracy import accuracy
from sop_pipeline.packs.parts.demand import demand_sentence
from sop_pipeline.packs.parts.markets import all_markets, family_markets
from sop_pipeline.packs.parts.supply import supply_sentence
from tests.packs.invented import CYCLE, company
from tests.present import present
from tests.thrift import soak_alone

MARKETS = {("region", "North"): 60.0, ("region", "South"): 40.0, ("channel", "Web"): 100.0}


def market_tables(families):
    """The next 24 months and the last 12: every family sells the same to the same markets."""
    plan = [
        {"dimension": dimension, "market": market, "family": family, "month": month, "quantity": amount}
        | {"share": amount / 100, "share_from": add_months(CYCLE.month, -12), "share_to": add_months(CYCLE.month, -1)}
        | {"basis": "family", "unit_of_measure": unit}
        for family, unit in families.items()
        for (dimension, market), amount in MARKETS.items()
        for month in CYCLE.horizon(24)
    ]
    sold = [
        {"dimension": dimension, "market": market, "family": family, "month": add_months(CYCLE.month, -step)}
        | {"quantity": amount / 2, "unit_of_measure": unit}
        for family, unit in families.items()
        for (dimension, market), amount in MARKETS.items()
        for step in range(1, 25)
    ]
    off = [
        {"dimension": dimension, "market": market, "family": family, "lag": lag, "n": 3, "wmape": 0.12, "bias": 0.0}
        for family in (*families, "all")
        for dimension, market in MARKETS
        for lag in range(4)
    ]
    return {
        "market_forecast": tables.conform("market_forecast", plan),
        "market_history": tables.conform("market_history", sold),
        "market_accuracy": tables.conform("market_accuracy", off),
    }


def said(listing):
    return [[cell.text for cell in row.cells] for row in listing.rows]


def test_a_family_s_markets_are_its_twelve_months_sold_and_planned_with_their_error(tables):
    families = sorted(set(tables["demand_plan"]["family"].to_pylist()))
    book = Book({**tables, **market_tables(dict.fromkeys(families, "case"))}, company(), CYCLE)
    listing = present(family_markets(book, families[0]))
    assert [column.name for column in listing.columns] == ["", "North", "South", "Web"]
    assert listing.groups[1:] == [("Region", 2), ("Channel", 1)]
    assert said(listing) == [
        ["Sold, last 12 months", "360", "240", "600"],
        ["Plan, next 12 months", "720", "480", "1,200"],
        ["WMAPE, lag 3", "12.0%", "12.0%", "12.0%"],
    ]
    assert listing.note == "cases; a family’s plan split by its own sales of Nov ’25 to Oct ’26"


def test_all_families_add_up_to_the_company_where_their_units_agree(tables):
    book = Book({**tables, **market_tables({"F": "case", "G": "case"})}, company(), CYCLE)
    rows = {row[0]: row[1:] for row in said(all_markets(book))}
    assert rows == {
        "F": ["720", "480", "1,200"],
        "G": ["720", "480", "1,200"],
        "Company": ["1,440", "960", "2,400"],
        "WMAPE, lag 3": ["12.0%", "12.0%", "12.0%"],
    }


def test_families_of_different_units_have_no_total(tables):
    book = Book({**tables, **market_tables({"F": "case", "G": "kg"})}, company(), CYCLE)
    assert [row[0] for row in said(all_markets(book))] == ["F, cases", "G, kg", "WMAPE, lag 3"]
    assert "each family in its own unit" in present(all_markets(book)).note


def test_sales_without_markets_have_no_such_table(book):
    assert all_markets(book) is None
    assert family_markets(book, book.families[0]) is None


@soak_alone
@pytest.mark.slow
def test_a_pack_with_markets_shows_them_on_the_page_of_products(tables, tmp_path):
    families = sorted(set(tables["demand_plan"]["family"].to_pylist()))
    everything = {**tables, **market_tables(dict.fromkeys(families, "case"))}
    build_packs(everything, company(), CYCLE, status="draft", hashes={}, out=tmp_path / "2026-11")
    page = next((tmp_path / "2026-11").glob("executive-pack-*.html")).read_text()
    assert page.count("<h3>Demand by region and channel") == len(families) + 1


def test_a_family_of_several_units_is_told_in_its_equivalent(tables):
    """One product of the family counts ten times: sentence and unit say so."""
    products = tables["products"].to_pylist()
    family = tables["product_lifecycle"].to_pylist()[0]["family"]
    mine = [row for row in products if row["family"] == family]
    mine[0]["unit_of_measure"] = "pallet"
    units = [
        {"product_id": row["product_id"], "family": row["family"], "unit_of_measure": row["unit_of_measure"]}
        | {"family_unit": "equivalent_units", "company_unit": "equivalent_units"}
        | {"family_equivalent": 10.0 if row is mine[0] else 1.0, "company_equivalent": 1.0}
        for row in products
    ]
    changed = {**tables, "products": _conform("products", products), "demand_units": _conform("demand_units", units)}
    book = Book(changed, company(), CYCLE)
    plan = [r for r in tables["demand_plan"].to_pylist() if r["family"] == family and r["month"] in CYCLE.horizon(12)]
    total = sum(float(r["quantity"]) * (10 if r["product_id"] == mine[0]["product_id"] else 1) for r in plan)
    words = "".join(getattr(span, "text", str(span)) for span in demand_sentence(book, family))
    assert f"{total:,.0f} equivalent units" in words
    without = Book({**changed, "demand_units": _conform("demand_units", [])}, company(), CYCLE)
    words = "".join(getattr(span, "text", str(span)) for span in demand_sentence(without, family))
    assert words.startswith("Its products are counted in different units")
    words = "".join(getattr(span, "text", str(span)) for span in supply_sentence(without, family))
    assert words.endswith("its stock is counted in different units.")
    assert "of several kinds" not in words


def test_errors_that_cannot_be_added_are_said_not_to_be(tables):
    rows = [row for row in tables["forecast_accuracy"].to_pylist() if row["item_id"] != "all"]
    book = Book({**tables, "forecast_accuracy": _conform("forecast_accuracy", rows)}, company(), CYCLE)
    words = "".join(getattr(span, "text", str(span)) for span in accuracy(book).sentences[0])
    assert words.startswith("Products are counted in units that cannot be added")


_conform = tables.conform
