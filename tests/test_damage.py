"""Damaged files of the lake: named with the way out, and stopping nothing that does not read them."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.cycle_list import cycle_lines
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.past import Earlier
from sop_pipeline.pointers import Want
from sop_pipeline.releases import PlanName
from sop_pipeline.verification import verify_cycles
from sop_pipeline.views import refresh_views

AUGUST, OCTOBER, NOVEMBER = (Cycle.parse(name) for name in ("2026-08", "2026-10", "2026-11"))
WANTS = [Want(("sales",), False)]


def data(*values):
    return pa.table({"n": pa.array(values, pa.int64())})


@pytest.fixture
def lake(tmp_path):
    """August and October, a table each."""
    lake = Lake(tmp_path / "lake")
    for cycle, value in ((AUGUST, 8), (OCTOBER, 10)):
        lake.write("sales", data(value), cycle, "a")
        lake.publish(cycle, "a")
    return lake


def path_of(lake, cycle):
    return lake.root / lake.pointer(cycle)["tables"]["sales"]["file"]


def lose(path):
    path.unlink()


def truncate(path):
    path.write_bytes(path.read_bytes()[:-7])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[4] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def triple(path):
    pq.write_table(data(30), path)


DAMAGE = pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lose, "no such file"),
        (truncate, "a damaged file"),
        (flip_a_bit, "(a damaged file|other rows)"),
        (empty, "a damaged file"),
        (triple, "other rows than were published"),
    ],
)


@DAMAGE
def test_every_reader_of_what_was_published_is_told_the_file_and_the_way_out(lake, damage, found):
    path = path_of(lake, OCTOBER)
    earlier = Earlier(lake, lake.manifest(NOVEMBER, WANTS))
    damage(path)
    told = rf"{path.name}: found {found}.*; needed .*sop run --cycle 2026-10.*lake/cycles/2026-10"
    for reading in (
        lambda: lake.read("sales", OCTOBER),
        lambda: lake.published(OCTOBER)["sales"],
        lambda: earlier.lake.verified(earlier.manifest["2026-10"]["sales"], OCTOBER),
    ):
        with pytest.raises(BadInput, match=told):
            reading()
    report = verify_cycles(lake)
    assert not report.passed
    assert report.lines[0] == "2026-08  1 tables as published"
    assert path.name in report.lines[1]
    assert report.lines[2:] == ("2026-10  1 damaged",)
    assert verify_cycles(lake, AUGUST).passed


@DAMAGE
def test_the_next_cycle_is_published_and_shown_beside_a_damaged_one(lake, damage, found):
    damage(path_of(lake, OCTOBER))
    lake.write("sales", data(11), NOVEMBER, "a")
    lake.publish(NOVEMBER, "a")
    notes = refresh_views(lake)
    if damage in (lose, truncate, empty):
        assert len(notes) == 1
        assert "table sales of cycle 2026-10" in notes[0]
        with duckdb.connect(str(lake.root / "sop.duckdb"), read_only=True) as views:
            shown = views.execute("select planning_cycle, n from sales order by 1").fetchall()
        assert shown == [("2026-08", 8), ("2026-11", 11)]
    assert lake.read("sales", NOVEMBER).to_pylist() == [{"n": 11}]


def test_a_damaged_pointer_is_told_once_and_hides_no_other_cycle(lake):
    lake.pointer_path(AUGUST).write_text(lake.pointer_path(AUGUST).read_text()[:40])
    assert lake.last_before(NOVEMBER) == PlanName(OCTOBER)
    assert lake.read("sales", OCTOBER).to_pylist() == [{"n": 10}]
    assert [note for note in refresh_views(lake) if "2026-08/_current.json" in note] != []
    damaged, whole = cycle_lines(lake)
    assert damaged.startswith("2026-08  damaged: ")
    assert "_current.json: found what is no pointer" in damaged
    assert "sop run --cycle 2026-08" in damaged
    assert whole.startswith("2026-10  1 tables  run a")
    with pytest.raises(BadInput, match=r"2026-08/_current\.json"):
        lake.before(NOVEMBER)


def test_views_that_cannot_be_replaced_are_a_note_and_leave_nothing_aside(lake):
    (lake.root / "sop.duckdb").mkdir()
    (lake.root / "sop.duckdb" / "kept").write_text("")
    (note,) = refresh_views(lake)
    assert note.startswith("The views of sop.duckdb are not new: ")
    assert [path.name for path in lake.root.glob(".sop*")] == []


def test_a_note_of_a_run_that_cannot_be_read_is_named(lake):
    lake.write("sales", data(1), NOVEMBER, "b")
    (lake.root / "runs" / "2026-11" / "b" / "sales.json").write_text('{"table": "sal')
    with pytest.raises(BadInput, match=r"b/sales.json: found a damaged note"):
        lake.publish(NOVEMBER, "b")


def test_verifying_what_was_never_published_says_what_was(lake):
    with pytest.raises(BadInput, match="found no published cycle 2026-11; needed one of 2026-08, 2026-10"):
        verify_cycles(lake, NOVEMBER)
