"""Columns of a table: texts and days without gaps, rows by value, columns without a value."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.tables import Kind

SALES = pa.table(
    {
        "product_id": ["b", "a", "b"],
        "site_id": ["north", None, "south"],
        "date": [date(2026, 7, 2), date(2026, 7, 1), date(2026, 7, 1)],
        "promoted": [True, False, None],
    }
)


def test_texts_and_days_come_row_by_row():
    assert tables.texts(SALES, "product_id") == ["b", "a", "b"]
    assert tables.days(SALES, "date") == [date(2026, 7, 2), date(2026, 7, 1), date(2026, 7, 1)]


def test_a_column_with_a_gap_is_refused_by_name():
    with pytest.raises(ValueError, match="site_id"):
        tables.texts(SALES, "site_id")


def test_rows_hold_every_value_wanted_and_a_gap_holds_none():
    assert tables.where(SALES, product_id="b", site_id="south").num_rows == 1
    assert tables.texts(tables.where(SALES, promoted=False), "product_id") == ["a"]
    assert tables.where(SALES, product_id="c").num_rows == 0


@pytest.mark.parametrize("kind", Kind)
def test_a_column_without_a_value_has_its_kind(kind):
    column = tables.nulls(3, kind)
    assert (len(column), column.null_count, column.type) == (3, 3, kind.arrow)
