"""Two companies in one process and one Dagster home: each keeps its own cycles, assets and runs."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from assets.definitions import build_defs
from assets.launch import claim_key, write_workspace
from assets.resources import CompanyResource
from sop_pipeline.company_folder import PROJECT, CompanyFolder, slug
from sop_pipeline.errors import BadInput
from sop_pipeline.starter import init_company
from sop_pipeline.steps.month import STEPS
from tests.present import present

CYCLE = "2026-07"


def company(folder: Path, *lines: str) -> CompanyFolder:
    """A starter company with settings of its own in front."""
    init_company(folder)
    settings = folder / "sop.yaml"
    settings.write_text("\n".join([*lines, settings.read_text()]))
    return CompanyFolder(folder)


def resource(folder: CompanyFolder) -> CompanyResource:
    return CompanyResource(folder=str(folder.path))


@pytest.fixture
def two(tmp_path):
    """Two companies; the second knows of one product less and may plan from 2013 on."""
    one, other = company(tmp_path / "Acme Süd"), company(tmp_path / "other", 'first_cycle: "2013-01"', "key: northern")
    products = other.path / "data" / "products.csv"
    products.write_text("\n".join(products.read_text().splitlines()[:-1]) + "\n")
    return one, other


def test_each_has_the_partitions_of_its_own_settings(two):
    first = [
        present(
            build_defs(company=resource(each)).resolve_job_def("planning_cycle").partitions_def
        ).get_partition_keys()[0]
        for each in two
    ]
    assert first == ["2015-01", "2013-01"]


def test_assets_and_runs_carry_the_companys_key(two):
    keys = [each.key for each in two]
    assert keys == ["acme_sud", "northern"]
    with dg.DagsterInstance.ephemeral() as instance:
        for each in two:
            held = resource(each)
            result = (
                build_defs(company=held)
                .resolve_job_def("planning_cycle")
                .execute_in_process(
                    partition_key=CYCLE,
                    instance=instance,
                    asset_selection=[held.asset_key(table) for table in STEPS[0].outputs],
                    raise_on_error=False,
                )
            )
            run = present(instance.get_run_by_id(result.run_id))
            assert run.tags["sop/company"] == each.key
            assert run.tags["sop/cycle"] == CYCLE
        rows = []
        for key in keys:
            event = present(instance.get_latest_materialization_event(dg.AssetKey([key, "products"])))
            rows.append(present(event.asset_materialization).metadata["dagster/row_count"].value)
    assert rows == [5, 4]


@pytest.mark.parametrize(
    ("name", "key"),
    [("acme", "acme"), ("Acme GmbH & Co. KG", "acme_gmbh_co_kg"), ("Müller", "muller"), ("株式会社", "company")],
)
def test_a_folders_name_becomes_a_key(name, key):
    assert slug(name) == key


def test_a_key_of_another_company_that_is_there_is_refused_by_name(tmp_path):
    first, second = company(tmp_path / "a" / "acme"), company(tmp_path / "b" / "acme")
    claim_key(tmp_path, first)
    claim_key(tmp_path, first)
    with pytest.raises(BadInput, match=r"b/acme: found the key acme, which is that of .*a/acme; .*key: acme_2"):
        claim_key(tmp_path, second)


def test_a_company_that_moved_keeps_its_key(tmp_path):
    first = company(tmp_path / "a" / "acme")
    claim_key(tmp_path, first)
    (tmp_path / "b").mkdir()
    first.path.rename(tmp_path / "b" / "acme")
    claim_key(tmp_path, CompanyFolder(tmp_path / "b" / "acme"))


def test_the_web_ui_gets_a_code_location_a_company_named_by_its_key(two, tmp_path):
    workspace = write_workspace(tmp_path, list(two))
    places = [entry["python_file"] for entry in yaml.safe_load(workspace.read_text())["load_from"]]
    assert [place["location_name"] for place in places] == ["acme_sud", "northern"]
    for place in places:
        defs = runpy.run_path(place["relative_path"])["defs"]
        keys = defs.resolve_asset_graph().materializable_asset_keys
        assert {key.path[0] for key in keys} == {place["location_name"]}


@pytest.mark.slow
def test_dagster_loads_both_code_locations(two, tmp_path):
    workspace = write_workspace(tmp_path, list(two))
    command = [sys.executable, "-m", "dagster", "definitions", "validate", "-w", str(workspace)]
    environment = {**os.environ, "DAGSTER_HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
