"""What the web UI says of every asset: who answers for it, what it is, its code, its columns' sources, its numbers."""

import re
from pathlib import Path

import dagster as dg
import pytest

from assets.columns import column_sources
from assets.definitions import build_defs
from assets.described import code_version
from assets.resources import CompanyResource
from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.figures import FIGURES
from sop_pipeline.steps.month import LINEAGE, STEPS
from tests.present import present

CYCLE = "2026-07"


@pytest.fixture(scope="module")
def graph():
    return build_defs(company=CompanyResource(folder="nowhere")).resolve_asset_graph()


@pytest.mark.slow
def test_the_definitions_load_as_dagster_checks_them(starter):
    dg.Definitions.validate_loadable(build_defs(company=CompanyResource(folder=str(starter.folder))))


def test_every_asset_has_an_owner_its_company_and_a_tier(graph):
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert [bool(re.fullmatch(r"team:[a-z_]+", owner)) for owner in node.owners] == [True], key
        assert node.tags["sop/company"] == "nowhere"
        assert node.tags["sop/tier"] in {"input", "working", "deliverable"}
    tiers = {key.path[-1]: graph.get(key).tags["sop/tier"] for key in graph.materializable_asset_keys}
    assert {tiers[name] for name in ("sales_plan", "operational_plan", "meeting_packs")} == {"deliverable"}
    assert tiers["sales"] == "input"
    assert tiers["plan_costs"] == "working"


def test_owners_are_those_of_the_settings(starter):
    settings = starter.folder / "sop.yaml"
    named = "owners: {sales: ada@acme.example, production: {north: Ben Hill, all: Cy Dale}}"
    settings.write_text(settings.read_text().replace("owners: {}", named))
    graph = build_defs(company=CompanyResource(folder=str(starter.folder))).resolve_asset_graph()
    owners = {key.path[-1]: list(graph.get(key).owners) for key in graph.materializable_asset_keys}
    assert owners["forecast"] == ["ada@acme.example"]
    assert owners["aggregate_plan"] == ["team:cy_dale"]
    assert owners["financial_plan"] == ["team:finance"]


def test_code_links_lead_to_the_function_that_makes_the_table(graph):
    for step in STEPS:
        for table in step.outputs:
            node = graph.get(dg.AssetKey(["nowhere", table]))
            function, *statements = node.metadata["dagster/code_references"].code_references
            line = Path(function.file_path).read_text().splitlines()[function.line_number - 1]
            assert function.label in line or line.startswith("@"), (table, line)
            assert all(Path(each.file_path).stem == table for each in statements)


def test_a_change_of_a_room_changes_the_code_version_of_its_tables_alone():
    versions = {table: code_version(step, table) for step in STEPS for table in step.outputs}
    assert versions["forecast"] == versions["demand_plan"] != versions["aggregate_plan"] == versions["plan_costs"]
    assert len(set(versions.values())) >= 6


def test_columns_come_from_tables_of_the_lineage_and_mean_the_same():
    found = {name: column_sources(name) for name in tables.REGISTRY}
    assert ("production_schedule", "demand") in found["sales_plan"]["demand"]
    for name, sources in found.items():
        for column, places in sources.items():
            assert {table for table, _ in places} <= LINEAGE[name]
            assert {tables.get(table)[other].meaning for table, other in places} == {tables.get(name)[column].meaning}
    assert sum(map(len, found.values())) > 300


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_of_columns_that_are_there(name):
    assert {figure.column for figure in FIGURES[name]} <= set(tables.get(name).names)
    assert {column for figure in FIGURES[name] for column in figure.where} <= set(tables.get(name).names)


def events(result):
    return {
        event.asset_key.path[-1]: event.event_specific_data.materialization.metadata
        for event in result.all_events
        if event.is_step_materialization
    }


def test_figures_are_numbers_to_plot_and_what_the_tables_add_up_to(planned):
    company, result = planned
    told, lake, cycle = events(result), company.lake, Cycle.parse(CYCLE)
    rows = lake.read("sales_plan", cycle).to_pylist()
    assert told["sales_plan"]["revenue"].value == float(sum(row["revenue"] for row in rows))
    assert told["sales_plan"]["units"].value == float(sum(row["sales"] for row in rows))
    (chosen,) = [row for row in lake.read("plan_summary", cycle).to_pylist() if row["chosen"]]
    assert told["plan_summary"]["cost"].value == float(chosen["total_cost"])
    assert told["plan_summary"]["service"].value == float(chosen["service"])
    assert told["source_files"]["rows_quarantined"].value == lake.read("quarantine", cycle).num_rows
    assert {type(told[name][figure.name].value) for name in told for figure in FIGURES.get(name, ())} <= {int, float}
    assert "dagster/column_lineage" in told["sales_plan"]


def test_checks_are_told_by_cycle(planned):
    _, result = planned
    found = [
        event.asset_check_evaluation_data
        for event in result.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION"
    ]
    assert {each.partition for each in found} == {CYCLE}
    assert {present(each.metadata["failed"]).value for each in found} == {0}


def test_runs_are_tagged_with_the_time_after_which_they_are_ended(starter):
    assert CompanyResource(folder=str(starter.folder)).tags(CYCLE)["dagster/max_runtime"] == str(12 * 3600)
