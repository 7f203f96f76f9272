"""What can go wrong with a connection, and whether it may go right when tried again."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

_FOR_GOOD = re.compile(
    r"authentication failed|access denied|permission denied|command denied|no pg_hba\.conf|does not exist|doesn't exist"
    r"|no such (table|column|function)|syntax error|error in your SQL syntax|unknown (database|column|table)"
    r"|must be a SELECT|no fields returned|not authorized|readonly|file is not a database|ambiguous|two columns called"
    r"|duplicate column|one statement at a time|certificate|does not support SSL|server does not support",
    re.IGNORECASE,
)


class Trouble(Exception):
    """A source that did not come; ``permanent`` where the same question will not be answered another time either."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent

    def __reduce__(self) -> tuple[Callable[[], Trouble], tuple[()]]:
        """Come out of a process beside this one as it went in."""
        return partial(Trouble, str(self), permanent=self.permanent), ()


def permanent(error: Exception) -> bool:
    """Whether an error of a database is about the question or the right to ask, not about the line or the server."""
    return bool(_FOR_GOOD.search(str(error)))
