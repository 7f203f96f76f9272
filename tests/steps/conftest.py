"""The starter company with its files copied into a cycle, and that cycle planned once without Dagster."""

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company

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
