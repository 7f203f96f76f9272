"""A page a family: three sentences, demand and inventory drawn, the S&OP grid, its regions and channels."""

from __future__ import annotations

from dataclasses import replace

from sop_pipeline.language.sentence import Span
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.demand import AHEAD, demand_figure, demand_sentence
from sop_pipeline.packs.parts.errors import family_error
from sop_pipeline.packs.parts.exceptions import Exceptions, ranked
from sop_pipeline.packs.parts.grid import grid
from sop_pipeline.packs.parts.markets import family_markets
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.supply import inventory_figure, supply_sentence


def families(book: Book) -> list[Page]:
    """A page for every family, exceptions first; the first of them, as many as the company wants, are in the PDF."""
    order = ranked(book)
    return [_page(book, each, number, len(order)) for number, each in enumerate(order, start=1)]


def _page(book: Book, exceptions: Exceptions, number: int, of: int) -> Page:
    family, in_pdf = exceptions.family, number <= book.company.packs.families_in_pdf
    plan, unit, total = book.chosen.strategy, book.unit(family), book.total_unit(family)
    counted = f"{unit.name}, added up in {total.name}" if total.agrees and not unit.agrees else unit.name
    markets = family_markets(book, family)
    return Page(
        key=f"family-{number}",
        title=family,
        meta=f"family {number} of {of}, most exceptions first · {counted} · plan: {plan}",
        chips=[Span(words, "worse") for words in exceptions.words] or [Span("no exception", "better")],
        sentences=[demand_sentence(book, family), supply_sentence(book, family), family_error(book, family)],
        body=[
            Beside(
                [
                    demand_figure(book, family, f"demand-{number}"),
                    inventory_figure(book, family, f"inventory-{number}"),
                ]
            ),
            replace(grid(book, family, len(book.horizon)), only="screen"),
            *([replace(grid(book, family, AHEAD), only="paper")] if in_pdf else []),
            *([replace(markets, only="screen")] if markets else []),
        ],
        layout="family",
        family=family,
        in_pdf=in_pdf,
    )
