"""The executive pack as content: every page of every medium, from the cycle's tables alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sop_pipeline.packs.pages.accuracy import accuracy
from sop_pipeline.packs.pages.appendix import Appendix, appendix
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.pages.families import families
from sop_pipeline.packs.pages.last_time import last_time
from sop_pipeline.packs.pages.money import money
from sop_pipeline.packs.pages.page_one import PageOne, page_one
from sop_pipeline.packs.pages.products import portfolio
from sop_pipeline.packs.pages.risks import risks
from sop_pipeline.packs.pages.strategies import strategies
from sop_pipeline.packs.parts.book import Book
from sop_pipeline.packs.parts.page import Figure, Page


@dataclass(frozen=True)
class ExecutivePack:
    """All pages, in the order of the meeting."""

    company: str
    cycle: str
    data_to: str
    status: str
    first: PageOne
    gap: Page
    money: Page
    families: Sequence[Page]
    strategies: Page
    capacity: Page
    products: Page
    risks: Page
    accuracy: Page
    appendix: Appendix

    @property
    def pages(self) -> list[Page]:
        """Every page in order."""
        return [
            self.first.page,
            self.gap,
            self.money,
            *self.families,
            self.strategies,
            self.capacity,
            self.products,
            self.risks,
            self.accuracy,
            self.appendix.page,
        ]

    def figures(self, *, in_pdf: bool = False) -> Iterator[Figure]:
        """Every chart, of the PDF's pages alone when asked."""
        for tile in self.first.tiles:
            if tile.course is not None:
                yield tile.course
        for page in self.pages:
            if page.in_pdf or not in_pdf:
                yield from page.figures.values()


def executive_pack(book: Book) -> ExecutivePack:
    """Fill every page from the cycle's tables."""
    from datetime import timedelta

    from sop_pipeline.packs.wording import day

    return ExecutivePack(
        company=book.company.company,
        cycle=book.cycle.name,
        data_to=day(book.cycle.cutoff - timedelta(days=1)),
        status=book.status,
        first=page_one(book),
        gap=last_time(book),
        money=money(book),
        families=families(book, book.company.packs.families_in_pdf),
        strategies=strategies(book),
        capacity=capacity(book),
        products=portfolio(book),
        risks=risks(book),
        accuracy=accuracy(book),
        appendix=appendix(book),
    )
