"""One whole cycle in process: every table made, checked, published once, and turned into packs."""

import shutil
import subprocess
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.starter import init_company
from sop_pipeline.steps.month import STEPS
from tests.present import present
from tests.thrift import soak_alone

FIRST, SECOND = "2026-07", "2026-08"


def failures(result):
    return [event.message for event in result.all_events if event.is_step_failure]


def test_every_table_of_the_registry_is_published(planned):
    company, _ = planned
    assert set(company.hashes(FIRST)) == set(tables.REGISTRY)


def test_published_tables_have_the_registrys_schema(planned):
    company, _ = planned
    for name, entry in company.lake.pointer(Cycle.parse(FIRST))["tables"].items():
        assert pq.read_schema(company.lake.root / entry["file"]).equals(tables.get(name).arrow), name


def test_every_table_has_a_blocking_schema_check_that_passed(planned):
    _, result = planned
    checked = {
        event.asset_check_evaluation_data.asset_key.path[-1]
        for event in result.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION"
        and event.asset_check_evaluation_data.check_name == "schema"
        and event.asset_check_evaluation_data.passed
        and event.asset_check_evaluation_data.blocking
    }
    assert checked == set(tables.REGISTRY)


def test_materialisations_tell_rows_and_hash(planned):
    company, result = planned
    events = result.asset_materializations_for_node("consensus_demand")
    plan = next(event for event in events if event.asset_key.path[-1] == "demand_plan")
    assert plan.metadata["content_sha256"].value == company.hashes(FIRST)["demand_plan"]
    assert plan.metadata["dagster/row_count"].value > 0


def test_the_packs_are_there_and_nothing_half_written(planned):
    company, _ = planned
    made = {path.suffix for path in (company.folder / "packs" / FIRST).rglob("*") if path.is_file()}
    assert {".html", ".pdf", ".xlsx", ".csv"} <= made
    assert not [path for path in company.folder.rglob(".*") if path.is_file()]


def test_every_page_of_a_pack_is_one_sheet(planned):
    """No page runs over onto a second sheet: as many bookmarks as sheets."""
    company, _ = planned
    papers = {path.name: pypdf.PdfReader(path) for path in (company.folder / "packs" / FIRST).glob("*.pdf")}
    assert len(papers) == 6
    assert {name: len(paper.outline) for name, paper in papers.items()} == {
        name: len(paper.pages) for name, paper in papers.items()
    }


def test_views_show_the_published_cycle(planned):
    company, _ = planned
    with duckdb.connect(str(company.lake.root / "sop.duckdb"), read_only=True) as views:
        counted = views.sql(f"select count(*) from demand_plan where planning_cycle = '{FIRST}'").fetchone()
    assert present(counted)[0] == company.lake.read("demand_plan", Cycle.parse(FIRST)).num_rows


@soak_alone
@pytest.mark.slow
def test_planning_again_gives_the_same_hashes(planned, instance, tmp_path):
    company, _ = planned
    again = type(company)(tmp_path / "again")
    init_company(again.folder)
    result = again.run(FIRST, instance)
    assert result.success, failures(result)
    assert again.hashes(FIRST) == company.hashes(FIRST)


@pytest.mark.slow
def test_a_second_cycle_sees_the_first(planned, instance, tmp_path):
    company, _ = planned
    later = type(company)(tmp_path / "later")
    shutil.copytree(company.folder, later.folder)
    with (later.folder / "data" / "sales.csv").open("a") as sales:
        rows = [line for line in (company.folder / "data" / "sales.csv").read_text().splitlines() if "2026-06" in line]
        sales.writelines(line.replace("2026-06", "2026-07") + "\n" for line in rows)
    settings = later.folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("frozen_months: 0", "frozen_months: 2"))
    result = later.run(SECOND, instance)
    assert result.success, failures(result)
    _frozen_as_last_planned(later, company)
    seen = later.lake.read("last_plan", Cycle.parse(SECOND))
    assert set(seen["cycle"].to_pylist()) == {FIRST}
    attained = later.lake.read("plan_attainment", Cycle.parse(SECOND)).to_pylist()
    assert {row["cycle"] for row in attained} == {FIRST}
    assert any(row["measure"] == "sales" for row in attained)


def _frozen_as_last_planned(later, company):
    """The second cycle's first two months are what the first cycle's production plan had for them."""
    last = {
        (row["product_id"], row["month"]): row["output"]
        for row in company.lake.read("production_plan", Cycle.parse(FIRST)).to_pylist()
    }
    kept = [row for row in later.lake.read("frozen_plan", Cycle.parse(SECOND)).to_pylist() if row["kept"]]
    assert {row["month"].strftime("%Y-%m") for row in kept} == {SECOND, "2026-09"}
    made = later.lake.read("production_schedule", Cycle.parse(SECOND)).to_pylist()
    output = {(row["product_id"], row["month"]): row["output"] for row in made}
    for row in kept:
        key = row["product_id"], row["month"]
        assert output[key] == row["output"] == last[key]
    assert "frozen_plan" in later.lake.read("defaults_used", Cycle.parse(SECOND))["default_id"].to_pylist()


def test_data_that_fails_its_check_stops_the_cycle_and_leaves_the_old_one(planned, instance, tmp_path):
    company, _ = planned
    broken = type(company)(tmp_path / "broken")
    shutil.copytree(company.folder, broken.folder)
    before = (broken.lake.root / "cycles" / FIRST / "_current.json").read_bytes()
    sales = broken.folder / "data" / "sales.csv"
    lines = sales.read_text().splitlines()
    sales.write_text("\n".join([lines[0], *(line.replace("bread-1", "no-such-bread") for line in lines[1:])]) + "\n")
    result = broken.run(FIRST, instance)
    assert not result.success
    assert "within_tolerance" in " ".join(event.message for event in result.all_events)
    started = {event.step_key for event in result.all_events if event.event_type_value == "STEP_START"}
    assert "statistical_forecast" not in started
    assert (broken.lake.root / "cycles" / FIRST / "_current.json").read_bytes() == before


@pytest.mark.slow
def test_a_few_tables_made_by_hand_name_what_became_stale(planned, instance, tmp_path):
    company, _ = planned
    edited = type(company)(tmp_path / "edited")
    shutil.copytree(company.folder, edited.folder)
    inputs = edited.folder / "data" / "demand_inputs.csv"
    inputs.write_text(inputs.read_text().replace("300.0", "450.0"))
    made = ["demand_adjustments", "demand_plan", "demand_range", "market_forecast", "market_accuracy"]
    consensus = [*made, "published_cycle"]
    result = edited.run(FIRST, instance, selection=[*ingest_alone(), *consensus])
    assert result.success, failures(result)
    pointer = edited.lake.pointer(Cycle.parse(FIRST))
    # what is announced explains the past too: history was not made again, nor the actuals, which end with it
    assert {"demand_history", "actuals", "sales_plan", "aggregate_plan", "financial_plan"} <= set(pointer["stale"])
    assert not {"demand_plan", "sales", "product_lifecycle"} & set(pointer["stale"])
    assert edited.hashes(FIRST)["demand_plan"] != company.hashes(FIRST)["demand_plan"]
    assert edited.hashes(FIRST)["sales_plan"] == company.hashes(FIRST)["sales_plan"]


def copy_of(company, folder):
    copy = type(company)(folder)
    shutil.copytree(company.folder, copy.folder)
    return copy


def ingest_alone():
    return list(STEPS[0].outputs)


def accept(company, cycle):
    """Plan a cycle although the sales end a month too early for it."""
    settings = company.folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("accept_stale: {}", f"accept_stale: {{sales: {cycle}}}"))


def test_views_that_fail_after_the_swap_are_a_note_of_a_run_that_succeeded(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "copy")
    before = copy.lake.pointer(Cycle.parse(FIRST))["run"]
    (copy.lake.root / "sop.duckdb").unlink()
    (copy.lake.root / "sop.duckdb" / "in the way").mkdir(parents=True)
    result = copy.run(FIRST, instance, selection=[*ingest_alone(), "published_cycle"])
    assert result.success, failures(result)
    assert copy.lake.pointer(Cycle.parse(FIRST))["run"] == result.run_id != before


def test_the_next_cycle_is_published_beside_a_damaged_one_it_need_not_read(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "copy")
    damaged = copy.lake.root / copy.lake.pointer(Cycle.parse(FIRST))["tables"]["sales"]["file"]
    damaged.write_bytes(damaged.read_bytes()[:100])
    accept(copy, SECOND)
    result = copy.run(SECOND, instance, selection=[*ingest_alone(), "published_cycle"])
    assert result.success, failures(result)
    assert copy.lake.cycles() == [Cycle.parse(FIRST), Cycle.parse(SECOND)]
    assert not list(copy.lake.root.glob(".sop*"))


@soak_alone
@pytest.mark.slow
def test_damage_of_what_the_next_cycle_reads_stops_it_with_nothing_published(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "copy")
    damaged = copy.lake.root / copy.lake.pointer(Cycle.parse(FIRST))["tables"]["demand_plan"]["file"]
    plan = pq.read_table(damaged)
    place = plan.column_names.index("quantity")
    pq.write_table(
        plan.set_column(place, "quantity", pa.array([1] * plan.num_rows, plan.schema.field(place).type)), damaged
    )
    accept(copy, SECOND)
    result = copy.run(SECOND, instance)
    assert not result.success
    told = [str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure]
    assert len(told) == 2
    for error in told:
        assert f"{damaged.name}: found other rows than were published" in error
        assert f"sop run --cycle {FIRST}" in error
    assert copy.lake.cycles() == [Cycle.parse(FIRST)]


def test_a_second_run_of_the_cycle_is_refused_before_it_writes(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "copy")
    hold = (
        "import sys, time; from pathlib import Path; from sop_pipeline.cycle import Cycle;"
        "from sop_pipeline.writer import only_writer\n"
        "with only_writer(Path(sys.argv[1]), Cycle.parse(sys.argv[2])): print('held', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(copy.lake.root), FIRST], stdout=subprocess.PIPE, text=True
    ) as first:
        assert present(first.stdout).readline() == "held\n"
        result = copy.run(FIRST, instance)
        first.kill()
    assert not result.success
    assert f"found process {first.pid} of" in str(result.all_events)
    assert copy.hashes(FIRST) == company.hashes(FIRST)
    assert not copy.lake.run_entries(Cycle.parse(FIRST), result.run_id)


def _is_check(event):
    return event.event_type_value == "ASSET_CHECK_EVALUATION"


def test_sales_that_end_a_month_before_the_cutoff_stop_the_cycle_at_its_first_step(planned, instance, tmp_path):
    company, _ = planned
    copy = copy_of(company, tmp_path / "copy")
    result = copy.run(SECOND, instance)
    assert not result.success
    failed = {
        (each.asset_key.path[-1], each.check_name): each
        for each in (event.asset_check_evaluation_data for event in result.all_events if _is_check(event))
        if not each.passed
    }
    assert failed.keys() == {("source_files", "volume"), ("data_freshness", "fresh")}
    assert not failed["source_files", "volume"].blocking
    check = failed["data_freshness", "fresh"]
    assert "data/sales.csv: found sales that end on 2026-06-30, 23 working days before the cut-off" in check.description
    assert copy.lake.cycles() == [Cycle.parse(FIRST)]
