"""Storage: nothing overwritten, one swap a cycle, hashes of content."""

import duckdb
import pyarrow as pa
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake, content_hash
from sop_pipeline.pointers import write_atomically

NOVEMBER, OCTOBER = Cycle.parse("2026-11"), Cycle.parse("2026-10")
LINEAGE = {"demand_plan": {"sales"}, "aggregate_plan": {"demand_plan"}, "calendar": set()}


def data(*values):
    return pa.table({"n": pa.array(values, pa.int64())})


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def test_a_run_sees_its_own_tables_and_nobody_else_before_publication(lake):
    lake.write("sales", data(1), NOVEMBER, "a")
    lake.publish(NOVEMBER, "a")
    lake.write("sales", data(2), NOVEMBER, "b")
    assert lake.read("sales", NOVEMBER, "b").to_pylist() == [{"n": 2}]
    assert lake.read("sales", NOVEMBER).to_pylist() == [{"n": 1}]
    lake.publish(NOVEMBER, "b")
    assert lake.read("sales", NOVEMBER).to_pylist() == [{"n": 2}]


def test_a_file_once_written_is_never_overwritten(lake):
    first = lake.write("sales", data(1), NOVEMBER, "a")
    second = lake.write("sales", data(2), NOVEMBER, "a")
    (lake.root / first.file).unlink()
    third = lake.write("sales", data(3), NOVEMBER, "a")
    assert third.file != second.file
    assert lake.read("sales", NOVEMBER, "a").to_pylist() == [{"n": 3}]


def test_a_kill_before_the_swap_leaves_the_cycle_as_it_was(lake, monkeypatch):
    lake.write("sales", data(1), NOVEMBER, "a")
    before = lake.publish(NOVEMBER, "a")
    lake.write("sales", data(2), NOVEMBER, "b")
    monkeypatch.setattr("pathlib.Path.replace", _killed)
    with pytest.raises(KeyboardInterrupt):
        lake.publish(NOVEMBER, "b")
    monkeypatch.undo()
    assert lake.pointer(NOVEMBER) == before
    assert lake.read("sales", NOVEMBER).to_pylist() == [{"n": 1}]


def _killed(*_):
    raise KeyboardInterrupt


def test_what_descends_from_a_changed_table_is_stale_until_made_again(lake):
    for name in LINEAGE | {"sales": set()}:
        lake.write(name, data(1), NOVEMBER, "a")
    assert lake.publish(NOVEMBER, "a", LINEAGE)["stale"] == []
    lake.write("sales", data(2), NOVEMBER, "b")
    assert lake.publish(NOVEMBER, "b", LINEAGE)["stale"] == ["aggregate_plan", "demand_plan"]
    lake.write("demand_plan", data(2), NOVEMBER, "c")
    assert lake.publish(NOVEMBER, "c", LINEAGE)["stale"] == ["aggregate_plan"]
    lake.write("aggregate_plan", data(2), NOVEMBER, "d")
    assert lake.publish(NOVEMBER, "d", LINEAGE)["stale"] == []


def test_the_same_content_made_again_makes_nothing_stale(lake):
    for name in ("sales", "demand_plan"):
        lake.write(name, data(1), NOVEMBER, "a")
    lake.publish(NOVEMBER, "a", LINEAGE)
    lake.write("sales", data(1), NOVEMBER, "b")
    assert lake.publish(NOVEMBER, "b", LINEAGE)["stale"] == []


def test_a_table_nobody_made_says_how_to_make_it(lake):
    with pytest.raises(BadInput, match=r"needed table sales of cycle 2026-11.*sop run --cycle 2026-11"):
        lake.read("sales", NOVEMBER)


@pytest.mark.parametrize("name", ["../sales", "sales/x", "sa les", ""])
def test_no_name_leads_out_of_the_lake(lake, name):
    with pytest.raises(BadInput, match="needed a name that can be part of a file name"):
        lake.write(name, data(1), NOVEMBER, "a")
    with pytest.raises(BadInput, match="needed a name that can be part of a file name"):
        lake.write("sales", data(1), NOVEMBER, name)


def test_views_show_every_cycle_side_by_side(lake):
    for cycle, value in ((OCTOBER, 1), (NOVEMBER, 2)):
        lake.write("sales", data(value), cycle, "a")
        lake.publish(cycle, "a")
    assert lake.cycles() == [OCTOBER, NOVEMBER]
    with duckdb.connect(str(lake.root / "sop.duckdb"), read_only=True) as connection:
        found = connection.execute("select planning_cycle, n from sales order by planning_cycle").fetchall()
    assert found == [("2026-10", 1), ("2026-11", 2)]


def test_the_hash_is_of_content_not_of_chunks_or_files(lake):
    whole = data(1, 2, 3)
    parts = pa.concat_tables([data(1), data(2, 3)])
    assert content_hash(whole) == content_hash(parts)
    first = lake.write("sales", whole, NOVEMBER, "a")
    second = lake.write("sales", parts, NOVEMBER, "b")
    assert first.content_sha256 == second.content_sha256
    assert first.rows == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (data(1, 2), data(2, 1)),
        (data(1), pa.table({"m": pa.array([1], pa.int64())})),
        (data(1), pa.table({"n": pa.array(["1"])})),
        (pa.table({"n": ["", None]}), pa.table({"n": [None, ""]})),
        (pa.table({"a": ["x,y"], "b": ["z"]}), pa.table({"a": ["x"], "b": ["y,z"]})),
        (data(), pa.table({"n": pa.array([None], pa.int64())})),
    ],
)
def test_what_differs_hashes_differently(one, other):
    assert content_hash(one) != content_hash(other)


def test_a_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "pointer.json"
    write_atomically(path, b"old")
    monkeypatch.setattr("os.fsync", _killed)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def test_the_sweep_takes_only_what_killed_writes_left(lake):
    lake.write("sales", data(1), NOVEMBER, "a")
    left = lake.root / "data" / "sales" / ".x.parquet.1234.part"
    left.write_bytes(b"half")
    assert lake.sweep() == []
    assert lake.sweep(older_than_seconds=-1) == ["data/sales/.x.parquet.1234.part"]
    assert lake.read("sales", NOVEMBER, "a").num_rows == 1
