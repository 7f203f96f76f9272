"""A book goes out, is typed into, is saved by another program and comes back: the plan moves by just that."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.errors import BadInput
from sop_pipeline.inputs.log import EntryLog
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.workbook.file import workbook
from sop_pipeline.starter import init_company
from sop_pipeline.steps.take_inputs import inputs_told, take_inputs, take_sources

pytestmark = pytest.mark.slow
JULY, SIXTH = Cycle.parse("2026-07"), date(2026, 7, 6)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typed") / "company"
    init_company(folder)
    settings = (folder / "sop.yaml").read_text().replace("demand_samples: 200", "demand_samples: 0")
    (folder / "sop.yaml").write_text(settings)
    company = CompanyFolder(folder)
    take_sources(company, JULY, today=SIXTH)
    steps.run(company.lake, company.settings, JULY, checks=False, publish=True)
    return company


@pytest.fixture(scope="module")
def written(company, tmp_path_factory):
    published = company.lake.published(JULY)
    path = tmp_path_factory.mktemp("written") / "anna.xlsx"
    path.write_bytes(workbook(Book(published, company.settings, JULY, hashes=published.hashes)))
    return path


@pytest.fixture(scope="module")
def came_back(company, written, tmp_path_factory):
    """The book with four entries, saved by LibreOffice into the folder of the cycle."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on PATH (Debian: libreoffice-calc)")
    book = openpyxl.load_workbook(written)
    page = book["Bread"]
    line = next(row for row in range(1, 60) if str(page.cell(row, 1).value).startswith("Change, boxes"))
    columns = {cell.value: cell.column for cell in page[line - 1] if cell.value}
    months = {f"{cell.value:%Y-%m}": cell.column for cell in page[4] if hasattr(cell.value, "strftime")}
    page.cell(line, months["2026-09"]).value = 100
    page.cell(line, columns["Owner"]).value = "Anna Ott"
    page.cell(line, columns["Reason"]).value = "Street fair"
    for place, value in {"A5": "bread-1", "C5": date(2026, 10, 1), "F5": 10, "H5": "Ben", "I5": "New café"}.items():
        book["Input demand"][place] = value
    for place, value in {"D5": "b", "E5": "Board", "F5": "Steady work"}.items():
        book["Input decisions"][place] = value
    for place, value in {"C5": "Flour rises", "I5": "Cy", "J5": "Letter of the mill"}.items():
        book["Input assumptions"][place] = value
    typed = tmp_path_factory.mktemp("desk") / "anna.xlsx"
    book.save(typed)
    place = company.path / "inputs" / "2026-07"
    profile = f"-env:UserInstallation=file://{tmp_path_factory.mktemp('profile')}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(place), str(typed)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return place / "anna.xlsx", f"Bread!{page.cell(line, months['2026-09']).coordinate}"


@pytest.fixture(scope="module")
def planned(company, came_back):
    """Demand before and after, and what was recorded by a first and a second reading."""
    before = company.lake.published(JULY)
    first = take_sources(company, JULY, today=SIXTH)[1]
    second = take_sources(company, JULY, today=date(2026, 7, 20))[1]
    after = steps.run(company.lake, company.settings, JULY, until="demand_range", checks=False)
    return before, after, first, second


def by_month(tables, product=None):
    total: Counter[date] = Counter()
    for row in tables["demand_plan"].to_pylist():
        if row["family"] == "Bread" and product in (None, row["product_id"]):
            total[row["month"]] += row["quantity"]
    return total


def test_what_was_typed_is_shown_before_it_is_taken(company, came_back):
    path, cell = came_back
    told = inputs_told(company, path, today=SIXTH)
    assert told[0] == f"{cell}: sales, Bread, 2026-09: +100 units a month · Anna Ott: Street fair · new"
    assert told[2].startswith("Input decisions!D5: decision 2026-07-strategy: b · Board: Steady work")
    assert "4 entries" in told[-1]
    assert EntryLog(company.lake.root).of(JULY) == []
    assert DecisionLog(company.lake.root).of(JULY) == []


def test_demand_moves_by_just_what_was_typed(planned):
    before, after, *_ = planned
    moved = by_month(after)
    moved.subtract(by_month(before))
    product = by_month(before, "bread-1")[date(2026, 10, 1)]
    tenth = (product / 10).quantize(Decimal("0.0001"))
    assert {month: change for month, change in moved.items() if change} == {
        date(2026, 9, 1): Decimal("100.0000"),
        date(2026, 10, 1): pytest.approx(tenth, abs=Decimal("0.0001")),
    }


def test_entries_stand_in_their_stream_with_owner_reason_cell_and_cycle(planned, came_back):
    rows = [row for row in planned[1]["demand_inputs"].to_pylist() if row["cell"] == came_back[1]]
    ((owner, reason, cycle, units, recorded),) = [
        (row["owner"], row["reason"], row["cycle"], row["change_units"], row["recorded_on"]) for row in rows
    ]
    assert (owner, reason, cycle, units, recorded) == ("Anna Ott", "Street fair", "2026-07", Decimal(100), SIXTH)
    adjusted = [row for row in planned[1]["demand_adjustments"].to_pylist() if row["cell"] == came_back[1]]
    assert {row["month"] for row in adjusted} == {date(2026, 9, 1)}
    assert any("Street fair" in row["reason"] for row in adjusted)
    assumed = [row for row in planned[1]["assumptions"].to_pylist() if row["cycle"] == "2026-07"]
    assert [(row["text"], row["owner"], row["reason"]) for row in assumed] == [
        ("Flour rises", "Cy", "Letter of the mill")
    ]


def test_a_second_reading_after_the_deadline_takes_nothing_more(company, planned):
    *_, first, second = planned
    assert (len(first.records), first.notes) == (4, ())
    assert (second.records, second.notes) == ((), ())


def test_a_decision_that_was_typed_is_recorded_once_and_a_later_one_is_not_undone(company, planned):
    log = DecisionLog(company.lake.root)
    (record,) = log.of(JULY)
    assert (record["action"], record["option"], record["by"]) == ("adopt", "B", "Board")
    assert record["cell"] == "Input decisions!D5"
    log.add(JULY, {**record, "action": "reject", "option": None, "raised": []})
    assert take_inputs(company, JULY, today=date(2026, 7, 21)).records == ()
    assert [each["action"] for each in log.of(JULY)] == ["adopt", "reject"]


def test_nothing_is_recorded_of_books_of_which_one_is_refused(company, planned, came_back):
    path, _ = came_back
    book = openpyxl.load_workbook(path)
    book["Input demand"]["E6"] = 5
    book["Bread"]["N12"] = 1
    bad = path.with_name("ben.xlsx")
    book.save(bad)
    with pytest.raises(BadInput, match=r"ben\.xlsx, Bread!N12: found 1"):
        take_inputs(company, JULY, today=SIXTH)
    bad.unlink()
    assert len(EntryLog(company.lake.root).of(JULY)) == 4
