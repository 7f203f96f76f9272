"""The sentence that says where the plan in use is uneven though demand is not."""

from __future__ import annotations

from sop_pipeline.language.sentence import Sentence, say, toned
from sop_pipeline.language.supply import swing_words
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records

_TOLD = 2


def swings_sentence(book: Book) -> Sentence:
    """What stops, then what swings most; nothing where the plan is as even as its demand."""
    found = book.frame("plan_swings")
    if found.empty:
        return ()
    rows = records(found.sort_values(["swing", "share", "subject"], kind="stable"))
    named = [swing_words({**row, "subject": _name(book, row)}) for row in rows[:_TOLD]]
    more = f"; {len(rows) - _TOLD} more in the workbook" if len(rows) > _TOLD else ""
    return say(toned("The plan in use is uneven", -1.0), f": {'; '.join(named)}{more}.")


def _name(book: Book, row: dict[str, object]) -> str:
    subject = str(row["subject"])
    return book.resource(subject) if row["swing"] == "stops" else book.product(subject, 28)
