"""When a cycle starts by itself."""

from datetime import UTC, date, datetime

import dagster as dg
import pytest

from assets.definitions import build_defs
from assets.resources import CompanyResource
from assets.schedules import monthly_cycle, new_input, public_holidays, working_day_of_month


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2026, 11, 2), 1), (date(2026, 11, 4), 3), (date(2026, 11, 7), None), (date(2026, 11, 9), 6)],
)
def test_working_days_are_counted_from_one(day, number):
    assert working_day_of_month(day) == number


def test_holidays_are_not_working_days():
    assert date(2026, 1, 1) in public_holidays("DE", 2026)
    assert working_day_of_month(date(2026, 1, 5), public_holidays("DE", 2026)) == 2


def evaluate(folder, moment):
    context = dg.build_schedule_context(scheduled_execution_time=moment)
    return monthly_cycle(context, company=CompanyResource(folder=str(folder)))


def test_the_cycle_is_asked_for_on_the_companys_working_day(starter):
    request = evaluate(starter.folder, datetime(2026, 11, 4, 6, tzinfo=UTC))
    assert request.partition_key == "2026-11"


def test_on_other_days_the_schedule_says_why_not(starter):
    skipped = evaluate(starter.folder, datetime(2026, 11, 5, 6, tzinfo=UTC))
    assert "working day 4" in skipped.skip_message


def test_new_input_is_noted_first_and_asked_for_after_a_change(planned, tmp_path):
    import shutil

    company, _ = planned
    folder = tmp_path / "company"
    shutil.copytree(company.folder, folder)
    resource = CompanyResource(folder=str(folder))
    repository = build_defs(company=resource).get_repository_def()
    with dg.DagsterInstance.ephemeral() as instance:

        def look(cursor):
            context = dg.build_sensor_context(
                instance=instance, cursor=cursor, resources={"company": resource}, repository_def=repository
            )
            return new_input.evaluate_tick(context)

        first = look(None)
        assert "noted" in first.skip_message
        assert "none changed" in look(first.cursor).skip_message
        (folder / "data" / "sales.csv").write_text((folder / "data" / "sales.csv").read_text() + "\n")
        (request,) = look(first.cursor).run_requests
        assert request.partition_key == "2026-07"
