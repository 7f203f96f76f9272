"""How a process of the pipeline treats memory and libraries, whichever it is: the command itself or a child beside it.

Most of what such a process makes, it needs until it ends: libraries, tables, the plan's model. Looking through all of
that every few hundred new objects, and again at the end, is a tenth of a cycle's time. Nothing here knows what the
process is for.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

_NEW_OBJECTS = 50_000


def collect_rarely() -> None:
    """Have Python look for unreachable cycles after tens of thousands of new objects, and not when it ends."""
    gc.set_threshold(_NEW_OBJECTS, 20, 50)
    atexit.register(gc.freeze)


def without(library: str) -> None:
    """Have this process take a library for one that is not installed.

    DuckDB and pyarrow import pandas wherever they find it, only to ask whether what they were given is one of its
    frames. For a command that has none, that is a third of its time.
    """
    sys.meta_path.insert(0, _Absent(library))


class _Absent(MetaPathFinder):
    def __init__(self, library: str) -> None:
        self._library = library

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == self._library:
            raise ModuleNotFoundError(f"{fullname} is not needed here", name=fullname)
