"""``sop check`` on a million rows of sales, this version against an earlier one, by turns in one run.

``python -m bench.bench_check --earlier FOLDER [--products 3000] [--turns 5]`` takes another version's checkout with
an environment of its own in ``.venv``, writes one company (``month_company``) and checks it with both. Printed are the
CPU seconds of the whole process tree and wall seconds, medians of the turns; bound: 1.3 times the earlier one's CPU.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.month_company import write_company

MOST = 1.3
HERE = Path(__file__).resolve().parents[1]


def main() -> int:
    """Measure and print; 1 where the bound is not held."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--earlier", type=Path, required=True, help="checkout of the other version, with its .venv")
    options.add_argument("--products", type=int, default=3000)
    options.add_argument("--turns", type=int, default=5)
    given = options.parse_args()
    versions = {"this": (HERE, Path(sys.executable)), "earlier": (given.earlier, given.earlier / ".venv/bin/python")}
    used: dict[str, list[tuple[float, float]]] = {name: [] for name in versions}
    with tempfile.TemporaryDirectory() as place:
        rows = write_company(Path(place) / "company", given.products)
        for _ in range(given.turns):
            for name, (checkout, python) in versions.items():
                used[name].append(check(checkout.resolve(), python.absolute(), Path(place)))
    for name, turns in used.items():
        cpu, wall = (statistics.median(each) for each in zip(*turns, strict=True))
        listed = ", ".join(f"{seconds:.2f}" for seconds, _ in turns)
        print(f"{name:8} {rows:,} rows: {cpu:.2f} s CPU ({listed}), {wall:.2f} s wall")
    this, earlier = (statistics.median(cpu for cpu, _ in used[name]) for name in versions)
    print(f"{this / earlier:.2f} times the earlier version's CPU; at most {MOST}")
    return 0 if this <= MOST * earlier else 1


def check(checkout: Path, python: Path, place: Path) -> tuple[float, float]:
    """CPU seconds of the process and all it started, and wall seconds, of one ``sop check``."""
    command = [str(python), "-m", "sop_pipeline.cli", "check", "--company", str(place / "company")]
    environment = os.environ | {"PYTHONPATH": str(checkout), "DAGSTER_HOME": str(place)}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status or "Ready." not in said:
        raise SystemExit(f"{checkout}: sop check ended with {os.waitstatus_to_exitcode(status)}:\n{said}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
