"""The meeting decides: recorded once, planned again where it changes something, told with what it promised."""

from decimal import Decimal

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company
from sop_pipeline.steps.decide import Choice, take_decision
from tests.present import present

pytestmark = pytest.mark.slow

JUNE, JULY = Cycle.parse("2026-06"), Cycle.parse("2026-07")


def choose(option, why="as put up"):
    return Choice(option, "Anna Ott", why)


def plan(company, cycle):
    snapshot(company.settings, company.path, cycle, company.lake)
    return steps.run(company.lake, company.settings, cycle, checks=False, publish=True)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decided") / "company"
    init_company(folder)
    company = CompanyFolder(folder)
    plan(company, JUNE)
    return company


@pytest.fixture(scope="module")
def options(company):
    """What the first plan put up about the strategy."""
    rows = company.lake.read("decisions_wanted", JUNE).to_pylist()
    return {row["choice_subject"]: row for row in rows if row["kind"] == "strategy"}


@pytest.fixture(scope="module")
def adopted(company, options):
    """The steadiest plan adopted, and June planned again with it."""
    before = company.lake.hashes(JUNE)
    taken = take_decision(company, JUNE, "strategy", choose(options["level"]["option"]))
    again = take_decision(company, JUNE, "2026-06-strategy", choose(options["level"]["option"].lower()))
    plan(company, JUNE)
    return before, taken, again


def rows(company, table, cycle=JUNE, **wanted):
    found = company.lake.read(table, cycle).to_pylist()
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def test_a_record_keeps_the_decision_as_it_was_put_up(company, options, adopted):
    _, taken, _ = adopted
    (record,) = DecisionLog(company.lake.root).of(JUNE)
    assert taken.is_new
    assert (record["decision_id"], record["action"], record["choice_subject"]) == ("2026-06-strategy", "adopt", "level")
    assert (record["by"], record["why"]) == ("Anna Ott", "as put up")
    assert Decimal(record["effect"]) == options["level"]["effect"]
    assert len(record["options"]) == len(options)


def test_the_same_decision_twice_says_so_and_records_nothing(adopted):
    _, taken, again = adopted
    assert not again.is_new
    assert again.record == taken.record


def test_what_it_changes_is_planned_again_and_nothing_else(adopted):
    _, taken, _ = adopted
    assert {"plan_summary", "sales_plan", "decisions_wanted", "decision_results"} <= taken.again
    assert taken.again.isdisjoint({"sales", "demand_plan", "forecast", "actuals"})


def test_the_plan_works_to_what_was_decided_and_the_decision_is_part_of_the_hash(company, adopted):
    before, *_ = adopted
    chosen = [row["strategy"] for row in rows(company, "plan_summary") if row["chosen"]]
    assert (company.settings.supply.strategy, chosen) == ("blended", ["level"])
    after = company.lake.hashes(JUNE)
    assert after["recorded_decisions"] != before["recorded_decisions"]
    assert after["sales"] == before["sales"]
    nothing = dict.fromkeys(("month", "limit", "more", "at_start", "heads"))
    assert rows(company, "decisions_in_force") == [
        {"decision_id": "2026-06-strategy", "changes": "strategy", "subject": "level", **nothing}
    ]


def test_it_is_not_put_up_again_and_stands_among_the_results(company, options, adopted):
    assert rows(company, "decisions_wanted", decision_id="2026-06-strategy") == []
    (result,) = rows(company, "decision_results", decision_id="2026-06-strategy")
    assert (result["source"], result["status"], result["action"]) == ("recorded", "open", "adopt")
    assert result["promised_value"] == options["level"]["effect"]
    assert (result["realised_value"], result["promised_to_date"], result["unknown"]) == (None, None, "not_begun")


def test_the_next_cycle_works_to_its_settings_and_remembers_the_decision(company, adopted):
    plan(company, JULY)
    assert [row["strategy"] for row in rows(company, "plan_summary", JULY) if row["chosen"]] == ["blended"]
    assert rows(company, "decisions_in_force", JULY) == []
    (result,) = rows(company, "decision_results", JULY, source="recorded")
    (record,) = DecisionLog(company.lake.root).of(JUNE)
    promise = next(option for option in record["options"] if option["option"] == record["option"])["promised"]
    assert (result["cycle"], f"{result['realised_to']:%Y-%m}", result["unknown"]) == (
        "2026-06",
        "2026-06",
        "whole_plan",
    )
    assert [Decimal(part["amount"]) for part in promise if part["month"] == "2026-06-01"] == [
        result["promised_to_date"]
    ]
    assert sum(Decimal(part["amount"]) for part in promise) == result["promised_value"]


def test_a_change_of_mind_is_one_more_record_and_the_last_one_stands(company, options, adopted):
    taken = take_decision(company, JUNE, "strategy", choose("reject", why="the bank said no"))
    assert (taken.is_new, taken.record["number"], taken.record["option"]) == (True, 2, None)
    assert "plan_summary" in taken.again  # the level plan is given up
    plan(company, JUNE)
    assert [row["strategy"] for row in rows(company, "plan_summary") if row["chosen"]] == ["blended"]
    (result,) = rows(company, "decision_results", decision_id="2026-06-strategy")
    assert (result["status"], result["why"]) == ("dropped", "the bank said no")
    assert take_decision(company, JUNE, "strategy", choose("reject")).again == frozenset()


def test_a_deferred_decision_is_put_up_again_and_changes_no_plan(company, adopted):
    taken = take_decision(company, JUNE, "strategy", choose("defer"))
    assert {"recorded_decisions", "decisions_wanted", "decision_results"} <= taken.again
    assert "plan_summary" not in taken.again
    plan(company, JUNE)
    assert rows(company, "decisions_wanted", kind="strategy")


@pytest.mark.parametrize(
    ("decision", "option", "found"),
    [
        ("holidays", "A", r"found no decision holidays; needed one of .*2026-06-strategy"),
        ("strategy", "Z", r"found option 'Z'; needed one of A, B, C, or reject, or defer"),
        ("strategy", " ", r"found --option without a word"),
    ],
)
def test_what_was_not_put_up_is_refused_with_what_was(company, adopted, decision, option, found):
    with pytest.raises(BadInput, match=found):
        take_decision(company, JUNE, decision, choose(option))


def test_a_cycle_planned_with_other_settings_is_planned_whole_first(company, adopted):
    settings = company.path / "sop.yaml"
    before = settings.read_text()
    settings.write_text(before.replace("horizon_months: 24", "horizon_months: 18"))
    with pytest.raises(BadInput, match=r"found settings that are not those the cycle was planned with.*sop run"):
        take_decision(company, JUNE, "strategy", choose("A"))
    settings.write_text(before)
    assert present(company.lake.settings(JUNE))["horizon_months"] == 24
