"""The operational plan as the plant manager, the head of people and the finance director read it."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import build_packs
from sop_pipeline.packs.documents import OPERATIONAL_PLAN
from sop_pipeline.packs.pages.operations import operations_if_room
from sop_pipeline.packs.pages.plants import plants
from sop_pipeline.packs.parts.plan_grid import ON_PAPER, Block, PlanLine, plan_grid
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.packs.test_files import HOSTILE

OWNERS = {"production": {"North": "Ines Ortega"}, "human_resources": "Ida Holm", "finance": "Max Voss"}


def owned(tables):
    """The invented cycle with owners by name."""
    from tests.packs.invented import operations

    return {**tables, **operations.deliverables(tables, company(owners=OWNERS))}


@pytest.fixture(scope="module")
def edition(tables):
    return OPERATIONAL_PLAN.fill(Book(owned(tables), company(owners=OWNERS), CYCLE))


@pytest.fixture(scope="module")
def files(tables, tmp_path_factory):
    only = company(owners=OWNERS, packs={"formats": ["html", "pdf"]})
    out = tmp_path_factory.mktemp("operations") / "pack"
    return build_packs(owned(tables), only, CYCLE, out=out, documents=(OPERATIONAL_PLAN,)).files


def page(edition, key):
    return next(each for each in edition.pages if each.key == key)


def grid(page, medium="screen"):
    """Rows of a page's grid by name: their months' figures and who answers."""
    listing = next(part for part in page.parts if part.kind == "plan-grid" and part.only == medium)
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in listing.rows}


def test_a_page_for_the_company_one_a_plant_and_one_a_department(edition):
    assert [each.key for each in edition.pages] == [
        "operations",
        "plant-1",
        *("sheet-sales", "sheet-production", "sheet-purchasing", "sheet-logistics", "sheet-human-resources"),
        *("sheet-finance", "sheet-product-development"),
    ]
    assert page(edition, "plant-1").title == "North"


def test_the_plant_manager_finds_people_hours_output_and_materials_with_who_answers(edition, tables):
    rows = grid(page(edition, "plant-1"))
    plan = {(r["commitment"], r["item"], r["month"]): r for r in owned(tables)["operational_plan"].to_pylist()}
    first = CYCLE.month
    assert rows["Heads"][0] == f"{plan['employ', 'Packers', first]['quantity']:,.0f}"
    assert rows["Snacks, cases"][0] == f"{plan['make', 'Snacks', first]['quantity']:,.0f}"
    assert rows["Snacks, cases"][-1] == "Ines Ortega"
    assert rows["Sugar, units"][0] == "41,000"
    assert rows["Working days"][0] == "21"
    orders = next(part for part in page(edition, "plant-1").parts if part.title == "Materials to order")
    assert [cell.text for cell in orders.rows[0].cells[:3]] == ["Sugar", "42,000", "1 Nov 2026"]
    assert orders.rows[0].cells[2].tone == "worse", "late"
    assert "Summer shutdown in Aug ’27 and Aug ’28" in str(page(edition, "plant-1").sentences)


def test_nobody_hires_a_part_of_a_person(edition):
    for each in edition.pages:
        for medium in ("paper", "screen"):
            for name, cells in grid(each, medium).items():
                if re.match(r"Heads|Hires|Layoffs|Temporary heads", name):
                    assert all(re.fullmatch(r"[\d,]*", cell) for cell in cells[:-1]), (name, cells)


def test_the_finance_director_finds_cash_and_what_it_is_paid_from(edition, tables):
    rows = grid(page(edition, "operations"))
    money = [r for r in tables["plan_money"].to_pylist() if r["chosen"]]
    assert rows["Payments, k"][0] == f"{(money[0]['receipts'] - money[0]['cash_flow']) / 1000:,.0f}"
    assert rows["Payments, k"][-1] == "Max Voss"
    assert rows["Cash flow, k"][0].strip("()") == f"{abs(money[0]['cash_flow']) / 1000:,.0f}"


def test_paper_has_twelve_months_and_the_screen_all(edition):
    each = page(edition, "plant-1")
    assert {len(cells) for cells in grid(each, "paper").values()} == {ON_PAPER + 1}
    assert {len(cells) for cells in grid(each, "screen").values()} == {24 + 1}


def test_each_page_is_one_sheet_of_paper(files, edition):
    pdf = next(path for path in files if path.suffix == ".pdf")
    paper = pypdf.PdfReader(io.BytesIO(pdf.read_bytes()))
    assert len(paper.pages) == len(edition.pages)


@pytest.mark.parametrize(
    "shape", [Shape(families=14, products=3, names=HOSTILE), Shape(families=1, money=False, first_cycle=True)]
)
def test_long_names_many_families_and_no_money_fit_a_sheet_each(shape, tmp_path):
    tables = cycle_tables(shape)
    only = company(packs={"formats": ["html", "pdf"]})
    made = build_packs(tables, only, CYCLE, out=tmp_path / "pack", documents=(OPERATIONAL_PLAN,)).files
    pdf = next(path for path in made if path.suffix == ".pdf")
    pages = OPERATIONAL_PLAN.fill(Book(tables, only, CYCLE)).pages
    assert len(pypdf.PdfReader(io.BytesIO(pdf.read_bytes())).pages) == len(pages)
    text = next(path for path in made if path.suffix == ".html").read_text(encoding="utf-8")
    assert "<script>alert" not in text and not re.search(r">[^<]*(\bnan\b|\bNone\b)[^<]*</td>", text)


def test_the_executive_pack_has_the_page_where_fifteen_pages_have_room(tables):
    assert not operations_if_room(Book(tables, company(), CYCLE)).in_pdf, "six families and nine pages are fifteen"
    assert operations_if_room(Book(tables, company(packs={"families_in_pdf": 5}), CYCLE)).in_pdf


def test_a_company_without_sites_has_one_page(tables):
    blank = tables["operational_plan"].to_pylist()
    for row in blank:
        row["site_id"] = None
    from sop_pipeline.tables import conform

    plan = conform("operational_plan", blank)
    (only,) = plants(Book({**tables, "operational_plan": plan}, company(), CYCLE))
    assert only.title == "Meridian Foods"
    assert grid(only)["Heads"][0]


def test_a_heading_never_stands_alone_at_the_end_of_paper(book):
    lines = [PlanLine(f"line {n}", [1.0] * 24) for n in range(3)]
    paper, screen = plan_grid(book, "", [Block("one", lines), Block("two", lines)], "", "", most_rows=5)
    assert [row.cells[0].text for row in paper.rows] == ["one", "line 0", "line 1", "line 2"]
    assert (paper.left_out, len(screen.rows)) == (4, 8)


def test_the_sales_sheet_says_who_gets_what_where_supply_is_short(edition):
    listing = next(part for part in page(edition, "sheet-sales").parts if part.title.startswith("Short supply"))
    (row,) = [[cell.text for cell in row.cells] for row in listing.rows]
    assert row == ["Online (channel)", "Snacks no 1", "Dec ’26", "2", "400", "100", "25%"]
