"""The starter company with its files copied into a cycle, and that cycle planned once without Dagster."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company
from sop_pipeline.steps.publication import make_packs
from sop_pipeline.steps.release import Released as ReleasedPlan
from sop_pipeline.steps.release import release_cycle

CYCLE = Cycle.parse("2026-07")


@pytest.fixture(scope="session")
def starter(tmp_path_factory):
    """A company whose files were copied into its cycle; tests of it write nothing there."""
    folder = tmp_path_factory.mktemp("steps") / "company"
    init_company(folder)
    company = CompanyFolder(folder)
    snapshot(company.settings, folder, CYCLE, company.lake)
    return company


@pytest.fixture(scope="session")
def planned(starter):
    """The company's cycle, planned in memory and published."""
    return steps.run(starter.lake, starter.settings, CYCLE, publish=True)


JUNE = Cycle.parse("2026-06")


def plan(company, cycle):
    """Take a company's files into a cycle and plan it."""
    snapshot(company.settings, company.path, cycle, company.lake)
    steps.run(company.lake, company.settings, cycle, checks=False, publish=True)


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """The starter, June released, then planned to another strategy and released again; with what came of each."""
    folder = tmp_path_factory.mktemp("released") / "company"
    init_company(folder)
    settings = folder / "sop.yaml"
    settings.write_text(re.sub(r"formats: \[.*\]", "formats: [html, csv, xlsx]", settings.read_text()))
    company = CompanyFolder(folder)
    plan(company, JUNE)
    first = release_cycle(company, JUNE, by="Anna Ott", why="as put up", run="run-1")
    hashes = company.lake.hashes(JUNE)
    again = release_cycle(company, JUNE, by="Somebody else", why="once more")
    kept = {path: path.read_bytes() for path in company.packs(first.plan).rglob("*") if path.is_file()}
    settings.write_text(re.sub(r"strategy: \w+", "strategy: level", settings.read_text(), count=1))
    plan(company, JUNE)
    make_packs(company, JUNE)
    drafted = next(company.packs(JUNE).glob("executive-pack-*.html")).read_text()
    second = release_cycle(company, JUNE, by="Anna Ott", why="as put up")
    return Released(company, first, again, second, hashes, kept, drafted)


@dataclass(frozen=True)
class Released:
    """A company with two releases of June; ``hashes`` and ``kept`` are of the first, ``drafted`` a page in between."""

    company: CompanyFolder
    first: ReleasedPlan
    again: ReleasedPlan
    second: ReleasedPlan
    hashes: dict[str, str]
    kept: dict[Path, bytes]
    drafted: str
