"""One writer a cycle: the second one is told who the first is, and a lock dies with its process."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.writer import only_writer, under_another

NOVEMBER, OCTOBER = Cycle.parse("2026-11"), Cycle.parse("2026-10")
HOLD = """
import sys, time
from pathlib import Path
from sop_pipeline.cycle import Cycle
from sop_pipeline.writer import only_writer
with only_writer(Path(sys.argv[1]), Cycle.parse("2026-11")):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path):
    """Another process that writes November."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_writer_is_told_process_user_and_start_of_the_first(other, tmp_path):
    told = rf"cycle 2026-11 in {tmp_path}: found process {other.pid} of \S+ on \S+, since 20\d\d-.* UTC, planning it; "
    with pytest.raises(BadInput, match=told + rf".*kill {other.pid}"), only_writer(tmp_path, NOVEMBER):
        pass


def test_another_cycle_has_another_writer(other, tmp_path):
    with only_writer(tmp_path, OCTOBER):
        pass


def test_the_lock_of_a_killed_process_is_free(other, tmp_path):
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert (tmp_path / "writers" / "2026-11.json").exists()
    with only_writer(tmp_path, NOVEMBER):
        assert json.loads((tmp_path / "writers" / "2026-11.json").read_text())["pid"] == os.getpid()
    assert not (tmp_path / "writers" / "2026-11.json").exists()


def test_the_note_of_another_process_does_not_make_a_writer(tmp_path):
    """Neither an old note nor one of a process id that somebody else has by now."""
    (tmp_path / "writers").mkdir()
    note = {"pid": 1, "user": "ann", "host": "there", "since": "2026-01-01 00:00:00 UTC"}
    (tmp_path / "writers" / "2026-11.json").write_text(json.dumps(note))
    with only_writer(tmp_path, NOVEMBER):
        pass


def test_the_same_process_may_enter_again_and_stays_the_writer(tmp_path):
    with only_writer(tmp_path, NOVEMBER):
        with only_writer(tmp_path, NOVEMBER):
            pass
        second = subprocess.run(
            [sys.executable, "-c", HOLD, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
        )
        assert f"found process {os.getpid()} of" in second.stderr


def test_waiting_is_not_needed_to_find_out(other, tmp_path):
    started = time.monotonic()
    with pytest.raises(BadInput), only_writer(tmp_path, NOVEMBER):
        pass
    assert time.monotonic() - started < 10


def test_what_works_under_another_s_lock_may_write_that_cycle_alone_and_only_meanwhile(other, tmp_path):
    with under_another(tmp_path, NOVEMBER), only_writer(tmp_path, NOVEMBER):
        assert (tmp_path / "writers" / "2026-11.json").exists()  # the other's note stays
    with under_another(tmp_path, OCTOBER), pytest.raises(BadInput), only_writer(tmp_path, NOVEMBER):
        pass
    with pytest.raises(BadInput, match="one writer at a time"), only_writer(tmp_path, NOVEMBER):
        pass
