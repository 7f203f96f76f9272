"""The job of a whole cycle, when it runs by itself, and what is published of a run that was started by hand."""

from typing import Any

import dagster as dg

from assets.calendar_watch import on_time
from assets.release import ASSET
from assets.resources import COMPANY, CYCLE, PARTITION, CompanyResource
from sop_pipeline.cycle import Cycle
from sop_pipeline.due import due_cycle, start_of
from sop_pipeline.steps.month import LINEAGE
from sop_pipeline.views import refresh_views
from sop_pipeline.writer import only_writer

JOB = "planning_cycle"


def planning_cycle(company: CompanyResource) -> Any:
    """Return the job of one whole cycle; its runs are tagged with the company and the cycle."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all()
        - dg.AssetSelection.assets(company.asset_key(ASSET))
        - dg.AssetSelection.checks(on_time(company)),
        config=dg.PartitionedConfig(
            partitions_def=company.cycles,
            run_config_for_partition_key_fn=lambda _: {},
            tags_for_partition_key_fn=lambda cycle: company.tags(cycle),
        ),
        tags=company.tags(),
        description="One whole planning cycle: ingest, demand, supply, reconciliation, publication, packs.",
    )


def monthly_cycle(company: CompanyResource) -> dg.ScheduleDefinition:
    """Return the schedule that starts each month's cycle on the company's working day for it, or as soon as it can."""

    @dg.schedule(
        job_name=JOB,
        **company.daily,
        description="Starts the month's cycle on its working day (schedule_working_day of sop.yaml). One that was "
        "missed while the service was down starts once, afterwards.",
    )
    def monthly_cycle(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        today = company.day_of(context)
        settings = company.settings
        due = due_cycle(today, settings)
        if due.start != today and not _was_missed(context, company, due.cycle):
            start = start_of(Cycle(today.replace(day=1)), settings)
            number = settings.schedule_working_day
            return dg.SkipReason(f"{today} is not the day: cycles start on working day {number}, {start}.")
        cycle = due.cycle.name
        return dg.RunRequest(run_key=f"{company.folder}:{cycle}", partition_key=cycle, tags=company.tags(cycle))

    return monthly_cycle


def _was_missed(context: dg.ScheduleEvaluationContext, company: CompanyResource, cycle: Cycle) -> bool:
    """Whether a company that has been planned before has not begun a cycle that is due, by whatever start."""
    known = company.company_folder.pointers.cycles()
    if not known or max(known) >= cycle or cycle.name not in company.cycles.get_partition_keys():
        return False
    begun = dg.RunsFilter(tags={COMPANY: company.key, CYCLE: cycle.name})
    return not context.instance.get_run_records(begun, limit=1)


def publish_by_hand(company: CompanyResource) -> dg.RunStatusSensorDefinition:
    """Return the sensor that swaps the pointer for a successful run that did not publish itself."""

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Publishes what was materialised by hand, so that it ends in the same swap as a whole cycle.",
    )
    def publish_by_hand(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
        run = context.dagster_run
        partition = run.tags.get(PARTITION)
        name = run.root_run_id or run.run_id
        if partition is None:
            return dg.SkipReason("the run has no cycle")
        cycle, lake = Cycle.parse(partition), company.lake
        fresh = {entry.file for entry in lake.run_entries(cycle, name).values()}
        current = {entry["file"] for entry in lake.pointer(cycle).get("tables", {}).values()}
        if not fresh:
            return dg.SkipReason("the run made no table of this company")
        if fresh <= current:
            return dg.SkipReason(f"cycle {cycle} is published already")
        with only_writer(lake.root, cycle):
            lake.publish(cycle, name, LINEAGE)
        notes = refresh_views(lake)
        return dg.SkipReason(" ".join(notes)) if notes else None

    return publish_by_hand
