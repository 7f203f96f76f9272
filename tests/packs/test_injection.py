"""What a company writes is text wherever it stands: markup, script, formulas, signs from right to left and names of
10,000 characters, in every field that people write, in every file of a pack."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow as pa
import pypdf
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import make_files
from sop_pipeline.packs.documents import EXECUTIVE_PACK, OPERATIONAL_PLAN
from sop_pipeline.packs.media import fonts, svg
from sop_pipeline.packs.pages.families import families
from sop_pipeline.packs.pages.page_one import page_one
from sop_pipeline.packs.pages.products import products
from sop_pipeline.packs.pages.risks import risks
from sop_pipeline.packs.parts.document import Document
from sop_pipeline.tables.schema import Kind
from tests.packs.invented import CYCLE, Shape, company, cycle_tables
from tests.present import present

PIECES = {
    "formula": '=HYPERLINK("http://x","y")+',
    "markup": "<img src=x onerror=alert(1)><b>bold</b>&amp;",
    "script": "</script></style></svg><script>alert(2)</script><!--",
    "attribute": '" onmouseover="alert(3)" style=\'x\'',
    "template": " {{ 7*7 }} ${x} %(y)s",
    "right to left": " \u202eمجموعة المنتجات\u202c שמפו ",
}
WRITTEN = "".join(PIECES.values())
"""All of them in one text, the formula first, where it would count."""
LONG = "L" * 10_000

_IN_TABLES = """
    product_name family unit_of_measure resource_name owner description text value question chosen by file note reason
    content market site_id material_id
"""
FIELDS = ("company", "approval", *_IN_TABLES.split())
"""Fields that people write, by the column they stand in; the company's name and the release's reason are none."""
CUT = frozenset(("resource_name",))
"""Fields that are cut so short everywhere that their mark never stands."""

_HTML = """
    html head meta title style body a nav p label select option fieldset legend input ol li main section header h1 h2 h3
    div span strong figure figcaption table colgroup col thead tbody tr th td br dl dt dd script ul
"""
_SVG = """
    svg g path line rect text clipPath defs linearGradient stop title circle tspan
"""
SVG = frozenset(_SVG.split())
KNOWN = {*_HTML.split(), *(tag.lower() for tag in SVG)}


def marked(field: str) -> str:
    return f"zq{FIELDS.index(field)}zq"


@dataclasses.dataclass(frozen=True)
class Hostile:
    """The files of a small company in which every field that people write begins with a text and its field's mark."""

    files: Mapping[str, bytes]

    def named(self, ending: str) -> list[str]:
        return [name for name in self.files if name.endswith(ending)]

    @property
    def book(self) -> bytes:
        return self.files[self.named(".xlsx")[0]]


def hostile(written: str, *, formats: Sequence[str], shape: Shape, documents: Sequence[Document]) -> Hostile:
    settings = company(company=f"{written}{marked('company')}", packs={"formats": formats})
    tables = {each: _written(each, table, written) for each, table in cycle_tables(shape).items()}
    book = Book(tables, settings, CYCLE, status="released r01", approval=f"by Ann: {written}{marked('approval')}")
    return Hostile(make_files(book, documents).files)


def _written(name: str, table: pa.Table, text: str) -> pa.Table:
    for at, column in enumerate(registry.get(name).columns):
        if column.name in FIELDS and column.kind is Kind.TEXT and not column.one_of:
            is_name = column.name.endswith("_name")
            given = [value or (f"No {n}" if is_name else None) for n, value in enumerate(table.column(at).to_pylist())]
            values = [value and f"{text}{marked(column.name)} {value}" for value in given]
            table = table.set_column(at, table.schema.field(at), pa.array(values, pa.string()))
    return table


class Read(HTMLParser):
    """What a browser makes of a document: tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.said: list[str] = []
        self._is_json = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._is_json = ("type", "application/json") in attrs
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.said += [value for _, value in attrs if value]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")]

    def handle_endtag(self, tag):
        self._is_json = False

    def handle_data(self, data):
        if self._is_json:
            json.loads(data, object_hook=lambda found: self.said.extend(map(str, found.values())))
        elif self.tags[-1:] != ["script"]:
            self.said.append(data)


@pytest.fixture(scope="module")
def made():
    """Without what no company writes in: fonts and the charts' program take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "embedded", lambda _words: {})
        patch.setattr(svg, "javascript", lambda: "")
        return _made()


def _made() -> Hostile:
    every = dict.fromkeys((*EXECUTIVE_PACK.pages, *OPERATIONAL_PLAN.pages))
    shape, formats = Shape(families=1, products=2, horizon=12), ("html", "xlsx", "csv")
    document = dataclasses.replace(EXECUTIVE_PACK, pages=tuple(every))
    return hostile(WRITTEN, formats=formats, shape=shape, documents=[document])


@pytest.fixture(scope="module")
def pages(made):
    return {name: Read(made.files[name].decode()) for name in made.named(".html")}


@pytest.fixture(scope="module")
def sheets(made):
    return openpyxl.load_workbook(io.BytesIO(made.book)).worksheets


@pytest.fixture(scope="module")
def said(made, pages, sheets):
    """Everything that is said, as text, by medium."""
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    cells = [str(cell.value) for sheet in shown for row in sheet.iter_rows() for cell in row if cell.value is not None]
    rows = [cell for name in made.named(".csv") for row in _rows(made.files[name]) for cell in row]
    texts = ["".join(page.said) for page in pages.values()]
    return {"html": "".join(texts), "xlsx": "\n".join(cells), "csv": "\n".join(rows)}


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("field", FIELDS)
def test_what_is_written_in_a_field_is_text_in_every_file(said, field, piece):
    """Wherever the field is said whole, what stands before its mark stands there as it was written."""
    mark, told = marked(field), 0
    for medium, text in said.items():
        for found in re.finditer(re.escape(mark), text):
            before = text[max(0, found.start() - len(WRITTEN)) : found.start()]
            assert PIECES[piece] in before, (medium, before)
            told += 1
    assert bool(told) != (field in CUT), "the field stands nowhere, or is no longer cut everywhere"


def test_no_document_has_an_element_or_attribute_that_was_written(pages):
    for name, page in pages.items():
        assert set(page.tags) <= KNOWN, name
        assert page.tags.count("script") == 3
        assert not {each for each in page.names if each.startswith("on")}
        assert all(link.startswith("#") for link in page.links), name


def test_charts_are_svg_and_json_that_hold_text(made):
    for name in made.named(".html"):
        page = made.files[name].decode()
        pictures = re.findall(r"<svg\b.*?</svg>", page, re.DOTALL)
        assert pictures
        for picture in pictures:
            assert {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(picture).iter()} <= SVG
        assert json.loads(present(re.search(r'id="chart-specs">(.*?)</script>', page, re.DOTALL))[1])


def test_no_cell_of_a_workbook_or_csv_is_a_formula_that_was_written(made, sheets):
    """Sheets are called as families are, so formulas name what was written, in quotes that it does not end."""
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    bare = {re.sub(r"'(?:[^']|'')+'!", "", str(cell.value)) for cell in cells}
    assert len(bare) > 100 and not [text for text in bare if re.search("HYPERLINK|alert|zq", text)]
    for name in made.named(".csv"):
        assert not [cell for row in _rows(made.files[name]) for cell in row if re.match(r"[=+@\t\r]|-(?![\d.])", cell)]


def test_cells_that_are_typed_into_keep_their_check_whatever_a_line_is_called(sheets):
    """A spreadsheet takes messages of 255 characters; a check with a longer one is not written at all."""
    checks = [each for sheet in sheets for each in sheet.data_validations.dataValidation if each.type == "decimal"]
    assert len(checks) == 4
    assert all(each.error.endswith("or nothing.") and len(each.error) <= 255 for each in checks)


def test_the_workbook_is_well_formed_and_links_to_nothing_outside(made):
    with zipfile.ZipFile(io.BytesIO(made.book)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                tree = ElementTree.fromstring(packed.read(name))
                assert not [each for each in tree.iter() if each.get("TargetMode") == "External"], name


@pytest.mark.slow
def test_a_pdf_has_a_page_a_page_and_runs_nothing():
    """However long names are, no page runs over onto a second one; those of most names, to be quick."""
    pages = (page_one, families, products, risks)
    document = dataclasses.replace(EXECUTIVE_PACK, pages=pages)
    shape, written = Shape(families=1, products=2, horizon=12), f"{WRITTEN}{LONG}"
    files = hostile(written, formats=["pdf"], shape=shape, documents=[document]).files
    paper = pypdf.PdfReader(io.BytesIO(files["executive-pack-2026-11.pdf"]))
    assert len(paper.pages) == len(pages)
    root: Any = paper.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root) and "/JavaScript" not in root.get("/Names", {})
    assert all("/AA" not in page for page in paper.pages)
    assert "Decisions wanted" in paper.pages[0].extract_text()
