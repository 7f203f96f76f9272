"""Risks, opportunities and assumptions are carried from cycle to cycle, each once, with since when and what changed."""

from typing import Any

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.open_items import ListedBefore, OpenBefore, is_open, open_items
from tests.reconciliation.conftest import day, make, month

Listed = tuple[Cycle, list[dict[str, Any]], list[dict[str, Any]]]
MARCH, APRIL, MAY = (Cycle.parse(f"2026-0{number}") for number in (3, 4, 5))
STRIKE = {"item_id": "R1", "kind": "risk", "description": "A strike", "probability": 0.4, "margin": -150}
TENDER = {"item_id": "O1", "description": "A tender", "margin": 380, "month_from": "2026-03", "month_to": "2026-04"}
FLOUR = {"assumption_id": "A1", "text": "Flour", "change_pct": 6}


def carried(*cycles):
    """The register of the last of cycles planned one after the other, each with its risks and its assumptions."""
    listed = known = None
    for cycle, items, assumed in cycles:
        risks, assumptions = make("risks_opportunities", *items), make("assumptions", *assumed)
        found = open_items(risks, assumptions, cycle=cycle, listed=listed, known=known)
        listed = ListedBefore(cycle, risks, assumptions)
        known = OpenBefore(cycle, found)
    return {row["item_id"]: row for row in tables.rows(found)}


def stands(row):
    return row["status"], f"{row['since']:%Y-%m}"


def test_in_a_first_cycle_all_is_open_and_later_what_comes_is_new():
    first = carried((MARCH, [STRIKE, TENDER], [FLOUR]))
    assert {name: (row["kind"], *stands(row)) for name, row in first.items()} == {
        "R1": ("risk", "open", "2026-03"),
        "O1": ("opportunity", "open", "2026-03"),
        "A1": ("assumption", "open", "2026-03"),
    }
    second = carried((MARCH, [STRIKE], []), (APRIL, [STRIKE, TENDER], [FLOUR]))
    assert {name: stands(row) for name, row in second.items()} == {
        "R1": ("open", "2026-03"),
        "O1": ("new", "2026-04"),
        "A1": ("new", "2026-04"),
    }


def test_what_changed_has_what_it_was():
    likelier = STRIKE | {"probability": 0.6, "owner": "Ben"}
    found = carried((MARCH, [STRIKE], [FLOUR]), (APRIL, [likelier], [FLOUR | {"change_pct": 8}]))
    risk, assumption = found["R1"], found["A1"]
    assert (*stands(risk), float(risk["probability"]), float(risk["probability_before"])) == (
        "changed",
        "2026-03",
        0.6,
        0.4,
    )
    assert (risk["margin"], risk["margin_before"]) == (-150, None)
    assert (assumption["status"], assumption["value"], assumption["value_before"]) == ("changed", "8%", "6%")


def test_another_owner_or_day_is_no_change():
    again = (APRIL, [STRIKE | {"owner": "Ben"}], [FLOUR | {"changed_on": "2026-04-02"}])
    assert {row["status"] for row in carried((MARCH, [STRIKE], [FLOUR]), again).values()} == {"open"}


def test_what_is_not_listed_again_stays_open_with_what_it_was_last():
    found = carried((MARCH, [STRIKE], [FLOUR]), (APRIL, [], []), (MAY, [], []))
    assert {name: stands(row) for name, row in found.items()} == {
        "R1": ("not_listed", "2026-03"),
        "A1": ("not_listed", "2026-03"),
    }
    assert (found["R1"]["margin"], found["A1"]["value"]) == (-150, "6%")
    back = carried((MARCH, [STRIKE], []), (APRIL, [], []), (MAY, [STRIKE], []))
    assert stands(back["R1"]) == ("open", "2026-03")


def test_what_is_over_or_closed_is_told_once_and_then_gone():
    over = carried((MARCH, [TENDER], []), (APRIL, [], []), (MAY, [], []))
    assert stands(over["O1"]) == ("over", "2026-03")
    june: Listed = (Cycle.parse("2026-06"), [], [])
    assert carried((MARCH, [TENDER], []), (APRIL, [], []), (MAY, [], []), june) == {}
    closed: Listed = (APRIL, [STRIKE | {"closed_on": "2026-03-20"}], [])
    assert stands(carried((MARCH, [STRIKE], []), closed)["R1"]) == ("closed", "2026-03")
    assert carried((MARCH, [STRIKE], []), closed, (MAY, [], [])) == {}


def test_only_what_is_open_counts_among_the_chances_of_a_decision():
    row = {"item_id": "O1", "month_from": month("2026-03"), "month_to": month("2026-04"), "closed_on": None}
    assert is_open(row, APRIL)
    assert not is_open(row, MAY)
    assert not is_open(row | {"month_to": month("2026-09"), "closed_on": day("2026-04-02")}, APRIL)
