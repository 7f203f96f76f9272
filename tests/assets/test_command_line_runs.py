"""Runs of the command line in the web UI: taken up again from failure, reaped when killed, ended with all children."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import dagster as dg
import pytest

from assets.launcher import GONE, PROCESS, RunLauncher, is_gone, note_process, reap
from sop_pipeline.process import identity, is_alive, is_here, pid_of

FIRST, SECOND = "2026-07", "2026-08"


@pytest.fixture
def gone():
    """A process that was of this machine."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    named = subprocess.run(
        [sys.executable, "-c", f"from sop_pipeline import process; print(process._began({process.pid}))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    known = f"{identity().rsplit(':', 2)[0]}:{process.pid}:{named}"
    assert is_alive(known)
    process.kill()
    process.wait()
    return known


def test_a_process_is_told_from_a_later_one_with_its_number(gone):
    assert is_alive(identity())
    assert is_here(gone)
    assert not is_alive(gone)
    machine, number, _ = identity().rsplit(":", 2)
    assert not is_alive(f"{machine}:{number}:1")
    assert pid_of(identity()) == os.getpid()
    assert not is_here(f"elsewhere:{number}:1")


def started(instance, process=None):
    """A run under way in a process."""

    @dg.job
    def nothing():
        pass

    run = instance.create_run_for_job(nothing)
    if process:
        instance.add_run_tags(run.run_id, {PROCESS: f"{run.run_id} {process}"})
    else:
        note_process(instance, run)
    instance.report_run_canceling(run)
    return instance.get_run_by_id(run.run_id)


def again(instance, run) -> dg.DagsterRun:
    """The run as the instance has it now."""
    now = instance.get_run_by_id(run.run_id)
    assert now is not None
    return now


def test_runs_whose_process_is_gone_are_recorded_as_failed_and_no_others(gone):
    with dg.DagsterInstance.ephemeral() as instance:
        dead, living = started(instance, gone), started(instance)
        far = started(instance, f"elsewhere:{pid_of(gone)}:1")
        assert reap(instance) == [dead.run_id]
        status = {run.run_id: again(instance, run).status for run in (dead, living, far)}
        assert status[dead.run_id] == dg.DagsterRunStatus.FAILURE
        assert status[living.run_id] == status[far.run_id] == dg.DagsterRunStatus.CANCELING
        assert GONE in [entry.message for entry in instance.all_logs(dead.run_id)]


def test_run_monitoring_is_told_the_same(gone):
    launcher = RunLauncher()
    with dg.DagsterInstance.ephemeral() as instance:
        dead, living = started(instance, gone), started(instance)
        assert launcher.supports_check_run_worker_health
        assert launcher.check_run_worker_health(dead).status.value == "FAILED"
        assert launcher.check_run_worker_health(living).status.value == "RUNNING"


def test_the_process_of_the_run_before_is_not_that_of_a_run_taken_up_again(gone):
    with dg.DagsterInstance.ephemeral() as instance:
        before, after = started(instance, gone), started(instance)
        instance.add_run_tags(after.run_id, {PROCESS: before.tags[PROCESS]})
        assert is_gone(before)
        assert not is_gone(again(instance, after))


# -- with the web UI ---------------------------------------------------------------------------------------------------


class Ui:
    """The web UI of a company with its daemon, in a home of its own."""

    def __init__(self, folder, home):
        self.folder, self.home = folder, home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def command(self, *arguments, **more):
        environment = {**os.environ, "DAGSTER_HOME": str(self.home)}
        line = [sys.executable, "-m", "sop_pipeline.cli", *arguments, "--company", str(self.folder)]
        return subprocess.Popen(
            line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
        )

    def start(self):
        self.process = self.command("ui", "--port", str(self.port))
        self.wait(lambda: self.ask("{ version }"))

    def ask(self, query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def runs(self):
        found = self.ask("{ runsOrError { ... on Runs { results { runId status parentRunId } } } }")
        return {run["runId"]: run for run in found["runsOrError"]["results"]}

    def take_up(self, run_id):
        query = """mutation ($run: String!) { launchRunReexecution(
            reexecutionParams: {parentRunId: $run, strategy: FROM_FAILURE}) {
            __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
        return self.ask(query, run=run_id)["launchRunReexecution"]

    def wait(self, question, seconds=300):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if answer := question():
                    return answer
            except OSError:
                pass
            time.sleep(1)
        raise AssertionError(f"not within {seconds} s")


@pytest.fixture
def ui(starter, tmp_path):
    made = Ui(starter.folder, tmp_path / "home")
    made.start()
    yield made
    made.process.terminate()
    made.process.wait(60)


@pytest.mark.slow
def test_a_failed_run_is_taken_up_again_a_killed_one_is_reaped_and_all_children_end(ui):
    failed = ui.command("run", "--cycle", SECOND)
    assert "data/sales.csv: found sales that end on 2026-06-30" in failed.communicate()[0]
    (run_id,) = ui.runs()
    answer = ui.take_up(run_id)
    assert answer["__typename"] == "LaunchRunSuccess", answer
    again = answer["run"]["runId"]
    assert ui.wait(lambda: ui.runs()[again]["status"] == "FAILURE")  # for the same reason, in the same step
    assert ui.runs()[again]["parentRunId"] == run_id

    killed = ui.command("run", "--cycle", FIRST, start_new_session=True)
    ui.wait(lambda: [run for run in ui.runs().values() if run["status"] == "STARTED"])
    os.killpg(killed.pid, signal.SIGKILL)
    (dead,) = [run["runId"] for run in ui.runs().values() if run["status"] == "STARTED"]
    assert ui.wait(lambda: ui.runs()[dead]["status"] == "FAILURE", 90)
    queued = ui.take_up(dead)["run"]["runId"]
    assert ui.wait(lambda: ui.runs()[queued]["status"] in ("STARTED", "SUCCESS"), 120)

    served = [group for _, parent, group in processes() if parent == ui.process.pid]
    assert len(served) == 2  # the web UI, and what ends it should this process be killed outright
    assert len([group for *_, group in processes() if group in served]) >= 4  # server, daemon, code location, run
    ui.process.send_signal(signal.SIGTERM)
    assert ui.process.wait(60) == 0
    assert ui.wait(lambda: not [group for *_, group in processes() if group in served], 60)


def processes():
    """Every process: its number, its parent's, its group's."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,pgid="], capture_output=True, text=True, check=True).stdout
    return [tuple(map(int, line.split())) for line in listed.splitlines()]
