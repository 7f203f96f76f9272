"""Releasing a cycle as a run of the Dagster instance: it says who and why, and the planning job leaves it alone."""

import dataclasses
import shutil

import dagster as dg
import pytest

from assets.definitions import build_defs
from assets.release import ASSET, JOB
from assets.resources import CompanyResource
from sop_pipeline.cycle import Cycle
from sop_pipeline.releases import PlanName
from sop_pipeline.verification import verify_cycles
from tests.present import present

FIRST = "2026-07"


def release(company, instance, config):
    resource = CompanyResource(folder=str(company.folder))
    job = build_defs(company=resource).resolve_job_def(JOB)
    asked = {"loggers": {"progress": {}}, **({"ops": {ASSET: {"config": config}}} if config else {})}
    return job.execute_in_process(partition_key=FIRST, instance=instance, raise_on_error=False, run_config=asked)


def test_the_planning_job_plans_and_publishes_and_releases_nothing(planned):
    _, result = planned
    assert "release" not in {event.step_key for event in result.all_events if event.step_key}
    assert "published_cycle" in {event.step_key for event in result.all_events if event.step_key}


@pytest.mark.slow
def test_a_release_is_a_run_with_who_and_why_that_verifies(planned, instance, tmp_path):
    company = dataclasses.replace(planned[0], folder=tmp_path / "company")
    shutil.copytree(planned[0].folder, company.folder)
    result = release(company, instance, {"by": "Anna Ott", "why": "as put up"})
    assert result.success, [event.message for event in result.all_events if event.is_step_failure]
    (made,) = result.asset_materializations_for_node(ASSET)
    assert made.metadata["release"].value == "2026-07@r01"
    manifest = company.lake.releases.manifest(Cycle.parse(FIRST), "r01")
    assert (manifest["released_by"], manifest["why"]) == ("Anna Ott", "as put up")
    assert manifest["released_in"] == result.run_id
    run = present(instance.get_run_by_id(result.run_id))
    assert (run.job_name, run.tags["dagster/partition"]) == (JOB, FIRST)
    plan = PlanName(Cycle.parse(FIRST), "r01")
    report = verify_cycles(company.lake, plan, packs=company.folder / "packs")
    assert report.passed, report.lines
    assert (company.folder / "packs" / "2026-07@r01" / "executive-pack-2026-07.pdf").is_file()


def test_a_run_that_does_not_say_who_is_refused(planned, instance):
    company, _ = planned
    with pytest.raises(dg.DagsterInvalidConfigError, match='Missing required config entry "ops"'):
        release(company, instance, None)
