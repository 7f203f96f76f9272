"""Which cycles are published, which one lies before another, and which formats of the pointer are read."""

import json

import pyarrow as pa
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.pointers import FORMAT, Pointers
from sop_pipeline.releases import PlanName

MAY, JULY, AUGUST = (Cycle.parse(name) for name in ("2026-05", "2026-07", "2026-08"))


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    for cycle in (MAY, JULY):
        lake.write("sales", pa.table({"n": pa.array([1], pa.int64())}), cycle, "a")
        lake.publish(cycle, "a")
    return lake


def rewrite(lake, cycle, change):
    path = lake.pointer_path(cycle)
    path.write_text(json.dumps(change(json.loads(path.read_text()))))


def test_the_cycle_before_is_the_last_one_published_however_long_ago(lake):
    assert lake.last_before(AUGUST) == PlanName(JULY)
    assert lake.last_before(JULY) == PlanName(MAY)
    assert lake.last_before(MAY) is None
    assert lake.before(AUGUST) == [MAY, JULY]


def test_a_lake_that_is_not_there_has_no_cycles(tmp_path):
    assert Pointers(tmp_path / "nowhere").cycles() == []


def test_the_pointer_says_its_format(lake):
    assert lake.pointer(MAY)["format"] == FORMAT == 3


def test_a_pointer_without_a_number_is_read_and_gets_one_when_published_again(lake):
    rewrite(lake, MAY, lambda pointer: {name: value for name, value in pointer.items() if name != "format"})
    assert lake.read("sales", MAY).to_pylist() == [{"n": 1}]
    lake.write("sales", pa.table({"n": pa.array([2], pa.int64())}), MAY, "b")
    lake.publish(MAY, "b")
    assert lake.pointer(MAY)["format"] == FORMAT


def test_a_newer_format_is_refused_by_name_with_the_way_out(lake):
    rewrite(lake, MAY, lambda pointer: {**pointer, "format": 4})
    with pytest.raises(BadInput, match=r"2026-05/_current.json: found a cycle published in format 4; needed format 3"):
        lake.read("sales", MAY)
    with pytest.raises(BadInput, match=r"sop run --cycle 2026-05"):
        lake.hashes(MAY)


def test_a_cycle_of_sentences_is_no_longer_told_and_says_how_to_get_one_that_is(lake):
    rewrite(lake, MAY, lambda pointer: {**pointer, "format": 2})
    assert lake.read("sales", MAY).to_pylist() == [{"n": 1}]
    with pytest.raises(
        BadInput, match=r"found a cycle published in format 2; needed format 3.*sop run --cycle 2026-05"
    ):
        lake.published(MAY)


@pytest.mark.parametrize("content", ["", '{"cycle": "2026-05", "tab', "[]", '{"format": "two"}'])
def test_a_pointer_that_cannot_be_read_says_how_to_get_another(lake, content):
    lake.pointer_path(MAY).write_text(content)
    with pytest.raises(BadInput, match=r"_current.json: found what is no pointer.*sop run --cycle 2026-05"):
        lake.pointer(MAY)
