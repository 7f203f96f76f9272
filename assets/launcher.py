"""How Dagster looks after runs that are under way: it knows the process of each, and reaps those whose process is gone.

Every run notes its process as a tag when it starts, whoever started it. Run monitoring asks here; a run killed at any
moment then holds up no queue, and one of the command line can be ended from the web UI.
"""

from __future__ import annotations

import os
import signal

import dagster as dg
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus

from sop_pipeline.process import identity, is_alive, is_here, pid_of

PROCESS = "sop/process"
"""The tag in which a run has its id and its process; the id, because a run taken up again inherits the tags."""
GONE = "The process that ran it is gone: killed, out of memory, or the machine was restarted. Run the cycle again."


class RunLauncher(dg.DefaultRunLauncher):
    """Dagster's own launcher, which also knows the processes of runs."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether run monitoring may ask for the health of runs."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Tell whether the run's process is there; one of another machine, or not noted yet, counts as there."""
        gone = is_gone(run)
        return CheckRunHealthResult(WorkerStatus.FAILED if gone else WorkerStatus.RUNNING, GONE if gone else None)

    def get_run_worker_debug_info(self, run: dg.DagsterRun, include_container_logs: bool | None = True) -> str | None:
        """Return what is known of a run that ended without a word."""
        return GONE if is_gone(run) else None

    def terminate(self, run_id: str) -> bool:
        """End a run: one of a code location by its server, one of the command line by a signal to its process."""
        run = self._instance.get_run_by_id(run_id)
        process = process_of(run) if run is not None else None
        if run is None or process is None or ".dagster/grpc_info" in run.tags or not is_here(process):
            return bool(super().terminate(run_id))
        if run.is_finished or not is_alive(process):
            return False
        self._instance.report_run_canceling(run)
        os.kill(pid_of(process), signal.SIGINT)
        return True


def note_process(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Note this process as that of a run."""
    instance.add_run_tags(run.run_id, process_tag(run.run_id))


def process_tag(run_id: str) -> dict[str, str]:
    """Return the tag that says this process is that of a run."""
    return {PROCESS: f"{run_id} {identity()}"}


def process_of(run: dg.DagsterRun) -> str | None:
    """The process a run has noted; None before it did."""
    run_id, _, process = run.tags.get(PROCESS, "").partition(" ")
    return process if run_id == run.run_id else None


def other_process(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """The process that runs a run, where that is another one, still there: this one then has a step of it alone."""
    now = instance.get_run_by_id(run.run_id)
    process = process_of(now) if now is not None else None
    return None if process == identity() or now is None or is_gone(now) else process


def is_gone(run: dg.DagsterRun) -> bool:
    """Whether a run's process was on this machine and is no more."""
    process = process_of(run)
    return process is not None and is_here(process) and not is_alive(process)


def reap(instance: dg.DagsterInstance) -> list[str]:
    """Record as failed every run whose process is gone, free what it held, and return their ids."""
    status = dg.DagsterRunStatus
    under_way = [status.NOT_STARTED, status.STARTING, status.STARTED, status.CANCELING]
    gone = [run for run in instance.get_runs(dg.RunsFilter(statuses=under_way)) if is_gone(run)]
    for run in gone:
        instance.report_run_failed(run, GONE)
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in gone]
