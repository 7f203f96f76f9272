"""Plant a sample of faults one at a time and say which share of those that change a table is caught.

``python -m tests.mutation --sample 100 --seed 2026``: the whole report is a few lines. A fault is caught when a check
stops the month, an identity of the audit does not hold, or a test of its own room fails. One that changes no table, or
that the program cannot run with, says nothing and is not counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.bench import Bench
from tests.mutation.mutants import ROOT, mutants

CODE = ("sop_pipeline", "sql", "tests", "assets", "reports", "examples", "docs")
SAME = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "SOP_THREADS": "1", "CI": "true", "DO_NOT_TRACK": "1"}
"""What makes one run like another."""


def report(sample: int, seed: int) -> Iterator[str]:
    """Lines of the report, as they are known."""
    start = time.monotonic()
    bench = Bench.set_up()
    yield f"{len(bench.months)} companies' months without a fault: {time.monotonic() - start:.0f} s"
    counts: Counter[str] = Counter()
    for mutant in mutants(sample, seed):
        began = time.monotonic()
        word, by = bench.outcome(mutant)
        counts[word] += 1
        took = time.monotonic() - began
        yield f"{word:9} {mutant.file}:{mutant.line}: {mutant.fault} ({took:.0f} s) {by}"
    yield f"{sample} faults drawn by seed {seed}, {time.monotonic() - start:.0f} s: {summed_up(counts)}"


def summed_up(counts: Counter[str]) -> str:
    """The share caught of those that change a table."""
    seen = counts["caught"] + counts["in_tests"]
    counted = seen + counts["missed"]
    share = seen / counted if counted else 1.0
    return (
        f"{seen} of {counted} that change a table are caught ({share:.0%}), {counts['caught']} of them by the audit; "
        f"{counts['no_change']} change none, {counts['broke']} do not run."
    )


def in_a_copy(arguments: list[str]) -> int:
    """Run this on a copy of the code, where faults can be planted."""
    with tempfile.TemporaryDirectory() as scratch:
        code = Path(scratch) / "code"
        for name in CODE:
            shutil.copytree(ROOT / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", code)
        command = [sys.executable, "-m", "tests.mutation", *arguments, "--here"]
        return subprocess.run(command, cwd=code, env={**os.environ, **SAME, "PYTHONPATH": str(code)}).returncode


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--here", action="store_true", help="plant faults in this very copy of the code")
    given = parser.parse_args()
    if not given.here:
        return in_a_copy(sys.argv[1:])
    for line in report(given.sample, given.seed):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
