"""The draft is sent on one day of the month, and only where somebody is to get it."""

import json
from datetime import UTC, date, datetime

import dagster as dg
import pytest
import yaml

from assets.definitions import build_defs
from assets.delivery import preread
from assets.resources import CompanyResource
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.meeting import meeting_day, preread_day

SERVER = {"host": "localhost", "security": "none", "sender": "plan@example.com"}
RECIPIENTS = {"recipients": {"executive_pack": ["anna@example.com"]}}


@pytest.fixture
def asked(starter):
    """The days of November 2026 on which the draft is asked for, and what is said on the other days."""
    place = starter.folder / "lake" / "cycles" / "2026-11" / "_current.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"format": 1, "cycle": "2026-11", "run": "r", "tables": {}, "stale": []}))
    before = yaml.safe_load((starter.folder / "sop.yaml").read_text())

    def days(**settings):
        (starter.folder / "sop.yaml").write_text(yaml.safe_dump({**before, **settings}))
        schedule = preread(CompanyResource(folder=str(starter.folder)))
        assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
        found, said = [], set()
        for number in range(1, 29):
            moment = datetime(2026, 11, number, 6, tzinfo=UTC)
            answer = schedule(dg.build_schedule_context(None, scheduled_execution_time=moment))
            if isinstance(answer, dg.RunRequest):
                assert answer.partition_key == "2026-11"
                found.append(number)
            else:
                assert isinstance(answer, dg.SkipReason)
                said.add(answer.skip_message)
        return found, said

    return days


def test_the_draft_is_asked_for_on_the_working_day_before_the_meeting(asked):
    """The fifteenth working day of November 2026 is Friday the 20th."""
    assert asked(mail=SERVER, delivery=RECIPIENTS)[0] == [19]
    assert asked(mail=SERVER, delivery=RECIPIENTS, packs={"preread_working_day": 10})[0] == [13]


def test_without_settings_nothing_is_asked_for(asked):
    said = {"sop.yaml names no mail server or no recipients: nothing is sent."}
    assert asked() == ([], said)
    assert asked(mail=SERVER) == ([], said)
    assert asked(mail=SERVER, delivery={**RECIPIENTS, "mailings": ["released"]})[0] == []


def test_the_job_sends_nothing_without_settings(starter):
    job = build_defs(company=CompanyResource(folder=str(starter.folder))).resolve_job_def("send_preread")
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(partition_key="2026-07", instance=instance).success
    assert not (starter.folder / "lake" / "deliveries").exists()


def test_the_pre_read_is_never_after_the_first_meeting_day():
    settings = Company.model_validate({"company": "A", "sources": {}, "packs": {"meeting_working_day": 1}})
    cycle = Cycle(date(2026, 11, 1))
    assert preread_day(settings, cycle) == meeting_day(settings, cycle) == date(2026, 11, 2)
