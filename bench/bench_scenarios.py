"""What scenarios cost beside a month, and how long ``sop what-if`` takes from command to answer.

The newest cycle of the demo company is planned without scenarios, files to packs, in a process of its own; then its
scenarios alone, from the published cycle: one, and eight, each with two changes and three strategies, checks included.
What-if is the command itself on the published cycle, several times.

    python -m bench.bench_scenarios [--turns 5]

Bounds: a scenario 15% of the month's CPU, eight 150%, what-if 2 s. Seconds of wall say nothing on a busy machine, so
that CPU is printed beside them.
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

import yaml

from sop_pipeline.demo import write_company

CYCLE = "2026-11"
COMMAND = Path(sys.executable).with_name("sop")
CHANGES = [
    ["demand Sun Care +10% 2027-03..2027-08", "capacity tube_lines -1 2027-06"],
    ["demand all -5% 2027-01..", "price all -2% 2027-01.."],
    ["wage all +4% 2027-01..", "cost all +6% 2027-01.."],
    ["shutdown LYON 2027-08", "overtime +50%"],
    ["capacity bottle_lines -1 2027-02..2027-03", "safety stock all +20%"],
    ["demand Body Wash +15% 2027-05..", "price Body Wash -3% 2027-05.."],
    ["lead time all +14", "service level =98%"],
    ["demand Hand and Lip Care +200 2027-10..2028-02", "working days ULM -2 2027-12"],
]

MONTH = """
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
"""

SCENARIOS = """
import resource, sys
from pathlib import Path
from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle

company, cycle = CompanyFolder(Path(sys.argv[1])), Cycle.parse(sys.argv[2])
base = {name: table for name, table in steps.published(company.lake, cycle).tables.items() if "scenario" not in name}
before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
publish = len(company.settings.scenarios) == 2  # what-if finds base in a cycle that has scenarios, as the demo's has
planned = steps.run(company.lake, company.settings, cycle, until="scenarios", base=base, publish=publish)
after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
assert planned["scenario_unsolved"].num_rows == 0, planned["scenario_unsolved"].to_pylist()
print(sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True)))
"""


def with_scenarios(company: Path, count: int) -> None:
    """Set the company's scenarios to the first ``count``."""
    path = company / "sop.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["scenarios"] = [{"name": f"S{place}", "changes": each} for place, each in enumerate(CHANGES[:count])]
    path.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")


def seconds(command: list[str], company: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command and of all its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"SOP_COMPANY": str(company)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def scenario_seconds(company: Path, count: int) -> float:
    """CPU seconds of planning and checking so many scenarios from the published cycle, base included."""
    with_scenarios(company, count)
    program = [sys.executable, "-c", SCENARIOS, str(company), CYCLE]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])


def main() -> None:
    """Print what a month, a scenario, eight of them and a what-if take."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--turns", type=int, default=5)
    turns = options.parse_args().turns
    with tempfile.TemporaryDirectory() as place:
        company = Path(place) / "demo"
        write_company(company)
        with_scenarios(company, 0)
        wall, month = seconds([sys.executable, "-c", MONTH, str(company), CYCLE], company)
        print(f"month without scenarios   {month:6.1f} s CPU   {wall:6.1f} s wall", flush=True)
        for count, bound in ((1, 0.15), (2, 0.30), (8, 1.50)):
            spent = scenario_seconds(company, count)
            print(
                f"{count} scenarios with base    {spent:6.1f} s CPU   {spent / month:6.1%} (bound {bound:.0%})",
                flush=True,
            )
        asked = [str(COMMAND), "what-if", CHANGES[0][0], "--cycle", CYCLE]
        took = [seconds(asked, company) for _ in range(turns + 1)][1:]
        walls, cpus = zip(*took, strict=True)
        print(
            f"what-if                   {statistics.median(cpus):6.2f} s CPU   {statistics.median(walls):6.2f} s wall"
        )
        print(f"                    least {min(cpus):6.2f} s CPU   {min(walls):6.2f} s wall (bound 2 s)")


if __name__ == "__main__":
    main()
