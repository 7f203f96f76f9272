"""The first sheet: what the book holds, a line and a link for each sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.workbook.formats import Formats
from sop_pipeline.packs.workbook.names import quoted

Group: TypeAlias = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and the sheets under it with what each holds."""

NAME = "Contents"
_NOTE = "Negative in brackets; months are first days. A cell’s comment says which table its line comes from."


def write_index(file: Any, formats: Formats, book: Book, groups: Sequence[Group]) -> None:
    """Add the index."""
    page = file.add_worksheet(NAME)
    page.hide_gridlines(2)
    for at, width in enumerate((34, 100)):
        page.set_column(at, at, width)
    page.write_string(0, 0, f"{book.company.company} · S&OP cycle {book.cycle} · {book.status}", formats.title)
    page.write_string(1, 0, _NOTE, formats.quiet)
    line = 3
    for heading, entries in groups:
        if not entries:
            continue
        page.write_string(line, 0, heading, formats.head)
        page.write_string(line, 1, "", formats.head)
        for sheet, meaning in entries:
            line += 1
            page.write_url(line, 0, f"internal:{quoted(sheet)}!A1", formats.text, sheet)
            page.write_string(line, 1, meaning, formats.text)
        line += 2
    page.freeze_panes(3, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&F&C&A&R&P of &N")
