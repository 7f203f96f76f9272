"""What prune takes, and what it leaves: every cycle and release verifies after it, and a young run can go on."""

import os
import subprocess
import sys
import time

import pyarrow as pa
import pytest

from sop_pipeline.company_folder import PROJECT
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.made_once import keeping, once
from sop_pipeline.pointers import Want
from sop_pipeline.prune import prunable, prune
from sop_pipeline.steps.kept import Kept, Made
from sop_pipeline.verification import verify_cycles
from tests.present import present
from tests.test_releases import JULY, JUNE, MAY, plan, release

NOW = time.time()
OLD = NOW - 100 * 86400


def age(lake, moment=OLD):
    """Make everything in the lake as old as that."""
    for path in lake.root.rglob("*"):
        if path.is_file():
            os.utime(path, (moment, moment))


def data(lake):
    return sorted(path.name for path in (lake.root / "data" / "sales").iterdir())


@pytest.fixture
def lake(tmp_path):
    """May planned three times, released after the second; June once."""
    lake = Lake(tmp_path / "lake")
    plan(lake, MAY, "first", 1)
    plan(lake, MAY, "released", 2)
    release(lake, MAY)
    plan(lake, MAY, "current", 3)
    plan(lake, JUNE, "june", 4)
    age(lake)
    return lake


def test_what_nothing_needs_goes_and_every_release_and_cycle_verifies(lake):
    gone = prune(lake, NOW, 90)
    assert [path.name for path in gone.files] == ["2026-05-first-0.parquet"]
    assert [path.name for path in gone.runs] == ["first"]
    assert data(lake) == ["2026-05-current-0.parquet", "2026-05-released-0.parquet", "2026-06-june-0.parquet"]
    assert verify_cycles(lake, None).passed
    assert lake.read("sales", MAY)["n"].to_pylist() == [3]
    assert not prunable(lake, NOW, 90).files


def test_notes_go_with_the_files_they_name_and_parts_once_nobody_uses_them(lake):
    for run in ("first", "current"):
        entries = lake.run_entries(MAY, run)
        Kept(lake, MAY, "source_tables").keep(run, Made(run, entries, (), {}))
    (lake.root / "kept" / "2026-05" / "source_tables" / "damaged.json").write_text("{")
    with keeping(lake.root):
        for name in ("used", "unused"):
            once("chart", name, lambda: b"drawn")
    age(lake)
    with keeping(lake.root) as tally:
        once("chart", "used", lambda: b"drawn")
    assert tally.found["chart"] == 1
    gone = {path.relative_to(lake.root).parts[:2] for path in prune(lake, NOW, 90).files}
    assert gone == {("data", "sales"), ("kept", "2026-05"), ("kept", "parts")}
    assert Kept(lake, MAY, "source_tables").find("current")
    left = [path for path in (lake.root / "kept").rglob("*") if path.is_file()]
    assert sorted(path.parent.parent.name for path in left) == ["2026-05", "chart"]
    assert not prunable(lake, NOW, 90).files


def test_asking_first_deletes_nothing(lake):
    found = prunable(lake, NOW, 90)
    assert len(found.files) == 1
    assert found.size > 0
    assert len(data(lake)) == 4


def test_runs_that_are_young_stay_with_what_they_read_of_earlier_cycles(lake):
    lake.note_earlier(JULY, "july", [Want(("sales",), True)])  # reads May as released and June as it is
    plan(lake, JUNE, "june-again", 5)  # June is planned again meanwhile
    age(lake)
    lake.write("sales", pa.table({"n": pa.array([9], pa.int64())}), JULY, "july")  # and July's run goes on
    prune(lake, NOW, 90)
    assert "2026-06-june-0.parquet" in data(lake)
    assert "2026-07-july-0.parquet" in data(lake)
    age(lake)
    prune(lake, NOW, 90)
    assert "2026-06-june-0.parquet" not in data(lake)


def test_what_is_read_only_stays_whatever_names_it(lake):
    odd = lake.root / "data" / "sales" / "odd.parquet"
    odd.write_bytes(b"x")
    odd.chmod(0o444)
    age(lake)
    prune(lake, NOW, 90)
    assert odd.exists()


def test_copies_of_source_files_that_no_snapshot_names_go(lake):
    folder = lake.snapshot_folder(JUNE)
    for digest in ("a" * 16, "b" * 16):
        (folder / digest).mkdir(parents=True)
        (folder / digest / "sales.csv").write_text(digest)
    (folder / "manifest.json").write_text('{"files": [{"stored": "%s/sales.csv"}]}' % ("b" * 16))
    age(lake)
    prune(lake, NOW, 90)
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["b" * 16]
    assert (folder / "manifest.json").exists()


def test_nothing_goes_while_a_cycle_is_planned(lake):
    before = data(lake)
    hold = (
        "import sys, time; from pathlib import Path; from sop_pipeline.cycle import Cycle;"
        "from sop_pipeline.writer import only_writer\n"
        "with only_writer(Path(sys.argv[1]), Cycle.parse('2026-06')): print('held', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", hold, str(lake.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as other:
        assert present(other.stdout).readline() == "held\n"
        with pytest.raises(BadInput, match=f"process {other.pid}"):
            prune(lake, NOW, 90)
        other.kill()
    assert data(lake) == before


@pytest.mark.parametrize(
    "name", ["cycles/2026-06/_current.json", "releases/2026-05/r01.json", "runs/2026-06/june/sales.json"]
)
def test_nothing_goes_while_anything_cannot_be_read(lake, name):
    path = lake.root / name
    path.chmod(0o644)
    path.write_text("{")
    age(lake)
    if name.startswith("runs"):
        os.utime(path)  # of a young run
    with pytest.raises(BadInput):
        prune(lake, NOW, 90)
    assert len(data(lake)) == 4
