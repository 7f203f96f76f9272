"""What can go wrong with a connection, and whether it may go right when tried again."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

_FOR_GOOD = re.compile(
    r"authentication failed|access denied|permission denied|command denied|no pg_hba\.conf|does not exist|doesn't exist"
    r"|no such (table|column|function)|error in your SQL syntax|unknown (database|column|table)|not authorized|readonly"
    r"|must be a SELECT|no fields returned|file is not a database|ambiguous|two columns called|duplicate column"
    r"|ACCESS_DENIED|INVALID_ACCESS_KEY|SIGNATURE_DOES_NOT_MATCH|NO_SUCH_BUCKET|HTTP status 40[0134]"
    r"|one statement at a time|certificate|does not support SSL|could not decode"
    # whatever else a server complains of, but for what is over in a moment
    r"|(?-i:ERROR: )(?!.*(timeout|terminat|start|shut|deadlock|too many|recovery|serializ|conflict))"
    r"|syntax error",
    re.IGNORECASE,
)
_AROUND = (
    re.compile(r"^\w[\w ]* Error: "),
    re.compile(r"Unable to connect to Postgres at \".*?\": "),
    re.compile(r"Failed to connect to MySQL database with parameters \".*?\": "),
    re.compile(r"Failed to prepare (MySQL )?query \".*\": (?=.)", re.DOTALL),
    re.compile(r"\s*LINE 1: (select \* )?(copy|describe|from) .*$", re.DOTALL),
)
"""What DuckDB puts around the words of a server: its own statement, and the settings of the connection."""


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


def plain(error: Exception) -> str:
    """Return the words of the server, on one line."""
    said = str(error)
    for around in _AROUND:
        said = around.sub("", said)
    return " ".join(said.split())
