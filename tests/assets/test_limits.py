"""When a step is tried again, and when it is stopped."""

import errno
import signal
import time
from pathlib import Path

import dagster as dg
import pytest

from assets.limits import StepTimeout, limited, tried_again
from sop_pipeline.disk import may_pass, telling
from sop_pipeline.errors import BadInput
from sop_pipeline.operating import Operation

BAD = BadInput(found="a", needed="b", where="c", mend="d")


def told(number):
    with pytest.raises(BadInput) as caught, telling(Path(__file__)):
        raise OSError(number, "as the system says")
    return caught.value


def test_faults_of_disk_and_network_may_pass_also_where_they_were_told_in_words():
    assert may_pass(OSError(errno.EIO, "input/output error"))
    assert may_pass(ConnectionResetError())
    assert may_pass(TimeoutError())
    assert may_pass(told(errno.ESTALE))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT, errno.EDQUOT])
def test_what_a_person_has_to_mend_does_not_pass(number):
    assert not may_pass(OSError(number, "as the system says"))
    assert not may_pass(told(number))


def test_bad_input_and_plain_errors_do_not_pass():
    assert not may_pass(BAD)
    assert not may_pass(ValueError())


def run(fault, times, retries=3):
    """A job of one step that fails a few times, and how often it was tried."""
    tries = []

    @dg.op
    def step(context):
        with limited("step", Operation(io_retries=retries), context.retry_number):
            tries.append(context.retry_number)
            if len(tries) <= times:
                raise fault

    @dg.job
    def job():
        step()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assets.limits._FIRST_WAIT", 0.01)
        return job.execute_in_process(raise_on_error=False), tries


def test_a_step_is_tried_again_until_the_disk_answers():
    result, tries = run(OSError(errno.EIO, "input/output error"), times=2)
    assert result.success
    assert tries == [0, 1, 2]


def test_it_fails_when_the_disk_never_answers():
    result, tries = run(OSError(errno.EIO, "input/output error"), times=9)
    assert not result.success
    assert tries == [0, 1, 2, 3]


@pytest.mark.parametrize("fault", [BAD, OSError(errno.ENOSPC, "full"), ValueError("wrong")])
def test_nothing_else_is_tried_again(fault):
    result, tries = run(fault, times=1)
    assert not result.success
    assert tries == [0]


def test_without_retries_none_is_asked_for():
    with pytest.raises(OSError, match="input"), tried_again(0, lambda: 0):
        raise OSError(errno.EIO, "input/output error")


def test_a_step_that_takes_too_long_is_stopped_in_words_and_the_timer_is_taken_back():
    before = signal.getsignal(signal.SIGALRM)
    with (
        pytest.raises(StepTimeout, match=r"step strategies: found more than 0.001 minutes"),
        limited("strategies", Operation(step_minutes=0.001), 0),
    ):
        time.sleep(5)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
