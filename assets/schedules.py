"""The job of a whole cycle, and when it runs by itself: on a working day of the month, and when new input has come."""

import hashlib
from typing import Any

import dagster as dg

from assets.release import ASSET
from assets.resources import PARTITION, CompanyResource
from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.month import LINEAGE
from sop_pipeline.views import refresh_views
from sop_pipeline.writer import only_writer

JOB = "planning_cycle"


def planning_cycle(company: CompanyResource) -> Any:
    """Return the job of one whole cycle; its runs are tagged with the company and the cycle."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(company.asset_key(ASSET)),
        config=dg.PartitionedConfig(
            partitions_def=company.cycles,
            run_config_for_partition_key_fn=lambda _: {},
            tags_for_partition_key_fn=lambda cycle: company.tags(cycle),
        ),
        tags=company.tags(),
        description="One whole planning cycle: ingest, demand, supply, reconciliation, publication, packs.",
    )


def monthly_cycle(company: CompanyResource) -> dg.ScheduleDefinition:
    """Return the schedule that asks for the running month's cycle on the company's working day for it."""

    @dg.schedule(
        job_name=JOB,
        cron_schedule="0 6 * * *",
        execution_timezone="UTC",
        description="Starts the month's cycle on the working day named in sop.yaml (schedule_working_day).",
    )
    def monthly_cycle(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        today = context.scheduled_execution_time.date()
        settings = company.settings
        start = settings.working_days.nth(today, settings.schedule_working_day)
        if today != start:
            return dg.SkipReason(
                f"{today} is not the day: cycles start on working day {settings.schedule_working_day}, {start}."
            )
        cycle = Cycle(today.replace(day=1)).name
        return dg.RunRequest(run_key=f"{company.folder}:{cycle}", partition_key=cycle, tags=company.tags(cycle))

    return monthly_cycle


def new_input(company: CompanyResource) -> dg.SensorDefinition:
    """Return the sensor that asks for a run when names, sizes or times of the input files differ from the last look."""

    @dg.sensor(
        job_name=JOB,
        minimum_interval_seconds=300,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Plans the newest cycle again when a file in the company's data folder changes. Off by default.",
    )
    def new_input(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        data = company.company_folder.path / "data"
        files = sorted(path for path in data.rglob("*") if path.is_file())
        seen = "\n".join(f"{path.relative_to(data)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
        digest = hashlib.sha256(seen.encode()).hexdigest()
        if digest == context.cursor:
            return dg.SkipReason(f"{len(files)} input files, none changed.")
        first_look = not context.cursor
        context.update_cursor(digest)
        if first_look:
            return dg.SkipReason(f"{len(files)} input files noted; changes from now on start a run.")
        cycles = company.lake.cycles()
        if not cycles:
            return dg.SkipReason("No cycle was planned yet; the schedule or sop run starts the first one.")
        newest = cycles[-1].name
        return dg.RunRequest(run_key=digest, partition_key=newest, tags=company.tags(newest))

    return new_input


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
