"""A published cycle as an auditor gets it: Parquet tables by its pointer, export files, and the company's settings.

Nothing of the library is used: the pointer is JSON, the tables are Parquet, the settings YAML.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml


@dataclass(frozen=True)
class Published:
    """One cycle of one company folder."""

    folder: Path
    cycle: str

    @cached_property
    def pointer(self) -> dict[str, Any]:
        """What the cycle's pointer says of every table."""
        text = (self.folder / "lake" / "cycles" / self.cycle / "_current.json").read_text(encoding="utf-8")
        return dict(json.loads(text)["tables"])

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What ``sop.yaml`` says."""
        return dict(yaml.safe_load((self.folder / "sop.yaml").read_text(encoding="utf-8")))

    @property
    def start(self) -> pd.Timestamp:
        """First planned month."""
        return pd.Timestamp(f"{self.cycle}-01")

    def finance(self, name: str, default: float) -> float:
        """A number of the section ``finance``."""
        return float((self.settings.get("finance") or {}).get(name, default))

    def has(self, name: str) -> bool:
        """Whether the cycle has rows in a table."""
        return name in self.pointer and len(self[name]) > 0

    def arrow(self, name: str) -> pa.Table:
        """A table as it is stored."""
        return pq.read_table(self.folder / "lake" / self.pointer[name]["file"])

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table with amounts as floats and months as timestamps."""
        table = self.arrow(name)
        frame: pd.DataFrame = table.to_pandas()
        for field in table.schema:
            kind, column = str(field.type), field.name
            if kind.startswith(("decimal", "int", "double")):
                frame[column] = pd.to_numeric(frame[column]).astype(float)
            elif kind.startswith("date"):
                frame[column] = pd.to_datetime(frame[column])
        return frame

    def export(self, name: str) -> pd.DataFrame:
        """An export file of the pack."""
        return pd.read_csv(next((self.folder / "packs" / self.cycle).rglob(f"exports/{name}.csv")))
