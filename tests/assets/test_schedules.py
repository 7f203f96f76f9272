"""When a cycle starts by itself."""

from datetime import UTC, date, datetime

import dagster as dg
import pytest

from assets.definitions import build_defs
from assets.resources import CompanyResource
from assets.schedules import monthly_cycle, new_input


def evaluate(folder, moment):
    context = dg.build_schedule_context(scheduled_execution_time=moment)
    return monthly_cycle(CompanyResource(folder=str(folder)))(context)


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
    asked = [
        each
        for each in days
        if isinstance(evaluate(folder, datetime(each.year, each.month, each.day, 6, tzinfo=UTC)), dg.RunRequest)
    ]
    assert asked == [day]


def test_the_schedule_is_asked_on_every_day_of_the_week():
    assert monthly_cycle(CompanyResource(folder="nowhere")).cron_schedule == "0 6 * * *"


def test_new_input_is_noted_first_and_asked_for_after_a_change(planned, tmp_path):
    import shutil

    company, _ = planned
    folder = tmp_path / "company"
    shutil.copytree(company.folder, folder)
    resource = CompanyResource(folder=str(folder))
    repository = build_defs(company=resource).get_repository_def()
    sensor = new_input(resource)
    with dg.DagsterInstance.ephemeral() as instance:

        def look(cursor):
            context = dg.build_sensor_context(instance=instance, cursor=cursor, repository_def=repository)
            return sensor.evaluate_tick(context)

        first = look(None)
        assert "noted" in first.skip_message
        assert "none changed" in look(first.cursor).skip_message
        (folder / "data" / "sales.csv").write_text((folder / "data" / "sales.csv").read_text() + "\n")
        (request,) = look(first.cursor).run_requests
        assert request.partition_key == "2026-07"
