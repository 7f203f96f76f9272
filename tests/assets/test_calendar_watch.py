"""The check on_time, by the newest cycle, and the notice of what has become late, once."""

import json
from datetime import date

import dagster as dg
import pytest

from assets.calendar_watch import calendar_watch, on_time
from assets.definitions import build_defs
from assets.described import due
from assets.resources import CompanyResource
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from tests.postbox import Postbox, open_postbox
from tests.present import present


def publish(folder, name):
    lake, cycle = folder.lake, Cycle.parse(name)
    snapshot(folder.settings, folder.path, cycle, lake)
    place = lake.pointer_path(cycle)
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"format": 1, "cycle": name, "run": "r", "tables": {}, "stale": []}))


@pytest.fixture
def company(starter):
    folder = CompanyFolder(starter.folder)
    settings = folder.path / "sop.yaml"
    review = "reviews: [{name: Data, working_day: 2, owner: Ada Brook, waits_for: [sales]}]"
    settings.write_text(settings.read_text().replace("reviews: []", review))
    publish(folder, "2026-07")
    return folder


def look(folder, day, instance, cursor=None):
    sensor = calendar_watch(CompanyResource(folder=str(folder.path)), lambda: date.fromisoformat(day))
    found = sensor(dg.build_sensor_context(instance, cursor=cursor))
    assert isinstance(found, dg.SensorResult)
    found_events = [event for event in found.asset_events if isinstance(event, dg.AssetCheckEvaluation)]
    passed = {event.asset_key.path[-1]: event.passed for event in found_events}
    return passed, found.cursor, found.skip_reason


def test_the_newest_cycle_counts_and_not_the_last_month_made(company, instance):
    assert look(company, "2026-08-05", instance)[0]["published_cycle"]  # the day of the run itself
    assert not look(company, "2026-08-06", instance)[0]["published_cycle"]
    publish(company, "2026-06")  # an old month filled in makes nothing fresh
    assert not look(company, "2026-08-06", instance)[0]["published_cycle"]
    publish(company, "2026-08")
    assert look(company, "2026-08-06", instance)[0]["published_cycle"]


def test_input_is_on_time_until_its_day_is_past(company, instance):
    assert look(company, "2026-08-04", instance)[0]["sales"]
    assert not look(company, "2026-08-05", instance)[0]["sales"]


def test_nothing_is_evaluated_again_while_nothing_changes(company, instance):
    _, cursor, _ = look(company, "2026-08-06", instance)
    passed, _, reason = look(company, "2026-08-07", instance, cursor)
    assert (passed, present(reason).skip_message) == ({}, "Nothing has changed.")


def test_late_input_is_told_once_a_cycle_with_who_is_asked(company, instance):
    box = Postbox()
    with open_postbox(box) as server:
        path = company.path / "sop.yaml"
        mail = f'\nmail: {{host: 127.0.0.1, port: {server.port}, security: none, sender: "plan@example.com"}}\n'
        path.write_text(path.read_text().replace("to: []  ", "to: [ann@example.com]  ") + mail)
        _, cursor, _ = look(company, "2026-08-04", instance)
        assert box.calls == 0
        _, cursor, _ = look(company, "2026-08-05", instance, cursor)
        _, cursor, _ = look(company, "2026-08-05", instance, cursor)
        assert box.calls == 1
        _, cursor, _ = look(company, "2026-08-06", instance, cursor)  # the other files are due a day later
    first, second = box.messages
    assert first["Subject"] == "Riverbank Bakery: sales late for cycle 2026-08"
    assert "Ada Brook" in first.get_content()
    assert "docs/runbook.md#late-data" in first.get_content()
    assert second["Subject"] == "Riverbank Bakery: inventory, production late for cycle 2026-08"


def test_the_checks_are_of_what_is_waited_for_and_no_part_of_the_month(company):
    resource = CompanyResource(folder=str(company.path))
    assert {key.asset_key.path[-1] for key in on_time(resource).check_keys} == {
        "sales",
        "production",
        "inventory",
        "published_cycle",
    }
    job = build_defs(company=resource).resolve_job_def("planning_cycle")
    assert "calendar" not in {node.name for node in job.nodes}
    assert due(resource, "sales") == {"due": "working day 2, Data: Ada Brook"}
