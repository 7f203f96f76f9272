"""Where a cycle stands: what is in, what is late, who is asked."""

import json
from datetime import date

import pytest

from sop_pipeline.agenda import status, status_lines
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company

JULY, AUGUST = Cycle.parse("2026-07"), Cycle.parse("2026-08")
REVIEWS = """reviews:
  - {name: Data, working_day: 2, owner: Ada Brook, waits_for: [sales, inventory]}
  - {name: Demand review, working_day: 8, owner: Ben Hill, waits_for: [demand_inputs, sales]}
"""


def publish(folder, cycle):
    place = folder.lake.pointer_path(cycle)
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"format": 1, "cycle": cycle.name, "run": "r", "tables": {}, "stale": []}))


@pytest.fixture
def company(tmp_path):
    """The starter with its files taken and published in July, and its calendar."""
    init_company(tmp_path / "acme")
    settings = tmp_path / "acme" / "sop.yaml"
    settings.write_text(settings.read_text().replace("reviews: []", "") + REVIEWS)
    folder = CompanyFolder(tmp_path / "acme")
    snapshot(folder.settings, folder.path, JULY, folder.lake)
    publish(folder, JULY)
    return folder


def states(company, day, cycle=AUGUST):
    return {each.table: (each.state, each.is_late(day)) for each in status(company, cycle, day).inputs}


def change(company, name):
    file = company.path / "data" / name
    file.write_text(file.read_text() + "\n")


def test_input_that_says_what_it_said_last_month_is_late_the_day_after_it_was_due(company):
    due = date(2026, 8, 4)  # the second working day: the 1st is a Saturday
    assert states(company, due)["sales"] == ("as_before", False)
    assert states(company, date(2026, 8, 5))["sales"] == ("as_before", True)
    assert states(company, date(2026, 8, 5))["demand_inputs"] == ("as_before", False)  # due on the 12th
    assert states(company, date(2026, 8, 13))["demand_inputs"] == ("as_before", True)


def test_input_that_says_something_new_is_in(company):
    change(company, "sales.csv")
    assert states(company, date(2026, 8, 20))["sales"] == ("in", False)
    assert states(company, date(2026, 8, 20))["inventory"] == ("as_before", True)


def test_what_every_month_brings_is_waited_for_by_the_day_of_the_run(company):
    (production,) = [each for each in status(company, AUGUST, date(2026, 8, 6)).inputs if each.table == "production"]
    assert (production.due, production.review, production.owner) == (date(2026, 8, 5), "the run", "")
    assert production.is_late(date(2026, 8, 6))


def test_a_file_that_is_not_there_is_named(company):
    (company.path / "data" / "sales.csv").unlink()
    (sales,) = [each for each in status(company, AUGUST, date(2026, 8, 3)).inputs if each.table == "sales"]
    assert sales.state == "missing"
    assert "data/sales.csv" in sales.found
    assert states(company, date(2026, 8, 3))["inventory"] == ("as_before", False)  # and tells nothing of the others


def test_a_published_cycle_has_all_it_waited_for(company):
    publish(company, AUGUST)
    found = status(company, AUGUST, date(2026, 8, 31))
    assert not found.late
    assert found.is_published
    assert not found.is_late


def test_the_lines_say_what_is_in_what_is_late_and_who_is_asked(company):
    change(company, "inventory.csv")
    lines = status_lines(status(company, AUGUST, date(2026, 8, 6)))
    assert lines[:2] == [
        "Cycle 2026-08 of Riverbank Bakery on 2026-08-06",
        "  run      is due on 2026-08-05, and is LATE: nothing is published",
    ]
    text = "\n".join(lines)
    assert "2026-08-04  Data                      Ada Brook; waits for sales, inventory" in text
    assert "2026-08-21  Executive meeting" in text
    assert "sales               2026-08-04  LATE: says what it said in the cycle before: data/sales.csv" in text
    assert "inventory           2026-08-04  in" in text
    assert lines[-1] == "Late. Asked: Ada Brook for sales; nobody is named (the run) for production."


def test_a_table_that_is_none_is_refused(company):
    settings = company.path / "sop.yaml"
    settings.write_text(settings.read_text().replace("[demand_inputs, sales]", "[demand_input]"))
    with pytest.raises(BadInput, match=r"reviews: Demand review, waits_for demand_input; .*Did you mean demand_inputs"):
        _ = company.settings
