"""How long a step may take, and when it is tried again: only where a disk or network failed for a moment.

Bad input, a failed check, a full disk stay what they are however often they are tried. Not here: the limit of a whole
run, which is a tag that run monitoring reads (``resources``).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import dagster as dg

from sop_pipeline.disk import may_pass
from sop_pipeline.errors import SopError
from sop_pipeline.operating import Operation

_FIRST_WAIT = 2.0
"""Seconds before the second try; each wait after is twice the one before."""


class StepTimeout(SopError):
    """A step took longer than the company lets it."""


@contextmanager
def limited(step: str, operation: Operation, attempts: int) -> Iterator[None]:
    """Stop what takes longer than ``step_minutes``, and have a passing fault of I/O tried again.

    ``attempts`` is how often the step was tried before.
    """
    with _in_time(step, operation.step_minutes), tried_again(attempts, lambda: operation.io_retries):
        yield


@contextmanager
def tried_again(attempts: int, retries: Callable[[], int]) -> Iterator[None]:
    """Ask for a step to be tried again after a fault of I/O that may pass, until it was ``retries`` times."""
    try:
        yield
    except Exception as error:
        if may_pass(error) and attempts < (most := retries()):
            raise dg.RetryRequested(max_retries=most, seconds_to_wait=_FIRST_WAIT * 2**attempts) from error
        raise


@contextmanager
def _in_time(step: str, minutes: float) -> Iterator[None]:
    """A timer of the process, so only where its main thread works; a long call of a solver is over before it counts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StepTimeout(
            found=f"more than {minutes:g} minutes",
            needed="the step to be done in that time",
            where=f"step {step}",
            mend="Its log says what it waits for. If it needs more: operation: {step_minutes: ...} in sop.yaml.",
        )

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, minutes * 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
