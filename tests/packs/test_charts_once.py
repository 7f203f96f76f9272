"""Charts of what did not change are not drawn again, and documents say what they say from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from sop_pipeline.made_once import keeping
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import _filled
from sop_pipeline.packs.documents import DEMAND_REVIEW
from sop_pipeline.packs.media import html

pytestmark = pytest.mark.slow


def screens(book: Book) -> list[bytes]:
    return [html.screen(edition, svgs) for edition, svgs in _filled(book, [DEMAND_REVIEW])]


def corrected(tables: Mapping[str, pa.Table], book: Book) -> Book:
    """The same cycle after a late correction: the last product has sold a thousand more in its last month."""
    rows = tables["demand_history"].to_pylist()
    rows[-1]["quantity"] += 1000
    changed = {**tables, "demand_history": pa.Table.from_pylist(rows, tables["demand_history"].schema)}
    return Book(changed, book.company, book.cycle, hashes=book.hashes)


def test_after_a_correction_only_what_it_changed_is_drawn(
    tables: Mapping[str, pa.Table], book: Book, tmp_path: Path
) -> None:
    with keeping(tmp_path) as first:
        before = screens(book)
    with keeping(tmp_path) as again:
        assert screens(book) == before
    late = corrected(tables, book)
    with keeping(tmp_path) as second:
        after = screens(late)
    assert again.made == {}
    assert 0 < second.made["chart"] < first.made["chart"]
    assert second.made["chart"] + second.found["chart"] == first.made["chart"]
    assert after == screens(late) != before
