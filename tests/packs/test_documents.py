"""Documents are lists of pages: one more is one more list, with its own contents, files and page numbers."""

from __future__ import annotations

import re

import pypdf
import pytest

from sop_pipeline.packs.build import build_packs
from sop_pipeline.packs.documents import DOCUMENTS, EXECUTIVE_PACK
from sop_pipeline.packs.looks import TEMPLATES
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.pages.families import families
from sop_pipeline.packs.pages.strategies import strategies
from sop_pipeline.packs.parts.document import Document
from tests.packs.invented import CYCLE, company
from tests.present import present

SUPPLY_REVIEW = Document("supply_review", "Supply review", "Supply review pack", (strategies, capacity))
DEMAND_REVIEW = Document("demand_review", "Demand review", "Demand review pack", (families,))


@pytest.fixture(scope="module")
def two(tables, tmp_path_factory):
    """Two documents that a company might add, built beside each other from lists alone."""
    out = tmp_path_factory.mktemp("documents") / "2026-11"
    only = company(packs={"formats": ["html", "pdf"], "families_in_pdf": 2})
    build_packs(tables, only, CYCLE, out=out, documents=(SUPPLY_REVIEW, DEMAND_REVIEW))
    return out


def test_a_document_is_a_list_of_pages_and_two_files(two):
    assert sorted(path.name for path in two.iterdir()) == [
        *("demand-review-2026-11.html", "demand-review-2026-11.pdf"),
        *("supply-review-2026-11.html", "supply-review-2026-11.pdf"),
    ]


def test_its_pdf_has_its_pages_its_title_and_its_bookmarks(two):
    paper = pypdf.PdfReader(two / "supply-review-2026-11.pdf")
    assert [getattr(mark, "title", None) for mark in paper.outline] == ["Strategies and scenarios", "Capacity"]
    assert len(paper.pages) == 2
    assert "Supply review · cycle 2026-11" in paper.pages[1].extract_text()
    assert "page 2 of 2" in paper.pages[1].extract_text()
    assert present(paper.metadata).title == "Meridian Foods · Supply review 2026-11 · draft"
    assert len(pypdf.PdfReader(two / "demand-review-2026-11.pdf").pages) == 2


def test_its_contents_are_its_pages(two):
    text = (two / "supply-review-2026-11.html").read_text(encoding="utf-8")
    assert re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', text) == [
        ("strategies", "Strategies and scenarios"),
        ("capacity", "Capacity"),
    ]
    assert '<a class="skip" href="#strategies">' in text
    assert '<label class="filter" hidden>' in text, "nothing to filter without a family's page"


def test_the_family_filter_names_the_families_of_the_document(two):
    text = (two / "demand-review-2026-11.html").read_text(encoding="utf-8")
    assert '<option value="">all 6</option>' in text
    assert len(re.findall(r'<option value="family-\d">', text)) == 6
    assert '<label class="filter">' in text
    assert '<li><a href="#family-1">Families</a>' in text


def test_the_executive_pack_is_among_the_documents_made_and_every_part_has_its_template(pack):
    assert EXECUTIVE_PACK in DOCUMENTS
    assert len({document.name for document in DOCUMENTS}) == len(DOCUMENTS)
    for page in pack.pages:
        assert (TEMPLATES / "layouts" / f"{page.layout}.html").is_file()
        for part in page.parts:
            assert (TEMPLATES / "parts" / f"{part.template}.html").is_file()
