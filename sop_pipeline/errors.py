"""Errors a person can act on.

Every message says what was found, what was needed, where, and how to mend it. What belongs here: the few classes that
callers tell apart (the command line by exit code) and the one form of their message. Not here: the words, which live
where the fault is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Self


class SopError(Exception):
    """Something a user can mend; printed as one sentence, without a traceback."""

    exit_code = 1

    def __init__(self, *, found: str, needed: str, where: str, mend: str) -> None:
        super().__init__(f"{where}: found {found}; needed {needed}. {mend}")
        self.found, self.needed, self.where, self.mend = found, needed, where, mend

    def __reduce__(self) -> tuple[Callable[[], Self], tuple[()]]:
        """Carry the four parts between processes; by itself an exception is made again from its message alone."""
        return partial(type(self), **self.__dict__), ()


class BadInput(SopError):
    """Input that contradicts itself, is missing, or cannot be read."""

    exit_code = 2


class BadInputs(BadInput):
    """Several faults of one input, one line each, so that one reading mends them all."""

    def __init__(self, faults: Sequence[BadInput]) -> None:
        Exception.__init__(self, "\n".join(map(str, faults)))
        self.faults = tuple(faults)


class Infeasible(SopError):
    """Hard rules that no plan can keep; the message names the smallest set found that conflicts."""

    exit_code = 3
