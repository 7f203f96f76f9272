"""A small planner's book of an invented cycle, typed into by openpyxl as a spreadsheet program would."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.inputs.book import read_book
from sop_pipeline.inputs.entries import Known
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.workbook import file
from tests.packs.invented import CYCLE, Shape, company, cycle_tables


@pytest.fixture(scope="session")
def invented():
    return cycle_tables(Shape(families=2, products=3, horizon=12))


@pytest.fixture(scope="session")
def blank(invented):
    """The book without the sheets of tables, which nobody types into."""
    book = Book(invented, company(), CYCLE, hashes=dict.fromkeys(invented, "ab" * 32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file, "sheets", lambda _book: [])
        return file.workbook(book)


@pytest.fixture(scope="session")
def known(invented):
    rows = registry.rows(invented["product_lifecycle"])
    return Known({row["product_id"]: row["product_name"] for row in rows}, frozenset(row["family"] for row in rows))


class Desk:
    """Where a planner opens a book, types into cells and saves it."""

    def __init__(self, blank: bytes, folder: Path, shown: openpyxl.Workbook) -> None:
        self.blank, self.folder, self.shown = blank, folder, shown

    def save(self, cells=None, name="anna.xlsx", base: Path | None = None):
        """Type ``cells`` (``Sheet!A1``: value) into a fresh book, or into that of ``base``, and return the file."""
        book = openpyxl.load_workbook(base or io.BytesIO(self.blank))
        for place, value in (cells or {}).items():
            sheet, _, address = place.partition("!")
            book[sheet][address] = value
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    def place(self, sheet, name, heading, number=0):
        """The address of a line of a family's sheet under a heading: a month, Owner, Reason, Stream."""
        page = self.shown[sheet]
        rows = [row for row in range(1, page.max_row + 1) if str(page.cell(row, 1).value).startswith(name)]
        row = rows[number]
        for cells in page.iter_rows(min_row=4, max_row=row):
            for cell in cells:
                shown = f"{cell.value:%Y-%m}" if hasattr(cell.value, "strftime") else cell.value
                if shown == heading:
                    return f"{sheet}!{cell.column_letter}{row}"
        raise LookupError(heading)


@pytest.fixture(scope="session")
def unread(blank, tmp_path_factory):
    """The book as it is read when nothing was typed."""
    path = tmp_path_factory.mktemp("blank") / "blank.xlsx"
    path.write_bytes(blank)
    book, faults = read_book(path)
    assert not faults
    return book


@pytest.fixture(scope="session")
def shown(blank):
    return openpyxl.load_workbook(io.BytesIO(blank))


@pytest.fixture
def desk(blank, tmp_path, shown):
    return Desk(blank, tmp_path, shown)
