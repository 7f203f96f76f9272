"""Earlier cycles: found without gaps, and read with today's columns whatever version wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.past import Earlier, PastCycle, tables_of
from sop_pipeline.pointers import Want

MAY, JULY = Cycle.parse("2026-05"), Cycle.parse("2026-07")


@dataclass(frozen=True)
class Figures(PastCycle):
    """The figures of an earlier cycle."""

    key_figures: pa.Table


@pytest.fixture
def lake(tmp_path):
    """A lake whose cycle of May has a table as version 0.1.0 wrote it: with a note in words and without its basis."""
    lake = Lake(tmp_path / "lake")
    row = {"measure": "revenue", "fiscal_year": 2026, "unit": "currency", "latest": 7, "basis": "landing"}
    today = tables.conform("key_figures", [row])
    written = today.select(today.column_names[:9]).append_column("note", [["actual to April"]])
    lake.write("key_figures", written, MAY, "a")
    lake.publish(MAY, "a")
    return lake


def test_a_table_of_an_earlier_version_is_read_with_todays_columns(lake):
    before = Earlier(lake, lake.manifest(JULY, [Want(tables_of(Figures), False)])).last(Figures)
    assert before is not None
    assert before.cycle == MAY
    assert before.key_figures.schema.names == tables.get("key_figures").names
    (row,) = before.key_figures.to_pylist()
    assert (row["latest"], row["basis"], row["months_known"]) == (Decimal(7), None, None)
