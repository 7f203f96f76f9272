"""Parquet: typed columns, missing values, and files that are none."""

from __future__ import annotations

import io
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
