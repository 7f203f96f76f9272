"""When a cycle runs by itself: on the company's n-th working day, and when new input has come."""

import hashlib

import dagster as dg

from assets.packs import Lineage
from assets.resources import CompanyResource
from sop_pipeline.cycle import Cycle

JOB = "planning_cycle"


@dg.schedule(
    job_name=JOB,
    cron_schedule="0 6 * * *",
    execution_timezone="UTC",
    description="Starts the month's cycle on the working day named in sop.yaml (schedule_working_day).",
)
def monthly_cycle(context: dg.ScheduleEvaluationContext, company: CompanyResource) -> dg.RunRequest | dg.SkipReason:
    """Ask for the running month's cycle when today is the company's working day for it."""
    today = context.scheduled_execution_time.date()
    settings = company.settings
    start = settings.working_days.nth(today, settings.schedule_working_day)
    if today != start:
        return dg.SkipReason(
            f"{today} is not the day: cycles start on working day {settings.schedule_working_day}, {start}."
        )
    cycle = Cycle(today.replace(day=1)).name
    return dg.RunRequest(run_key=f"{company.folder}:{cycle}", partition_key=cycle)


@dg.sensor(
    job_name=JOB,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Plans the running month again when a file in the company's data folder has changed. Off by default.",
)
def new_input(context: dg.SensorEvaluationContext, company: CompanyResource) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when the names, sizes or times of the input files differ from the last look."""
    data = company.path / "data"
    files = sorted(path for path in data.rglob("*") if path.is_file())
    seen = "\n".join(f"{path.relative_to(data)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    digest = hashlib.sha256(seen.encode()).hexdigest()
    if digest == context.cursor:
        return dg.SkipReason(f"{len(files)} input files, none changed.")
    first_look = not context.cursor
    context.update_cursor(digest)
    if first_look:
        return dg.SkipReason(f"{len(files)} input files noted; changes from now on start a run.")
    newest = company.lake.cycles()
    if not newest:
        return dg.SkipReason("No cycle was planned yet; the schedule or sop run starts the first one.")
    return dg.RunRequest(run_key=digest, partition_key=newest[-1].name)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Publishes what was materialised by hand, so that it ends in the same swap as a whole cycle.",
)
def publish_by_hand(
    context: dg.RunStatusSensorContext, company: CompanyResource, lineage: dg.ResourceParam[Lineage]
) -> dg.SkipReason | None:
    """Swap the pointer for a successful run that did not publish itself."""
    run = context.dagster_run
    partition = run.tags.get("dagster/partition")
    name = run.root_run_id or run.run_id
    if partition is None:
        return dg.SkipReason("the run has no cycle")
    cycle = Cycle.parse(partition)
    fresh = {entry.file for entry in company.lake.run_entries(cycle, name).values()}
    current = {entry["file"] for entry in company.lake.pointer(cycle).get("tables", {}).values()}
    if fresh <= current:
        return dg.SkipReason(f"cycle {cycle} is published already")
    company.lake.publish(cycle, name, lineage)
    return None
