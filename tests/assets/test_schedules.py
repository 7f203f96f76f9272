"""When a cycle starts by itself."""

import json
import logging
from datetime import UTC, date, datetime

import dagster as dg
import dagster._daemon
import pytest
from dagster._core.test_utils import freeze_time
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._scheduler.scheduler import launch_scheduled_runs

from assets.launch import prepare_home, write_workspace
from assets.resources import CompanyResource
from assets.schedules import monthly_cycle
from sop_pipeline.company_folder import CompanyFolder


def evaluate(folder, moment, instance=None):
    context = dg.build_schedule_context(instance, scheduled_execution_time=moment)
    return monthly_cycle(CompanyResource(folder=str(folder)))(context)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """An instance that schedules can ask for runs; its runs stay."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("books"))) as made:
        yield made


def test_the_cycle_is_asked_for_on_the_companys_working_day(starter):
    request = evaluate(starter.folder, datetime(2026, 11, 4, 6, tzinfo=UTC))
    assert request.partition_key == "2026-11"


def test_on_other_days_the_schedule_says_when_it_starts(starter):
    skipped = evaluate(starter.folder, datetime(2026, 11, 5, 6, tzinfo=UTC))
    assert skipped.skip_message == "2026-11-05 is not the day: cycles start on working day 3, 2026-11-04."


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("country: de", date(2026, 1, 6)),  # Thursday 1 January is a holiday
        ("country: DE-BY", date(2026, 1, 7)),  # and in Bavaria Tuesday 6 January
        ("country: IL", date(2026, 3, 3)),  # Sunday 1 March is worked
        ("country: HK", date(2026, 8, 4)),  # Saturday 1 August is worked
        ("weekend: [sunday]", date(2026, 8, 4)),
        ("schedule_working_day: 23", date(2026, 2, 27)),  # the last of twenty
    ],
)
def test_the_schedule_keeps_the_companys_own_calendar(starter, line, day):
    folder = starter.folder
    settings = (folder / "sop.yaml").read_text()
    key = line.partition(":")[0]
    kept = [given for given in settings.splitlines() if not given.startswith(f"{key}:")]
    (folder / "sop.yaml").write_text("\n".join([*kept, line, ""]))
    days = [date(day.year, day.month, number) for number in range(1, 29)]
    moments = [datetime(each.year, each.month, each.day, 6, tzinfo=UTC) for each in days]
    schedule = monthly_cycle(CompanyResource(folder=str(folder)))
    answers = [schedule(dg.build_schedule_context(None, scheduled_execution_time=moment)) for moment in moments]
    asked = [each for each, answer in zip(days, answers, strict=True) if isinstance(answer, dg.RunRequest)]
    assert asked == [day]


def set_to(folder, **operation):
    settings = folder / "sop.yaml"
    lines = settings.read_text().splitlines()
    changed = [
        next((f"  {key}: {value}" for key, value in operation.items() if line.startswith(f"  {key}:")), line)
        for line in lines
    ]
    settings.write_text("\n".join([*changed, ""]))


def test_the_schedule_is_on_and_asked_every_day_at_the_companys_hour_and_place(starter):
    set_to(starter.folder, time_zone="Asia/Tokyo", start_at='"07:45"')
    schedule = monthly_cycle(CompanyResource(folder=str(starter.folder)))
    assert schedule.cron_schedule == "45 7 * * *"
    assert schedule.execution_timezone == "Asia/Tokyo"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_day_is_that_of_the_companys_time_zone(starter):
    set_to(starter.folder, time_zone="Asia/Tokyo")
    request = evaluate(starter.folder, datetime(2026, 11, 3, 21, tzinfo=UTC))  # Wednesday the 4th, 6 o'clock in Tokyo
    assert request.partition_key == "2026-11"


def published(folder, cycle):
    """A company that has published a cycle, as far as schedules see."""
    place = folder / "lake" / "cycles" / cycle / "_current.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"format": 1, "cycle": cycle, "run": "r", "tables": {}, "stale": []}))


def test_a_missed_run_is_asked_for_afterwards_also_in_the_month_after(starter, books):
    published(starter.folder, "2026-10")
    for day in (datetime(2026, 11, 10, 6, tzinfo=UTC), datetime(2026, 12, 2, 6, tzinfo=UTC)):
        assert evaluate(starter.folder, day, books).partition_key == "2026-11"


def test_a_cycle_that_was_begun_by_hand_was_not_missed(starter):
    published(starter.folder, "2026-10")
    published(starter.folder, "2026-11")
    assert isinstance(evaluate(starter.folder, datetime(2026, 11, 10, 6, tzinfo=UTC)), dg.SkipReason)


def test_a_failed_run_is_not_asked_for_again(starter, books):
    published(starter.folder, "2026-10")
    company = CompanyResource(folder=str(starter.folder))

    @dg.job
    def nothing():
        pass

    run = books.create_run_for_job(nothing, tags=company.tags("2026-11"))
    books.report_run_failed(run)
    assert isinstance(evaluate(starter.folder, datetime(2026, 11, 10, 6, tzinfo=UTC), books), dg.SkipReason)


@pytest.mark.slow
def test_a_service_that_was_down_on_the_day_starts_the_run_once_afterwards(starter, tmp_path, monkeypatch):
    """Dagster's own scheduler with its clock moved: on before the day, down for ten days, on again for three."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    published(starter.folder, "2026-07")
    home = prepare_home()
    workspace = write_workspace(home, [CompanyFolder(starter.folder)])
    asked = []
    with (
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, WorkspaceFileTarget([str(workspace)])) as served,
    ):
        for day in ("2026-08-03", "2026-08-14", "2026-08-15", "2026-08-16"):
            now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
            with freeze_time(now):
                list(launch_scheduled_runs(served, logging.getLogger("scheduler"), now, {}))
            asked.append([run.tags["dagster/partition"] for run in instance.get_runs()])
    assert asked == [[], ["2026-08"], ["2026-08"], ["2026-08"]]
