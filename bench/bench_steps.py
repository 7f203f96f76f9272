"""A month planned by ``steps.run`` beside the same month run by Dagster, in seconds of CPU and of wall.

Both take the demo company's newest cycle from files to packs, each in a process of its own, turn by turn. What Dagster
adds is its instance and its events:

    python -m bench.bench_steps [--turns 3]

The bound is that ``steps.run`` takes at most what the Dagster run takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sop_pipeline.demo import write_company

CYCLE = "2026-11"

BY_STEPS = """
import sys
from pathlib import Path
from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.steps.publication import make_packs

company, cycle = CompanyFolder(Path(sys.argv[1])), Cycle.parse(sys.argv[2])
snapshot(company.settings, company.path, cycle, company.lake)
steps.run(company.lake, company.settings, cycle, publish=True)
make_packs(company, cycle)
assert "dagster" not in sys.modules
"""

BY_DAGSTER = """
import sys
from pathlib import Path
from assets.launch import run_cycle

assert run_cycle(Path(sys.argv[1]), sys.argv[2]).success
"""


def seconds(program: str, company: Path, home: Path) -> tuple[float, float]:
    """Wall and CPU seconds of the program and of all its children."""
    home.mkdir(parents=True, exist_ok=True)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"DAGSTER_HOME": str(home)}
    subprocess.run([sys.executable, "-c", program, str(company), CYCLE], env=environment, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median of each side and their ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--turns", type=int, default=3)
    turns = options.parse_args().turns
    measured: dict[str, list[tuple[float, float]]] = {BY_STEPS: [], BY_DAGSTER: []}
    with tempfile.TemporaryDirectory() as place:
        company = Path(place) / "demo"
        write_company(company)
        for turn in range(turns + 1):
            for program, times in measured.items():
                times.append(seconds(program, company, Path(place) / "home"))
            print(f"turn {turn}" + (" (warms the caches, not counted)" if not turn else ""), flush=True)
    wall, cpu = zip(*(medians(times[1:]) for times in measured.values()), strict=True)
    print(f"{'':14}{'wall s':>8}{'CPU s':>8}")
    for name, each_wall, each_cpu in zip(("steps.run", "Dagster run"), wall, cpu, strict=True):
        print(f"{name:14}{each_wall:8.1f}{each_cpu:8.1f}")
    print(f"{'ratio':14}{wall[0] / wall[1]:8.2f}{cpu[0] / cpu[1]:8.2f}   (bound 1.00)")


def medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    """Median of the wall and of the CPU seconds."""
    wall, cpu = zip(*times, strict=True)
    return statistics.median(wall), statistics.median(cpu)


if __name__ == "__main__":
    main()
