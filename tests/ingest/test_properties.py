"""What must hold for any file: order changes nothing, every row has one status, formats agree."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROWS = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.sampled_from(["P1", "P2", "P9"]),
        st.sampled_from(["1", "2.50", "-3", "x", ""]),
        st.sampled_from(["", "2026-10-05", "2026-11-20"]),
    ),
    min_size=1,
    max_size=25,
)
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAD = "date,product_id,quantity,recorded_on"
GOOD = "2026-08-01,P1,1,"


def taken(new_folder, lines):
    with tempfile.TemporaryDirectory() as root:
        folder = new_folder(Path(root))
        folder.table("sales", "\n".join([HEAD, GOOD, *lines]))
        return folder.take_in()


@QUICK
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(new_folder, rows, random):
    lines = [f"2026-09-{day:02d},{product},{amount},{known}" for day, product, amount, known in rows]
    shuffled = list(lines)
    random.shuffle(shuffled)
    one, other = taken(new_folder, lines), taken(new_folder, shuffled)
    assert one.tables["sales"].equals(other.tables["sales"])
    assert one.quarantine.num_rows == other.quarantine.num_rows


@QUICK
@given(ROWS)
def test_every_row_has_exactly_one_status(new_folder, rows):
    lines = [f"2026-09-{day:02d},{product},{amount},{known}" for day, product, amount, known in rows]
    result = taken(new_folder, lines)
    statuses = ("rows_used", "rows_duplicate", "rows_superseded", "rows_later", "rows_total", "rows_quarantined")
    sales = next(row for row in result.source_files.to_pylist() if row["table"] == "sales")
    assert sales["rows_read"] == len(lines) + 1 == sum(sales[status] for status in statuses)
    assert sales["rows_used"] == result.tables["sales"].num_rows
    assert sales["rows_quarantined"] == result.quarantine.num_rows


def test_csv_excel_and_parquet_say_the_same(folder):
    data = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-09-01", "2026-09-02", "2026-10-03"]),
            "product_id": ["P1", "P2", "P1"],
            "quantity": [1234.5, -0.125, 7.0],
            "revenue": [99.99, None, 1e6],
        }
    )
    found = []
    for ending, write in (("csv", "to_csv"), ("parquet", "to_parquet"), ("xlsx", "to_excel")):
        content = io.BytesIO()
        getattr(data, write)(content, index=False)
        folder.table("sales", content.getvalue(), path=f"sales.{ending}")
        found.append(folder.take_in().tables["sales"])
    assert found[0].num_rows == 3
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_threads_change_nothing(folder, monkeypatch):
    lines = "".join(f"2026-09-{n % 28 + 1:02d},P{n % 2 + 1},{n % 7}.5,N{n % 3}\n" for n in range(3000))
    folder.table("sales", f"date,product_id,quantity,region\n{lines}")
    results = []
    for threads in (1, 2):
        monkeypatch.setattr("sop_pipeline.sql.THREADS", threads)
        results.append(folder.take_in())
    assert results[0].tables["sales"].equals(results[1].tables["sales"])
    assert results[0].source_files.equals(results[1].source_files)
