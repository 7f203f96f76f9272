"""What the page of a cycle's data says: changed columns with their mend, odd volumes, findings; and that it is safe."""

import re
from datetime import date
from typing import Any

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Source
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.quality import note_files, note_findings, note_stop, source_findings
from sop_pipeline.quality.columns import FileColumns
from sop_pipeline.quality.drift import drift
from sop_pipeline.quality.volume import volumes
from sop_pipeline.validation import Finding

JULY, AUGUST = Cycle.parse("2026-07"), Cycle.parse("2026-08")
BEFORE: dict[str, Any] = {"Day": "date", "Article": "text", "Qty": "number", "Region": "text"}


def changes(now, **mapped):
    sources = {"sales": [Source(path="s.csv", columns=mapped)]}
    found = drift([FileColumns("sales", 0, "s.csv", BEFORE)], [FileColumns("sales", 0, "s.csv", now)], sources)
    return {each.change: (each.column, each.mend) for each in found}


def test_the_same_columns_are_no_change():
    assert changes(dict(reversed(BEFORE.items()))) == {}


@pytest.mark.parametrize("name", ["Qty.", "Volume"])  # alike in name, or in the same place
def test_a_renamed_column_is_mended_by_one_line(name):
    now = {name if key == "Qty" else key: kind for key, kind in BEFORE.items()}
    assert changes(now, quantity="Qty") == {"renamed": (f"Qty -> {name}", f"columns: {{quantity: {name}}} in sop.yaml")}


def test_missing_extra_and_retyped_columns_are_named():
    now = {"Day": "date", "Article": "number", "Qty": "text", "Plant": "number"}
    found = changes(now, quantity="Qty", region="Region")
    assert found["missing"] == (
        "Region",
        "ask for the column again, or map another one to region under columns in sop.yaml",
    )
    assert found["extra"][0] == "Plant"
    assert found["retyped"][0] == "Qty: number -> text"


def test_a_column_that_is_empty_for_once_has_not_changed_its_kind():
    assert changes({**BEFORE, "Region": "blank"}) == {}


def sales(*months):
    rows = [
        {"date": date(2026, month, 1 + day), "product_id": "P", "quantity": 1}
        for month, count in months
        for day in range(count)
    ]
    return {"sales": tables.conform("sales", rows)}


def test_a_thin_last_month_and_a_table_that_shrank_are_told():
    usual = [(2, 10), (3, 10), (4, 10), (5, 10)]
    (even,) = volumes(sales(*usual, (6, 9)), JULY, {})
    (thin,) = volumes(sales(*usual, (6, 4)), JULY, {})
    (shrunk,) = volumes(sales(*usual, (6, 10)), JULY, {"sales": 60})
    assert even.told == ""
    assert thin.told == "sales has 4 rows of the last month; 10 are usual"
    assert shrunk.told == "sales has 50 rows, 17% fewer than in the cycle before"


def read_all(folder, cycle, run):
    """Take the files of a cycle and note what came of them, as a run does."""
    settings = folder.settings
    note_files(folder, settings, cycle, run, snapshot(settings, folder.path, cycle, folder.lake))
    return source_findings(folder, cycle, sales((6, 10)))


def page(folder, cycle):
    return (folder.path / "quality" / f"{cycle}.html").read_text()


@pytest.fixture
def folder(starter_company):
    found, volume = read_all(starter_company, JULY, "one")
    note_findings(starter_company, JULY, "one", found, volume)
    return starter_company


def test_a_cycle_is_compared_with_the_one_before(folder):
    assert "There is no earlier cycle to compare with." in page(folder, JULY)
    path = folder.path / "data" / "sales.csv"
    path.write_text(path.read_text().replace("quantity", "Quantities", 1))
    (columns, volume), _ = read_all(folder, AUGUST, "two")
    assert (columns.passed, columns.severity, volume.passed) == (False, "warn", True)
    assert columns.sample[0]["mend"] == "columns: {quantity: Quantities} in sop.yaml"
    assert "quantity -&gt; Quantities" in page(folder, AUGUST)


def test_files_that_cannot_be_read_leave_a_page_that_says_why(folder):
    read_all(folder, AUGUST, "two")
    note_stop(folder, AUGUST, "two", "data/sales.csv: found no column quantity")
    assert "found no column quantity" in page(folder, AUGUST)


def test_another_run_s_findings_do_not_mix_in(folder):
    before = page(folder, JULY)
    note_findings(folder, JULY, "other", [Finding("schema", "sales", passed=False, summary="no")])
    assert page(folder, JULY) == before


def test_the_page_fetches_nothing_and_runs_nothing_that_a_source_says(folder):
    evil = "<script>alert(1)</script>"
    found = Finding("schema", "sales", passed=False, summary=evil, sample=[{evil: evil}], rows=5, broken=1)
    note_findings(folder, JULY, "one", [found])
    text = page(folder, JULY)
    assert evil not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(src|href)=|url\(|@import", text)
    assert "1 stop the cycle" in text
