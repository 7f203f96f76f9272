"""A run killed in the middle: nothing half-written is visible, and the rerun is whole and the same."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from sop_pipeline.cycle import Cycle
from tests.thrift import soak_alone

FIRST = "2026-07"
pytestmark = pytest.mark.slow


def start(folder, home):
    return subprocess.Popen(
        [sys.executable, "-m", "sop_pipeline.cli", "run", "--cycle", FIRST, "--company", str(folder)],
        env={**os.environ, "DAGSTER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kill_after(process, folder, count):
    """Kill the whole process group once the run has written ``count`` tables."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and process.poll() is None:
        written = (
            list((folder / "lake" / "runs" / FIRST).glob("*/*.json")) if (folder / "lake" / "runs").exists() else []
        )
        if len(written) >= count:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@soak_alone
@pytest.mark.parametrize("count", [1, 25, 50])
def test_killed_before_publication_there_is_no_cycle_and_the_rerun_is_whole(planned, starter, tmp_path, count):
    company, _ = planned
    kill_after(start(starter.folder, tmp_path / "home"), starter.folder, count)
    assert starter.lake.pointer(Cycle.parse(FIRST)) == {}
    assert starter.lake.cycles() == []
    assert not (starter.folder / "packs" / FIRST).exists()
    rerun = start(starter.folder, tmp_path / "home")
    said = rerun.communicate()[0].decode()
    assert rerun.returncode == 0, said
    assert starter.hashes(FIRST) == company.hashes(FIRST)


def test_killed_while_replacing_a_cycle_the_old_one_stays(planned, tmp_path):
    company, _ = planned
    copy = type(company)(tmp_path / "company")
    shutil.copytree(company.folder, copy.folder)
    before = {path: path.read_bytes() for path in (copy.folder / "packs").rglob("*") if path.is_file()}
    shutil.rmtree(copy.folder / "lake" / "runs")
    kill_after(start(copy.folder, tmp_path / "home"), copy.folder, 40)
    assert copy.hashes(FIRST) == company.hashes(FIRST)
    for name in copy.hashes(FIRST):
        copy.lake.read(name, Cycle.parse(FIRST))
    assert {path: path.read_bytes() for path in (copy.folder / "packs").rglob("*") if path.is_file()} == before
