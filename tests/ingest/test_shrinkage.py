"""A source that came with far fewer rows than last time stops the cycle."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sop_pipeline.config import Source
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import check_company
from sop_pipeline.ingest.rows.all_tables import as_registry
from sop_pipeline.ingest.shrinkage import LastSources, shrunk
from sop_pipeline.lake import Lake
from sop_pipeline.tables.outputs.ingest import SOURCE_FILES
from tests.ingest.conftest import SALES


def files(**rows):
    """``source_files`` with so many rows read of each file of the sales."""
    plain = {column.name: 0 if str(column.kind) == "count" else "" for column in SOURCE_FILES.columns}
    return as_registry(
        "source_files",
        [{**plain, "table": "sales", "file": name, "source": source, "rows_read": count}
         for name, (source, count) in rows.items()],
    )  # fmt: skip


def company(**source):
    from types import SimpleNamespace

    return SimpleNamespace(sources={"sales": [Source(**source)]})


def last(table):
    return LastSources(Cycle.parse("2026-06"), source_files=table)


@pytest.mark.parametrize(("rows", "stops"), [(800, False), (799, True), (0, True), (1200, False)])
def test_a_source_may_shrink_by_so_much(rows, stops):
    asked = company(connection="erp", query="select 1", shrinks_at_most="20%")
    faults = shrunk(files(now=("erp: sales", rows)), asked, last(files(before=("erp: sales", 1000))))
    assert bool(faults) == stops


def test_both_counts_are_named():
    asked = company(path="data/sales_*.csv", shrinks_at_most=20)
    before = files(a=("data/sales_*.csv", 3000), b=("data/sales_*.csv", 1000))
    (fault,) = shrunk(files(c=("data/sales_*.csv", 1000)), asked, last(before))
    assert str(fault) == (
        "data/sales_*.csv (sales): found 1,000 rows, 75.0% fewer than the 4,000 of cycle 2026-06; needed at most 20% "
        "fewer, as its shrinks_at_most says. See why it came short, or raise shrinks_at_most of the source in sop.yaml "
        "if it is right."
    )


def test_a_source_without_a_limit_or_without_a_last_time_may_shrink():
    assert shrunk(files(now=("a.csv", 1)), company(path="a.csv"), last(files(a=("a.csv", 1000)))) == []
    limited = company(path="a.csv", shrinks_at_most=5)
    assert shrunk(files(now=("a.csv", 1)), limited, last(files(a=("b.csv", 1000)))) == []
    assert shrunk(files(now=("a.csv", 1)), limited, None) == []
    unknown = pa.nulls(1, pa.string())  # of a version that did not know sources
    earlier = files(a=("a.csv", 9))
    assert shrunk(files(now=("a.csv", 1)), limited, last(earlier.set_column(2, "source", unknown))) == []


def test_the_check_sees_what_will_stop_the_run(folder):
    """The last cycle read three rows of sales; now there is one."""
    folder.table("sales", SALES, shrinks_at_most="20%")
    before = folder.take_in("2026-10")
    lake = Lake(folder.root / "lake")
    lake.write("source_files", before.source_files, Cycle.parse("2026-10"), "one")
    lake.publish(Cycle.parse("2026-10"), "one")
    assert check_company(folder.root).passed
    folder.table("sales", SALES[: SALES.index("2026-09-02")] + "2026-10-30,P1,3\n", shrinks_at_most="20%")
    folder.company()
    report = check_company(folder.root)
    assert [line for line in report.problems if "33.3% fewer than the 3 of cycle 2026-10" in line]
