"""What did not change is taken over from the run before, and a run that does so says what a run from nothing says."""

import csv
import dataclasses
import random
import re
import shutil

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.lake import Lake, content_hash
from sop_pipeline.made_once import parts_folder
from sop_pipeline.steps.month import LINEAGE
from sop_pipeline.steps.publication import make_packs
from sop_pipeline.steps.taken_over import take_over
from tests.thrift import soak_alone

FIRST = "2026-07"
CYCLE = Cycle.parse(FIRST)
TABLES_ALONE = [*LINEAGE, "published_cycle"]

pytestmark = pytest.mark.slow


def copy_of(company, folder):
    shutil.copytree(company.folder, folder)
    return dataclasses.replace(company, folder=folder)


def unchanged(result):
    """The tables of a run that say since which run they are unchanged."""
    return {
        event.asset_key.path[-1]: event.materialization.metadata["unchanged since run"].value
        for event in result.all_events
        if event.is_step_materialization and "unchanged since run" in event.materialization.metadata
    }


def edit(path, column, rows, change):
    """Change a column of some rows of a CSV file, as a person would in a late correction."""
    with path.open(newline="") as lines:
        table = list(csv.DictReader(lines))
    for place in rows(len(table)):
        table[place][column] = change(table[place][column])
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


def add_row(path):
    """Repeat the last row of a CSV file with three more units, as a sale that was booked late."""
    with path.open(newline="") as lines:
        last = list(csv.DictReader(lines))[-1]
    with path.open("a", newline="") as lines:
        csv.DictWriter(lines, list(last)).writerow({**last, "quantity": str(float(last["quantity"]) + 3)})


def remove_row(path, drawn):
    """Take a row out of a CSV file."""
    lines = path.read_text().splitlines(keepends=True)
    del lines[drawn.randrange(1, len(lines))]
    path.write_text("".join(lines))


def setting(folder, pattern, value):
    path = folder / "sop.yaml"
    text, found = re.subn(pattern, value, path.read_text(), count=1)
    assert found, pattern
    path.write_text(text)


def some(drawn):
    return lambda count: drawn.sample(range(count), 3)


CHANGES = {
    "a correction of sales": lambda folder, drawn: edit(
        folder / "data" / "sales.csv", "quantity", some(drawn), lambda value: str(round(float(value) * 1.5 + 1))
    ),
    "a new row of sales": lambda folder, _: add_row(folder / "data" / "sales.csv"),
    "a row of sales less": lambda folder, drawn: remove_row(folder / "data" / "sales.csv", drawn),
    "a count of stock": lambda folder, drawn: edit(
        folder / "data" / "inventory.csv", "on_hand", some(drawn), lambda value: str(round(float(value) + 7))
    ),
    "a price": lambda folder, drawn: edit(
        folder / "data" / "products.csv", "unit_price", lambda _: [0], lambda value: str(float(value) + 0.25)
    ),
    "an hourly rate": lambda folder, drawn: edit(
        folder / "data" / "resources.csv", "regular_rate", lambda _: [0], lambda value: str(float(value or 0) + 1)
    ),
    "another strategy": lambda folder, drawn: setting(folder, r"strategy: \w+", "strategy: chase"),
    "the currency": lambda folder, drawn: setting(folder, r"currency: \w+", "currency: CHF"),
    "a line that only moves": lambda folder, drawn: setting(folder, r"\A", "# a remark\n"),
}


LATE = "a correction of sales"


@soak_alone
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_after_any_change_a_run_says_what_a_run_from_nothing_says(planned, instance, tmp_path, name):
    company, _ = planned
    copy = copy_of(company, tmp_path / "company")
    CHANGES[name](copy.folder, random.Random(name))
    result = copy.run(FIRST, instance, selection=TABLES_ALONE)
    assert result.success
    folder = CompanyFolder(copy.folder)
    nowhere = Lake(tmp_path / "nothing")
    snapshot(folder.settings, folder.path, CYCLE, nowhere)
    fresh = steps.run(nowhere, folder.settings, CYCLE, checks=False)
    assert copy.hashes(FIRST) == {table: content_hash(fresh[table]) for table in copy.hashes(FIRST)}
    assert unchanged(result).keys() & {"business_plan", "working_calendar"} or name != "a line that only moves"
    assert copy.lake.settings(CYCLE) == folder.settings.model_dump(mode="json")


def _packs(company):
    """The file behind each pack; the archive page names the newest run, so it is written anew."""
    found = (path for path in (company.folder / "packs").rglob("*") if path.is_file() and path.name != "index.html")
    return {path: path.stat().st_ino for path in found}


def test_the_same_again_makes_no_file_and_says_since_when(planned, instance, tmp_path):
    company, before = planned
    copy = copy_of(company, tmp_path / "company")
    files = {path: path.stat().st_mtime_ns for path in copy.folder.rglob("*.parquet")}
    packs = _packs(copy)
    result = copy.run(FIRST, instance)
    assert result.success
    assert unchanged(result) == dict.fromkeys(LINEAGE, before.run_id)
    assert {path: path.stat().st_mtime_ns for path in copy.folder.rglob("*.parquet")} == files
    assert _packs(copy) == packs
    assert {entry["run"] for entry in copy.lake.pointer(CYCLE)["tables"].values()} == {result.run_id}
    checked = [event for event in result.all_events if event.event_type_value == "ASSET_CHECK_EVALUATION"]
    assert len(checked) == len([e for e in before.all_events if e.event_type_value == "ASSET_CHECK_EVALUATION"])


@soak_alone
def test_a_damaged_file_is_made_again_and_so_is_a_pack_that_was_written_over(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "company")
    damaged = copy.lake.root / copy.lake.pointer(CYCLE)["tables"]["product_lifecycle"]["file"]
    damaged.write_bytes(damaged.read_bytes()[:100])
    page = next((copy.folder / "packs" / FIRST).glob("executive-pack-*.html"))
    whole = page.read_bytes()
    page.write_bytes(b"scribbled")
    result = copy.run(FIRST, instance)
    assert result.success
    assert set(LINEAGE) - unchanged(result).keys() == {"product_lifecycle"}
    assert page.read_bytes() == whole
    assert copy.hashes(FIRST) == company.hashes(FIRST)
    assert copy.lake.damage(CYCLE) == []


def _parts(company):
    """The parts that are kept, by kind: suites that passed, charts, fonts, documents."""
    kinds = {kind.name: kind for kind in parts_folder(company.lake.root).iterdir()}
    return {name: {path.name for path in kind.rglob("*") if path.is_file()} for name, kind in kinds.items()}


@soak_alone
def test_a_correction_draws_what_it_changed_and_judges_nothing_twice(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "company")
    before = _parts(copy)
    CHANGES[LATE](copy.folder, random.Random(LATE))
    assert copy.run(FIRST, instance).success
    made = {kind: len(kept - before[kind]) for kind, kept in _parts(copy).items()}
    assert made["suite"] == 0
    assert 0 < made["chart"] < len(before["chart"])
    out = copy.folder / "packs" / FIRST
    packs = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    make_packs(CompanyFolder(copy.folder), CYCLE, fresh=True)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == packs


def test_before_a_run_it_is_known_which_steps_it_need_not_do(planned, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "company")
    folder = CompanyFolder(copy.folder)
    assert take_over(folder, CYCLE, "again").tables == set(LINEAGE)
    assert set(copy.lake.run_entries(CYCLE, "again")) == set(LINEAGE)
    CHANGES["another strategy"](copy.folder, random.Random(1))
    less = take_over(folder, CYCLE, "other")
    assert {"source_tables", "statistical_forecast", "consensus_demand"} <= set(less.steps)
    assert {"strategies", "financial_plan"}.isdisjoint(less.steps)
