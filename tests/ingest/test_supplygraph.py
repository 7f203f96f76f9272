"""SupplyGraph as archived: wide files, a heading twice, a blank in a file's name, products never made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sop_pipeline import config
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import beyond_tolerance, ingest
from sop_pipeline.ingest.snapshots import live_files

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SOP_BENCHMARK_DATA", PROJECT.parent / "shared" / "data"))
EXAMPLE = PROJECT / "examples" / "supplygraph"

pytestmark = pytest.mark.skipif(
    not (DATA / "supplygraph").is_dir(), reason=f"no SupplyGraph data in {DATA}; set SOP_BENCHMARK_DATA"
)


@pytest.fixture(scope="module")
def company():
    return config.load(EXAMPLE)


@pytest.fixture(scope="module")
def result(company, tmp_path_factory):
    return ingest(live_files(company, EXAMPLE, tmp_path_factory.mktemp("aside")), company, Cycle.parse("2023-07"))


def test_every_unit_of_the_files_arrives(result):
    import pandas as pd

    for table, name in (("sales", "Sales Order.csv"), ("production", "Production .csv")):
        wide = pd.read_csv(DATA / "supplygraph" / name).drop(columns="Date")
        taken = float(sum(row["quantity"] for row in result.tables[table].to_pylist()))
        assert taken == pytest.approx(float(wide.to_numpy().sum()), rel=1e-9)
        assert result.tables[table].num_rows == int((wide.to_numpy() != 0).sum())


def test_products_named_twice_count_once_and_nothing_is_set_aside(result, company):
    assert result.tables["products"].num_rows == 40
    assert result.quarantine.num_rows == 0
    assert beyond_tolerance(result.source_files, company) == []


def test_without_a_word_about_the_repeated_heading_the_cycle_would_stop(company, tmp_path):
    sources = {
        name: [source.model_copy(update={"rename_values": {}}) for source in given]
        for name, given in company.sources.items()
    }
    silent = company.model_copy(update={"sources": sources})
    found = ingest(live_files(silent, EXAMPLE, tmp_path), silent, Cycle.parse("2023-07"))
    assert set(found.quarantine.column("column").to_pylist()) == {"POP001L12P.1"}
    assert {item.table for item in beyond_tolerance(found.source_files, silent)} == {"sales", "production"}
