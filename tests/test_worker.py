"""A process beside this one: it answers in order, tells what failed, and never outlives its parent."""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sop_pipeline.worker import Worker, WorkerDied
from tests.present import present

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def worker():
    made = []

    def make(*functions):
        made.append(Worker(*functions))
        return made[-1]

    yield make
    for each in made:
        each.close()


def is_running(pid):
    """Whether a process is there and not merely waiting to be counted out."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone_within(pid, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not is_running(pid):
            return True
        time.sleep(0.02)
    return False


def test_answers_come_in_the_order_asked(worker):
    root = worker(math.sqrt)
    asked = [root.ask(number * number) for number in range(50)]
    assert [each.result() for each in asked] == list(range(50))


def test_it_works_in_a_process_of_its_own(worker):
    child = worker(os.getpid)
    assert child.ask().result() == child.pid != os.getpid()


def test_an_error_comes_back_as_it_was_raised_with_the_childs_traceback(worker):
    root = worker(math.sqrt)
    with pytest.raises(ValueError, match="math domain error") as raised:
        root.ask(-1).result()
    assert "answer(*arguments)" in raised.value.__notes__[0]
    assert root.ask(4).result() == 2


def test_what_cannot_be_sent_is_the_askers_error(worker):
    root = worker(math.sqrt)
    with pytest.raises(Exception, match="pickle"):
        root.ask(lambda: 4).result()
    assert root.ask(4).result() == 2


def test_much_is_taken_while_it_is_busy(worker):
    """Asking returns before the first answer is there, however much is handed over."""
    sleeper, length = worker(time.sleep), worker(len)
    busy = sleeper.ask(60)
    for _ in range(5):
        sleeper.ask(bytes(20_000_000))
    assert not busy.done()
    assert [length.ask(bytes(20_000_000)).result() for _ in range(5)] == [20_000_000] * 5


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for the process in /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_parent_in_the_middle_of_an_answer_however_that_dies(end):
    code = (
        "import time; from sop_pipeline.worker import Worker;"
        "worker = Worker(time.sleep); worker.ask(0).result(); worker.ask(60); print(worker.pid, flush=True);"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        pid = int(present(parent.stdout).readline())
        time.sleep(0.2)
        assert is_running(pid)
        parent.send_signal(end)
        parent.wait()
        assert gone_within(pid, 5)


def test_a_process_that_died_says_so_and_so_does_every_later_request(worker):
    child = worker(time.sleep)
    waiting = child.ask(60)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied, match="ended with -9"):
        waiting.result(10)
    with pytest.raises(WorkerDied):
        child.ask(0).result(10)


def test_closed_it_is_gone_at_once(worker):
    child = worker(time.sleep)
    child.ask(60)
    child.close()
    assert gone_within(child.pid, 1)


def test_what_it_prints_is_no_answer(worker):
    printing = worker(print)
    assert printing.ask("a line a library prints").result() is None


def test_suites_are_checked_here_when_their_process_died():
    code = (
        "import os, signal; from sop_pipeline import tables; from sop_pipeline.validation import background as b;"
        "b.prepare(); os.kill(b._worker().pid, signal.SIGKILL);"
        "pending = b.start({'orders': tables.empty('orders')}, {});"
        "assert [finding.passed for finding in pending.findings()] == [True]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
