"""Where a fault strikes a month: a file operation of one step, as the interpreter itself announces it.

Before a file is opened, renamed or removed, Python calls the audit hooks of the process (PEP 578). A hook that kills
the process there leaves the disk as a ``kill -9`` at that moment does; one that raises an ``OSError`` is a disk that
refuses that one operation. So no line of the product knows of faults, and no internal is patched.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CYCLE = "2026-07"


class Moment(StrEnum):
    """Five moments of a step, between which all that it leaves on the disk is made."""

    ASIDE = "its table is written aside, not yet on the disk for sure"
    UNNAMED = "its table is on the disk, without its name"
    NAMED = "its table has its name, noted nowhere"
    UNNOTED = "the note of its table is written aside"
    UNKEPT = "its tables are whole and noted, and no later run may take them over yet"


class Fault(StrEnum):
    """What happens at a moment."""

    KILL = "kill -9"
    FULL = "disk full"
    BROKEN = "input/output error"
    FORBIDDEN = "no permission"
    READ_ONLY = "read-only disk"


_ERRORS = {
    Fault.FULL: errno.ENOSPC,
    Fault.BROKEN: errno.EIO,
    Fault.FORBIDDEN: errno.EACCES,
    Fault.READ_ONLY: errno.EROFS,
}
_PLACES: dict[Moment, tuple[str, str]] = {
    Moment.ASIDE: ("open", r"/lake/data/{table}/\.[^/]+\.part"),
    Moment.UNNAMED: ("os.rename", r"/lake/data/{table}/\.[^/]+\.part"),
    Moment.NAMED: ("open", r"/lake/data/{table}"),
    Moment.UNNOTED: ("open", r"/lake/runs/{cycle}/[^/]+/\.{table}\.json\.[^/]+\.part"),
    Moment.UNKEPT: ("open", r"/lake/kept/{cycle}/{step}/\.[^/]+\.part"),
}


@dataclass(frozen=True)
class Strike:
    """A fault at a moment of a step, at one of its tables; ``times`` is how often, where the process lives on.

    What is struck is noted on the standard error of the process.
    """

    fault: Fault
    moment: Moment
    step: str
    table: str
    times: int = sys.maxsize

    def arm(self) -> None:
        """Have this process struck, for as long as it lives."""
        event, place = _PLACES[self.moment]
        names = {"table": re.escape(self.table), "step": re.escape(self.step), "cycle": CYCLE}
        sys.addaudithook(_hook(event, re.compile(place.format(**names) + "$"), self))


def _hook(event: str, place: re.Pattern[str], strike: Strike) -> Callable[[str, tuple[Any, ...]], None]:
    left = strike.times

    def hook(announced: str, told: tuple[Any, ...]) -> None:
        nonlocal left
        if announced != event or not isinstance(told[0], str) or not place.search(told[0]) or left == 0:
            return
        left -= 1
        os.write(2, f"struck: {strike.step}\n".encode())
        if strike.fault == Fault.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        code = _ERRORS[strike.fault]
        raise OSError(code, os.strerror(code), told[0])

    return hook
