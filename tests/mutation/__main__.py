"""Plant a sample of faults one at a time and say which share of those that change a table is caught.

``python -m tests.mutation --sample 40 --seed 2026``: the whole report is a few lines. A fault is caught when a check
stops the month, an identity of the audit does not hold, or a test of its own room fails. One that changes no table, or
that the program cannot run with, says nothing and is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from tests.audit.companies import CYCLE, write_random_company
from tests.mutation.mutants import ROOT, Mutant, mutants
from tests.mutation.rooms import tests_beside
from tests.steps import dairy

CODE = ("sop_pipeline", "sql", "tests", "assets", "reports", "examples", "docs")
OWN_ERRORS = ("BadInput", "CheckFailed", "Infeasible", "SolverError")
LONGEST = 600
RANDOM = 21
"""A company made by chance with resources, stock, orders of material and a business plan, planned to level."""


@dataclass(frozen=True)
class Bench:
    """A copy of the code to plant faults in, and companies whose month is run with it."""

    code: Path
    companies: dict[str, tuple[Path, str]]

    @classmethod
    def set_up(cls, folder: Path) -> Bench:
        """Copy the code and write the companies, with their files in the cycle."""
        for name in CODE:
            shutil.copytree(ROOT / name, folder / "code" / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder / "code")
        dairy.write(folder / "dairy", supply={"demand_samples": 20}, finance={"opening_cash": 20_000.0})
        stated = {"supply": {"demand_samples": 20, "strategy": "level"}}
        write_random_company(folder / "random", RANDOM, units=["piece"], **stated)
        companies = {"dairy": (folder / "dairy", str(dairy.CYCLE)), "random": (folder / "random", CYCLE)}
        for path, cycle in companies.values():
            company = CompanyFolder(path)
            snapshot(company.settings, path, Cycle.parse(cycle), company.lake)
        return cls(folder / "code", companies)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run something with the code as it is in the copy."""
        return subprocess.run(
            [sys.executable, "-B", *arguments],
            cwd=self.code,
            env={**os.environ, "PYTHONPATH": str(self.code), "PYTHONHASHSEED": "0", "CI": "true"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    def fails(self, tests: tuple[str, ...]) -> bool:
        """Whether any of these tests fails."""
        return bool(tests) and self.python("-m", "pytest", "-q", "-x", "-m", "not slow", *tests).returncode != 0

    def run(self, name: str) -> dict[str, Any]:
        """The judgement of a company's month, or what stopped it."""
        folder, cycle = self.companies[name]
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / name
            shutil.copytree(folder, copy)
            found = self.python("-m", "tests.mutation.judge", str(copy), cycle)
        if found.returncode:
            return {"stopped": (found.stderr.strip().splitlines() or ["no word"])[-1]}
        return dict(json.loads(found.stdout.strip().splitlines()[-1]))


def outcome(bench: Bench, mutant: Mutant, as_it_is: dict[str, dict[str, Any]]) -> str:
    """caught by the audit or in_tests of the room, missed, no_change, or broke where the program cannot run."""
    path = bench.code / mutant.file
    right = path.read_text(encoding="utf-8")
    path.write_text(mutant.text, encoding="utf-8")
    try:
        words = _words(bench, mutant, as_it_is)
    except subprocess.TimeoutExpired:
        return "broke"
    finally:
        path.write_text(right, encoding="utf-8")
    return next((word for word in ("caught", "in_tests", "broke", "missed") if word in words), "no_change")


def _words(bench: Bench, mutant: Mutant, as_it_is: dict[str, dict[str, Any]]) -> list[str]:
    """What each company's month says, one after the other until one has seen it; then the tests of the room."""
    words: list[str] = []
    for name in bench.companies:
        words.append(_seen(bench.run(name), as_it_is[name]))
        if words[-1] in ("caught", "broke"):
            return words
    if "missed" in words and bench.fails(tests_beside(mutant.file)):
        words.append("in_tests")
    return words


def _seen(found: dict[str, Any], right: dict[str, Any]) -> str:
    if "stopped" in found:
        return "caught" if any(error in found["stopped"] for error in OWN_ERRORS) else "broke"
    if set(found["broken"]) - set(right["broken"]):
        return "caught"
    return "no_change" if found["tables"] == right["tables"] else "missed"


def report(sample: int, seed: int) -> Iterator[str]:
    """Lines of the report, as they are known."""
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench.set_up(Path(scratch))
        as_it_is = {name: bench.run(name) for name in bench.companies}
        faulty = {name: run for name, run in as_it_is.items() if run.get("stopped") or run.get("broken")}
        if faulty:
            raise SystemExit(f"without a fault the month does not hold: {faulty}")
        counts: Counter[str] = Counter()
        sound: set[tuple[str, ...]] = set()
        for mutant in mutants(sample, seed):
            word = outcome(bench, mutant, as_it_is)
            tests = tests_beside(mutant.file)
            if word == "in_tests" and tests not in sound and bench.fails(tests):
                raise SystemExit(f"without a fault these tests do not pass: {', '.join(tests)}")
            sound |= {tests} if word == "in_tests" else set()
            counts[word] += 1
            yield f"{word:9} {mutant.file}:{mutant.line}: {mutant.fault}"
        yield f"{sample} faults drawn by seed {seed}: {summed_up(counts)}"


def summed_up(counts: Counter[str]) -> str:
    """The share caught of those that change a table."""
    seen = counts["caught"] + counts["in_tests"]
    counted = seen + counts["missed"]
    share = seen / counted if counted else 1.0
    return (
        f"{seen} of {counted} that change a table are caught ({share:.0%}), {counts['caught']} of them by the audit; "
        f"{counts['no_change']} change none, {counts['broke']} do not run"
    )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    for line in report(given.sample, given.seed):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
