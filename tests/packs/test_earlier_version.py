"""Packs of a cycle that an earlier version published, whose tables lack columns of today's."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import make_files
from tests.packs.invented import CYCLE, company

NEWER = {
    "decision_results": ["promised_to_date", "realised_by", "realised_to"],
    "plan_changes": ["beyond_forecast", "history_correction"],
}
"""Columns that were added after a table was."""


@pytest.fixture(scope="module")
def earlier(tables: dict[str, pa.Table]) -> Book:
    """The invented cycle without them, and without a table that was added."""
    older = {name: table.drop_columns(NEWER.get(name, [])) for name, table in tables.items()}
    del older["portfolio_review"]
    moved = older["plan_changes"]
    place = moved.column_names.index("cause")
    older["plan_changes"] = moved.set_column(place, "cause", pa.array(["statistical"] * moved.num_rows))
    return Book(older, company(), CYCLE)


def test_a_table_is_read_with_todays_columns(earlier: Book) -> None:
    for name, columns in NEWER.items():
        table = earlier.table(name)
        assert table.column_names == registry.get(name).names
        assert table.num_rows > 0
        assert {column: table.column(column).null_count for column in columns} == dict.fromkeys(columns, table.num_rows)


@pytest.mark.slow
def test_its_packs_are_made(earlier: Book) -> None:
    firm = earlier.company.model_copy(
        update={"packs": earlier.company.packs.model_copy(update={"formats": ["html", "xlsx"]})}
    )
    made = make_files(Book(earlier.tables, firm, CYCLE))
    assert not made.notes
    assert {name.split(".")[-1] for name in made.files} == {"html", "xlsx"}
