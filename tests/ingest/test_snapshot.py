"""The snapshot: files copied once under their hash, found again, named where they are missing."""

from __future__ import annotations

import hashlib
import json

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import ingest, read_snapshot, snapshot
from sop_pipeline.lake import Lake

CYCLE = Cycle.parse("2026-11")


def test_nothing_later_reads_the_live_source(folder):
    company, lake = folder.company(), Lake(folder.root / "lake")
    snapshot(company, folder.root, CYCLE, lake)
    before = ingest(read_snapshot(lake, CYCLE), company, CYCLE)
    folder.write("sales.csv", "garbage")
    after = ingest(read_snapshot(lake, CYCLE), company, CYCLE)
    assert after.tables["sales"].equals(before.tables["sales"])


def test_equal_files_give_equal_snapshots_and_changed_ones_are_taken_anew(folder):
    company, lake = folder.company(), Lake(folder.root / "lake")
    first = snapshot(company, folder.root, CYCLE, lake)
    assert snapshot(company, folder.root, CYCLE, lake) == first
    folder.write("sales.csv", "date,product_id,quantity\n2026-09-01,P1,11\n")
    second = snapshot(company, folder.root, CYCLE, lake)
    assert [file.sha256 for file in second.files] != [file.sha256 for file in first.files]
    assert all(first.path(file).exists() for file in first.files)


def test_the_hash_is_of_the_files_bytes(folder):
    taken = snapshot(folder.company(), folder.root, CYCLE, Lake(folder.root / "lake"))
    for file in taken.files:
        content = (folder.root / file.name).read_bytes()
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert taken.path(file).read_bytes() == content


def test_a_kill_before_the_manifest_leaves_the_earlier_snapshot(folder, monkeypatch):
    company, lake = folder.company(), Lake(folder.root / "lake")
    first = snapshot(company, folder.root, CYCLE, lake)
    folder.write("sales.csv", "date,product_id,quantity\n2026-09-01,P1,11\n")
    monkeypatch.setattr("sop_pipeline.ingest.snapshots.write_atomically", _killed)
    with pytest.raises(KeyboardInterrupt):
        snapshot(company, folder.root, CYCLE, lake)
    assert read_snapshot(lake, CYCLE) == first
    assert not list(lake.snapshot_folder(CYCLE).rglob("*.part"))


def _killed(*_):
    raise KeyboardInterrupt


def test_the_manifest_says_what_was_taken(folder):
    lake = Lake(folder.root / "lake")
    snapshot(folder.company(), folder.root, CYCLE, lake)
    manifest = json.loads((lake.snapshot_folder(CYCLE) / "manifest.json").read_text())
    assert [(file["table"], file["name"]) for file in manifest["files"]] == [
        ("products", "products.csv"),
        ("sales", "sales.csv"),
    ]


def test_a_cycle_without_snapshot_says_how_to_take_one(folder):
    with pytest.raises(BadInput, match="Take one: sop run --cycle 2026-11"):
        read_snapshot(Lake(folder.root / "lake"), CYCLE)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("sale.csv", "no such file; needed the file sale.csv. Did you mean 'sales.csv'"),
        ("data/sales.csv", "found no folder"),
        ("sales_*.csv", "no such file"),
        (".", "found a folder"),
    ],
)
def test_a_missing_file_is_named_with_the_nearest(folder, path, said):
    folder.sources["sales"] = {"path": path}
    with pytest.raises(BadInput, match=rf"sop\.yaml, sources\.sales.*{said}"):
        folder.take_in()


def test_patterns_leave_out_lock_files_and_take_names_in_order(folder):
    folder.write("data/b.csv", "date,product_id,quantity\n2026-09-02,P1,2\n")
    folder.write("data/a.csv", "date,product_id,quantity\n2026-09-01,P1,1\n")
    folder.write("data/~$a.csv", "locked")
    folder.sources["sales"] = {"path": "data/*.csv"}
    result = folder.take_in()
    assert result.source_files.column("file").to_pylist() == ["products.csv", "data/a.csv", "data/b.csv"]


def test_a_name_with_brackets_and_spaces_is_a_name_first(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,1\n", path="Sales [2026] .csv")
    assert len(folder.sales()) == 1


def test_environment_variables_in_a_path(folder, monkeypatch):
    folder.sources["sales"] = {"path": "${SALES_FOLDER:-.}/sales.csv"}
    assert len(folder.sales()) == 3
    folder.write("elsewhere/sales.csv", "date,product_id,quantity\n2026-09-01,P1,1\n")
    monkeypatch.setenv("SALES_FOLDER", str(folder.root / "elsewhere"))
    assert len(folder.sales()) == 1
