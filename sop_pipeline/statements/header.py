"""The header comment of a statement: its grain, what it reads and binds, and the structure its templating takes.

::

    -- grain: one row per approach and product
    -- any further words
    -- reads: products, engine_forecast = demand/forecast/forecast
    -- binds: $cutoff date, $lags bigint[]
    -- structure: {by_item: true}
    -- meant: cross join of products with approaches, every pair is wanted

``reads`` names every table outside the statement; ``a = b`` says that ``a`` has the shape of ``b``, a table of the
registry or another statement. ``structure`` is an example of what Jinja is given, in YAML, one for each branch that
reads something else. ``meant`` excuses one join that meets every row with every row. An entry may go on in lines that
begin with ``--`` and three spaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_LINE = re.compile(r"^-- (grain|reads|binds|structure|meant): (.+(?:\n--   .+)*)$", re.MULTILINE)


class BadStatement(Exception):
    """A header that does not say what it must, or a statement that is not as it says or not in our order."""


@dataclass(frozen=True)
class Header:
    """What a statement says of itself: ``reads`` and ``binds`` map a name to its source and to its DuckDB type."""

    grain: str
    reads: dict[str, str]
    binds: dict[str, str]
    structures: tuple[dict[str, Any], ...]
    meant: tuple[str, ...]


def header_of(text: str) -> Header:
    """Return the header of the statement in ``text``; BadStatement where it has no grain or an entry cannot be read."""
    lines: dict[str, list[str]] = {"grain": [], "reads": [], "binds": [], "structure": [], "meant": []}
    for key, value in _LINE.findall(text):
        lines[key].append(value.replace("\n--   ", " "))
    if not lines["grain"]:
        raise BadStatement("the header has no line `-- grain: one row per ...`")
    return Header(
        lines["grain"][0],
        dict(_read(entry) for entry in _entries(lines["reads"])),
        dict(_bound(entry) for entry in _entries(lines["binds"])),
        tuple(yaml.safe_load(value) for value in lines["structure"]) or ({},),
        tuple(lines["meant"]),
    )


def _entries(lines: list[str]) -> list[str]:
    return [entry.strip() for line in lines for entry in line.split(", ")]


def _read(entry: str) -> tuple[str, str]:
    name, _, source = entry.partition(" = ")
    return name, source or name


def _bound(entry: str) -> tuple[str, str]:
    matched = re.fullmatch(r"\$(\w+) (.+)", entry)
    if not matched:
        raise BadStatement(f"`binds` has {entry!r}, not `$name type`")
    return matched[1], matched[2]
