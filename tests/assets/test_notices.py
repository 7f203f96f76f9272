"""Runs that failed or went well are told of, with the reason and the rows."""

import shutil

import dagster as dg
import pytest

from assets.notices import failure, run_notices, success
from assets.resources import CompanyResource
from sop_pipeline.errors import BadInput
from tests.postbox import Postbox, open_postbox
from tests.present import present

FIRST, SECOND = "2026-07", "2026-08"


def told(company, server, **settings):
    """Settings of the company that name whom to tell."""
    path = company.folder / "sop.yaml"
    given = f'\nmail: {{host: 127.0.0.1, port: {server.port}, security: none, sender: "plan@example.com"}}\n'
    path.write_text(path.read_text().replace("to: []  ", "to: [ann@example.com]  ") + given)


def end(starter, instance, run, name):
    """Have Dagster's sensor of this name look at how a run ended."""
    sensor = next(each for each in run_notices(CompanyResource(folder=str(starter.folder))) if each.name == name)
    status = "RUN_FAILURE" if name == "tell_of_failure" else "RUN_SUCCESS"
    event = next(
        entry.dagster_event
        for entry in instance.all_logs(run.run_id)
        if entry.dagster_event and entry.dagster_event.event_type_value == f"PIPELINE_{status.removeprefix('RUN_')}"
    )
    context = dg.build_run_status_sensor_context(name, event, instance, run)
    answer = sensor(context)
    assert isinstance(answer, dg.SkipReason)
    return present(answer.skip_message)


@dg.op
def source_tables():
    raise BadInput(
        found="no such file", needed="the file data/sales.csv", where="sop.yaml, sources.sales", mend="Add it."
    )


@dg.job(name="planning_cycle")
def planning_cycle():
    source_tables()


def failed(instance, company):
    tags = CompanyResource(folder=str(company.folder)).tags(FIRST)
    result = planning_cycle.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
    return instance.get_run_by_id(result.run_id)


def test_a_failed_run_is_told_of_by_mail_with_its_reason_and_section(starter, instance):
    box, run = Postbox(), failed(instance, starter)
    assert end(starter, instance, run, "tell_of_failure") == "sop.yaml names nobody to tell (notices)"
    with open_postbox(box) as server:
        told(starter, server)
        assert end(starter, instance, run, "tell_of_failure").startswith(
            "told: Riverbank Bakery: cycle 2026-07 stopped"
        )
    (message,) = box.messages
    text = message.get_content()
    assert "source_tables: sop.yaml, sources.sales: found no such file; needed the file data/sales.csv. Add it." in text
    assert "docs/runbook.md#a-run-stopped" in text


def test_a_notice_that_cannot_be_sent_is_told_by_the_sensor_and_fails_nothing(starter, instance):
    with open_postbox(Postbox(refused="ann@example.com")) as server:
        told(starter, server)
        said = end(starter, instance, failed(instance, starter), "tell_of_failure")
    assert "550 no such mailbox" in said


def test_a_cycle_that_went_well_is_told_of_with_its_packs(planned, instance):
    company, result = planned
    run = instance.get_run_by_id(result.run_id)
    notice = present(success(instance, run, CompanyResource(folder=str(company.folder))))
    assert notice.title == "cycle 2026-07 is planned and published"
    made = [path for path in (company.folder / "packs" / FIRST).rglob("*") if path.is_file()]
    assert notice.more[0] == f"Packs: {company.folder / 'packs' / FIRST}, {len(made)} files"


def test_a_run_without_packs_is_no_success_to_tell_of(starter, instance):
    assert success(instance, failed(instance, starter), CompanyResource(folder=str(starter.folder))) is None


@pytest.mark.slow
def test_late_sales_are_told_of_with_the_file(planned, instance, tmp_path):
    company, _ = planned
    copy = type(company)(tmp_path / "copy")
    shutil.copytree(company.folder, copy.folder)
    result = copy.run(SECOND, instance)
    run = instance.get_run_by_id(result.run_id)
    notice = present(failure(instance, run, CompanyResource(folder=str(copy.folder))))
    assert notice.runbook == "docs/runbook.md#late-data"
    assert "data/sales.csv: found sales that end on 2026-06-30" in notice.reason
    assert notice.rows[0]["file"] == "data/sales.csv"
