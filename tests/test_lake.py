"""Storage: nothing overwritten, one swap a cycle, hashes of content."""

import duckdb
import pyarrow as pa
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake, content_hash
from sop_pipeline.pointers import write_atomically
from sop_pipeline.views import refresh_views

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
    assert refresh_views(lake) == []
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


def test_published_tables_are_of_one_run_however_often_the_pointer_is_swapped(lake):
    for name in ("sales", "demand_plan"):
        lake.write(name, data(1), NOVEMBER, "a")
    lake.publish(NOVEMBER, "a")
    tables = lake.published(NOVEMBER)
    assert tables["sales"].to_pylist() == [{"n": 1}]
    for name in ("sales", "demand_plan"):
        lake.write(name, data(2), NOVEMBER, "b")
    lake.publish(NOVEMBER, "b")
    assert tables["demand_plan"].to_pylist() == [{"n": 1}]
    assert tables.hashes == {name: content_hash(data(1)) for name in ("sales", "demand_plan")}
    assert sorted(tables) == ["demand_plan", "sales"]
    assert len(lake.published(OCTOBER)) == 0


def test_a_cycle_of_one_run_keeps_its_settings(lake):
    assert lake.settings(NOVEMBER) is None
    for _ in range(2):
        lake.note_settings(NOVEMBER, "a", {"company": "Acme"})
    lake.write("sales", data(1), NOVEMBER, "a")
    lake.publish(NOVEMBER, "a")
    assert lake.settings(NOVEMBER) == {"company": "Acme"}
    assert set(lake.run_entries(NOVEMBER, "a")) == {"sales"}


def test_settings_are_known_where_all_runs_behind_a_cycle_had_the_same_and_nothing_is_stale(lake):
    def made(run, settings, *tables, lineage=None):
        lake.note_settings(NOVEMBER, run, settings)
        for name in tables:
            lake.write(name, data(ord(run)), NOVEMBER, run)
        lake.publish(NOVEMBER, run, lineage)

    made("a", {"company": "Acme"}, "sales", "demand_plan")
    made("b", {"company": "Acme"}, "demand_plan")
    assert lake.settings(NOVEMBER) == {"company": "Acme"}
    made("c", {"company": "Acme"}, "sales", lineage={"demand_plan": {"sales"}})
    assert lake.settings(NOVEMBER) is None
    made("d", {"company": "Acme"}, "demand_plan")
    assert lake.settings(NOVEMBER) == {"company": "Acme"}
    made("e", {"company": "Apex"}, "sales")
    assert lake.settings(NOVEMBER) is None


def test_settings_that_changed_on_the_way_are_not_known(lake):
    lake.note_settings(OCTOBER, "c", {"company": "Acme"})
    lake.note_settings(OCTOBER, "c", {"company": "Apex"})
    lake.write("sales", data(1), OCTOBER, "c")
    lake.publish(OCTOBER, "c")
    assert lake.settings(OCTOBER) is None


def test_a_whole_run_replaces_a_pointer_that_cannot_be_read(lake):
    for run in ("a", "b"):
        for name in (*LINEAGE, "sales"):
            lake.write(name, data(1), NOVEMBER, run)
    whole = {**LINEAGE, "sales": set()}
    lake.publish(NOVEMBER, "a", whole)
    lake.pointer_path(NOVEMBER).write_text("{")
    lake.publish(NOVEMBER, "b", whole)
    assert lake.pointer(NOVEMBER)["run"] == "b"
