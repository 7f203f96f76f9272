"""How a process of the pipeline treats its memory, whichever it is: the command itself or a child beside it.

Most of what such a process makes, it needs until it ends: libraries, tables, the plan's model. Looking through all of
that every few hundred new objects, and again at the end, is a tenth of a cycle's time. Nothing here knows what the
process is for.
"""

from __future__ import annotations

import atexit
import gc

_NEW_OBJECTS = 50_000


def collect_rarely() -> None:
    """Have Python look for unreachable cycles after tens of thousands of new objects, and not when it ends."""
    gc.set_threshold(_NEW_OBJECTS, 20, 50)
    atexit.register(gc.freeze)
