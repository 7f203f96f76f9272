"""A month of a small company, run by the command in a forked process that has everything imported already."""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.starter import init_company
from tests.faults.strikes import CYCLE, Strike

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.faults.month", "assets.launch", "assets.runs", "sop_pipeline.cli"])
_CHEAP = {
    "packs": {"documents": ["executive_pack"], "formats": ["html", "csv"]},
    "operation": {"io_retries": 1},
}
MOST_SECONDS = 600


class Ended(NamedTuple):
    """How a run ended: its exit code (below 0: the signal that killed it) and all that it printed."""

    code: int
    said: str

    @property
    def struck(self) -> set[str]:
        """The steps that were struck."""
        return set(re.findall(r"^struck: (\w+)$", self.said, re.MULTILINE))


@dataclass(frozen=True)
class Company:
    """A company folder and the Dagster home of its runs."""

    folder: Path
    home: Path

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    def hashes(self) -> dict[str, str]:
        return self.lake.hashes(Cycle.parse(CYCLE))

    def run(self, strikes: Sequence[Strike] = ()) -> Ended:
        """Run ``sop run``, with strikes that wait for their moment or without."""
        return self.command(["run", "--cycle", CYCLE], strikes)

    def command(self, words: Sequence[str], strikes: Sequence[Strike] = (), killed_after: float | None = None) -> Ended:
        """Run a command of ``sop`` on the company; kill it after so many seconds, unless it has ended by itself."""
        said = self.home.with_suffix(".said")
        child = _FORKING.Process(target=_run, args=(self.folder, self.home, said, words, strikes))
        child.start()
        child.join(killed_after or MOST_SECONDS)
        if killed_after and child.exitcode is None:
            child.kill()
            child.join()
        assert child.exitcode is not None, f"still running after {MOST_SECONDS} s"
        return Ended(child.exitcode, said.read_text(encoding="utf-8") if said.exists() else "")


def small_company(folder: Path) -> Company:
    """Make the starter company with what costs time left out."""
    init_company(folder / "company")
    settings = folder / "company" / "sop.yaml"
    stated = yaml.safe_load(settings.read_text(encoding="utf-8"))
    stated["supply"] |= {"demand_samples": 20, "strategies": ["level", "blended"]}
    stated["forecast"] |= {"origins": 2}
    settings.write_text(yaml.safe_dump(stated | _CHEAP), encoding="utf-8")
    return Company(folder / "company", folder / "home")


def _run(folder: Path, home: Path, said: Path, words: Sequence[str], strikes: Sequence[Strike]) -> None:
    from sop_pipeline import cli

    os.environ["DAGSTER_HOME"] = str(home)
    with said.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    sys.argv = ["sop", *words, "--company", str(folder)]
    for strike in strikes:
        strike.arm()
    cli.main()
