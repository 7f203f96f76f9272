"""PostgreSQL as a source, against a real server: exact to the last digit, patient, and silent about its password."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sop_pipeline.connections.fetch import Fetcher
from sop_pipeline.connections.query import write_rows
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.settings import Postgres
from sop_pipeline.connections.trouble import Trouble
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import check_company
from tests.servers import free_port, postgresql

pytestmark = pytest.mark.slow
PASSWORD = "canary 'pw\" \\ ä"
SALES = """
create table invoice_line (posted date, item text, quantity numeric, price numeric(18, 2), at timestamptz, note text);
insert into invoice_line values
    ('2026-09-01', 'P1', 12345678.1234, 0.07, '2026-09-01 00:30+02', 'ä'),
    ('2026-09-02', 'P2', 0.1, 19.99, null, null),
    ('2026-09-03', 'P2', 'NaN', 1, null, null),
    ('2026-09-04', 'P2', 'Infinity', 1, null, null);
create role reader login password 'reader-canary';
grant select on invoice_line to reader;
"""


@pytest.fixture(scope="module")
def server():
    with postgresql(PASSWORD) as running:
        running.execute(SALES, "postgres")
        yield running


def connection(server, **changes):
    stated = {"host": "127.0.0.1", "port": server.port, "database": "postgres", "user": "sop", "timeout_seconds": 20}
    return Postgres(type="postgresql", **{**stated, **changes})


def asked(server, query, tmp_path, password=PASSWORD, **changes):
    return Asked(connection(server, **changes), query, tmp_path / "a.parquet", {"password": password})


def rows(server, query, tmp_path, **changes):
    write_rows(asked(server, query, tmp_path, **changes))
    file = pq.ParquetFile(tmp_path / "a.parquet")
    assert file.metadata.metadata is not None
    return file.read().to_pylist(), set(json.loads(file.metadata.metadata[b"sop.numbers"]))


def test_every_cell_is_as_the_server_has_it(server, tmp_path):
    query = """
    select 12345678901234567890.12345678901234567890::numeric as plain, 'NaN'::numeric(10, 2) as nan,
        '-Infinity'::numeric as infinite, (0.1::numeric + 0.2) as computed, 0.1::float8 + 0.2 as double,
        0.1::real as real, 9223372036854775807 as big, 7::smallint as small, date '0044-03-15' as day,
        'infinity'::date as never,
        timestamp '2026-09-01 10:00:00.123456' as moment, true as yes, '{"a": 1}'::jsonb as json,
        null::numeric as nothing, '{1,2}'::int[] as list; """
    (row,), numbers = rows(server, query, tmp_path)
    assert row == {
        "plain": "12345678901234567890.12345678901234567890", "nan": "NaN", "infinite": "-Infinity", "computed": "0.3",
        "double": "0.30000000000000004", "real": "0.1", "big": 9223372036854775807, "small": 7, "day": "0044-03-15",
        "never": "infinity", "moment": "2026-09-01 10:00:00.123456", "yes": "true", "json": '{"a": 1}', "nothing": None,
        "list": "{1,2}",
    }  # fmt: skip
    assert numbers == {"plain", "nan", "infinite", "computed", "double", "real", "big", "small", "nothing"}


def test_sums_and_views_stay_exact(server, tmp_path):
    """DuckDB's reader takes each of these for a DOUBLE."""
    query = "select sum(v) s, round(sum(v) / 2, 3) r, coalesce(max(v), 0) c from (values (0.1), (1e15)) t(v)"
    assert rows(server, query, tmp_path)[0] == [
        {"s": "1000000000000000.1", "r": "500000000000000.050", "c": "1000000000000000"}
    ]


def test_a_moment_has_the_day_of_the_connections_time_zone(server, tmp_path):
    query = "select at from invoice_line where at is not null"
    assert rows(server, query, tmp_path, time_zone="Europe/Berlin")[0] == [{"at": "2026-09-01 00:30:00"}]
    assert rows(server, query, tmp_path, time_zone="America/New_York")[0] == [{"at": "2026-08-31 18:30:00"}]


@pytest.mark.parametrize(
    ("query", "said", "for_good"),
    [
        ("select nix from invoice_line", 'column "nix" does not exist', True),
        ("select 1 as a, 2 as a", "two columns called a|duplicate column", True),
        ("delete from invoice_line returning item", "syntax error", True),
        ("select 1) q; drop table invoice_line; select (1", "multiple commands", True),
        ("select pg_sleep(30)::text as slept", "statement timeout", False),
    ],
)
def test_a_query_that_cannot_be_answered(server, tmp_path, query, said, for_good):
    with pytest.raises(Trouble, match=said) as caught:
        rows(server, query, tmp_path, timeout_seconds=1)
    assert caught.value.permanent == for_good
    assert server.execute("select count(*) from invoice_line", "postgres") == "4\n"


def test_a_wrong_password_is_not_tried_again_and_not_repeated(server, tmp_path):
    waits: list[float] = []
    with Fetcher(waits.append) as fetcher, pytest.raises(BadInput) as caught:
        fetcher.bring(asked(server, "select 1", tmp_path, "wrong-canary", password_env="PW"), "sop.yaml, sources.sales")
    said = str(caught.value)
    assert "password authentication failed" in said
    assert "Correct the user or what PW holds" in said
    assert f"PostgreSQL at 127.0.0.1:{server.port}, database postgres" in said
    assert "canary" not in said
    assert (waits, caught.value.__cause__) == ([], None)


def test_no_server_is_tried_again_and_then_told(server, tmp_path):
    waits: list[float] = []
    port = free_port()
    with Fetcher(waits.append) as fetcher, pytest.raises(BadInput, match=r"refused.*\(3 attempts\).*See that it runs"):
        fetcher.bring(asked(server, "select 1", tmp_path, port=port), "sop.yaml, sources.sales")
    assert waits == [2.0, 4.0]


def test_a_server_that_comes_back_is_asked_again(server, tmp_path):
    """Its processes are stopped at the first attempt, so that nothing answers, and go on before the second."""

    def go_on(_: float) -> None:
        os.kill(server.process.pid, signal.SIGCONT)

    stalled = asked(server, "select count(*) as n from invoice_line", tmp_path, timeout_seconds=6)
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        with Fetcher(go_on, grace_seconds=0) as fetcher:
            began = time.monotonic()
            fetched = fetcher.bring(stalled, "sop.yaml, sources.sales")
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert (fetched.brought[0].rows, fetched.attempts) == (1, 2)
    assert time.monotonic() - began < 30


@pytest.fixture
def erp(folder, server, monkeypatch):
    monkeypatch.setenv("ERP_PASSWORD", "reader-canary")
    stated = {"type": "postgresql", "host": "127.0.0.1", "port": server.port, "database": "postgres", "user": "reader"}
    folder.settings["connections"] = {"erp": {**stated, "password_env": "ERP_PASSWORD"}}
    folder.settings["tolerances"] = {"quarantine_pct": 60}
    columns = {"date": "posted", "product_id": "item", "revenue": "price"}
    folder.sources["sales"] = {"connection": "erp", "query": "select * from invoice_line", "columns": columns}
    return folder


def test_rows_are_read_as_those_of_a_file_and_what_is_no_number_is_set_aside(erp, counts):
    result = erp.take_in()
    sales = result.tables["sales"].to_pylist()
    sold = sorted((row["product_id"], row["quantity"], row["revenue"]) for row in sales)
    assert sold == [("P1", Decimal("12345678.1234"), Decimal("0.07")), ("P2", Decimal("0.1000"), Decimal("19.99"))]
    assert counts(result, "erp: sales") == {"read": 4, "used": 2, "quarantined": 2}
    rejected = {(row["column"], row["value"], row["reason"]) for row in result.quarantine.to_pylist()}
    assert rejected == {
        ("quantity", "NaN, not a number", "Needed a number such as 1234.5."),
        ("quantity", "Infinity", "Needed a number such as 1234.5."),
    }


def test_the_secret_stands_nowhere(erp, server, capfd, caplog):
    """Not in what a run writes, nor in what it says, whether it goes well or not."""
    erp.take_in()
    check_company(erp.root)
    for changed in ({"query": "select nix from invoice_line"}, {"query": "select 'reader-canary'::int"}):
        erp.sources["sales"] = {**erp.sources["sales"], **changed}
        with pytest.raises(BadInput) as caught:
            erp.take_in()
        assert "canary" not in f"{caught.value!r} {caught.value}"
    written = [path for path in erp.root.rglob("*") if path.is_file()]
    assert len(written) > 4
    assert [path for path in written if b"reader-canary" in path.read_bytes() and path.name != "sop.yaml"] == []
    said = capfd.readouterr()
    assert "canary" not in said.out + said.err + caplog.text


def test_a_killed_fetch_leaves_nothing_that_is_read(erp, server):
    """The process that fetches is killed; the cycle says so and nothing half-written is taken for a snapshot."""
    erp.settings["connections"]["erp"]["attempts"] = 1
    erp.sources["sales"]["query"] = "select * from invoice_line, (select pg_sleep(20)) s"
    killer = threading.Timer(3, _kill_child)
    killer.start()
    try:
        with pytest.raises(BadInput, match="the process ended"):
            erp.take_in()
    finally:
        killer.cancel()
    assert not list((erp.root / "lake").rglob("*.parquet"))


def _kill_child() -> None:
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    for child in own.read_text().split():
        if b"sop_pipeline.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)
