"""Packs by e-mail: the draft on the pre-read day, in a run of its own; a release's pack in the run that releases it."""

from typing import Any

import dagster as dg

from assets.resources import CompanyResource
from sop_pipeline.cycle import Cycle
from sop_pipeline.delivery.mailing import deliver
from sop_pipeline.errors import SopError
from sop_pipeline.meeting import preread_day
from sop_pipeline.releases import PlanName

JOB = "send_preread"


def mailed(context: dg.AssetExecutionContext, company: CompanyResource, plan: PlanName) -> list[str]:
    """Send a release's packs and return what became of it in words; a release stands, whoever heard of it."""
    try:
        delivered = deliver(company.company_folder, plan)
    except SopError as fault:
        told = [f"nothing is sent: {fault}"]
    else:
        told = [] if delivered.why_none else delivered.lines
    for line in told:
        context.log.warning(line)
    return told


def send_preread(company: CompanyResource) -> dg.JobDefinition:
    """Return the job that sends a cycle's draft to those who are to read it before the meeting."""

    @dg.op(name="hand_over_draft", required_resource_keys={"company"})
    def send(context: dg.OpExecutionContext) -> None:
        """Send what was not sent; what did not go out ends the run, so that it is noticed."""
        folder = context.resources.company.company_folder
        delivered = deliver(folder, PlanName(Cycle.parse(context.partition_key)))
        for line in delivered.lines:
            context.log.info(line)
        if delivered.undelivered:
            raise dg.Failure("\n".join(delivered.lines))

    @dg.job(name=JOB, partitions_def=company.cycles, tags=company.tags(), description="Sends a cycle's draft.")
    def job() -> None:
        send()

    return job


def preread(company: CompanyResource) -> dg.ScheduleDefinition:
    """Return the schedule that sends the draft of the month's cycle on its pre-read day."""

    @dg.schedule(
        job_name=JOB,
        **company.daily,
        description="Sends the draft of the month's cycle on packs.preread_working_day, as sop.yaml says to whom.",
    )
    def preread(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        today = company.day_of(context)
        return _asked(company, Cycle(today.replace(day=1)), today)

    return preread


def _asked(company: CompanyResource, cycle: Cycle, today: Any) -> dg.RunRequest | dg.SkipReason:
    settings = company.settings
    if settings.mail is None or not any(settings.delivery.recipients.values()):
        return dg.SkipReason("sop.yaml names no mail server or no recipients: nothing is sent.")
    if "preread" not in settings.delivery.mailings:
        return dg.SkipReason("delivery.mailings of sop.yaml leaves out preread.")
    day = preread_day(settings, cycle)
    if today != day:
        return dg.SkipReason(f"{today} is not the day: the draft of cycle {cycle} is sent on {day}.")
    if cycle not in company.lake.cycles():
        return dg.SkipReason(f"Cycle {cycle} is not published: there is no draft to send.")
    return dg.RunRequest(
        run_key=f"{company.folder}:{cycle}:preread", partition_key=cycle.name, tags=company.tags(cycle.name)
    )
