"""Errors a person can act on.

Every message says what was found, what was needed, where, and how to mend it. What belongs here: the few classes that
callers tell apart (the command line by exit code). Not here: the wording, which lives where the fault is seen.
"""

from __future__ import annotations


class SopError(Exception):
    """Something a user can mend; printed without a traceback."""

    exit_code = 1


class BadInput(SopError):
    """Input that contradicts itself, is missing, or cannot be read."""

    exit_code = 2


class Infeasible(SopError):
    """Hard rules that no plan can keep; the message names the smallest set found that conflicts."""

    exit_code = 3


def fault(*, found: str, needed: str, where: str, mend: str) -> str:
    """Return one sentence in the house form, ready for any of the error classes."""
    return f"{where}: found {found}; needed {needed}. {mend}"
