"""Which libraries a process of the pipeline does without. Nothing here knows what the process is for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


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
