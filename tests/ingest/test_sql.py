"""Each statement alone: given rows, expected rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import sql


def ids(name, tables, params=None, **structure):
    return sorted(sql.query(f"ingest/{name}", tables, params, **structure).column("id").to_pylist())


def standing(rows):
    shape: dict[str, pa.DataType] = {
        "id": pa.int64(),
        "file": pa.int64(),
        "digest": pa.int64(),
        "date": pa.date32(),
        "product_id": pa.string(),
        "quantity": pa.decimal128(18, 4),
        "recorded_on": pa.date32(),
        "extra": pa.string(),
        "whole": pa.string(),
    }
    given = []
    for row in rows:
        full = {"file": 0, "quantity": 1, "product_id": "P1", "date": 1, **row}
        full["date"] = date(2026, 9, full["date"])
        full["quantity"] = Decimal(full["quantity"])
        full["digest"] = hash((full["date"], full["product_id"], full["quantity"])) % 1000
        given.append(full)
    return {"standing": pa.Table.from_pylist(given, schema=pa.schema(shape))}


CELLS = ["date", "product_id", "quantity"]


def occurrences(rows):
    """The rows as ``sql/ingest/occurrences.sql`` hands them on."""
    structure: dict[str, Any] = {"cells": CELLS, "kept": CELLS, "recurring": [], "digest": "digest"}
    return {"occurrences": sql.query("ingest/occurrences", standing(rows), **structure)}


def test_repeated_rows_keep_the_first_of_each_file():
    rows = [{"id": 1}, {"id": 2}, {"id": 3, "file": 1}, {"id": 4, "extra": "A2"}, {"id": 5, "quantity": 2}, {"id": 6}]
    assert ids("repeated_rows", standing(rows), cells=CELLS) == [2, 6]


def test_repeated_rows_compare_cells_not_digests():
    tables = standing([{"id": 1}, {"id": 2, "quantity": 2}])
    same = tables["standing"].set_column(2, "digest", pa.array([7, 7], pa.int64()))
    assert ids("repeated_rows", {"standing": same}, cells=CELLS) == []


def test_resent_rows_are_those_of_files_that_repeat_half_of_a_shared_day():
    first = [{"id": day, "date": day, "quantity": day} for day in range(1, 5)]
    half = [{"id": 11, "file": 1, "date": 1, "quantity": 1}, {"id": 12, "file": 1, "date": 1, "quantity": 9}]
    less = [{"id": 21, "file": 2, "date": 2, "quantity": 2}] + [
        {"id": 22 + number, "file": 2, "date": 2, "quantity": 20 + number} for number in range(2)
    ]
    own_days = [{"id": 31, "file": 3, "date": 20, "quantity": 1}]
    found = ids("resent_rows", occurrences([*first, *half, *less, *own_days]), day='"date"')
    assert found == [11]


def test_resent_rows_compare_occurrences():
    rows = [{"id": 1}, {"id": 2, "date": 2}, {"id": 11, "file": 1}, {"id": 12, "file": 1}, {"id": 13, "file": 1}]
    rows += [{"id": 14, "file": 1, "date": 2}]
    assert ids("resent_rows", occurrences(rows), day='"date"') == [11, 14]


def test_recurring_values_are_counted_among_rows_that_match():
    rows = [
        {"id": 1, "extra": "9:00\x1f1"},
        {"id": 2, "quantity": 2, "extra": "9:00\x1f2"},
        {"id": 11, "file": 1, "extra": "17:00\x1f1"},
        {"id": 12, "file": 1, "quantity": 2, "extra": "17:00\x1f2"},
        {"id": 13, "file": 1, "quantity": 2, "extra": "17:00\x1f3"},
        {"id": 14, "file": 1, "quantity": 9, "extra": "17:00\x1f4"},
    ]
    cells = [f"string_split(extra, chr(31))[{place}]" for place in (1, 2)]
    assert sql.query("ingest/recurring_values", standing(rows), candidates=cells).to_pylist() == [
        {"matched": 3, "recurs_0": 0, "recurs_1": 2}
    ]


def test_far_days_are_few_and_years_off():
    rows = [{"id": number, "date": number} for number in range(1, 21)]
    table = standing(rows)["standing"]
    days = table.column("date").to_pylist()
    days[0], days[1] = date(2062, 9, 1), date(1995, 9, 2)
    given = {"standing": table.set_column(table.column_names.index("date"), "date", pa.array(days))}
    params = {"ahead": 730, "behind": 1825, "share": 0.01, "others": 10}
    assert sql.query("reading/far_days", given, params, rows="standing", day='"date"').to_pylist() == [
        {"day": date(1995, 9, 2), "is_ahead": False, "nearest": date(2026, 9, 3)},
        {"day": date(2062, 9, 1), "is_ahead": True, "nearest": date(2026, 9, 20)},
    ]


def test_restated_rows_are_replaced_unless_repeated():
    rows = [
        {"id": 1, "date": 1, "quantity": 1},
        {"id": 2, "date": 2, "quantity": 2},
        {"id": 3, "date": 2, "quantity": 3},
        {"id": 4, "date": 3, "quantity": -1},
        {"id": 11, "file": 1, "date": 1, "quantity": 1},
        {"id": 12, "file": 1, "date": 2, "quantity": 2},
        {"id": 13, "file": 1, "date": 2, "quantity": 9},
        {"id": 14, "file": 1, "date": 3, "quantity": 5},
    ]
    known = pa.table({"id": pa.array([11, 12], pa.int64())})
    tables = {**occurrences(rows), "known": known}
    assert ids("restated_rows", tables, key=["date", "product_id"]) == [3]


def test_corrected_rows_lose_to_the_latest_of_their_key():
    rows = [
        {"id": 1, "quantity": 10},
        {"id": 2, "quantity": 11, "recorded_on": date(2026, 9, 5)},
        {"id": 3, "quantity": 12, "recorded_on": date(2026, 9, 9)},
        {"id": 4, "quantity": 13, "recorded_on": date(2026, 9, 9)},
        {"id": 5, "quantity": -3},
        {"id": 6, "product_id": "P2"},
    ]
    assert ids("corrected_rows", standing(rows), key=["date", "product_id"]) == [1, 2]


def test_later_rows_by_their_day_or_their_recording():
    rows = [
        {"id": 1, "date": 9},
        {"id": 2, "date": 10},
        {"id": 3, "recorded_on": date(2026, 9, 10)},
        {"id": 4, "recorded_on": date(2026, 9, 9)},
    ]
    limit = date(2026, 9, 10)
    params = {"own_limit": limit, "recorded_limit": limit}
    assert ids("later_rows", standing(rows), params, own_date="date") == [2, 3]
    assert ids("later_rows", standing(rows), {"recorded_limit": limit}, own_date=None) == [3]


def test_repeated_keys_say_why_a_row_goes():
    rows = [
        {"id": 1, "product_id": "A", "quantity": 1},
        {"id": 2, "product_id": "A", "quantity": 1},
        {"id": 3, "product_id": "B", "quantity": 1},
        {"id": 4, "product_id": "B", "quantity": 2},
        {"id": 5, "product_id": "C", "quantity": 1, "recorded_on": date(2026, 9, 2)},
        {"id": 6, "product_id": "C", "quantity": 2},
    ]
    found = sql.query(
        "ingest/repeated_keys",
        standing(rows),
        key=["product_id"],
        others=["quantity", "recorded_on"],
        known_on="coalesce(recorded_on, date '0001-01-01')",
    ).to_pylist()
    assert sorted((row["id"], row["value"], row["status"]) for row in found) == [
        (1, "A", "duplicate"),
        (3, "B", "contradicted"),
        (6, "C", "superseded"),
    ]


def test_unknown_references():
    known = pa.table({"name": ["P1"]})
    rows = [{"id": 1}, {"id": 2, "product_id": "P9"}, {"id": 3, "product_id": None}]
    found = sql.query("ingest/unknown_references", {**standing(rows), "known": known}, column="product_id")
    assert found.to_pylist() == [{"id": 2, "value": "P9"}]


def test_orders_at_the_cutoff():
    shape = pa.schema(
        [(name, pa.string()) for name in ("order_id", "line", "product_id")]
        + [(name, pa.date32()) for name in ("ordered_on", "requested_on", "shipped_on", "recorded_on")]
        + [(name, pa.decimal128(18, 4)) for name in ("quantity", "quantity_shipped")]
    )
    rows: list[dict[str, object]] = [
        {"line": "before", "shipped_on": date(2026, 10, 31), "quantity_shipped": Decimal(3)},
        {"line": "at", "shipped_on": date(2026, 11, 1), "quantity_shipped": Decimal(3)},
        {"line": "open"},
        {"line": "partly", "quantity_shipped": Decimal(1)},
    ]
    orders = pa.Table.from_pylist(rows, schema=shape)
    found = sql.query("ingest/orders_at_cutoff", {"orders": orders}, {"cutoff": date(2026, 11, 1)}).to_pylist()
    assert [(row["line"], row["shipped_on"] is not None, row["quantity_shipped"]) for row in found] == [
        ("before", True, 3),
        ("at", False, 0),
        ("open", False, None),
        ("partly", False, 1),
    ]


def test_wide_to_long_keeps_row_and_heading():
    cells = pa.table({"row": pa.array([2, 3], pa.int64()), "c0": ["d1", "d2"], "c1": ["5", "0"], "c2": [None, "0,0"]})
    headings = pa.table({"position": pa.array([1, 2], pa.int64()), "heading": ["P1", "P2"]})
    given = {"wide_cells": cells, "headings": headings}

    def long(drop_zeros):
        found = sql.query("reading/wide_to_long", given, {"drop_zeros": drop_zeros}, kept=[0], melted=[1, 2], width=3)
        return [(row["row"], row["c0"], row["c1"], row["c2"]) for row in found.to_pylist()]

    assert long(True) == [(2, "d1", "P1", "5")]
    assert long(False) == [(2, "d1", "P1", "5"), (3, "d2", "P1", "0"), (3, "d2", "P2", "0,0")]


def test_number_evidence_counts_what_cells_show():
    cells = ["1.5", "2,75", "1.234", "1,234", "1.234,5", "1,234,567", "2024", "12", "abc.de", "€ 3,20", None]
    times = [1, 1, 1, 1, 1, 1, 5, 1, 1, 1, None]
    mapped = pa.table({"our": ["amount"] * 11, "cell": cells, "times": pa.array(times, pa.int64())})
    found = sql.query("reading/number_evidence", {"mapped": mapped}, columns=["amount"])
    assert found.to_pylist() == [
        {"our": "amount", "point": 2, "comma": 3, "maybe_point": 1, "maybe_comma": 1, "unmarked": 5, "example": "1,234"}
    ]
