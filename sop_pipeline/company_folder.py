"""Where a company is: its folder, with settings, data, lake and packs.

A value, so that several companies live side by side in one process. Libraries load where a part is asked for, since
listing a folder's cycles needs none of them.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sop_pipeline.cycle import Cycle
from sop_pipeline.pointers import Pointers
from sop_pipeline.releases import PlanName

if TYPE_CHECKING:
    from sop_pipeline.config import Company
    from sop_pipeline.lake import Lake

PROJECT = Path(__file__).resolve().parent.parent
DEMO = PROJECT / "companies" / "demo"


@dataclass(frozen=True)
class CompanyFolder:
    """A company folder."""

    path: Path

    @classmethod
    def in_force(cls, named: Path | None = None) -> CompanyFolder:
        """Return the company to plan: the one named, else that of SOP_COMPANY, else the demo company."""
        return cls(Path(named or os.environ.get("SOP_COMPANY") or DEMO).resolve())

    @property
    def key(self) -> str:
        """What tells the company apart from others in one Dagster home: ``key`` of sop.yaml, else the folder's name."""
        from sop_pipeline.errors import SopError

        try:
            given = self.settings.key
        except SopError:
            given = None  # the folder may not be there yet
        return given or slug(self.path.name)

    @property
    def settings(self) -> Company:
        """The company's ``sop.yaml``, read each time, so that an edit counts in the next run."""
        from sop_pipeline import config

        return config.load(self.path)

    @property
    def lake(self) -> Lake:
        """The company's tables."""
        from sop_pipeline.lake import Lake

        return Lake(self.path / "lake")

    @property
    def pointers(self) -> Pointers:
        """Which cycles are published, without their tables."""
        return Pointers(self.path / "lake")

    def packs(self, plan: Cycle | PlanName) -> Path:
        """Where the packs of a cycle go, or those of a release."""
        return self.path / "packs" / str(plan)


def slug(name: str) -> str:
    """Return a name in small letters without accents, digits and underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "company"
