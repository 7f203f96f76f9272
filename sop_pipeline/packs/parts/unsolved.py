"""What the solver did not find, told on the page that misses it."""

from __future__ import annotations

from sop_pipeline.language.sentence import Sentence, Span, say
from sop_pipeline.language.supply import unsolved_words
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records


def unsolved(book: Book, *parts: str) -> list[Sentence]:
    """A sentence for each of these parts that is left out."""
    rows = [row for row in records(book.frame("unsolved")) if row["part"] in parts]
    return [say(Span(unsolved_words(row), "worse")) for row in rows]
