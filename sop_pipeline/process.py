"""Processes of the pipeline: which libraries one does without, and how it is told from any other, now and later.

Nothing here knows what a process is for.
"""

from __future__ import annotations

import functools
import os
import platform
import sys
import threading
import time
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

_LOOKED_AT_SECONDS = 0.5
"""How often it is looked whether another process is there still."""


def without(library: str) -> None:
    """Have this process take a library for one that is not installed.

    DuckDB and pyarrow import pandas wherever they find it, only to ask whether what they were given is one of its
    frames. For a command that has none, that is a third of its time.
    """
    sys.meta_path.insert(0, _Absent(library))


def identity() -> str:
    """Return this process's name for good: machine, process id, and the moment it began, as ids are given again."""
    return f"{platform.node()}:{os.getpid()}:{_began(os.getpid())}"


def is_here(process: str) -> bool:
    """Whether a process is, or was, of this machine."""
    return process.rsplit(":", 2)[0] == platform.node()


def pid_of(process: str) -> int:
    """The id of a process."""
    return int(process.rsplit(":", 2)[1])


def is_alive(process: str) -> bool:
    """Whether a process of this machine is there still."""
    began = _began(pid_of(process))
    return began is not None and began == process.rsplit(":", 2)[2]


@functools.cache
def end_with(process: str) -> None:
    """Have this process end, in the middle of its work, at the latest when another one of this machine is gone."""
    if is_here(process):
        threading.Thread(target=_end_after, args=(process,), name="end_with", daemon=True).start()


def _end_after(process: str) -> None:
    while is_alive(process):
        time.sleep(_LOOKED_AT_SECONDS)
    os._exit(1)


def _began(pid: int) -> str | None:
    """When a process began, in the system's own ticks; None when it is gone, "0" where the system does not tell."""
    try:
        state, *after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _answers(pid)
    return None if state in "ZX" else after[18]


def _answers(pid: int) -> str | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # it is there, and another user's
    return "0"


class _Absent(MetaPathFinder):
    def __init__(self, library: str) -> None:
        self._library = library

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == self._library:
            raise ModuleNotFoundError(f"{fullname} is not needed here", name=fullname)
