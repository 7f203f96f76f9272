"""What each past cycle knew: its own copies of the files where it was run, else today's files cut at its cut-off.

A row counts as known by its ``recorded_on``, else by its own date (docs/decisions/0003). What has neither was taken as
it is today, for every cycle alike, and is listed; but a product whose launch lies ahead is unknown to a cycle that was
told of none. Not here: reading files (``ingest``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.ingest import read_snapshot
from sop_pipeline.ingest.decided import recorded_decisions
from sop_pipeline.ingest.snapshots import MANIFEST, live_files
from sop_pipeline.inputs.log import EntryLog
from sop_pipeline.steps.ingest import source_tables

OWN_DATE: Mapping[str, str] = {
    "sales": "date",
    "production": "date",
    "inventory": "date",
    "orders": "ordered_on",
    "exchange_rates": "month",
}
"""Tables whose rows happen on a day; it says when they were known where nothing else does."""


@dataclass(frozen=True)
class Known:
    """The input tables of a cycle as it knew them; ``source`` says whether from its own copies or today's files."""

    cycle: Cycle
    tables: Mapping[str, pa.Table]
    source: str


def known_at(folder: CompanyFolder, company: Company, cycle: Cycle) -> Known:
    """Return what a cycle knew, with what had been decided by then."""
    kept = (folder.lake.snapshot_folder(cycle) / MANIFEST).exists()
    with TemporaryDirectory() as aside:
        files = read_snapshot(folder.lake, cycle) if kept else live_files(company, folder.path, Path(aside))
        inputs = source_tables(files, EntryLog(folder.lake.root), company, cycle)
    decided = recorded_decisions(DecisionLog(folder.lake.root), inputs["input_entries"], cycle)
    read = {**inputs, **vars(decided)}
    return Known(cycle, read if kept else _without_later_products(read, cycle), "snapshot" if kept else "files")


def _without_later_products(read: Mapping[str, pa.Table], cycle: Cycle) -> dict[str, pa.Table]:
    """The tables without products that today's list has and the cycle could not: launched later, no launch it knew of.

    Only rows without ``recorded_on`` are judged so: nothing else says when the list came to have them.
    """
    announced = set(tables.texts(read["new_products"], "product_id"))
    later = {
        row["product_id"]
        for row in tables.rows(read["products"])
        if row["recorded_on"] is None and row["launched_on"] is not None and row["launched_on"] >= cycle.cutoff
    } - announced
    if not later:
        return dict(read)
    own = {name: _of_others(read[name], later) for name in ("products", "product_features")}
    return {**read, **own}


def _of_others(data: pa.Table, later: Collection[str]) -> pa.Table:
    return data.filter(pa.array([name not in later for name in tables.texts(data, "product_id")]))


def dated(newest: Mapping[str, pa.Table]) -> pa.Table:
    """Return ``replay_inputs``: by what each input table tells past cycles what they knew."""
    rows = [_dated(spec.name, newest[spec.name]) for spec in tables.INPUTS if newest[spec.name].num_rows]
    return tables.conform(tables.REPLAY["replay_inputs"], rows)


def _dated(name: str, data: pa.Table) -> dict[str, Any]:
    recorded = data.num_rows - data["recorded_on"].null_count
    basis = "recorded_on" if recorded == data.num_rows else "own_date" if name in OWN_DATE else "undated"
    return {"table": name, "rows": data.num_rows, "recorded": recorded, "basis": basis}
