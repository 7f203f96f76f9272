"""A small real company, planned for real: the starter, its job, its lake and packs."""

from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import build_defs
from assets.resources import CompanyResource
from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.starter import init_company

FIRST, SECOND = "2026-07", "2026-08"


@dataclass
class Planned:
    """A company folder with the results of its runs."""

    folder: Path

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    def run(self, cycle: str, instance: dg.DagsterInstance, selection=None) -> dg.ExecuteInProcessResult:
        company = CompanyResource(folder=str(self.folder))
        job = build_defs(company=company).resolve_job_def("planning_cycle")
        return job.execute_in_process(
            partition_key=cycle,
            instance=instance,
            raise_on_error=False,
            asset_selection=[company.asset_key(name) for name in selection] if selection else None,
            run_config={"loggers": {"progress": {}}},
        )

    def hashes(self, cycle: str) -> dict[str, str]:
        return self.lake.hashes(Cycle.parse(cycle))


@pytest.fixture(scope="session")
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def starter(tmp_path):
    init_company(tmp_path / "company")
    return Planned(tmp_path / "company")


@pytest.fixture(scope="session")
def planned(tmp_path_factory, instance):
    """The starter company with its first cycle planned; tests of it only read."""
    folder = tmp_path_factory.mktemp("planned") / "company"
    init_company(folder)
    company = Planned(folder)
    result = company.run(FIRST, instance)
    assert result.success, [event.message for event in result.all_events if event.is_step_failure]
    return company, result


@pytest.fixture(scope="session")
def company_at():
    """Make a company of a folder."""
    return Planned
