"""Parquet: typed columns, missing values, and files that are none."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sop_pipeline.errors import BadInput


def parquet(**columns):
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


@pytest.mark.parametrize(
    "days",
    [
        pa.array([date(2026, 9, 1), date(2026, 9, 2)]),
        pa.array(
            [datetime.fromisoformat("2026-09-01"), datetime.fromisoformat("2026-09-02 13:30")], pa.timestamp("us")
        ),
        pa.array([datetime.fromisoformat("2026-09-01"), datetime.fromisoformat("2026-09-02")], pa.timestamp("ns")),
        pa.array(["2026-09-01", "2026-09-02"]),
    ],
)
@pytest.mark.parametrize(
    "amounts",
    [
        pa.array([10.5, 3.0]),
        pa.array([Decimal("10.50"), Decimal("3.00")]),
        pa.array(["10.5", "3"]),
        pa.array([10.5, 3.0], pa.float32()),
    ],
)
def test_types_are_read_as_meant(folder, days, amounts):
    products = pa.array(["P1", "P2"]).dictionary_encode()
    folder.table("sales", parquet(date=days, product_id=products, quantity=amounts), path="sales.parquet")
    assert folder.sales() == [("2026-09-01", "P1", 10.5), ("2026-09-02", "P2", 3.0)]


def test_missing_and_infinite_values(folder):
    content = parquet(
        date=[date(2026, 9, day) for day in range(1, 6)],
        product_id=["P1"] * 5,
        quantity=[1.0, float("nan"), float("inf"), None, 1e20],
        revenue=[float("nan"), 1.0, 1.0, 1.0, 1.0],
    )
    folder.table("sales", content, path="sales.parquet")
    result = folder.take_in()
    assert [(row["row"], row["value"], row["reason"].split(";")[0]) for row in result.quarantine.to_pylist()] == [
        (3, None, "Blank"),
        (4, "inf", "Needed a number such as 1234.5."),
        (5, None, "Blank"),
        (6, "1e+20", "Needed a number of at most 14 digits before the decimal mark"),
    ]
    assert result.tables["sales"].column("revenue").to_pylist() == [None]


@pytest.mark.parametrize("content", [b"", b"date,product_id\n", b"PAR1broken"])
def test_what_is_no_parquet(folder, content):
    folder.table("sales", content, path="sales.parquet")
    with pytest.raises(BadInput, match=r"sales\.parquet: found a file that is no Parquet file"):
        folder.take_in()


def test_columns_of_rare_types(folder):
    content = parquet(
        date=pa.array([date(2026, 9, day) for day in (1, 1, 2, 3)]),
        product_id=pa.array(["P1", None, "P2", "P1"]).dictionary_encode(),
        quantity=pa.array([-0.0, 0.0, 2.5, 2.5], pa.float64()),
        region=pa.array(["N", "N", None, "S"], pa.large_string()),
        channel=pa.nulls(4),
        tags=pa.array([["a"], None, ["a"], []]),
    )
    folder.table("sales", content, path="sales.parquet")
    result = folder.take_in()
    (rejected,) = result.quarantine.to_pylist()
    assert (rejected["row"], rejected["column"], json.loads(rejected["content"])["quantity"]) == (3, "product_id", "0")
    taken = [(row["product_id"], row["quantity"], row["region"]) for row in result.tables["sales"].to_pylist()]
    assert taken == [("P1", 0, "N"), ("P2", Decimal("2.5"), None), ("P1", Decimal("2.5"), "S")]
