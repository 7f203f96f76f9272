"""A replay as files in the company's folder: the page, every table as CSV, and their schema."""

from __future__ import annotations

from pathlib import Path

from sop_pipeline import tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.packs.build import show
from sop_pipeline.packs.media.exports import csv, described
from sop_pipeline.replay.backtest import Backtest
from sop_pipeline.replay.page import document


def write_files(result: Backtest, folder: CompanyFolder, first: Cycle, last: Cycle) -> list[Path]:
    """Write ``packs/backtest-FIRST-LAST``, in place of an earlier one, and return its files."""
    files = {"backtest.html": document(result)}
    files |= {f"{name}.csv": csv(spec, result.tables[name]) for name, spec in tables.REPLAY.items()}
    files["schema.json"] = described(tables.REPLAY.values())
    return show(files, folder.path / "packs" / f"backtest-{first}-{last}")
