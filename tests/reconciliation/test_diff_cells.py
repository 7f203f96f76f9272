"""The difference of two tables is all of it: what is told of the one makes the other, to the cell."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.reconciliation.diff.cells import TableChanges, table_changes

KEYED, KEYLESS = "inventory", "demand_inputs"


def applied(before: pa.Table, changes: TableChanges, after_schema: pa.Schema, key: tuple[str, ...]) -> pa.Table:
    """Apply a diff to a table, row by row in Python, sharing nothing with how the diff was made."""
    names = [field.name for field in after_schema]
    told = list(key) or list(dict.fromkeys([*before.column_names, *names]))
    rows: dict[tuple, dict[str, Any]] = {}
    for row in as_text(before):
        place = 1
        while (found := (*(row.get(name) for name in told), place)) in rows:
            place += 1
        rows[found] = row
    for cell in changes.cells.to_pylist():
        values = json.loads(cell["key"])
        found = (*(values[name] for name in told), cell["place"])
        if cell["column_name"] is None and cell["change"] == "added":
            rows[found] = dict(values)
        elif cell["column_name"] is None:
            del rows[found]
    for cell in changes.cells.to_pylist():
        if cell["column_name"] is not None and cell["change"] != "removed":
            found = (*(json.loads(cell["key"])[name] for name in told), cell["place"])
            assert rows[found].get(cell["column_name"]) == cell["old"]
            rows[found][cell["column_name"]] = cell["new"]
    lists = {name: [row.get(name) for row in rows.values()] for name in names}
    typed = {field.name: pa.array(lists[field.name], pa.string()).cast(field.type) for field in after_schema}
    return pa.table(typed, schema=after_schema)


def as_text(table: pa.Table) -> list[dict[str, str | None]]:
    """A table's rows with every value as text, the way people write it."""
    return [{name: None if value is None else _text(value) for name, value in row.items()} for row in table.to_pylist()]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def sorted_rows(table: pa.Table) -> list[tuple]:
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


def explains(name: str, before: pa.Table, after: pa.Table) -> TableChanges:
    changes = table_changes(name, before, after)
    found = applied(before, changes, after.schema, tables.get(name).key)
    assert sorted_rows(found) == sorted_rows(after)
    assert changes.rows_after == changes.rows_before + changes.rows("added") - changes.rows("removed")
    return changes


TEXT = st.one_of(st.none(), st.sampled_from(["", "a", "A", "null", "é", '"', "x y", "0"]))
AMOUNT = st.one_of(st.none(), st.decimals(-(10**6), 10**6, places=4, allow_nan=False))
DAYS = st.sampled_from([date(2026, month, 1) for month in range(1, 5)])
COUNTS = st.fixed_dictionaries(
    {"date": DAYS, "product_id": st.sampled_from("AB"), "site_id": TEXT, "on_hand": AMOUNT, "backlog": AMOUNT}
)
INPUTS = st.fixed_dictionaries({"stream": st.sampled_from(["sales", "finance"]), "month_from": DAYS, "reason": TEXT})


def counts(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    unique = {(row["product_id"], row["date"], row.get("site_id")): row for row in rows}
    filled = [{**row, "on_hand": row["on_hand"] or Decimal(0)} for row in unique.values()]
    return tables.conform(KEYED, filled) if filled else tables.empty(KEYED)


@settings(max_examples=120, deadline=None)
@given(st.lists(COUNTS, max_size=8), st.lists(COUNTS, max_size=8))
def test_the_diff_of_a_table_with_a_key_applied_to_the_one_gives_the_other(old, new):
    explains(KEYED, counts(old), counts(new))


@settings(max_examples=80, deadline=None)
@given(st.lists(INPUTS, max_size=8), st.lists(INPUTS, max_size=8))
def test_so_does_that_of_a_table_without_one_where_rows_may_repeat(old, new):
    before, after = (tables.conform(KEYLESS, rows) if rows else tables.empty(KEYLESS) for rows in (old, new))
    changes = explains(KEYLESS, before, after)
    assert changes.cells_changed == 0


def test_what_is_the_same_has_no_changes_and_one_cell_is_one():
    rows = [{"product_id": "A", "date": date(2026, 1, 31), "on_hand": amount} for amount in (5, 6)]
    before, after = counts(rows[:1]), counts(rows[1:])
    assert table_changes(KEYED, before, before).cells.num_rows == 0
    changes = explains(KEYED, before, after)
    assert changes.cells.to_pylist() == [
        {
            "change": "changed",
            "key": '{"product_id":"A","date":"2026-01-31","site_id":null}',
            "place": 1,
            "column_name": "on_hand",
            "old": "5.0000",
            "new": "6.0000",
        }
    ]
    assert (changes.rows("changed"), changes.cells_changed, changes.rows("added")) == (1, 1, 0)


def test_a_table_that_one_plan_lacks_is_all_rows():
    after = counts([{"product_id": "A", "date": date(2026, 1, 31), "on_hand": 5, "site_id": None}])
    added = table_changes(KEYED, None, after)
    assert (added.rows("added"), added.rows("removed"), added.columns_before) == (1, 0, ())
    assert table_changes(KEYED, after, None).rows("removed") == 1


def test_a_column_that_an_older_plan_lacks_is_null_there_and_an_older_key_counts_as_none():
    whole = counts([{"product_id": "A", "date": date(2026, 1, 31), "on_hand": 5, "site_id": "x", "backlog": 1}])
    old = whole.drop_columns(["backlog"])
    changes = table_changes(KEYED, old, whole)
    assert [(row["column_name"], row["old"], row["new"]) for row in changes.cells.to_pylist()] == [
        ("backlog", None, "1.0000")
    ]
    assert set(changes.columns_after) - set(changes.columns_before) == {"backlog"}
    changes = table_changes(KEYED, pa.concat_tables([whole, whole]), whole)  # its key did not tell rows apart then
    assert (changes.rows("removed"), changes.rows("added"), changes.cells_changed) == (1, 0, 0)


@pytest.mark.parametrize("name", sorted(tables.REGISTRY))
def test_every_table_of_the_registry_can_be_compared(name):
    """Whatever its columns are called: by, on, table, column, row."""
    assert table_changes(name, tables.empty(name), tables.empty(name)).cells.num_rows == 0


def test_no_column_has_a_name_that_the_statement_uses_for_itself():
    own = {"place_of_row", "side_has_row"}
    taken = {(table.name, column.name) for table in tables.OUTPUTS for column in table.columns if column.name in own}
    assert taken == set()
