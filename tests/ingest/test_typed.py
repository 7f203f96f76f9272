"""What was typed into books stands among the inputs, with owner, reason, cell and cycle."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.ingest.typed import with_entries


def record(number, slot, says, **more):
    usual = {"kind": "demand", "owner": "Anna", "reason": "fair", "book": "anna.xlsx", "sha256": "ab", "late": None}
    day = {"recorded_on": "2026-07-06", "cycle": "2026-07", "cell": f"Bread!P{number}"}
    return {**usual, **day, "number": number, "slot": slot, "says": says, **more}


def demand(**more):
    return {"stream": "sales", "family": "Bread", "month_from": "2026-09", "change_units": "100", **more}


@pytest.fixture
def inputs():
    given = {spec.name: tables.empty(spec) for spec in tables.INPUTS}
    product = {"product_id": "rye", "product_name": "Rye", "family": "Bread"}
    assumption = {"assumption_id": "A1", "text": "Flour stays", "value": "0", "owner": "Cy"}
    return {
        **given,
        "products": tables.conform("products", [product]),
        "assumptions": tables.conform("assumptions", [assumption]),
    }


def test_an_entry_is_a_row_of_its_stream(inputs):
    made = with_entries(inputs, [record(1, "a", demand())])
    (row,) = tables.rows(made["demand_inputs"])
    assert {name: value for name, value in row.items() if value is not None} == {
        "stream": "sales",
        "family": "Bread",
        "month_from": date(2026, 9, 1),
        "change_units": Decimal("100.0000"),
        "reason": "fair",
        "owner": "Anna",
        "cell": "Bread!P1",
        "cycle": "2026-07",
        "recorded_on": date(2026, 7, 6),
    }
    assert "assumptions" not in made


def test_only_what_stands_counts_and_every_entry_is_told_with_its_status(inputs):
    records = [
        record(1, "a", demand()),
        record(2, "a", demand(change_units="150")),
        record(3, "b", demand(), late="deadline"),
        record(4, "c", demand()),
        record(5, "c", None),
        record(6, "d", demand(family="Cake")),
        record(7, "e", {"decision_id": "x", "option": "A"}, kind="decision"),
    ]
    made = with_entries(inputs, records)
    assert [row["change_units"] for row in tables.rows(made["demand_inputs"])] == [Decimal(150)]
    status = [row["status"] for row in tables.rows(made["input_entries"])]
    assert status == ["replaced", "taken", "late", "replaced", "withdrawal", "unknown", "taken"]


def test_an_assumption_takes_the_place_of_its_name_and_keeps_what_was_left_blank(inputs):
    known = {"assumption_id": "A1", "value": "4", "month_from": "2026-10", "change_pct": "4"}
    new = {"assumption_id": "2026-07-1", "text": "Rent rises"}
    made = with_entries(inputs, [record(1, "x", known, kind="assumption"), record(2, "y", new, kind="assumption")])
    rows = {row["assumption_id"]: row for row in tables.rows(made["assumptions"])}
    assert (rows["A1"]["text"], rows["A1"]["value"], rows["A1"]["change_pct"]) == ("Flour stays", "4", Decimal(4))
    assert (rows["A1"]["owner"], rows["A1"]["reason"], rows["A1"]["changed_on"]) == ("Anna", "fair", date(2026, 7, 6))
    assert rows["2026-07-1"]["text"] == "Rent rises"


def test_without_entries_nothing_is_touched(inputs):
    made = with_entries(inputs, [])
    assert list(made) == ["input_entries"] and made["input_entries"].num_rows == 0


# -- assumptions are carried on ----------------------------------------------------------------------------------------


def assumed(number, cycle, **says):
    typed = {"kind": "assumption", "cycle": cycle, "recorded_on": f"{cycle}-06"}
    return record(number, f"assumption/{says['assumption_id']}", says, **typed)


def held(inputs, carried, records=()):
    rows = tables.rows(with_entries(inputs, list(records), carried)["assumptions"])
    return {row["assumption_id"]: (row["text"], row["value"], row["cycle"], row["closed_on"]) for row in rows}


def test_what_was_typed_in_an_earlier_cycle_holds_in_later_ones(inputs):
    carried = [
        assumed(1, "2026-05", assumption_id="A1", value="4"),
        assumed(1, "2026-06", assumption_id="A1", value="5"),
        assumed(2, "2026-06", assumption_id="2026-06-1", text="Sugar is scarce"),
    ]
    assert held(inputs, carried) == {
        "A1": ("Flour stays", "5", "2026-06", None),
        "2026-06-1": ("Sugar is scarce", None, "2026-06", None),
    }
    again = held(inputs, carried, [assumed(1, "2026-07", assumption_id="A1", value="6")])
    assert again["A1"] == ("Flour stays", "6", "2026-07", None)


def test_a_newer_row_of_the_files_takes_its_place(inputs):
    row = {"assumption_id": "A1", "text": "Flour rises", "value": "7", "changed_on": date(2026, 6, 20)}
    newer = {**inputs, "assumptions": tables.conform("assumptions", [row])}
    carried = [assumed(1, "2026-06", assumption_id="A1", value="5")]
    assert held(newer, carried) == {"A1": ("Flour rises", "7", None, None)}


def test_one_that_is_closed_is_told_in_its_cycle_and_not_carried_on(inputs):
    carried = [assumed(1, "2026-06", assumption_id="S", text="Sugar is scarce", value="very")]
    closing = assumed(1, "2026-07", assumption_id="S", value="Closed")
    assert held(inputs, carried, [closing])["S"] == ("Sugar is scarce", "very", "2026-07", date(2026, 7, 6))
    assert set(held(inputs, [*carried, closing])) == {"A1"}
    of_file = assumed(2, "2026-06", assumption_id="A1", value="closed")
    assert held(inputs, [of_file])["A1"] == ("Flour stays", "0", "2026-06", date(2026, 6, 6))
