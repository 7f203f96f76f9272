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

_RAMPS, _TAIL = 42.0, 5.0
"""Room in mm that a row of ramps takes, and the sentence on the long tail."""
_STAGES = {
    "active": "active",
    "new": "new",
    "launching": "launching",
    "phase_out": "phasing out",
    "ended": "ended",
    "never_sold": "never sold",
}


def products(book: Book) -> Page:
    """Fill the page."""
    figures, markets, dead = ramps(book), all_markets(book), dead_stock(book)
    passed = gates(book)
    lifecycle = [launches(book), *([passed] if passed else []), phase_outs(book), *([dead] if dead else [])]
    lifecycle.append(recent_launches(book))
    below = room.taken(markets) if markets else 0.0
    used = sum(room.taken(each) for each in lifecycle) + (_RAMPS if figures else 0.0) + below
    brought = earners(book, room.PAGE - _TAIL - used)
    return Page(
        "products",
        "Products",
        f"launches and phase-outs over {len(book.horizon)} months",
        sentences=[_stages(book), tail_sentence(book)],
        body=[
            lifecycle[0],
            *([Beside(figures, "three")] if figures else []),
            *lifecycle[1:],
            *([brought] if brought else []),
            *([markets] if markets else []),
        ],
    )


def _stages(book: Book) -> Sentence:
    """How many products in which stage of life, and what launches bring."""
    counts = book.frame("product_lifecycle")["status"].value_counts()
    stages = listed([f"{counts[key]} {name}" for key, name in _STAGES.items() if key in counts])
    products = strong(plural(int(counts.sum()), "product"))
    return say("The portfolio has ", products, f": {stages}.", launches_bring(book))
