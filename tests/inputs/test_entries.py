"""Every entry counts once, however often and in however many copies it is read, in time, until the release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.inputs.entries import Understood, deadline, late_for, lines, news, record_of, withdrawn
from sop_pipeline.inputs.form import Kind
from sop_pipeline.inputs.log import EntryLog, standing
from sop_pipeline.inputs.meaning import entries_of
from tests.packs.invented import CYCLE, company

EARLY, LATER, LATE = date(2026, 11, 4), date(2026, 11, 6), date(2026, 11, 10)
LINE = {
    "Input demand!A5": "Snacks",
    "Input demand!C5": "2027-01",
    "Input demand!E5": 100,
    "Input demand!H5": "Ben",
    "Input demand!I5": "New café",
}
AGAIN = {place.replace("5", "6"): value for place, value in LINE.items()}


class Reading:
    """A cycle's books are read as a run reads them."""

    def __init__(self, unread, root):
        self.unread, self.log = unread, EntryLog(root)

    def book(self, name, cells):
        """A book with cells typed into, without the file between."""
        values = {sheet: dict(found) for sheet, found in self.unread.values.items()}
        for place, value in cells.items():
            sheet, _, address = place.partition("!")
            values[sheet][address] = value
        book = replace(self.unread, path=Path(name), values=values)
        entries, faults = entries_of(book)
        assert not faults
        return Understood(book, tuple(entries))

    def read(self, books, today=EARLY, released=None):
        understood = [self.book(name, cells) for name, cells in books.items()]
        for book, entry in news(understood, self.log, CYCLE):
            late = late_for(deadline(entry.kind, CYCLE, company()), today, released)
            self.log.add(CYCLE, record_of(book, entry, "ab" * 32, today, late))
        for _, old in withdrawn(understood, self.log, CYCLE):
            late = late_for(deadline(old["kind"], CYCLE, company()), today, released)
            self.log.add(CYCLE, {**old, "says": None, "late": late})
        return understood

    @property
    def counted(self):
        return [record["says"].get("change_units") for record in standing(self.log.of(CYCLE)).values()]


@pytest.fixture
def reading(unread, tmp_path):
    return Reading(unread, tmp_path / "lake")


def test_an_entry_counts_once_however_often_and_in_however_many_copies_it_is_read(reading):
    reading.read({"anna.xlsx": LINE})
    reading.read({"anna.xlsx": LINE}, LATER)
    reading.read({"anna.xlsx": LINE, "copy of anna.xlsx": LINE}, LATE)
    (record,) = reading.log.of(CYCLE)
    assert (record["recorded_on"], record["late"], record["book"]) == ("2026-11-04", None, "anna.xlsx")
    assert reading.counted == ["100"]


def test_a_line_that_says_something_else_takes_the_place_of_what_it_said(reading):
    reading.read({"anna.xlsx": LINE})
    reading.read({"anna.xlsx": {**LINE, "Input demand!E5": 150}}, LATER)
    assert (len(reading.log.of(CYCLE)), reading.counted) == (2, ["150"])


def test_two_planners_add_up_and_a_fresh_book_takes_nothing_back(reading):
    reading.read({"anna.xlsx": LINE, "ben.xlsx": {**LINE, "Input demand!H5": "Cy"}})
    assert reading.counted == ["100", "100"]
    reading.read({"fresh.xlsx": {}, "ben.xlsx": {**LINE, "Input demand!H5": "Cy"}}, LATER)
    assert reading.counted == ["100", "100"]


def test_a_cell_that_is_cleared_in_its_book_is_taken_back(reading):
    reading.read({"anna.xlsx": {**LINE, **AGAIN}})
    reading.read({"anna.xlsx": AGAIN}, LATER)
    assert [record["slot"] for record in standing(reading.log.of(CYCLE)).values()] == ["demand/2"]
    reading.read({"anna.xlsx": {**LINE, **AGAIN}}, LATER)
    assert len(standing(reading.log.of(CYCLE))) == 2


def test_a_cell_that_is_cleared_while_a_copy_says_it_still_is_refused(reading):
    """Neither the cleared cell nor the copy may win in silence; with one of the two books away the other one holds."""
    reading.read({"anna.xlsx": {**LINE, **AGAIN}})
    with pytest.raises(BadInput, match=r"copy.xlsx, Input demand!E5: .*as anna.xlsx has it, where Ben had said it"):
        reading.read({"anna.xlsx": AGAIN, "copy.xlsx": {**LINE, **AGAIN}}, LATER)
    assert len(standing(reading.log.of(CYCLE))) == 2
    reading.read({"anna.xlsx": AGAIN}, LATER)
    assert len(standing(reading.log.of(CYCLE))) == 1


def test_what_comes_on_the_deadline_is_kept_as_late_and_changes_nothing(reading):
    reading.read({"anna.xlsx": LINE})
    reading.read({"anna.xlsx": {**LINE, "Input demand!E5": 150, **AGAIN}}, LATE)
    reading.read({"anna.xlsx": {**LINE, "Input demand!E5": 150, **AGAIN}}, LATE)
    assert [record["late"] for record in reading.log.of(CYCLE)] == [None, *["input was due before 2026-11-10"] * 2]
    assert reading.counted == ["100"]
    reading.read({"anna.xlsx": {}}, LATE)
    assert reading.counted == ["100"]


def test_decisions_are_in_time_until_the_release_and_nothing_is_after_it():
    assert deadline("demand", CYCLE, company()) == deadline("assumption", CYCLE, company()) == LATE
    assert late_for(LATE, date(2026, 11, 9), None) is None
    assert late_for(LATE, LATE, None) == "input was due before 2026-11-10"
    assert deadline("decision", CYCLE, company()) is None
    assert late_for(None, date(2026, 11, 25), None) is None
    assert late_for(None, EARLY, "r01") == "the cycle is released as r01"


def test_a_review_that_waits_for_input_sets_its_deadline():
    """The eighth working day of November 2026 in Germany is the eleventh: its own day is in time."""
    review = {"name": "Demand review", "working_day": 8, "owner": "Ada", "waits_for": ["demand_inputs"]}
    settings = company(reviews=[review])
    assert deadline("demand", CYCLE, settings) == date(2026, 11, 12)
    assert deadline("assumption", CYCLE, settings) == LATE


def test_one_person_cannot_say_two_things_in_one_line(reading):
    with pytest.raises(BadInput, match=r"ben.xlsx, Input demand!E5: found .*\+150.* needed what anna.xlsx says there"):
        reading.read({"anna.xlsx": LINE, "ben.xlsx": {**LINE, "Input demand!E5": 150}})
    assert reading.log.of(CYCLE) == []


def test_what_is_shown_says_whether_it_is_new_taken_or_late(reading):
    (book,) = reading.read({"anna.xlsx": LINE})
    changed = reading.book("anna.xlsx", {**LINE, "Input demand!E5": 7, **AGAIN})
    in_time: dict[Kind, str | None] = {"demand": None, "decision": None, "assumption": None}
    said = "Input demand!E5: sales, the company, 2027-01: +{} units a month · Ben: New café · {}"
    assert list(lines(book, reading.log, CYCLE, in_time)) == [said.format(100, "taken on 2026-11-04")]
    before = "sales, the company, 2027-01: +100 units a month"
    first, second = lines(changed, reading.log, CYCLE, in_time)
    assert first == said.format(7, f"new in place of {before}")
    assert second.endswith("· new")
    late = lines(changed, reading.log, CYCLE, {**in_time, "demand": "input was due before 2026-11-10"})
    assert next(late).endswith("new, and too late: input was due before 2026-11-10")


def test_assumptions_of_earlier_cycles_are_carried_as_they_stand(tmp_path):
    """The last in time of each line; what is late, taken back, of demand or of a later cycle is not."""
    log = EntryLog(tmp_path)

    def add(cycle, slot, says, kind="assumption", late=None):
        record = {"kind": kind, "slot": slot, "owner": "Anna", "says": says, "late": late, "recorded_on": "2026-09-04"}
        log.add(Cycle.parse(cycle), record)

    add("2026-09", "assumption/A1", {"value": "4"})
    add("2026-09", "assumption/A1", {"value": "5"})
    add("2026-09", "assumption/A2", {"value": "1"}, late="deadline")
    add("2026-09", "assumption/A3", {"value": "1"})
    add("2026-09", "assumption/A3", None)
    add("2026-10", "assumption/A1", {"value": "6"})
    add("2026-10", "demand/x", {"change_units": "9"}, kind="demand")
    add("2026-11", "assumption/A1", {"value": "7"})
    assert [record["says"]["value"] for record in log.carried(Cycle.parse("2026-11"))] == ["5", "6"]
