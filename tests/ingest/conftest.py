"""A company in a folder, written as its files really come, and taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sop_pipeline import config
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import IngestResult, ingest, snapshot
from sop_pipeline.lake import Lake

PRODUCTS = "product_id,product_name,family\nP1,Soap,Care\nP2,Cream,Care\n"
SALES = "date,product_id,quantity\n2026-09-01,P1,10\n2026-09-02,P2,5\n2026-10-01,P1,7\n"


class Folder:
    """A company folder: ``write`` files, say what ``sop.yaml`` holds, then ``take_in``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings: dict[str, Any] = {"company": "Test"}
        self.sources: dict[str, Any] = {}
        self.table("products", PRODUCTS)
        self.table("sales", SALES)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def table(self, name: str, content: str | bytes, **source: Any) -> None:
        """Write ``<name>.csv`` and make it the table's only source."""
        source.setdefault("path", f"{name}.csv")
        self.write(source["path"], content)
        self.sources[name] = source

    def company(self) -> config.Company:
        text = yaml.safe_dump({**self.settings, "sources": self.sources}, allow_unicode=True)
        (self.root / "sop.yaml").write_text(text, encoding="utf-8")
        return config.load(self.root)

    def take_in(self, cycle: str = "2026-11") -> IngestResult:
        company, month = self.company(), Cycle.parse(cycle)
        taken = snapshot(company, self.root, month, Lake(self.root / "lake"))
        return ingest(taken, company, month)

    def sales(self, cycle: str = "2026-11") -> list[tuple[str, str, float]]:
        """Sales as taken in: day, product, quantity."""
        rows = self.take_in(cycle).tables["sales"].to_pylist()
        return [(f"{row['date']}", row["product_id"], float(row["quantity"])) for row in rows]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture(scope="session")
def new_folder() -> type[Folder]:
    """For tests that need many folders."""
    return Folder


@pytest.fixture
def counts() -> Callable[[IngestResult, str], dict[str, int]]:
    """What became of the rows of one file."""

    def of(result: IngestResult, file: str) -> dict[str, int]:
        row = next(row for row in result.source_files.to_pylist() if row["file"] == file)
        return {name.removeprefix("rows_"): row[name] for name in row if name.startswith("rows_") and row[name]}

    return of
