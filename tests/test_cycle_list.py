"""What `sop cycles` says of cycles that later publications have made stale, and of packs older than their tables."""

import pyarrow as pa
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.cycle_list import cycle_lines, since_then
from sop_pipeline.lake import Lake
from sop_pipeline.pointers import Want

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Cycle.parse(f"2026-{month}") for month in ("08", "09", "10", "11"))
LAST, EVERY = Want(("production_plan",), False), Want(("demand_plan",), True)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def plan(lake, cycle, run, demand=1, output=1, wants=(LAST, EVERY)):
    """Plan a cycle of two tables and publish it."""
    lake.note_earlier(cycle, run, wants)
    for table, value in (("demand_plan", demand), ("production_plan", output)):
        lake.write(table, pa.table({"n": pa.array([value], pa.int64())}), cycle, run)
    lake.publish(cycle, run, {"demand_plan": set(), "production_plan": {"demand_plan"}})


def test_a_month_filled_in_later_makes_the_ones_after_it_stale_until_they_are_planned_again(lake):
    plan(lake, AUGUST, "a")
    plan(lake, NOVEMBER, "a")
    assert [lake.changed_since(cycle) for cycle in (AUGUST, NOVEMBER)] == [[], []]
    for cycle in (SEPTEMBER, OCTOBER):
        plan(lake, cycle, "a", demand=2)
    assert [lake.changed_since(cycle) for cycle in lake.cycles()] == [[], [], [], ["2026-08", "2026-09", "2026-10"]]
    assert since_then(lake, NOVEMBER) == [
        "stale: planned before 2026-08, 2026-09, 2026-10 were published as now; plan it again: sop run --cycle 2026-11"
    ]
    plan(lake, NOVEMBER, "b")
    assert lake.changed_since(NOVEMBER) == []


def test_only_what_is_read_of_a_cycle_makes_the_next_one_stale(lake):
    for cycle in (AUGUST, SEPTEMBER, OCTOBER):
        plan(lake, cycle, "a")
    plan(lake, AUGUST, "b", output=5)  # October reads August's demand, and the output of September alone
    assert [lake.changed_since(cycle) for cycle in (SEPTEMBER, OCTOBER)] == [["2026-08"], []]
    plan(lake, AUGUST, "c", demand=5, output=5)
    assert [lake.changed_since(cycle) for cycle in (SEPTEMBER, OCTOBER)] == [["2026-08"], ["2026-08"]]
    plan(lake, AUGUST, "d")  # as it was
    assert [lake.changed_since(cycle) for cycle in (SEPTEMBER, OCTOBER)] == [[], []]


def test_a_cycle_published_while_a_run_goes_on_counts_as_not_read(lake):
    """A run reads one manifest; what comes after its start makes it stale."""
    plan(lake, AUGUST, "a")
    read = lake.note_earlier(OCTOBER, "a", [EVERY])
    plan(lake, SEPTEMBER, "a")
    assert lake.note_earlier(OCTOBER, "a", [EVERY]) == read
    plan(lake, OCTOBER, "a", wants=[EVERY])
    assert lake.changed_since(OCTOBER) == ["2026-09"]


def test_packs_of_an_earlier_run_are_told(lake):
    plan(lake, OCTOBER, "a")
    assert len(cycle_lines(lake)) == 1
    lake.note_packs(OCTOBER, lake.content(OCTOBER))
    plan(lake, OCTOBER, "b")
    assert len(cycle_lines(lake)) == 1
    plan(lake, OCTOBER, "c", demand=2)
    assert cycle_lines(lake)[1].strip() == (
        "its packs are older than its tables; make them again: sop pack --cycle 2026-10"
    )
    lake.note_packs(OCTOBER, lake.content(OCTOBER))
    assert len(cycle_lines(lake)) == 1


def test_a_lake_without_cycles_says_how_to_get_one(lake):
    assert cycle_lines(lake) == [f"No cycle is published in {lake.root}. Run one: sop run --cycle YYYY-MM"]
