"""A cycle is released: frozen with all it rests on, its packs as released, the same bytes whenever they are made."""

import json
import re
import shutil

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import snapshot
from sop_pipeline.releases import PlanName
from sop_pipeline.starter import init_company
from sop_pipeline.steps.publication import make_packs
from sop_pipeline.steps.release import release_cycle
from sop_pipeline.verification import verify_cycles
from sop_pipeline.versions import versions

JUNE, JULY = Cycle.parse("2026-06"), Cycle.parse("2026-07")
WHO = {"by": "Anna Ott", "why": "as put up"}


def plan(company, cycle):
    snapshot(company.settings, company.path, cycle, company.lake)
    steps.run(company.lake, company.settings, cycle, checks=False, publish=True)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The starter, planned and released in June, planned again with other prices, then planned in July."""
    folder = tmp_path_factory.mktemp("released") / "company"
    init_company(folder)
    settings = folder / "sop.yaml"
    settings.write_text(re.sub(r"formats: \[.*\]", "formats: [html, csv, xlsx]", settings.read_text()))
    company = CompanyFolder(folder)
    plan(company, JUNE)
    return company


@pytest.fixture(scope="module")
def first(company):
    return release_cycle(company, JUNE, **WHO, run="run-1")


def text_of(path):
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", path.read_text(), flags=re.S))


def page(folder):
    return text_of(next(folder.glob("*.html")))


def test_the_manifest_has_every_input_output_setting_and_version(company, first):
    manifest = json.loads(first.manifest.read_text())
    assert first.plan == PlanName(JUNE, "r01")
    assert first.is_new
    assert {name: entry["content_sha256"] for name, entry in manifest["tables"].items()} == company.lake.hashes(JUNE)
    files = {row["file"]: row["sha256"] for row in company.lake.read("source_files", JUNE).to_pylist()}
    assert {each["file"]: each["sha256"] for each in manifest["inputs"]} == files
    assert all((company.lake.root / each["stored"]).is_file() for each in manifest["inputs"])
    assert manifest["settings"] == company.settings.model_dump(mode="json")
    assert manifest["versions"] == manifest["planned_with"] == versions()
    assert {"duckdb", "highspy", "pandas", "code", "python", "sop-pipeline"} <= set(versions())
    assert (manifest["released_by"], manifest["why"], manifest["released_in"]) == ("Anna Ott", "as put up", "run-1")


def test_every_page_says_what_was_released_and_the_appendix_by_whom(company, first):
    for folder in (company.packs(first.plan), company.packs(JUNE)):
        said = page(folder)
        assert "cycle 2026-06 · data to 31 May 2026 · released r01" in said or "released r01" in said
        assert "released r01 by Anna Ott on " in said
        assert "draft" not in said.lower()
    exported = {path.name for path in (company.packs(first.plan) / "exports").iterdir()}
    assert {"sales_plan.csv", "operational_plan.csv"} <= exported


def test_the_same_plan_is_not_released_twice(company, first):
    again = release_cycle(company, JUNE, by="Somebody else", why="once more")
    assert (again.plan, again.is_new) == (first.plan, False)
    assert company.lake.releases.names(JUNE) == ["r01"]


@pytest.fixture(scope="module")
def second(company, first):
    """June planned again with other settings, and released again; the first release's packs as they were before."""
    before = {path: path.read_bytes() for path in company.packs(first.plan).rglob("*") if path.is_file()}
    settings = company.path / "sop.yaml"
    settings.write_text(re.sub(r"strategy: \w+", "strategy: level", settings.read_text(), count=1))
    plan(company, JUNE)
    make_packs(company, JUNE)
    drafted = page(company.packs(JUNE))
    return before, drafted, release_cycle(company, JUNE, **WHO)


def test_planned_again_it_is_a_draft_until_it_is_the_next_release(company, second):
    before, drafted, released = second
    assert "released" not in drafted.replace("not released", "")
    assert released.plan == PlanName(JUNE, "r02")
    assert "released r02" in page(company.packs(JUNE))
    assert {path: path.read_bytes() for path in before} == before


def test_a_release_made_again_gives_the_same_bytes_whatever_was_planned_since(company, first, second):
    before, *_ = second
    shutil.rmtree(company.packs(first.plan))
    make_packs(company, first.plan)
    assert {path: path.read_bytes() for path in company.packs(first.plan).rglob("*") if path.is_file()} == before
    make_packs(company, first.plan)
    assert verify_cycles(company.lake, packs=company.path / "packs").passed


def test_a_pack_of_a_release_that_somebody_changed_is_told(company, first, second):
    sheet = next(company.packs(first.plan).glob("exports/sales_plan.csv"))
    content = sheet.read_bytes()
    sheet.chmod(0o644)
    sheet.write_bytes(content + b"\n")
    report = verify_cycles(company.lake, first.plan, packs=company.path / "packs")
    assert not report.passed
    assert "sales_plan.csv: found other bytes than were released" in report.lines[0]
    sheet.write_bytes(content)


def test_packs_that_come_out_otherwise_are_refused_with_what_made_them(company, first, second, monkeypatch):
    monkeypatch.setattr("sop_pipeline.packs.pages.appendix.__version__", "9.9.9")
    with pytest.raises(BadInput, match=r"other bytes for executive-pack-2026-06.html.*code " + versions()["code"]):
        make_packs(company, first.plan)


def test_the_next_cycle_rests_on_the_release_and_says_so_on_the_page_and_in_a_table(company, first, second):
    released = company.lake.read("sales_plan", JUNE)
    settings = company.path / "sop.yaml"
    settings.write_text(re.sub(r"strategy: \w+", "strategy: chase", settings.read_text(), count=1))
    plan(company, JUNE)  # a draft nobody released
    plan(company, JULY)
    last = company.lake.read("last_plan", JULY).to_pylist()
    assert {(row["cycle"], row["release"]) for row in last} == {("2026-06", "r02")}
    sold = {(row["product_id"], row["month"]): row["sales"] for row in released.to_pylist()}
    assert {(row["product_id"], row["month"]): row["sales"] for row in last} == sold
    make_packs(company, JULY)
    assert "last cycle: 2026-06, released r02" in page(company.packs(JULY))


def test_a_draft_that_a_cycle_rests_on_is_named_as_one(starter, planned):
    assert planned.tables["last_plan"].num_rows == 0  # a first cycle rests on nothing
    with pytest.raises(BadInput, match=r"found --why without a word"):
        release_cycle(starter, JULY, by="Anna", why=" ")


def test_what_is_not_published_or_stale_or_damaged_is_not_released(company, second):
    lake = company.lake
    with pytest.raises(BadInput, match=r"found no published cycle.*sop run --cycle 2026-01"):
        release_cycle(company, Cycle.parse("2026-01"), **WHO)
    pointer = lake.pointer_path(JUNE)
    whole = pointer.read_text()
    pointer.write_text(json.dumps({**json.loads(whole), "stale": ["sales_plan"]}))
    with pytest.raises(BadInput, match="found stale tables: sales_plan"):
        release_cycle(company, JUNE, **WHO)
    pointer.write_text(whole)
    assert lake.releases.names(JUNE) == ["r01", "r02"]
