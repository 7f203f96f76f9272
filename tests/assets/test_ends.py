"""How a run of the command line ends: what the last line says, and what is published by then."""

import os
import shutil
import subprocess
import sys

import pytest

from sop_pipeline.cycle import Cycle

FIRST = "2026-07"
pytestmark = pytest.mark.slow


def sop(*arguments, home):
    return subprocess.run(
        [sys.executable, "-m", "sop_pipeline.cli", *map(str, arguments)],
        env={**os.environ, "DAGSTER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_packs_that_fail_are_told_apart_from_a_cycle_that_stopped(planned, tmp_path):
    company, _ = planned
    copy = type(company)(tmp_path / "company")
    shutil.copytree(company.folder, copy.folder)
    before = copy.lake.pointer(Cycle.parse(FIRST))["run"]
    shutil.rmtree(copy.folder / "packs")
    (copy.folder / "packs").write_text("in the way")
    ended = sop("run", "--cycle", FIRST, "--company", copy.folder, home=tmp_path / "home")
    assert ended.returncode == 1
    assert copy.lake.pointer(Cycle.parse(FIRST))["run"] != before
    *_, way_out, last = ended.stdout.strip().splitlines()
    assert way_out == (
        f"Cycle {FIRST} is planned and published. Make its packs: sop pack --cycle {FIRST} --company {copy.folder}"
    )
    assert last.startswith("Its packs were not made: ")
    assert str(copy.folder / "packs") in last
    (copy.folder / "packs").unlink()
    assert sop("pack", "--cycle", FIRST, "--company", copy.folder, home=tmp_path / "home").returncode == 0
    listed = sop("cycles", "--company", copy.folder, home=tmp_path / "home")
    assert len(listed.stdout.splitlines()) == 1
