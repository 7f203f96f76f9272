"""A query on its way: what is asked of which connection, and the rows as DuckDB sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from sop_pipeline.connections.trouble import Trouble

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Asked(Generic[Kind]):
    """A query to a connection, with what it takes to ask it; ``target`` is the file its rows are to be in."""

    connection: Kind
    query: str
    target: Path
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Rows:
    """``select`` is a statement of DuckDB that gives them, ``given`` its parameters.

    ``numbers`` are the columns whose text is a number with a decimal point.
    """

    select: str
    numbers: Sequence[str]
    given: Mapping[str, str] = field(default_factory=dict)


def refuse_repeated(names: Sequence[str]) -> None:
    """Refuse a query of which two columns have one name."""
    seen = [name.lower() for name in names]
    twice = sorted({name for name in seen if seen.count(name) > 1})
    if twice:
        raise Trouble(f"two columns called {twice[0]}; give each a name of its own: select a.x as ...", permanent=True)


def bare_query(query: str) -> str:
    """Return a query without the semicolon at its end, so that it can stand in brackets."""
    return query.strip().rstrip(";").rstrip()


def quoted(name: str, mark: str = '"') -> str:
    """Write the name of a column for SQL."""
    return f"{mark}{name.replace(mark, 2 * mark)}{mark}"
