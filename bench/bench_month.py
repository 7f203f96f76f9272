"""The whole month at size: files to packs through ``sop run``, step by step, and how each step grows.

Makes a company of each size asked for, runs its month in a process of its own, and prints wall, CPU and the most memory
of the whole process tree, step by step; then the growth exponent of each step between the smallest and the largest size
(1.0 is linear):

    python -m bench.bench_month [--products 1000 3000] [--rows 7] [--reference] [--keep FOLDER]

Bounds: exponent of the whole at most 1.1, of no step above 1.2 (steps under a second at the largest size left out).
``--again`` runs each month three times more: as it is (at most 0.10 of the CPU of a whole run), after a late correction
of one product's sales (at most 0.30), and that from nothing, which must say the same; wall and memory are of the first.
``--reference`` runs the forecasting engine alone on as many series as the largest company has products, in the same
run, and tells the month's CPU as a multiple of its (must 4, aim 2). ``--keep`` keeps companies and packs, to be looked
at.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.month_company import CYCLE, write_company
from sop_pipeline.cycle import Cycle
from sop_pipeline.pointers import Pointers

DONE = re.compile(r"^\s+done\s+(\S+)")
LEAST_SECONDS = 1.0


@dataclass
class Month:
    """What one month cost: CPU and wall by step in order, and the peak of memory."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)
    peak_bytes: int = 0

    @property
    def total(self) -> float:
        """CPU seconds of all of it."""
        return sum(self.cpu.values())


def run_month(company: Path, home: Path, *options: str) -> Month:
    """Run ``sop run`` and read its progress: each finished step takes what was used since the one before."""
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "sop_pipeline.cli", "run", "--company", str(company), "--cycle", CYCLE, *options]
    environment = os.environ | {"DAGSTER_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment)
    month, meter = Month(), Meter(process.pid)
    meter.start()
    assert process.stderr is not None
    before, since = 0.0, time.perf_counter()
    said = []
    for line in process.stderr:
        said.append(line)
        if step := DONE.match(line):
            now, used = time.perf_counter(), meter.cpu()
            month.cpu[step[1]], month.wall[step[1]] = used - before, now - since
            print(f"  {step[1]:28}{now - since:8.1f}{used - before:8.1f}{meter.peak / 2**30:8.2f}", flush=True)
            before, since = used, now
    if process.wait():
        raise SystemExit("".join(said[-20:]))
    meter.stop()
    month.peak_bytes = meter.peak
    month.cpu["end"], month.wall["end"] = meter.cpu() - before, time.perf_counter() - since
    return month


def run_again(company: Path, home: Path, first: Month) -> None:
    """Print what the month costs again, as it is and after a late correction, held against one from nothing."""
    content = content_of(company)
    print("\nagain, nothing changed")
    same = run_month(company, home)
    if content_of(company) != content:
        raise SystemExit("the same files and settings gave another content hash")
    correct_one_product(company)
    print("\nagain, after a late correction of one product")
    late = run_month(company, home)
    corrected = content_of(company)
    print("\nthe corrected files from nothing")
    whole = run_month(company, home, "--fresh")
    if content_of(company) != corrected or corrected == content:
        raise SystemExit("the correction gave another content hash than the same files from nothing")
    print(f"\nwhole {first.total:.1f} s CPU, corrected from nothing {whole.total:.1f}")
    print(f"nothing changed {same.total:.1f} s CPU: {same.total / first.total:.2f} of the whole   (bound 0.10)")
    print(
        f"late correction {late.total:.1f} s CPU: {late.total / whole.total:.2f} of the whole   (bound 0.30)",
        flush=True,
    )


def content_of(company: Path) -> str:
    """The content hash of what is published."""
    return Pointers(company / "lake").content(Cycle.parse(CYCLE))


def correct_one_product(company: Path) -> None:
    """Raise the last quantity sold of the first product, as a late correction would."""
    path = company / "data" / "sales.csv"
    text = path.read_text(encoding="utf-8")
    start = text.rindex("P000000,")
    end = text.index("\n", start)
    product, quantity, *others = text[start:end].split(",")
    corrected = ",".join([product, str(int(quantity) + 25), *others])
    path.write_text(text[:start] + corrected + text[end:], encoding="utf-8")


class Meter(threading.Thread):
    """Watches a process and all its children: CPU used so far, ended children included, and the peak of memory."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process, self._ended, self.peak = psutil.Process(pid), threading.Event(), 0
        self._used: dict[int, float] = {}

    def run(self) -> None:
        """Look ten times a second."""
        while not self._ended.wait(0.1):
            self.cpu()

    def stop(self) -> None:
        """End the watch."""
        self._ended.set()

    def cpu(self) -> float:
        """Seconds used by the tree since its start."""
        memory = 0
        try:
            tree = [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return sum(self._used.values())
        for each in tree:
            try:
                times = each.cpu_times()
                memory += each.memory_info().rss
                self._used[each.pid] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
        self.peak = max(self.peak, memory)
        return sum(self._used.values())


def engine_cpu(series: int) -> float:
    """CPU seconds of the forecasting engine alone, in a process of its own (``bench_forecast scale``)."""
    command = [sys.executable, "-c", f"from bench.bench_forecast import scale; scale({series})"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.findall(r"([0-9]+) s CPU", told)[0])


def exponent(small: float, large: float, ratio: float) -> float:
    """Growth exponent between two sizes."""
    return math.log(large / small) / math.log(ratio) if min(small, large) > 0 else float("nan")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--products", type=int, nargs="+", default=[1000, 3000])
    options.add_argument("--rows", type=int, default=7, help="rows of sales a product and month")
    options.add_argument("--reference", action="store_true", help="run the forecasting engine alone beside it")
    options.add_argument("--again", action="store_true", help="run it as it is, and corrected, a second time")
    options.add_argument("--keep", type=Path, help="folder to keep the companies in")
    given = options.parse_args()
    sizes, months = sorted(given.products), {}
    for size in sizes:
        with nullcontext(given.keep / str(size)) if given.keep else tempfile.TemporaryDirectory() as place:
            rows = write_company(Path(place) / "company", size, given.rows)
            company, home = Path(place) / "company", Path(place) / "home"
            months[size] = run_month(company, home)
            if given.again:
                run_again(company, home, months[size])
        month = months[size]
        print(
            f"\n{size} products, {rows} rows: {sum(month.wall.values()):.1f} s wall, {month.total:.1f} s CPU, ", end=""
        )
        print(f"{month.peak_bytes / 2**30:.2f} GB", flush=True)
    if given.reference:
        engine = engine_cpu(sizes[-1])
        print(
            f"\nengine alone {engine:.0f} s CPU: the month takes {months[sizes[-1]].total / engine:.1f} times",
            flush=True,
        )
    if len(sizes) > 1:
        print_growth(months[sizes[0]], months[sizes[-1]], sizes[-1] / sizes[0])


def print_growth(small: Month, large: Month, ratio: float) -> None:
    """Print the exponent of the whole and of each step that takes time."""
    print(f"\ngrowth exponent of CPU, {ratio:g} times the products")
    print(f"  {'all':28}{exponent(small.total, large.total, ratio):8.2f}   (bound 1.10)")
    for step, used in large.cpu.items():
        if used >= LEAST_SECONDS:
            print(f"  {step:28}{exponent(small.cpu[step], used, ratio):8.2f}   (bound 1.20)")


if __name__ == "__main__":
    main()
