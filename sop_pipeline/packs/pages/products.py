"""Launches with their ramp, products that end, what each product brings, demand by region and channel."""

from __future__ import annotations

from sop_pipeline.language.names import listed, plural
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts import room
from sop_pipeline.packs.parts.earners import earners, tail_sentence
from sop_pipeline.packs.parts.launches import gates, launches, launches_bring, ramps, recent_launches
from sop_pipeline.packs.parts.markets import all_markets
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.phase_outs import dead_stock, phase_outs
from sop_pipeline.packs.parts.table import Listing

_LEAST, _TALLEST, _CAPTION = 72, 105, 6.0
"""Height of the charts of ramps, in the units of charts, and room in mm that their captions take."""
_STAGES = {
    "active": "active",
    "new": "new",
    "launching": "launching",
    "phase_out": "phasing out",
    "ended": "ended",
    "never_sold": "never sold",
}


def products(book: Book) -> Page:
    """Fill the page: launches and what ends come first, what each product brings is shown where there is room left."""
    sentences = [_stages(book), tail_sentence(book)]
    listings, markets = _lifecycle(book), all_markets(book)
    left = room.PAGE - room.of_sentences(sentences) - room.of_parts([*listings, *([markets] if markets else [])])
    figures = ramps(book, room.chart(_LEAST, left - room.of_chart(_LEAST) - _CAPTION, _TALLEST))
    shown = [Beside(figures, "three")] if figures else []
    brought = earners(book, left - room.of_parts(shown))
    return Page(
        "products",
        "Products",
        f"launches and phase-outs over {len(book.horizon)} months",
        sentences=sentences,
        body=[
            listings[0],
            *shown,
            *listings[1:],
            *([brought] if brought else []),
            *([markets] if markets else []),
        ],
    )


def _lifecycle(book: Book) -> list[Listing]:
    """Launches with their gates, what ends, and young products; that there are none is said where nothing else is."""
    ahead, passed, dead, young = launches(book), gates(book), dead_stock(book), recent_launches(book)
    return [
        ahead,
        *([passed] if passed else []),
        phase_outs(book),
        *([dead] if dead else []),
        *([young] if young.rows or not ahead.rows else []),
    ]


def _stages(book: Book) -> Sentence:
    """How many products in which stage of life, and what launches bring."""
    counts = book.frame("product_lifecycle")["status"].value_counts()
    stages = listed([f"{counts[key]} {name}" for key, name in _STAGES.items() if key in counts])
    products = strong(plural(int(counts.sum()), "product"))
    return say("The portfolio has ", products, f": {stages}.", launches_bring(book))
