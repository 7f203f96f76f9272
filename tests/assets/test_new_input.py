"""New input starts one run a change, once files are left alone."""

import json

import dagster as dg
import pytest

from assets.new_input import new_input
from assets.resources import CompanyResource
from sop_pipeline.lake import Lake

CYCLE = "2026-07"


class Watched:
    """A company's sensor with its cursor."""

    def __init__(self, folder, instance):
        self.folder, self.instance = folder, instance
        self.cursor: str | None = None
        self.sensor = new_input(CompanyResource(folder=str(folder)))
        self.sales = folder / "data" / "sales.csv"

    def look(self):
        """Look once; return the run keys asked for, and why there are none."""
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        found = self.sensor(context)
        assert isinstance(found, dg.SensorResult)
        self.cursor = found.cursor
        requests = found.run_requests or []
        assert {request.partition_key for request in requests} <= {CYCLE}
        return [request.run_key for request in requests], found.skip_reason.skip_message if found.skip_reason else None

    def add_a_line(self):
        self.sales.write_text(self.sales.read_text() + "\n")


@pytest.fixture
def watched(starter):
    place = starter.folder / "lake" / "cycles" / CYCLE / "_current.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"format": 1, "cycle": CYCLE, "run": "r", "tables": {}, "stale": []}))
    with dg.DagsterInstance.ephemeral() as instance:
        watched = Watched(starter.folder, instance)
        assert watched.look() == ([], "The files are noted; changes from now on start a run.")
        assert watched.look() == ([], "No file has changed.")
        yield watched


def test_a_change_starts_one_run_when_the_file_is_left_alone(watched):
    watched.add_a_line()
    assert watched.look()[0] == []
    watched.add_a_line()
    assert watched.look()[0] == []  # still being written
    keys, _ = watched.look()
    assert len(keys) == 1
    assert watched.look() == ([], "No file has changed.")


def test_a_file_written_again_with_the_same_content_starts_nothing(watched):
    watched.sales.write_bytes(watched.sales.read_bytes())
    assert watched.look()[0] == []
    assert watched.look() == ([], "Files were written again and say what they said.")


def test_what_was_taken_back_is_planned_again_under_a_key_of_its_own(watched):
    before = watched.sales.read_bytes()
    keys = []
    for content in (before + b"\n", before, before + b"\n"):
        watched.sales.write_bytes(content)
        watched.look()
        keys += watched.look()[0]
    assert len(set(keys)) == 3


def test_settings_and_files_outside_the_data_folder_are_watched(watched, tmp_path):
    settings = watched.folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("horizon_months: 24", "horizon_months: 23"))
    watched.look()
    assert len(watched.look()[0]) == 1
    outside = tmp_path / "elsewhere.csv"
    outside.write_bytes(watched.sales.read_bytes())
    settings.write_text(settings.read_text().replace("sales: data/sales.csv", f"sales: {outside}"))
    watched.look()
    assert len(watched.look()[0]) == 1
    outside.write_bytes(outside.read_bytes() + b"\n")
    watched.look()
    assert len(watched.look()[0]) == 1


def test_a_file_that_no_source_names_starts_nothing(watched):
    (watched.folder / "data" / "notes.txt").write_text("nothing of ours")
    assert watched.look() == ([], "No file has changed.")


def test_a_source_that_is_away_for_a_moment_is_told_and_waited_for(watched):
    content = watched.sales.read_bytes()
    watched.sales.unlink()
    keys, told = watched.look()
    assert keys == []
    assert "data/sales.csv" in told
    watched.sales.write_bytes(content + b"\n")
    watched.look()
    assert len(watched.look()[0]) == 1


def test_a_released_cycle_is_not_planned_again_by_itself(watched, monkeypatch):
    releases = Lake(watched.folder / "lake").releases
    monkeypatch.setattr(type(releases), "newest", lambda self, cycle: "r01")
    watched.add_a_line()
    watched.look()
    assert "is released" in watched.look()[1]
