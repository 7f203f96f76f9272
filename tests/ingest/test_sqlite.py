"""SQLite as a source: rows exactly as they are, read as those of a file are."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from sop_pipeline.connections.query import write_rows
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.settings import Sqlite
from sop_pipeline.connections.trouble import Trouble
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company, read_snapshot, snapshot
from sop_pipeline.lake import Lake

CYCLE = Cycle.parse("2026-11")
SALES = """
create table sale (day text, item text, qty numeric, revenue decimal(18, 2), note);
insert into sale values
    ('2026-09-01', 'P1', 12345678.1234, 0.07, null),
    ('2026-09-02', 'P2', '3', 19.99, 'b'),
    ('2026-09-02', 'P2', '3', 19.99, 'b');
"""


def database(path, script):
    with closing(sqlite3.connect(path)) as made:
        made.executescript(script)
    return path


def rows(tmp_path, script, query, **connection):
    """The file of a query's rows: its columns, and those that are numbers."""
    asked = Asked(
        Sqlite(type="sqlite", path=str(database(tmp_path / "a.db", script)), **connection),
        query,
        tmp_path / "a.parquet",
    )
    count = write_rows(asked)
    file = pq.ParquetFile(asked.target)
    assert file.metadata.num_rows == count
    assert file.metadata.metadata is not None
    cells = file.read()
    by_cells = cells.sort_by([(name, "ascending") for name in cells.column_names])
    return by_cells.to_pydict(), set(json.loads(file.metadata.metadata[b"sop.numbers"]))


def test_cells_are_as_sqlite_has_them(tmp_path):
    script = """
    create table t (a, b, c, d, e);
    insert into t values (1, 0.1 + 0.2, '1,5', '2026-01-02', x'4d'), (9007199254740993, 1e23, 1.5, 2461000.5, null),
        (3, 1001.0, 7, 20260301, x'ff00');
    """
    cells, numbers = rows(tmp_path, script, "select * from t order by a desc;")
    assert cells == {
        "a": ["1", "3", "9007199254740993"],
        "b": ["0.30000000000000004", "1001", "1e+23"],
        "c": ["1,5", "7", "1.5"],
        "d": ["2026-01-02", "20260301", "2461000.5"],
        "e": ["M", "\\xff\x00", None],
    }
    assert numbers == {"a", "b"}


def test_the_order_of_the_rows_makes_no_difference(tmp_path):
    script = "create table t (a, b); insert into t values (2, 'x'), (1, 'y'), (2, 'a');"
    rows(tmp_path, script, "select a, b from t where a > 0 order by a desc")
    first = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.db").unlink()
    rows(tmp_path, script, "select a, b from t where a > 0 order by a desc")
    assert (tmp_path / "a.parquet").read_bytes() == first
    assert pq.read_table(tmp_path / "a.parquet").to_pylist()[0] == {"a": "1", "b": "y"}


@pytest.mark.parametrize(
    ("query", "said", "for_good"),
    [
        ("select x from t", "no such column: x", True),
        ("select a, a from t", "two columns called a", True),
        ("delete from t", "readonly database", True),
        ("select a from t; drop table t", "one statement at a time", True),
        ("with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n", "no end of", False),
    ],
)
def test_a_query_that_cannot_be_answered(tmp_path, query, said, for_good):
    with pytest.raises(Trouble, match=said) as caught:
        rows(tmp_path, "create table t (a); insert into t values (1);", query, timeout_seconds=1)
    assert caught.value.permanent == for_good


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "a.db").write_text("date,product_id\n" * 100)
    with pytest.raises(Trouble, match="file is not a database"):
        write_rows(Asked(Sqlite(type="sqlite", path=str(tmp_path / "a.db")), "select * from t", tmp_path / "a.parquet"))
    with pytest.raises(Trouble, match=r"no file .*b\.db"):
        write_rows(Asked(Sqlite(type="sqlite", path=str(tmp_path / "b.db")), "select 1", tmp_path / "a.parquet"))


@pytest.fixture
def erp(folder):
    """A company whose sales are in a database, under names of its own."""
    database(folder.root / "erp.db", SALES)
    folder.settings["connections"] = {"erp": {"type": "sqlite", "path": "erp.db"}}
    folder.sources["sales"] = {
        "connection": "erp",
        "query": "select day, item, qty, revenue, note from sale",
        "columns": {"date": "day", "product_id": "item", "quantity": "qty"},
        "rename_values": {"product_id": {"P3": "P2"}},
    }
    return folder


def test_rows_are_read_as_those_of_a_file(erp, counts):
    database(erp.root / "erp.db", "insert into sale values ('2026-09-03', 'P3', 1, 1, 1), ('soon', 'P1', 1, 1, 1);")
    result = erp.take_in()
    sold = result.tables["sales"].select(["product_id", "quantity", "revenue"]).to_pylist()
    assert sorted(map(tuple, (row.values() for row in sold))) == [
        ("P1", Decimal("12345678.1234"), Decimal("0.07")),
        ("P2", Decimal("1.0000"), Decimal("1.00")),
        ("P2", Decimal("3.0000"), Decimal("19.99")),
        ("P2", Decimal("3.0000"), Decimal("19.99")),
    ]
    assert counts(result, "erp: sales") == {"read": 5, "used": 4, "quarantined": 1}
    (rejected,) = result.quarantine.to_pylist()
    assert (rejected["file"], rejected["column"], rejected["value"]) == ("erp: sales", "day", "soon")
    (kept,) = (erp.root / "lake").rglob("*.parquet")
    assert pq.read_table(kept)["day"][rejected["row"] - 2].as_py() == "soon"  # the first row has the number 2


def test_what_was_asked_is_noted_and_nothing_later_asks_again(erp):
    company, lake = erp.company(), Lake(erp.root / "lake")
    taken = snapshot(company, erp.root, CYCLE, lake)
    (noted,) = json.loads((lake.snapshot_folder(CYCLE) / "manifest.json").read_text())["fetched"]
    assert (noted["connection"], noted["rows"], noted["attempts"]) == ("erp", 3, 1)
    assert noted["query"] == erp.sources["sales"]["query"]
    assert noted["asked_at"].startswith("20")
    (erp.root / "erp.db").unlink()
    assert read_snapshot(lake, CYCLE) == taken
    assert not list(lake.snapshot_folder(CYCLE).glob(".*"))


def test_a_late_row_counts_at_the_next_run(erp):
    company, lake = erp.company(), Lake(erp.root / "lake")
    first = snapshot(company, erp.root, CYCLE, lake)
    assert snapshot(company, erp.root, CYCLE, lake).files == first.files
    database(erp.root / "erp.db", "insert into sale values ('2026-09-30', 'P1', 4, 4, null);")
    second = snapshot(company, erp.root, CYCLE, lake)
    assert [file.sha256 for file in second.files if file.table == "products"] == [first.of("products")[0].sha256]
    assert second.of("sales")[0].sha256 != first.of("sales")[0].sha256


def test_check_reads_it_and_writes_nothing(erp):
    erp.company()
    before = sorted(erp.root.rglob("*"))
    report = check_company(erp.root)
    assert report.passed, str(report)
    assert any(line.startswith("sales: erp: sales: 3 rows") for line in report.files)
    assert sorted(erp.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"connection": "erq", "query": "select 1"}, "found connection: erq; needed one of .* Did you mean erp"),
        ({"query": "select 1"}, "connection beside it"),
        ({"connection": "erp", "query": "select 1", "path": "a.csv"}, "either path, or connection and query"),
        ({"connection": "erp", "query": "select 1", "sheet": "A", "delimiter": ";"}, "without delimiter, sheet"),
        ({"path": "s.csv", "shrinks_at_most": "half"}, "sources.sales.0.shrinks_at_most"),
    ],
)
def test_a_source_that_is_not_stated_well(erp, source, said):
    erp.sources["sales"] = source
    with pytest.raises(BadInput, match=said):
        erp.company()


def test_a_query_that_fails_is_told_with_its_place(erp):
    erp.sources["sales"]["query"] = "select nix from sale"
    with pytest.raises(
        BadInput, match=r"sources\.sales, connection erp: found no such column: nix; needed what it names of SQL"
    ):
        erp.take_in()  # fmt: skip
