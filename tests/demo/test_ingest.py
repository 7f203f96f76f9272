"""Ingestion finds in the demo company exactly what was planted, and reads the starter and SupplyGraph whole."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pytest

from sop_pipeline import config
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import ingest, snapshot
from sop_pipeline.lake import Lake
from sop_pipeline.starter import FIRST_CYCLE, init_company
from sop_pipeline.tables import INPUTS, rows, where

PROJECT = Path(__file__).parents[2]
ARCHIVE = Path(os.environ.get("SOP_BENCHMARK_DATA", PROJECT.parent / "shared" / "data")) / "supplygraph"


def read(company, folder, cycle_name, lake_folder):
    cycle = Cycle.parse(cycle_name)
    return ingest(snapshot(company, folder, cycle, Lake(lake_folder)), company, cycle)


def counted(result, table):
    """Counts of a table's files by file name."""
    return {row["file"].split("/")[-1]: row for row in rows(result.source_files) if row["table"] == table}


@pytest.fixture(scope="module")
def newest(demo, tmp_path_factory):
    return read(demo.company, demo.folder, "2026-11", tmp_path_factory.mktemp("lake"))


def test_every_planted_trouble_is_found_and_counted(demo, newest):
    planted, files = demo.written.planted, counted(newest, "sales")
    assert files["export_2026-07.csv"]["rows_duplicate"] == planted.duplicate_rows
    assert files["export_2026-02.csv"]["rows_quarantined"] == planted.unknown_product_rows
    assert files["export_2026-03_again.csv"]["rows_duplicate"] == planted.resent_rows
    assert files["export_2026-03_again.csv"]["rows_used"] == planted.late_postings
    assert files["export_2026-09.csv"]["rows_superseded"] == planted.corrected_rows
    assert files["corrections.csv"]["rows_used"] == planted.corrected_rows
    assert files["corrections.csv"]["rows_later"] == planted.corrections_too_late
    assert files["export_2026-11.csv"]["rows_later"] == planted.rows_after_cut_off
    assert newest.tables["sales"].num_rows == planted.clean_rows


def test_nothing_else_is_set_aside(demo, newest):
    planted = demo.written.planted
    totals: dict[tuple[str, str], int] = {}
    for row in rows(newest.source_files):
        for status in ("duplicate", "superseded", "later", "quarantined"):
            totals[row["table"], status] = totals.get((row["table"], status), 0) + row[f"rows_{status}"]
    assert {key: count for key, count in totals.items() if count} == {
        ("sales", "duplicate"): planted.duplicate_rows + planted.resent_rows,
        ("sales", "superseded"): planted.corrected_rows,
        ("sales", "later"): planted.rows_after_cut_off + planted.corrections_too_late,
        ("sales", "quarantined"): planted.unknown_product_rows,
        ("demand_inputs", "later"): 1,
        ("assumptions", "superseded"): 2,
        ("decisions", "superseded"): 2,
        ("new_products", "superseded"): 1,
    }
    assert newest.quarantine.num_rows == planted.unknown_product_rows


def test_sales_read_are_the_true_ones(sales, newest):
    assert pc.sum(newest.tables["sales"]["quantity"]).as_py() == int(sales["quantity"].sum())
    cents = round(sales["revenue"].sum() * 100)
    assert pc.sum(newest.tables["sales"]["revenue"]).as_py() == Decimal(cents) / 100


def test_every_table_has_rows(newest):
    assert {table.name for table in INPUTS if not newest.tables[table.name].num_rows} == set()


def test_an_earlier_cycle_reads_an_earlier_state(demo, tmp_path):
    small = {name: sources for name, sources in demo.company.sources.items() if name != "sales"}
    september = [source for source in demo.company.sources["sales"] if "sales_" not in source.path]
    company = demo.company.model_copy(update={"sources": {**small, "sales": september}})
    then = read(company, demo.folder, "2026-10", tmp_path)
    assert then.tables["demand_inputs"].num_rows == 12
    assert then.tables["risks_opportunities"].num_rows == 5
    assert then.tables["resource_months"].num_rows == 8
    stick = [row for row in rows(then.tables["new_products"]) if row["product_id"] == "SC-511"]
    assert [f"{row['launch_month']:%Y-%m}" for row in stick] == ["2027-03"]
    assert counted(then, "sales")["export_2026-09.csv"]["rows_superseded"] == 0
    assert pc.max(then.tables["sales"]["date"]).as_py().isoformat() == "2026-09-30"


def test_the_starter_is_read_whole(tmp_path):
    init_company(tmp_path / "mine")
    company = config.load(tmp_path / "mine")
    result = read(company, tmp_path / "mine", FIRST_CYCLE, tmp_path / "lake")
    assert result.quarantine.num_rows == 0
    assert all(row["rows_used"] == row["rows_read"] > 0 for row in rows(result.source_files))
    assert result.tables["sales"].num_rows == 150
    assert {row["table"] for row in rows(result.source_files)} == set(company.sources)


@pytest.mark.skipif(not ARCHIVE.is_dir(), reason=f"the archived SupplyGraph files are not at {ARCHIVE}")
def test_supplygraph_is_read_as_archived(tmp_path, monkeypatch):
    monkeypatch.setenv("SOP_BENCHMARK_DATA", str(ARCHIVE.parent))
    folder = PROJECT / "examples" / "supplygraph"
    result = read(config.load(folder), folder, "2023-07", tmp_path)
    assert result.quarantine.num_rows == 0
    assert {name: table.num_rows for name, table in result.tables.items() if table.num_rows} == {
        "products": 40,
        "sales": 4023,
        "production": 2787,
    }
    total = pc.sum(where(result.tables["sales"], product_id="POP001L12P")["quantity"]).as_py()
    assert total == 132_687 + 94_164
    made = set(result.tables["production"]["product_id"].to_pylist())
    assert len({row["product_id"] for row in rows(result.tables["products"])} - made) == 10
    assert len({row["family"] for row in rows(result.tables["products"])}) == 19
