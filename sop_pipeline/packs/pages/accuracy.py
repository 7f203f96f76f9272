"""How good the forecasts are, by lag and family, and what every step added to them."""

from __future__ import annotations

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.anomalies import anomalies
from sop_pipeline.packs.parts.errors import against_naive, approaches, company_error, errors_by_lag
from sop_pipeline.packs.parts.page import Beside, Page, Part
from sop_pipeline.packs.parts.room import HALF, PAGE, fill, of_parts, of_sentences
from sop_pipeline.packs.parts.value_added import hurtful_inputs, steps, steps_figure

_LEAST = 40.0
"""Room in mm that errors by lag and family have at least: four families."""


def accuracy(book: Book) -> Page:
    """Fill the page."""
    sentences = [company_error(book), against_naive(book)]
    lags, above = errors_by_lag(book), _by_step(book)
    room = PAGE - of_sentences(sentences) - of_parts(above)
    newest = [hurtful_inputs(book), anomalies(book)]
    lags = fill(lags, max(_LEAST, room - of_parts([Beside(newest)])))
    left = room - of_parts([lags])
    return Page(
        "accuracy",
        "Forecast quality",
        f"approach in use: {book.approach.replace('_', ' ')}",
        sentences=sentences,
        body=[lags, *above, Beside([fill(one, left, HALF) for one in newest])],
    )


def _by_step(book: Book) -> list[Part | Beside]:
    """What every step added; what no month has met yet takes a line, not half a page."""
    added, compared = steps(book), approaches(book)
    return [Beside([added, steps_figure(book)]), compared] if added.rows else [compared, added]
