"""Releases: sealed once, read-only by mode and by rule, and what later cycles read before any draft."""

import hashlib
import json
import stat

import pyarrow as pa
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.cycle_list import cycle_lines
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.pointers import Want, write_atomically
from sop_pipeline.releases import PlanName, Releases
from sop_pipeline.verification import verify_cycles

MAY, JUNE, JULY = (Cycle.parse(f"2026-{month}") for month in ("05", "06", "07"))


def plan(lake, cycle, run, value):
    lake.write("sales", pa.table({"n": pa.array([value], pa.int64())}), cycle, run)
    lake.publish(cycle, run)


def release(lake, cycle):
    """Freeze what is published of a cycle, with one source file."""
    source = lake.snapshot_folder(cycle) / "sales.csv"
    source.parent.mkdir(parents=True, exist_ok=True)
    if not source.exists():
        source.write_text("n\n1\n")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    pointer = lake.pointer(cycle)
    manifest = {
        "cycle": cycle.name,
        "release": lake.releases.next(cycle),
        "tables": pointer["tables"],
        "inputs": [{"table": "sales", "file": "s.csv", "sha256": digest, "stored": str(source.relative_to(lake.root))}],
        "content": lake.content(cycle),
        "packs": {},
        "released_by": "Anna",
        "released_at": "2026-07-20T10:00:00+00:00",
        "why": "as put up",
    }
    lake.releases.freeze(manifest)
    return manifest["release"]


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    plan(lake, MAY, "a", 5)
    return lake


def test_a_plan_is_named_by_its_cycle_and_its_release():
    assert PlanName.parse("2026-05") == PlanName(MAY, None)
    assert PlanName.parse("2026-05@r01") == PlanName(MAY, "r01")
    assert str(PlanName.parse("2026-05@r12")) == "2026-05@r12"
    for wrong in ("2026-05@", "2026-05@1", "2026-05@latest", "2026-05@../r01"):
        with pytest.raises(BadInput, match=r"such as 2026-11@r01"):
            PlanName.parse(wrong)


def test_releases_are_numbered_and_the_newest_is_by_number(lake):
    assert lake.releases.newest(MAY) is None
    assert [release(lake, MAY) for _ in range(11)][:3] == ["r01", "r02", "r03"]
    assert (lake.releases.newest(MAY), lake.releases.next(MAY)) == ("r11", "r12")
    assert Releases(lake.root).cycles() == [MAY]


def test_what_a_release_names_is_read_only_by_mode(lake):
    release(lake, MAY)
    named = [lake.releases.path(MAY, "r01"), lake.root / lake.pointer(MAY)["tables"]["sales"]["file"]]
    named.append(lake.snapshot_folder(MAY) / "sales.csv")
    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    assert [path.stat().st_mode & writable for path in named] == [0, 0, 0]


def test_nothing_replaces_a_file_of_a_release_even_for_an_administrator(lake):
    release(lake, MAY)
    path = lake.releases.path(MAY, "r01")
    before = path.read_bytes()
    with pytest.raises(BadInput, match=r"r01.json: found a file of a release, which is read-only.*release that"):
        write_atomically(path, b"{}")
    with pytest.raises(BadInput, match=r"found a release of that name: r01"):
        lake.releases.freeze({**lake.releases.manifest(MAY, "r01"), "why": "other"})
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["r01.json"]


def test_the_sweep_and_later_runs_leave_a_release_as_it_is(lake):
    release(lake, MAY)
    plan(lake, MAY, "b", 6)
    assert lake.sweep(older_than_seconds=-1) == []
    assert lake.named(MAY, lake.releases.manifest(MAY, "r01")["tables"])["sales"].to_pylist() == [{"n": 5}]
    assert lake.read("sales", MAY).to_pylist() == [{"n": 6}]
    assert release(lake, MAY) == "r02"
    assert verify_cycles(lake).passed


@pytest.mark.parametrize("part", ["why", "content", "released_by"])
def test_a_manifest_that_was_changed_is_refused_by_its_seal(lake, part):
    release(lake, MAY)
    path = lake.releases.path(MAY, "r01")
    path.chmod(0o644)
    path.write_text(json.dumps({**json.loads(path.read_text()), part: "other"}))
    with pytest.raises(BadInput, match="found a manifest that was changed after it was sealed"):
        lake.releases.manifest(MAY, "r01")
    report = verify_cycles(lake, PlanName(MAY, "r01"))
    assert not report.passed
    assert report.lines[-1] == "2026-05@r01  1 damaged"
    assert any("damaged" in line and "r01" in line for line in cycle_lines(lake))


@pytest.mark.parametrize(("content", "found"), [("{", "no manifest"), ('{"format": 1}', "no manifest")])
def test_what_is_no_manifest_is_named(lake, content, found):
    release(lake, MAY)
    path = lake.releases.path(MAY, "r01")
    path.chmod(0o644)
    path.write_text(content)
    with pytest.raises(BadInput, match=found):
        lake.standing(MAY)


def test_verifying_a_release_reads_its_tables_and_its_source_files(lake):
    release(lake, MAY)
    assert (
        verify_cycles(lake, PlanName(MAY, "r01"))
        .lines[0]
        .startswith("2026-05@r01  1 tables, 1 source files, 0 pack files as released, seal ")
    )
    source = lake.snapshot_folder(MAY) / "sales.csv"
    source.chmod(0o644)
    source.write_text("n\n2\n")
    report = verify_cycles(lake, MAY)
    assert not report.passed
    assert "sales.csv: found other bytes than were released" in report.lines[1]
    assert report.lines[0] == "2026-05  1 tables as published"


def test_a_later_cycle_reads_the_newest_release_and_not_what_was_planned_since(lake):
    wants = [Want(("sales",), False), Want(("sales",), True)]
    assert lake.last_before(JULY) == PlanName(MAY)
    assert lake.manifest(JULY, wants)["2026-05"]["sales"]["release"] is None
    release(lake, MAY)
    plan(lake, MAY, "b", 6)
    assert lake.last_before(JULY) == PlanName(MAY, "r01")
    entry = lake.manifest(JULY, wants)["2026-05"]["sales"]
    assert entry["release"] == "r01"
    assert lake.verified(entry, MAY).to_pylist() == [{"n": 5}]
    plan(lake, JUNE, "c", 7)
    assert lake.last_before(JULY) == PlanName(JUNE)
    assert [lake.manifest(JULY, wants)[name]["sales"]["release"] for name in ("2026-05", "2026-06")] == ["r01", None]


def test_a_release_makes_a_cycle_that_read_the_draft_stale_and_planning_the_released_one_again_does_not(lake):
    lake.note_earlier(JUNE, "j", [Want(("sales",), False)])
    plan(lake, JUNE, "j", 6)
    assert lake.changed_since(JUNE) == []
    release(lake, MAY)
    assert lake.changed_since(JUNE) == ["2026-05"]
    lake.note_earlier(JUNE, "k", [Want(("sales",), False)])
    lake.pointer_path(JUNE).unlink()
    plan(lake, JUNE, "k", 6)
    plan(lake, MAY, "b", 7)
    assert lake.changed_since(JUNE) == []


def test_the_list_of_cycles_shows_releases_and_what_was_planned_since(lake):
    release(lake, MAY)
    assert "r01  released 2026-07-20 by Anna: as put up  content " in cycle_lines(lake)[1]
    assert "something else" not in cycle_lines(lake)[1]
    plan(lake, MAY, "b", 6)
    assert cycle_lines(lake)[1].endswith("(what is published now says something else)")
    lake.pointer_path(MAY).unlink()
    assert cycle_lines(lake)[0] == "2026-05  released, and no longer published"
