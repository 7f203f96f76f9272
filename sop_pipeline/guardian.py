"""A process that outlives its parent for one thing: to end what the parent had started, when that was killed outright.

Nobody can catch SIGKILL. The parent holds the other end of a pipe, which the system closes with it, however it dies.
Here: both ends. Not here: what is started (``assets.launch``).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
GRACE_SECONDS = 5.0
"""How long a group may take to end when asked."""


@contextmanager
def ends_with_this_process(group: int) -> Iterator[None]:
    """Have a process group end, at the latest, when this process does; at the end of the block nothing more is done."""
    theirs, ours = os.pipe()
    watcher = subprocess.Popen(
        [sys.executable, "-m", "sop_pipeline.guardian", str(theirs), str(group)],
        cwd=_ROOT,
        pass_fds=[theirs],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield
    finally:
        watcher.kill()
        watcher.wait()
        os.close(ours)


def watch(pipe: int, group: int) -> None:
    """Wait until the other end of a pipe is gone, then end a process group: asked first, killed after a while."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(pipe, 1):
        pass
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGINT)
        time.sleep(GRACE_SECONDS)
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    watch(int(sys.argv[1]), int(sys.argv[2]))
