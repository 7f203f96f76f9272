"""MariaDB as a source, against a real server."""

from __future__ import annotations

import json
import os
import signal
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from sop_pipeline.connections.fetch import Fetcher
from sop_pipeline.connections.query import write_rows
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.settings import MySql
from sop_pipeline.connections.trouble import Trouble
from sop_pipeline.errors import BadInput
from tests.servers import free_port, mariadb

pytestmark = pytest.mark.slow
PASSWORD = "canary 'pw\" \\ ä"
TABLE = """
set sql_mode = '';
create table line (posted date, item varchar(20), quantity decimal(30, 10), price double, small float,
    big bigint unsigned, flag tinyint(1), at datetime(6)) character set utf8mb4;
insert into line values
    ('2026-09-01', 'P1', 12345678901234567890.1234567891, 0.1e0 + 0.2e0, 16777216, 18446744073709551615, 2,
        '2026-09-01 10:00:00.5'),
    ('0000-00-00', 'P2', 1, 1e23, 0.1, 1, 0, null),
    ('2026-00-10', 'P2', 1, 1, 1, 1, null, null);
"""


@pytest.fixture(scope="module")
def server():
    with mariadb(PASSWORD) as running:
        running.execute(TABLE, "erp")
        yield running


def asked(server, query, tmp_path, password=PASSWORD, **changes):
    stated = {"host": "127.0.0.1", "port": server.port, "database": "erp", "user": "sop", "timeout_seconds": 20}
    connection = MySql(type="mariadb", **{**stated, **changes})
    return Asked(connection, query, tmp_path / "a.parquet", {"password": password})


def test_every_cell_is_as_the_server_has_it(server, tmp_path):
    assert write_rows(asked(server, "select * from line order by posted desc;", tmp_path)) == 3
    file = pq.ParquetFile(tmp_path / "a.parquet")
    rows = {row["posted"]: row for row in file.read().to_pylist()}
    assert rows["2026-09-01"] == {
        "posted": "2026-09-01", "item": "P1", "quantity": "12345678901234567890.1234567891",
        "price": "0.30000000000000004", "small": "16777216.0", "big": 18446744073709551615, "flag": "2",
        "at": "2026-09-01 10:00:00.500000",
    }  # fmt: skip
    assert {(rows[day]["price"], rows[day]["small"]) for day in ("0000-00-00", "2026-00-10")} == {
        ("1e+23", "0.1"),
        ("1.0", "1.0"),
    }
    assert file.metadata.metadata is not None
    assert json.loads(file.metadata.metadata[b"sop.numbers"]) == ["quantity", "price", "small", "big"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select nix from line", "Unknown column 'nix'"),
        ("select 1 as a, 2 as a", "duplicate column"),
        ("delete from line", "syntax"),
        ("select 1) q; drop table line; select (1", "syntax"),
    ],
)
def test_a_query_that_cannot_be_answered(server, tmp_path, query, said):
    with pytest.raises(Trouble, match=f"(?i){said}") as caught:
        write_rows(asked(server, query, tmp_path))
    assert caught.value.permanent
    assert server.execute("select count(*) from line", "erp") == "3\n"


def test_a_wrong_password_is_not_repeated_and_no_server_is_told(server, tmp_path):
    with Fetcher(lambda _: None) as fetcher:
        with pytest.raises(BadInput, match=r"Access denied.*Correct the user or what PW holds") as caught:
            fetcher.bring(asked(server, "select 1", tmp_path, "wrong-canary", password_env="PW"), "sop.yaml")
        assert "canary" not in str(caught.value)
        with pytest.raises(BadInput, match=r"Can't connect.*\(3 attempts\).*See that it runs"):
            fetcher.bring(asked(server, "select 1", tmp_path, port=free_port()), "sop.yaml")


def test_a_server_that_hangs_is_given_up_and_asked_again(server, tmp_path):
    """Nothing interrupts the driver: its process is ended when the time is over."""

    def go_on(_: float) -> None:
        os.kill(server.process.pid, signal.SIGCONT)

    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        with Fetcher(go_on, grace_seconds=0) as fetcher:
            fetched = fetcher.bring(asked(server, "select 1 as a", tmp_path, timeout_seconds=6), "sop.yaml")
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert (fetched.brought[0].rows, fetched.attempts) == (1, 2)


def test_rows_are_read_as_those_of_a_file(folder, server, monkeypatch, counts):
    monkeypatch.setenv("ERP_PASSWORD", PASSWORD)
    stated = {"type": "mysql", "host": "127.0.0.1", "port": server.port, "database": "erp", "user": "sop"}
    folder.settings["connections"] = {"erp": {**stated, "password": "${ERP_PASSWORD}"}}
    folder.settings["tolerances"] = {"quarantine_pct": 90}
    query = "select posted as date, 'P1' as product_id, big / big * 0.1 as quantity from line"
    folder.sources["sales"] = {"connection": "erp", "query": query}
    result = folder.take_in()
    assert result.tables["sales"].column("quantity").to_pylist() == [Decimal("0.1000")]
    assert counts(result, "erp: sales") == {"read": 3, "used": 1, "quarantined": 2}
