"""Three years of a small company: every month a new file, a past that is corrected, kills at any moment, a release.

Only in ``make soak``: 36 cycles, each killed up to three times by chance, a hundred kills or so. To
try less: ``SOP_SOAK=1 SOP_SOAK_CYCLES=2 pytest tests/faults/test_years.py -m slow``.
"""

import csv
import os
import random
import signal

import pytest

from sop_pipeline.cycle import Cycle
from tests.faults.month import small_company
from tests.faults.strikes import CYCLE
from tests.thrift import soak_alone

CYCLES = int(os.environ.get("SOP_SOAK_CYCLES", "36"))
KILLS = 3
LONGEST_WAIT = 25
"""Seconds before the first kill at most."""
SEED = 36
MOVING = ("sales.csv", "production.csv", "inventory.csv")
"""Files that have new rows every month."""
pytestmark = [pytest.mark.slow, soak_alone]


def add_month(data, month):
    """Add a month that is like the one a year before it."""
    for name in MOVING:
        lines = (data / name).read_text(encoding="utf-8").splitlines()
        like = f"{month.previous(12)}-"
        new = [line.replace(like, f"{month}-") for line in lines if line.startswith(like)]
        assert new, (name, like)
        (data / name).write_text("\n".join([*lines, *new]) + "\n", encoding="utf-8")


def restate(data, chance):
    """Correct what a past month sold of one product."""
    with (data / "sales.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    row, column = chance.choice(rows[-60:]), heading.index("quantity")
    row[column] = str(round(float(row[column]) * chance.uniform(0.8, 1.2)))
    with (data / "sales.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])


def planned_in_spite_of_kills(company, cycle, chance):
    """Plan a cycle that is killed up to three times; return how often it was."""
    kills = 0
    for after in (chance.uniform(1, LONGEST_WAIT / (1 + number)) for number in range(KILLS)):
        ended = company.command(["run", "--cycle", cycle.name], killed_after=after)
        assert ended.code in (0, -signal.SIGKILL), ended.said
        kills += ended.code != 0
    ended = company.command(["run", "--cycle", cycle.name])
    assert ended.code == 0, ended.said
    return kills


def test_every_release_of_three_years_still_verifies(tmp_path, record_property):
    company, chance, kills, released = small_company(tmp_path), random.Random(SEED), 0, {}
    cycle = Cycle.parse(CYCLE)
    for number in range(CYCLES):
        if number:
            add_month(company.folder / "data", cycle.previous(1))
            restate(company.folder / "data", chance)
        kills += planned_in_spite_of_kills(company, cycle, chance)
        ended = company.command(["release", cycle.name, "--by", "Anna Ott", "--why", "as put up"])
        assert ended.code == 0, ended.said
        released[cycle] = company.lake.hashes(cycle)
        cycle = cycle.previous(-1)
    ended = company.command(["verify"])
    assert ended.code == 0, ended.said
    for cycle, hashes in released.items():
        tables = company.lake.releases.manifest(cycle, "r01")["tables"]
        assert {name: entry["content_sha256"] for name, entry in tables.items()} == hashes
        assert all(not company.lake.faults(cycle, {name: entry}) for name, entry in tables.items())
    assert len(set(map(str, released.values()))) == CYCLES
    record_property("withstood: kill -9 at any moment", kills)
    record_property("withstood: cycles released and still whole", CYCLES)
