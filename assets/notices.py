"""Tells people of runs that failed or went well; nothing is sent where ``sop.yaml`` names nobody.

Runs of the schedule, of a sensor and of the web UI are told of, and those of the command line while the service is on.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets.reason import stopped_by
from assets.resources import CYCLE, CompanyResource
from assets.schedules import JOB
from sop_pipeline.cycle import Cycle
from sop_pipeline.notices import Notice, send
from sop_pipeline.notices.runbook import section


def run_notices(company: CompanyResource) -> list[dg.SensorDefinition]:
    """Return the sensors that tell of a run's end."""
    return [
        _teller(company, "tell_of_failure", dg.DagsterRunStatus.FAILURE, failure),
        _teller(company, "tell_of_success", dg.DagsterRunStatus.SUCCESS, success),
    ]


def _teller(company: CompanyResource, name: str, status: dg.DagsterRunStatus, notice_of: Any) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name=name,
        run_status=status,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends a notice to whom sop.yaml names under notices.",
    )
    def teller(context: dg.RunStatusSensorContext) -> dg.SkipReason:
        settings = company.settings
        if not (settings.notices.to or settings.notices.webhook_env):
            return dg.SkipReason("sop.yaml names nobody to tell (notices)")
        notice = notice_of(context.instance, context.dagster_run, company)
        if notice is None:
            return dg.SkipReason("nothing to tell of this run")
        faults = send(notice, settings)
        for fault in faults:
            context.log.error(f"Not sent: {fault}")
        return dg.SkipReason("; ".join(faults) or f"told: {notice.subject}")

    return teller


def failure(instance: dg.DagsterInstance, run: dg.DagsterRun, company: CompanyResource) -> Notice | None:
    """Return what is told of a run that failed."""
    stopped = stopped_by(_events(instance, run))
    name, cycle = company.settings.company, _cycle(run)
    return Notice(
        event="failure",
        company=name,
        cycle=cycle,
        title=f"cycle {cycle} stopped" if run.job_name == JOB else f"{run.job_name} of cycle {cycle} stopped",
        reason=stopped.reason,
        rows=stopped.rows,
        more=[f"The published cycle {cycle}, if there was one, is unchanged."] if run.job_name == JOB else [],
        runbook=section(stopped.check, stopped.reason),
        link=_link(company, run),
    )


def success(instance: dg.DagsterInstance, run: dg.DagsterRun, company: CompanyResource) -> Notice | None:
    """Return what is told of a cycle that is planned and published; None for a run that made no packs."""
    made = [event for event in _events(instance, run) if event.is_step_materialization]
    packs = [event for event in made if event.asset_key and event.asset_key.path[-1] == "meeting_packs"]
    if not packs:
        return None
    told: Any = packs[-1].step_materialization_data.materialization.metadata
    cycle = _cycle(run)
    files = [f"Packs: {company.company_folder.packs(Cycle.parse(cycle))}, {len(told['files'].value)} files"]
    return Notice(
        event="success",
        company=company.settings.company,
        cycle=cycle,
        title=f"cycle {cycle} is planned and published",
        reason="Every check passed.",
        more=[*files, *(f"Note: {note}" for note in told["notes"].value)],
        link=_link(company, run),
    )


def _events(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[dg.DagsterEvent]:
    return [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]


def _cycle(run: dg.DagsterRun) -> str:
    return run.tags.get(CYCLE) or run.tags.get("dagster/partition", "")


def _link(company: CompanyResource, run: dg.DagsterRun) -> str:
    place = company.settings.notices.web_ui
    return f"{place.rstrip('/')}/runs/{run.run_id}" if place else f"run {run.run_id[:8]} in the web UI"
