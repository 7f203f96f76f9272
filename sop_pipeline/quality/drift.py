"""How the columns of a source differ from those of the cycle before, each with the likely mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sop_pipeline.config import Source
from sop_pipeline.quality.columns import FileColumns
from sop_pipeline.reading.readers.names import closest

_OF_EXTRA = "nothing, unless it is wanted: then name it under columns in sop.yaml"
Change = Literal["missing", "extra", "renamed", "retyped"]


@dataclass(frozen=True)
class Drift:
    """One difference: what changed, in which file, and what to do about it."""

    change: Change
    table: str
    file: str
    column: str
    mend: str


def drift(
    before: Sequence[FileColumns], now: Sequence[FileColumns], sources: Mapping[str, Sequence[Source]]
) -> list[Drift]:
    """Return the differences of every source that both cycles have, a source's newest file speaking for it."""
    last = {(each.table, each.source): each for each in before}
    found = []
    for each in {(each.table, each.source): each for each in now}.values():
        earlier = last.get((each.table, each.source))
        if earlier is not None:
            ours = {theirs: our for our, theirs in sources[each.table][each.source].columns.items()}
            found += _differences(earlier.columns, each, ours)
    return found


def _differences(before: Mapping[str, str], now: FileColumns, ours: Mapping[str, str]) -> list[Drift]:
    gone = [name for name in before if name not in now.columns]
    new = [name for name in now.columns if name not in before]
    pairs = _renamed(gone, new, before, now.columns)
    found = [
        Drift(
            "renamed", now.table, now.file, f"{old} -> {name}", f"columns: {{{ours.get(old, old)}: {name}}} in sop.yaml"
        )
        for old, name in pairs.items()
    ]
    found += [
        Drift("missing", now.table, now.file, name, _of_missing(name, ours)) for name in gone if name not in pairs
    ]
    found += [
        Drift(
            "extra", now.table, now.file, name, "nothing, unless it is wanted: then name it under columns in sop.yaml"
        )
        for name in new
        if name not in pairs.values()
    ]
    found += [
        Drift("retyped", now.table, now.file, f"{name}: {before[name]} -> {kind}", _of_retyped(name, kind))
        for name, kind in now.columns.items()
        if name in before and kind != before[name] and "blank" not in (kind, before[name])
    ]
    return found


def _renamed(
    gone: Sequence[str], new: Sequence[str], before: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, str]:
    """Which of the new columns is one that is gone: of its kind, and alike in name or in the same place."""
    pairs: dict[str, str] = {}
    for old in gone:
        free = [name for name in new if name not in pairs.values() and now[name] == before[old]]
        at = list(before).index(old)
        near = closest(old, free) or next((name for name in free if list(now).index(name) == at), None)
        if near:
            pairs[old] = near
    return pairs


def _of_missing(name: str, ours: Mapping[str, str]) -> str:
    if name in ours:
        return f"ask for the column again, or map another one to {ours[name]} under columns in sop.yaml"
    return "ask whether it was left out on purpose"


def _of_retyped(name: str, kind: str) -> str:
    if kind == "text":
        return f"look for words among the values of {name}; if their form alone changed, set decimal or date_format"
    return f"look whether {name} still means the same"
