"""A document is a name, a title and a list of pages; an edition is a document filled for one cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sop_pipeline.language.dates import day
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.looks import STANDARD, Looks
from sop_pipeline.packs.parts.page import Figure, Page

FillPage = Callable[[Book], Page | Sequence[Page]]


def filled(fill: FillPage, book: Book) -> list[Page]:
    """A page, or several, filled from the cycle's tables, with the names of those that were read for it."""
    with book.asked() as asked:
        made = fill(book)
    pages = [made] if isinstance(made, Page) else made
    return [replace(page, tables=sorted(name for name in asked if book.tables.get(name))) for page in pages]


@dataclass(frozen=True)
class Document:
    """What is printed and shown for one meeting.

    ``name`` names its files, ``title`` stands on every page, ``subject`` says in a phrase what it is. ``pages`` are
    functions that fill a page, or several, from the cycle's tables.
    """

    name: str
    title: str
    subject: str
    pages: Sequence[FillPage]

    def fill(self, book: Book, filled_by: Callable[[FillPage], Sequence[Page]] | None = None) -> Edition:
        """Fill every page from the cycle's tables; ``filled_by`` fills a page where documents share them."""
        fill = filled_by or (lambda page: filled(page, book))
        pages = [page for each in self.pages for page in fill(each)]
        return Edition(self, book.company.company, book.cycle.name, day(book.data_to), book.status, pages, book.looks)


@dataclass(frozen=True)
class Edition:
    """A document filled for one cycle; ``data_to`` is the last day whose data count."""

    document: Document
    company: str
    cycle: str
    data_to: str
    status: str
    pages: Sequence[Page]
    looks: Looks = STANDARD

    @property
    def file_name(self) -> str:
        """The name of its files without their ending."""
        return f"{self.document.name.replace('_', '-')}-{self.cycle}"

    @property
    def families(self) -> list[Page]:
        """The pages that are a family's."""
        return [page for page in self.pages if page.family]

    def figures(self, *, in_pdf: bool = False) -> Iterator[Figure]:
        """Every chart, of the PDF's pages alone when asked."""
        for page in self.pages:
            if page.in_pdf or not in_pdf:
                yield from page.figures
