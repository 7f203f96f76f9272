"""Every identity, for every company audited: starter, demo, mixed units, top-down, and companies made by chance.

``make soak`` audits all of the companies made by chance; ``.ci/run`` ten of them, picked by ``SEED``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.demo import write_company
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company
from sop_pipeline.steps.publication import make_packs
from tests.audit.companies import CYCLE, write_random_company
from tests.audit.gap_sets import audit_gap_set
from tests.audit.identities import IDENTITIES, WITHIN
from tests.audit.published import Published
from tests.thrift import SOAK

ROOT = Path(__file__).resolve().parents[2]
ALL, SOME, SEED = 50, 10, 2026
SEEDS = range(ALL) if SOAK else sorted(np.random.default_rng(SEED).permutation(ALL)[:SOME])


def planned(folder: Path, cycle: str) -> Published:
    """Run the month from files to packs."""
    company, month = CompanyFolder(folder), Cycle.parse(cycle)
    snapshot(company.settings, folder, month, company.lake)
    steps.run(company.lake, company.settings, month, publish=True)
    make_packs(company, month)
    return Published(folder, cycle)


def audit(cycle: Published) -> None:
    """Compute every identity; say of each that fails how many figures differ, and by how much at most."""
    faults = []
    for name, compare in IDENTITIES.items():
        apart = compare(cycle)
        wrong = int((apart > WITHIN[name]).sum())
        most = apart.max() if len(apart) else 0.0
        print(f"{cycle.folder.name} {cycle.cycle}: {len(apart)} figures, at most {most:.2g} apart: {name}")
        if wrong:
            faults.append(f"{name}: {wrong} of {len(apart)} figures, up to {apart.max():.6g} apart")
    assert not faults, "\n".join(faults)


@pytest.mark.slow
def test_the_starter(tmp_path):
    init_company(tmp_path / "starter")
    audit(planned(tmp_path / "starter", CYCLE))


@pytest.mark.slow
def test_a_company_of_mixed_units(tmp_path):
    audit(planned(write_random_company(tmp_path / "mixed", 8, units=["piece", "kg", "piece"]), CYCLE))


@pytest.mark.slow
def test_a_company_top_down(tmp_path):
    stated = {"forecast_approach": "top_down", "planning_approach": "top_down"}
    audit(planned(write_random_company(tmp_path / "top_down", 9, units=["piece"], **stated), CYCLE))


@pytest.mark.slow
def test_three_cycles_of_the_demo(tmp_path):
    folder = tmp_path / "demo"
    write_company(folder)
    settings = folder / "sop.yaml"
    stated = settings.read_text(encoding="utf-8").replace("first_cycle: 2026-10", "first_cycle: 2026-09")
    settings.write_text(stated.replace("formats: [html, pdf, xlsx, csv, parquet]", "formats: [csv]"))
    for cycle in ("2026-09", "2026-10", "2026-11"):
        audit(planned(folder, cycle))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_company_made_by_chance(tmp_path, seed):
    folder = write_random_company(tmp_path / f"company_{seed}", int(seed))
    audit(planned(folder, CYCLE))
    assert audit_gap_set(CompanyFolder(folder), Cycle.parse(CYCLE)) != "no_plan"
