"""How a process of the pipeline runs and ends, whichever it is: the command itself or a child beside it.

Most of what such a process makes, it needs until it ends: libraries, tables, the plan's model. Looking through all of
that every few hundred new objects, and taking it apart piece by piece at the end, is a tenth of a cycle's time. Nothing
here knows what the process is for.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

_NEW_OBJECTS = 50_000


def collect_rarely() -> None:
    """Have Python look for unreachable cycles after tens of thousands of new objects, not after seven hundred."""
    gc.set_threshold(_NEW_OBJECTS, 20, 50)


def leave(code: int) -> NoReturn:
    """End a child that holds nothing but memory: what it said is flushed, the system takes the rest back at once."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
