"""A page with as much on it as a company writes stays one page, and says how many rows it left out."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.media.html import paper
from sop_pipeline.packs.media.pdf import pdf, unavailable
from sop_pipeline.packs.pages.last_time import last_time
from sop_pipeline.packs.pages.risks import risks
from sop_pipeline.packs.parts.document import Document
from sop_pipeline.packs.parts.room import HALF, PAGE, fill, taken
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row
from tests.packs.invented import CYCLE, company
from tests.packs.reading import part

RISKS = Document("risks", "Risks", "Risks alone", (risks,))


def crowded(book: Book, words: int) -> Book:
    """Twenty of everything that the page lists, each of so many words."""
    said, due = " ".join(["delivered"] * words), date(2027, 2, 1)
    numbers = range(20)
    items = [
        {"item_id": f"R{n:02}", "kind": "risk", "description": said, "probability": 0.5, "margin": -1000 * n - 1,
         "month_from": due, "month_to": due, "family": "Snacks and Sweets", "owner": "Anne-Marie Oberhauser, Buying",
         "trigger_on": due, "included": False}
        for n in numbers
    ]  # fmt: skip
    assumptions = [{"assumption_id": f"A{n:02}", "text": said, "value": said, "owner": said} for n in numbers]
    decisions = [{"decision_id": f"D{n:02}", "source": "file", "question": said, "due": due} for n in numbers]
    changed = {
        "risks_opportunities": registry.conform("risks_opportunities", items),
        "assumptions": registry.conform("assumptions", assumptions),
        "decision_results": registry.conform("decision_results", decisions),
        "open_items": registry.conform("open_items", []),
    }
    return Book({**book.tables, **changed}, company(), CYCLE)


@pytest.mark.parametrize("words", [1, 6, 12])
def test_a_crowded_page_is_one_sheet_of_paper(book: Book, words: int) -> None:
    if unavailable():
        pytest.skip(unavailable())
    edition = RISKS.fill(crowded(book, words))
    paper_pdf = pypdf.PdfReader(io.BytesIO(pdf(paper(edition, {}), {}, "2026-11-01T00:00:00")))
    assert len(paper_pdf.pages) == 1
    (page,) = edition.pages
    listing = part(page, "Risks and opportunities")
    assert len(listing.rows) + listing.left_out == 20
    assert f"{listing.left_out} more in the workbook." in paper_pdf.pages[0].extract_text().replace("\n", " ")


def test_rows_are_kept_while_there_is_room_and_the_others_counted() -> None:
    rows = [Row((Cell("one line"),))] * 9 + [Row((Cell("word " * 200),))]
    listing = Listing("Rows", (Column("Row", "left"),), rows, left_out=3)
    assert fill(listing, 1000.0) == listing
    short = fill(listing, taken(listing) - 1)
    assert (len(short.rows), short.left_out) == (9, 4)
    assert (len(fill(listing, 0.0).rows), fill(listing, 0.0).left_out) == (1, 12)


def test_decisions_with_long_names_leave_the_charts_below_them_their_room(book: Book) -> None:
    """Two short ones are shown; of eight long ones as many as stand above the tables and the lowest charts."""
    assert len(part(last_time(book), "Decisions taken").rows) == 2
    (row, *_) = registry.rows(book.table("decision_results"))
    long = {**row, "question": "Rent storage for the stock of the summer, and hire for the lines before it? " * 2}
    many = registry.conform("decision_results", [{**long, "decision_id": f"L{n}"} for n in range(8)])
    page = last_time(Book({**book.tables, "decision_results": many}, book.company, CYCLE))
    earlier = part(page, "Decisions taken")
    below = taken(part(page, "Full-year landing"), HALF) + 74.0
    assert 1 <= len(earlier.rows) < 5 and len(earlier.rows) + earlier.left_out == 8
    assert taken(earlier) + below <= PAGE
