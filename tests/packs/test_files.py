"""The files of a pack: what a reader, a screen reader, a spreadsheet and an auditor need of them."""

from __future__ import annotations

import html.parser
import io
import json
import re
from datetime import datetime

import openpyxl
import pyarrow.csv as pa_csv
import pypdf
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.packs.build import build_packs
from sop_pipeline.packs.documents import DOCUMENTS
from sop_pipeline.packs.media import exports, fonts, pdf
from sop_pipeline.packs.media import html as html_medium
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.present import present
from tests.thrift import soak_alone

HOSTILE = {
    "Snacks": "=HYPERLINK(\"http://x\")<script>alert('x')</script>",
    "Cereals": "مجموعة المنتجات الجديدة للأطفال",
    "Drinks": "D" * 200,
    "P0101": "<img src=x onerror=alert(1)>",
    "P0102": "+cmd|' /C calc'!A0",
    "P0103": "شامبو بالأعشاب 500 مل",
    "P0104": "Crème " * 40,
}


def named(built, ending):
    return next(path for path in built.files if path.name.endswith(ending))


@pytest.fixture(scope="module")
def document(built):
    return pypdf.PdfReader(io.BytesIO(named(built, ".pdf").read_bytes()))


@pytest.fixture(scope="module")
def page(built):
    return named(built, ".html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    shape = Shape(families=7, products=4, names=HOSTILE)
    made = company(packs={"documents": ["executive_pack"], "formats": ["html", "pdf", "xlsx", "csv"]})
    return build_packs(cycle_tables(shape), made, CYCLE, out=tmp_path_factory.mktemp("hostile") / "pack")


def test_all_files_are_made_and_nothing_else_is_left(built):
    folder = named(built, ".html").parent
    assert not built.notes
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    kinds = ("csv", "parquet")
    deliverables = [f"exports/{table.name}.{kind}" for table in registry.DELIVERABLES for kind in kinds]
    documents = [f"{document.name.replace('_', '-')}-2026-11" for document in DOCUMENTS]
    assert set(documents) >= {"executive-pack-2026-11", "demand-review-2026-11", "supply-review-2026-11"}
    papers = [f"{name}.{ending}" for name in documents for ending in ("html", "pdf")]
    assert names == sorted([*papers, *deliverables, "exports/schema.json", "workbook-2026-11.xlsx"])
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


# -- PDF ---------------------------------------------------------------------------------------------------------------


def test_the_pdf_has_one_page_a_section(document):
    assert len(document.pages) == 15
    for number, each in enumerate(document.pages, start=1):
        words = each.extract_text()
        assert f"page {number} of 15" in words and "released r01" in words and "2026-11" in words


def test_the_pdf_is_bookmarked_tagged_and_in_a_language(document):
    titles = [mark.title for mark in document.outline]
    assert titles[:3] == ["The month", "Last time, and the gap", "Money"] and titles[-1] == "Appendix"
    assert len(titles) == 15
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_what_becomes_the_pdf_does_not_depend_on_where_the_fonts_are_installed(pack):
    paper = html_medium.paper(pack, {figure.key: html_medium.drawing(figure) for figure in pack.figures(in_pdf=True)})
    assert 'src:url("SourceSansPro-Regular.ttf")' in paper
    assert "file:" not in paper
    assert str(fonts.FOLDER) not in paper


def test_every_font_of_the_pdf_is_embedded(document):
    fonts = {}
    for each in document.pages:
        for font in (each["/Resources"].get("/Font") or {}).values():
            found = font.get_object()
            inner = found["/DescendantFonts"][0].get_object() if "/DescendantFonts" in found else found
            fonts[str(found["/BaseFont"])] = inner["/FontDescriptor"].get_object()
    assert fonts and all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in fonts.values())
    assert any("Source-Sans" in name for name in fonts)


def test_the_deliverables_are_attached_to_the_pdf(document, tables):
    attached = {name: data[0] for name, data in document.attachments.items()}
    assert attached == exports.deliverables(tables)


def test_figures_have_a_description(document):
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(node.get("/Alt"))
            children = node.get("/K", [])
            for child in children if isinstance(children, list) else [children]:
                walk(child)

    walk(document.trailer["/Root"]["/StructTreeRoot"])
    assert len(found) > 20 and all(found)


@soak_alone
@pytest.mark.slow
def test_missing_system_libraries_cost_the_pdf_alone(tables, tmp_path, monkeypatch):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = build_packs(tables, company(packs={"formats": ["html", "pdf", "csv"]}), CYCLE, out=tmp_path / "p")
    assert "libpango" in made.notes[0] and f"apt-get install {pdf.LIBRARIES}" in made.notes[0]
    assert {path.suffix for path in made.files} == {".html", ".csv", ".json"}


# -- HTML --------------------------------------------------------------------------------------------------------------


class _Links(html.parser.HTMLParser):
    """Collects every attribute that could fetch, and every script."""

    def __init__(self):
        super().__init__()
        self.fetched, self.tags, self.ids, self.targets = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "action") or (name == "href" and tag == "link"):
                self.fetched.append(value)
            if name == "href" and tag == "a":
                self.targets.append(value)
            if name == "id":
                self.ids.append(value)


def parsed(text):
    links = _Links()
    links.feed(text)
    return links


def test_the_html_fetches_nothing(page):
    links = parsed(page)
    assert links.fetched == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, re.S))
    assert (
        all(found.startswith("data:") for found in re.findall(r'url\("?([^")]+)', styles)) and "@import" not in styles
    )


def test_contents_lead_to_every_section_and_ids_are_unique(page):
    links = parsed(page)
    assert len(links.ids) == len(set(links.ids))
    assert {target.removeprefix("#") for target in links.targets} <= set(links.ids)
    assert len(links.targets) >= 15


def test_every_chart_has_its_specification(page):
    script = re.search(r'<script type="application/json" id="chart-specs">(.*?)</script>', page, re.DOTALL)
    specs = json.loads(present(script)[1])
    places = re.findall(r'data-chart="([^"]+)"', page)
    assert set(places) == set(specs) and len(places) == len(set(places)) > 20


def test_all_families_are_in_the_html_and_six_in_the_pdf(hostile):
    text = named(hostile, ".html").read_text(encoding="utf-8")
    assert len(re.findall(r'<section class="page family"', text)) == 7
    document = pypdf.PdfReader(named(hostile, ".pdf"))
    assert sum("most exceptions first" in each.extract_text() for each in document.pages) == 6


def test_names_from_a_source_are_escaped(hostile):
    text = named(hostile, ".html").read_text(encoding="utf-8")
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert" in text
    assert parsed(text).tags.count("script") == 3


def test_long_and_right_to_left_names_stay_on_their_page(hostile):
    document = pypdf.PdfReader(named(hostile, ".pdf"))
    assert len(document.pages) == 15
    assert 'dir="auto"' in named(hostile, ".html").read_text(encoding="utf-8")


# -- workbook and exports ----------------------------------------------------------------------------------------------


IN_WORDS = {
    "operational_plan": ["commitment, in words", "who answers"],
    "commitment_sheets": ["commitment, in words", "who answers"],
}
"""Columns of words beside a deliverable's own."""

BESIDE_IDS = ("product", "resource")
"""Columns of names beside those of identifiers."""


@pytest.fixture(scope="module")
def sheets(built):
    return openpyxl.load_workbook(named(built, ".xlsx"))


def test_the_workbook_holds_the_tables_exactly(sheets, tables):
    for spec in registry.DELIVERABLES:
        sheet = sheets[spec.name]
        beside = IN_WORDS.get(spec.name, [])
        heads = [cell.value for cell in sheet[1]]
        assert [name for name in heads if name not in BESIDE_IDS] == spec.names + beside
        assert ("product" in heads) == ("product_id" in spec.names and "product_name" not in spec.names)
        assert sheet.max_row == tables[spec.name].num_rows + 1
        rows = registry.rows(tables[spec.name])
        for line in (0, len(rows) // 2, len(rows) - 1):
            for name in spec.names:
                found, wanted = sheet.cell(line + 2, heads.index(name) + 1).value, rows[line][name]
                if isinstance(found, datetime):
                    assert found.date() == wanted
                elif wanted is None or isinstance(wanted, str):
                    assert found == wanted
                else:
                    assert found == pytest.approx(float(wanted), rel=1e-12)


def test_the_workbook_has_what_planners_expect(sheets):
    assert sheets.sheetnames[0] == "Contents"
    assert {"strategies", "forecast_accuracy", "assumptions", "defaults_used"} <= set(sheets.sheetnames)
    assert sheets.sheetnames[1] == "Company"
    for spec in registry.DELIVERABLES:
        assert sheets[spec.name].freeze_panes and sheets[spec.name].auto_filter.ref
    assert "sales_plan" in sheets.defined_names
    assert "(" in sheets["sales_plan"]["E2"].number_format
    assert sheets.properties.created.isoformat() == "2026-11-01T00:00:00"


def test_text_that_starts_like_a_formula_is_text(hostile):
    sheet = openpyxl.load_workbook(named(hostile, ".xlsx"))["sales_plan"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert HOSTILE["Snacks"] in {cell.value for cell in cells}


def test_exports_neutralise_formulas_and_write_months(hostile):
    data = pa_csv.read_csv(next(path for path in hostile.files if path.name == "sales_plan.csv"))
    families = set(data.column("family").to_pylist())
    assert "'" + HOSTILE["Snacks"] in families and HOSTILE["Cereals"] in families
    text = next(path for path in hostile.files if path.name == "sales_plan.csv").read_text(encoding="utf-8")
    assert ',"2026-11",' in text and "2026-11-01" not in text


def test_output_by_site_is_a_file_of_its_own_where_products_are_split():
    """The file is there for two sites of one product and month, and only then."""
    one = {"product_id": "P0101", "family": "Snacks", "month": CYCLE.month, "output": 3}
    later = {**one, "month": add_months(CYCLE.month, 1), "site_id": "south"}
    whole = registry.conform("site_schedule", [{**one, "site_id": "north"}, later])
    split = registry.conform("site_schedule", [{**one, "site_id": "north"}, {**one, "site_id": "south"}])
    assert "site_schedule.csv" not in exports.deliverables({"site_schedule": whole})
    text = exports.deliverables({"site_schedule": split})["site_schedule.csv"].decode()
    assert [line.split(",")[2] for line in text.splitlines()[1:]] == ['"north"', '"south"']


def test_an_empty_deliverable_is_a_header(tmp_path):
    assert exports.csv(registry.get("sales_plan"), registry.empty("sales_plan")).decode().count("\n") == 1


# -- whole builds ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_and_replaces_the_folder(built, tables, tmp_path):
    out = tmp_path / "again"
    out.mkdir()
    (out / "stale.txt").write_text("from an earlier build")
    hashes = dict.fromkeys(tables, "cd" * 32)
    fewer = company(packs={"documents": ["product_review", "operational_plan"]})  # a document is made on its own
    again = build_packs(tables, fewer, CYCLE, status="released r01", hashes=hashes, out=out)
    assert not (out / "stale.txt").exists()
    first = {path.name: path.read_bytes() for path in built.files}
    for path in again.files:
        assert path.read_bytes() == first[path.name], path.name
    assert {path.suffix for path in again.files} == {path.suffix for path in built.files}


def test_a_folder_lost_between_two_renames_comes_back(tables, tmp_path):
    out = tmp_path / "2026-11"
    only = company(packs={"formats": ["csv"]})
    build_packs(tables, only, CYCLE, out=out)
    out.rename(tmp_path / ".2026-11.before")
    (tmp_path / ".2026-11.dead.part").mkdir()
    build_packs(tables, only, CYCLE, out=out)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11"]


@pytest.mark.slow
def test_no_table_at_all_still_makes_a_pack(tmp_path):
    made = build_packs({}, company(), CYCLE, out=tmp_path / "p")
    document = pypdf.PdfReader(named(made, ".pdf"))
    assert len(document.pages) == 10
    assert "no total to state" in document.pages[0].extract_text().replace("\n", " ")
