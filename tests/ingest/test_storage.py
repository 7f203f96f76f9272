"""S3-compatible storage as a source, against moto's server run as a process of its own."""

from __future__ import annotations

import json

import pytest
from pyarrow import fs

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from tests.servers import free_port, storage

pytestmark = pytest.mark.slow
KEY = "canary/of+the=key"


@pytest.fixture(scope="module")
def address():
    with storage() as running:
        files = fs.S3FileSystem(
            access_key="k", secret_key=KEY, endpoint_override=running, scheme="http", region="us-east-1",
            allow_bucket_creation=True,
        )  # fmt: skip
        files.create_dir("exports")
        for name, number in (("2026-09", "1"), ("2026-10", "2")):
            with files.open_output_stream(f"exports/erp/sales_{name}.csv") as out:
                out.write(f"product_id;quantity\nP1;1,5\nP2;{number}\n".encode())
        with files.open_output_stream("exports/erp/old/sales_2020-01.csv") as out:
            out.write(b"nothing")
        yield running


@pytest.fixture
def stored(folder, address, monkeypatch):
    monkeypatch.setenv("KEY_ID", "k")
    monkeypatch.setenv("SECRET_KEY", KEY)
    stated = {"type": "s3", "endpoint": address, "key_id_env": "KEY_ID", "secret_key": "${SECRET_KEY}", "attempts": 1}
    folder.settings["connections"] = {"store": stated}
    folder.sources["sales"] = {
        "connection": "store",
        "path": "s3://exports/erp/sales_*.csv",
        "from_file_name": {"date": "sales_*.csv"},
    }
    return folder


def test_files_are_copied_as_they_are_and_read_as_any(stored):
    assert stored.sales() == [
        ("2026-09-01", "P1", 1.5), ("2026-09-01", "P2", 1.0), ("2026-10-01", "P1", 1.5), ("2026-10-01", "P2", 2.0),
    ]  # fmt: skip
    taken = Lake(stored.root / "lake").snapshot_folder(Cycle.parse("2026-11"))
    assert [each["query"] for each in json.loads((taken / "manifest.json").read_text())["fetched"]] == [
        "s3://exports/erp/sales_2026-09.csv",
        "s3://exports/erp/sales_2026-10.csv",
    ]
    assert [path.read_bytes() for path in taken.rglob("sales_2026-09.csv")] == [b"product_id;quantity\nP1;1,5\nP2;1\n"]
    assert not list(taken.glob(".*"))
    assert [path for path in stored.root.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("s3://exports/erp/sale_*.csv", r"no file s3://exports/erp/sale_\*\.csv"),
        ("s3://exports/erp/sales.csv", "does not exist"),
        ("s3://export/erp/sales_*.csv", "sources.sales, connection store: found"),
    ],
)
def test_what_is_not_there_is_told_at_once(stored, path, said):
    stored.sources["sales"]["path"] = path
    with pytest.raises(BadInput, match=said) as caught:
        stored.take_in()
    assert "Correct the source or the connection" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_storage_that_is_away_is_told(stored):
    stored.settings["connections"]["store"] |= {"endpoint": f"http://127.0.0.1:{free_port()}", "timeout_seconds": 5}
    with pytest.raises(BadInput, match="needed what it names of S3 storage at http://127"):
        stored.take_in()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"path": "s3://exports/a.csv"}, "connection beside it"),
        ({"path": "a.csv", "connection": "store"}, "a query, or a path such as s3://"),
        ({"query": "select 1", "connection": "store"}, "a query for a connection of type s3"),
        ({"path": "s3://key:canary@exports/a.csv", "connection": "store"}, "found what is not repeated here"),
    ],
)
def test_a_source_that_is_not_stated_well(stored, source, said):
    stored.sources["sales"] = source
    with pytest.raises(BadInput, match=said) as caught:
        stored.company()
    assert "canary" not in str(caught.value)
