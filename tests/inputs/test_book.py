"""A book is read back cell by cell: what was typed is understood, and any other change is refused where it stands."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.inputs.book import read_book
from sop_pipeline.inputs.entries import understand
from sop_pipeline.inputs.form import RECORD
from tests.packs.invented import CYCLE, company

COMPANY = company().company
OWNED = {"Input demand!H5": "Ben", "Input demand!I5": "New café"}


def read(desk, known, cells, **more):
    return understand(desk.save(cells), COMPANY, more.get("cycle", CYCLE), known)


def told(understood):
    return [(entry.cell, entry.meaning, entry.owner, entry.reason) for entry in understood.entries]


def family_cells(desk, line, value, month="2027-01", owner="Anna Ott", reason="Street fair"):
    cell = desk.place("Snacks", line, month)
    return cell, {
        cell: value,
        desk.place("Snacks", line, "Owner"): owner,
        desk.place("Snacks", line, "Reason"): reason,
    }


def test_a_book_as_it_was_written_says_nothing(desk, known):
    understood = read(desk, known, {})
    assert (understood.entries, understood.book.notes) == ((), ())
    assert (understood.book.identity.company, understood.book.identity.cycle) == (COMPANY, CYCLE.name)


@pytest.mark.parametrize(
    ("line", "value", "meaning"),
    [
        ("Change, units", 1250.5, "sales, Snacks, 2027-01: +1,250.5 units a month"),
        ("Change, %", -7, "sales, Snacks, 2027-01: -7 %"),
        ("Override", 90000, "sales, Snacks, 2027-01: = 90,000 units"),
    ],
)
def test_a_month_of_a_family_is_an_entry(desk, known, line, value, meaning):
    line = line.replace("units", desk.shown["Snacks"]["A2"].value.split(";")[0])
    cell, cells = family_cells(desk, line, value)
    assert told(read(desk, known, cells)) == [(cell, meaning, "Anna Ott", "Street fair")]


def test_every_month_of_a_line_is_an_entry_of_its_own(desk, known):
    january, cells = family_cells(desk, "Change, %", 5)
    march = desk.place("Snacks", "Change, %", "2027-03")
    understood = read(desk, known, {**cells, march: 8})
    assert [entry.cell for entry in understood.entries] == [january, march]
    assert len({entry.identifier for entry in understood.entries}) == 2


def _as_percent(path, *places):
    book = openpyxl.load_workbook(path)
    for place in places:
        sheet, _, address = place.partition("!")
        book[sheet][address].number_format = "0%"
    book.save(path)
    return path


def test_what_reads_five_percent_is_five_percent(desk, known):
    """A spreadsheet keeps 5% as 0.05 and shows it as percent; without that format 0.05 is what it says."""
    january, cells = family_cells(desk, "Change, %", 0.07)
    shown = understand(_as_percent(desk.save(cells), january), COMPANY, CYCLE, known)
    assert [entry.says["change_pct"] for entry in shown.entries] == ["7"]
    assert [entry.says["change_pct"] for entry in read(desk, known, cells).entries] == ["0.07"]
    units, cells = family_cells(desk, "Change, ", 0.07)
    with pytest.raises(BadInput, match="shown as percent"):
        understand(_as_percent(desk.save(cells), units), COMPANY, CYCLE, known)


def test_a_line_by_product_knows_names_and_families(desk, known):
    product, name = next(iter(known.products.items()))
    first = {"Input demand!A5": name.upper(), "Input demand!C5": date(2027, 1, 1), "Input demand!D5": "2027-03"}
    second = {place.replace("5", "6"): value for place, value in OWNED.items()}
    cells = {
        **first,
        **OWNED,
        "Input demand!F5": 10,
        **second,
        "Input demand!A6": "Snacks",
        "Input demand!C6": "2027-02",
    }
    understood = read(desk, known, {**cells, "Input demand!E6": 40, "Input demand!B6": "Marketing"})
    assert told(understood) == [
        ("Input demand!F5", f"sales, {product}, 2027-01..2027-03: +10 %", "Ben", "New café"),
        ("Input demand!E6", "marketing, Snacks, 2027-02: +40 units a month", "Ben", "New café"),
    ]


def test_decisions_and_assumptions_are_entries(desk, known):
    page = desk.shown["Input decisions"]
    decision = page["A5"].value
    cells = {"Input decisions!D5": "a", "Input decisions!E5": "Board", "Input decisions!F5": "It pays"}
    new = next(row for row in range(5, 40) if _cell(desk, "Input assumptions", f"B{row}") == "(new)")
    said = {"C": "Flour rises", "E": "material", "F": "flour", "G": "2027-01", "H": 4, "I": "Cy", "J": "letter"}
    understood = read(desk, known, {**cells, **{f"Input assumptions!{at}{new}": value for at, value in said.items()}})
    assert [entry.kind for entry in understood.entries] == ["decision", "assumption"]
    assert understood.entries[0].says == {"decision_id": decision, "option": "a"}
    assert understood.entries[1].says == {
        "assumption_id": f"{CYCLE}-1",
        "text": "Flour rises",
        "driver": "material",
        "subject": "flour",
        "month_from": "2027-01",
        "change_pct": "4",
    }


def _cell(desk, sheet, place):
    return desk.shown[sheet][place].value


# -- what was not to be changed ----------------------------------------------------------------------------------------


def test_every_formula_that_is_changed_is_refused_by_its_address(desk):
    """Every formula of every sheet is turned into a number, one by one in the record of what was read."""
    book = openpyxl.load_workbook(io.BytesIO(desk.blank))
    formulas = [(page, cell) for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    places = {f"{page.title}!{cell.coordinate}" for page, cell in formulas}
    for _, cell in formulas:
        cell.value = 1
    path = desk.folder / "changed.xlsx"
    book.save(path)
    _, faults = read_book(path)
    assert len(places) > 300
    assert {fault.where.removeprefix("changed.xlsx, ") for fault in faults} == places


def test_a_figure_a_heading_and_a_cleared_cell_are_refused_and_a_note_is_told(desk, known):
    demand = desk.place("Snacks", "Demand", "2027-01")
    for cells, found in (
        ({demand: 7}, "found 7;"),
        ({demand: None}, "found nothing"),
        ({"Snacks!A1": "x"}, "found 'x'"),
    ):
        with pytest.raises(BadInput, match=next(iter(cells)).replace("!", "!") + f": {found}"):
            read(desk, known, cells)
    understood = read(desk, known, {"Snacks!D90": "ask Ben"})
    assert understood.book.notes == ("Snacks!D90: 'ask Ben' stands beside the marked cells and is not read",)


def test_many_changes_are_told_by_the_first_and_their_number(desk, known):
    page = desk.shown["Company"]
    places = [
        f"Company!{cell.coordinate}" for row in page.iter_rows(min_row=5) for cell in row if cell.data_type == "f"
    ]
    with pytest.raises(BadInput, match=f"And {len(places) - 20} more") as fault:
        read(desk, known, dict.fromkeys(places, 0.5))
    assert str(fault.value).count("\n") == 19


LINE = {"Input demand!A5": "Snacks", "Input demand!C5": "2027-01", "Input demand!E5": 1, **OWNED}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"A5": "Snaks"}, "E5: found 'Snaks'; .* Did you mean 'Snacks'"),
        ({"C5": None}, "C5: found nothing; needed the first month"),
        ({"C5": "soon"}, "C5: found 'soon'"),
        ({"D5": "2026-12"}, "D5: found 2026-12; needed a month not before 2027-01"),
        ({"E5": "a lot"}, "E5: found 'a lot'; needed a number"),
        ({"G5": -1}, "G5: found -1; needed units that replace the plan, from 0"),
        ({"E5": None}, "E5: found nothing; needed units, percent or an override"),
        ({"B5": "gossip"}, "B5: found 'gossip'; needed one of sales, marketing"),
        ({"H5": None}, "H5: found nothing; needed who says so"),
        ({"I5": " "}, "I5: found nothing; needed why"),
        ({"E5": "=1+1"}, "E5: found a formula without a result"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_at_its_cell(desk, known, typed, found):
    with pytest.raises(BadInput, match=f"anna.xlsx, Input demand!{found}"):
        read(desk, known, {**LINE, **{f"Input demand!{place}": value for place, value in typed.items()}})


def test_a_book_of_another_company_or_cycle_or_of_nobody_is_refused(desk, known, tmp_path):
    path = desk.save()
    with pytest.raises(
        BadInput, match=f"found a book of the company {COMPANY}; needed a book of Other, whose folder this is"
    ):
        understand(path, "Other", CYCLE, known)
    with pytest.raises(BadInput, match=f"found a book of cycle {CYCLE}; needed a book of cycle 2026-12"):
        understand(path, COMPANY, Cycle.parse("2026-12"), known)
    stranger = openpyxl.Workbook()
    stranger.save(tmp_path / "stranger.xlsx")
    with pytest.raises(BadInput, match="a workbook that sop did not write"):
        read_book(tmp_path / "stranger.xlsx")
    (tmp_path / "text.xlsx").write_text("no zip")
    with pytest.raises(BadInput, match="what is no XLSX workbook"):
        read_book(tmp_path / "text.xlsx")


def test_a_hidden_sheet_that_was_changed_is_refused(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.blank))
    assert book[RECORD].sheet_state == "veryHidden"
    book[RECORD]["C3"] = book[RECORD]["C3"].value.replace("=", "=0+", 1).replace("'", "", 1)
    book.save(desk.folder / "forged.xlsx")
    with pytest.raises(BadInput, match="found a hidden sheet that was changed"):
        read_book(desk.folder / "forged.xlsx")


def test_only_marked_cells_are_unlocked(desk):
    book = desk.shown
    read, _ = read_book(desk.save())
    marked = {(form.sheet, place) for form in read.forms for place in form.addresses}
    guarded = {sheet for sheet, _ in marked} | {"Company"}
    assert all(book[sheet].protection.sheet for sheet in guarded)
    unlocked = {
        (sheet, cell.coordinate)
        for sheet in guarded
        for row in book[sheet].iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == marked
