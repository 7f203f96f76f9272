"""Every decision once, whether the company's file has it, or a record, or both."""

from datetime import date
from decimal import Decimal

from sop_pipeline import tables
from sop_pipeline.language.decisions import taken_words
from sop_pipeline.reconciliation import decision_results


def filed(**values):
    return {"decision_id": "D-1", "question": "Hire?", "chosen": "Ten people", "status": "done", **values}


def recorded(number=1, action="adopt", **values):
    common = {"cycle": "2026-06", "number": number, "decision_id": "2026-06-strategy", "action": action}
    about = {"kind": "strategy", "subject": "level", "by": "Anna", "why": "steady", "on": date(2026, 6, 20)}
    option = {"option": "A", "choice": "work_to", "choice_subject": "level", "effect": Decimal("1250.50")}
    return {**common, **about, **(option if action == "adopt" else {}), **values}


def results(files, records):
    made = decision_results(tables.conform("decisions", files), tables.conform("recorded_decisions", records))
    return {row["decision_id"]: row for row in made.to_pylist()}


def test_decisions_of_both_lists_stand_side_by_side():
    found = results([filed(promised_value=640_000, realised_value=598_000)], [recorded()])
    assert {name: row["source"] for name, row in found.items()} == {"D-1": "file", "2026-06-strategy": "recorded"}
    assert (found["D-1"]["promised_value"], found["D-1"]["realised_value"]) == (Decimal("640000"), Decimal("598000"))
    strategy = found["2026-06-strategy"]
    assert (strategy["promised_value"], strategy["status"]) == (Decimal("1250.50"), "open")
    assert [taken_words(row) for row in found.values()] == [
        "Which strategy to work to: work to the level plan",
        "Hire? Ten people",
    ]


def test_a_decision_in_both_is_counted_once_and_the_file_says_what_came_of_it():
    file = filed(decision_id="2026-06-strategy", question="Level?", chosen="Yes", status="done", realised_value=900)
    (row,) = results([file], [recorded()]).values()
    assert (row["source"], row["status"], row["promised_value"]) == ("both", "done", Decimal("1250.50"))
    assert (row["realised_value"], row["by"], row["why"]) == (Decimal(900), "Anna", "steady")


def test_the_last_record_of_a_decision_stands():
    (row,) = results([], [recorded(1), recorded(2, action="reject", why="the bank said no")]).values()
    assert (row["action"], row["status"], row["promised_value"]) == ("reject", "dropped", None)
    assert taken_words(row) == "Which strategy to work to: rejected"
