"""A cycle is released: frozen with all it rests on, its packs as released, the same bytes whenever they are made."""

import json
import re
import shutil

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.errors import BadInput
from sop_pipeline.releases import PlanName
from sop_pipeline.steps.publication import make_packs
from sop_pipeline.steps.release import release_cycle
from sop_pipeline.verification import verify_cycles
from sop_pipeline.versions import versions
from tests.steps.conftest import JUNE, plan

pytestmark = pytest.mark.slow

JULY = Cycle.parse("2026-07")
WHO = {"by": "Anna Ott", "why": "as put up"}


@pytest.fixture
def company(released):
    return released.company


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.S))


def page(folder):
    return words(next(folder.glob("executive-pack-*.html")).read_text())


def test_the_manifest_has_every_input_output_setting_and_version(company, released):
    manifest = json.loads(released.first.manifest.read_text())
    assert released.first.plan == PlanName(JUNE, "r01")
    assert released.first.is_new
    assert {name: entry["content_sha256"] for name, entry in manifest["tables"].items()} == released.hashes
    files = {row["file"]: row["sha256"] for row in company.lake.read("source_files", JUNE).to_pylist()}
    assert {each["file"]: each["sha256"] for each in manifest["inputs"]} == files
    assert all((company.lake.root / each["stored"]).is_file() for each in manifest["inputs"])
    assert (manifest["settings"]["supply"]["strategy"], manifest["settings"]["company"]) == (
        "blended",
        "Riverbank Bakery",
    )
    assert manifest["versions"] == manifest["planned_with"] == versions()
    assert {"duckdb", "highspy", "pandas", "code", "python", "sop-pipeline"} <= set(versions())
    assert (manifest["released_by"], manifest["why"], manifest["released_in"]) == ("Anna Ott", "as put up", "run-1")


def test_a_release_says_which_decisions_nobody_took(company, released):
    wanted = sorted(set(company.lake.read("decisions_wanted", JUNE).column("decision_id").to_pylist()))
    assert wanted, "June puts up a decision"
    (note,) = [note for note in released.second.notes if "without a decision" in note]
    assert all(name in note for name in wanted)
    assert f"sop decide {JUNE} " in note


def test_every_page_says_what_was_released_and_the_appendix_by_whom(company, released):
    for folder, name in ((company.packs(released.first.plan), "r01"), (company.packs(JUNE), "r02")):
        said = page(folder)
        assert f"cycle 2026-06 · released {name}" in said
        assert f"released {name} by Anna Ott on " in said
        assert "draft" not in said.lower()
    exported = {path.name for path in (company.packs(released.first.plan) / "exports").iterdir()}
    assert {"sales_plan.csv", "operational_plan.csv"} <= exported


def test_the_same_plan_is_not_released_twice(company, released):
    assert (released.again.plan, released.again.is_new) == (released.first.plan, False)
    assert company.lake.releases.names(JUNE) == ["r01", "r02"]
    assert json.loads(released.first.manifest.read_text())["released_by"] == "Anna Ott"


def test_planned_again_it_is_a_draft_until_it_is_the_next_release(released):
    assert "cycle 2026-06 · draft" in words(released.drafted)
    assert released.second.plan == PlanName(JUNE, "r02")
    assert {path: path.read_bytes() for path in released.kept} == released.kept


def test_a_release_made_again_gives_the_same_bytes_whatever_was_planned_since(company, released):
    folder = company.packs(released.first.plan)
    shutil.rmtree(folder)
    for _ in range(2):
        make_packs(company, released.first.plan)
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == released.kept
    assert verify_cycles(company.lake, packs=company.path / "packs").passed


def test_a_pack_of_a_release_that_somebody_changed_is_told(company, released):
    sheet = next(company.packs(released.first.plan).glob("exports/sales_plan.csv"))
    content = sheet.read_bytes()
    sheet.chmod(0o644)
    sheet.write_bytes(content + b"\n")
    report = verify_cycles(company.lake, released.first.plan, packs=company.path / "packs")
    assert not report.passed
    assert "sales_plan.csv: found other bytes than were released" in report.lines[0]
    sheet.write_bytes(content)


def test_packs_that_come_out_otherwise_are_refused_with_what_made_them(company, released, monkeypatch):
    monkeypatch.setattr("sop_pipeline.packs.pages.appendix.__version__", "9.9.9")
    with pytest.raises(BadInput, match=r"other bytes for executive-pack-2026-06.html.*code " + versions()["code"]):
        make_packs(company, released.first.plan)


def test_the_next_cycle_rests_on_the_release_and_says_so_on_the_page_and_in_a_table(company, released):
    sold = {(row["product_id"], row["month"]): row["sales"] for row in _released_sales(company)}
    settings = company.path / "sop.yaml"
    before = settings.read_text()
    settings.write_text(re.sub(r"strategy: \w+", "strategy: chase", before, count=1))
    plan(company, JUNE)  # a draft nobody released
    assert sold != {(row["product_id"], row["month"]): row["sales"] for row in _drafted_sales(company)}
    plan(company, JULY)
    last = company.lake.read("last_plan", JULY).to_pylist()
    assert {(row["cycle"], row["release"]) for row in last} == {("2026-06", "r02")}
    assert {(row["product_id"], row["month"]): row["sales"] for row in last} == sold
    make_packs(company, JULY)
    assert "last cycle: 2026-06, released r02" in page(company.packs(JULY))
    settings.write_text(before)


def _released_sales(company):
    return company.lake.named(JUNE, company.lake.releases.manifest(JUNE, "r02")["tables"])["sales_plan"].to_pylist()


def _drafted_sales(company):
    return company.lake.read("sales_plan", JUNE).to_pylist()


def test_a_release_without_a_reason_or_of_nothing_or_of_stale_tables_is_refused(company):
    lake = company.lake
    with pytest.raises(BadInput, match=r"found --why without a word"):
        release_cycle(company, JUNE, by="Anna", why=" ")
    with pytest.raises(BadInput, match=r"found no published cycle.*sop run --cycle 2026-01"):
        release_cycle(company, Cycle.parse("2026-01"), **WHO)
    pointer = lake.pointer_path(JUNE)
    whole = pointer.read_text()
    pointer.write_text(json.dumps({**json.loads(whole), "stale": ["sales_plan"]}))
    with pytest.raises(BadInput, match="found stale tables: sales_plan"):
        release_cycle(company, JUNE, **WHO)
    pointer.write_text(whole)
    assert lake.releases.names(JUNE) == ["r01", "r02"]


def test_a_decision_that_was_recorded_and_never_planned_is_not_left_out_of_a_release(company):
    log = DecisionLog(company.lake.root)
    record = log.add(JUNE, {"decision_id": f"{JUNE}-strategy", "action": "adopt"})
    with pytest.raises(BadInput, match=rf"found recorded and not planned yet: {JUNE}-strategy.*sop run --cycle {JUNE}"):
        release_cycle(company, JUNE, **WHO)
    (log.root / "decisions" / JUNE.name / f"{record['number']:04d}.json").unlink()
    assert company.lake.releases.names(JUNE) == ["r01", "r02"], "a refused release leaves nothing"
