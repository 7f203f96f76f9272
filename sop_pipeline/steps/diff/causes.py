"""What may have made two plans differ: files, settings, decisions, earlier cycles, the cycle itself, code.

What changed is known from the plans; how far each cause reaches follows from the edges of the month: a table has the
causes of its step and those of every table it is made of that differs. A table that did not change hands nothing on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sop_pipeline.steps.diff.side import Side
from sop_pipeline.steps.month import STEPS
from sop_pipeline.steps.step import Step

INPUTS, DECISIONS, SETTINGS, EARLIER = "inputs", "decisions", "settings", "earlier cycles"
CYCLE, CODE, UNKNOWN = "cycle", "code", "not known"
DECIDED = ("decisions", "recorded_decisions", "decisions_in_force", "decision_promises")
"""Tables of what was decided."""
RECORDS = "recorded_decisions"


class Change(NamedTuple):
    """One thing that is otherwise: its cause, its name, and how it was and is, where that can be said."""

    cause: str
    name: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Causes:
    """What is otherwise behind two plans, and which of it reaches each table that differs."""

    changes: tuple[Change, ...]
    by_table: Mapping[str, tuple[str, ...]]


def causes(before: Side, after: Side, changed: Collection[str]) -> Causes:
    """Return what may have made the tables ``changed`` differ; ``UNKNOWN`` for one that nothing known reaches."""
    changes = tuple(_changes(before, after))
    kinds = {change.cause for change in changes}
    settings = {change.name.partition(".")[0] for change in changes if change.cause == SETTINGS}
    found: dict[str, set[str]] = {}
    for step in STEPS:
        own = _own(step, kinds, settings)
        for table in set(step.outputs) & set(changed):
            handed_on = {cause for name in step.reads for cause in found.get(name, ())}
            files = _of_files(table, kinds) if step.reads_sources or table in DECIDED else set()
            found[table] = own | handed_on | files
    order = (INPUTS, DECISIONS, SETTINGS, EARLIER, CYCLE, CODE)
    told = {table: tuple(cause for cause in order if cause in found.get(table, ())) for table in changed}
    return Causes(changes, {table: reached or (UNKNOWN,) for table, reached in told.items()})


def _own(step: Step, kinds: set[str], settings: set[str]) -> set[str]:
    """Causes that reach a step other than by its tables: code and the cycle reach every one."""
    own = kinds & {CYCLE, CODE}
    if not settings.isdisjoint(step.settings):
        own.add(SETTINGS)
    return own | (kinds & {EARLIER} if step.past else set())


def _of_files(table: str, kinds: set[str]) -> set[str]:
    return {DECISIONS} if table in DECIDED else kinds & {INPUTS}


def _changes(before: Side, after: Side) -> Iterator[Change]:
    if before.plan.cycle != after.plan.cycle:
        yield Change(CYCLE, "cycle", str(before.plan.cycle), str(after.plan.cycle))
    yield from _files(before, after)
    if any(before.tables.hashes.get(name) != after.tables.hashes.get(name) for name in DECIDED):
        yield from _decided(before, after)
    yield from _named(SETTINGS, _paths(before.settings), _paths(after.settings))
    yield from _named(EARLIER, before.earlier, after.earlier)
    yield from _named(CODE, before.versions, after.versions)


def _files(before: Side, after: Side) -> Iterator[Change]:
    old, new = before.files(), after.files()
    for table, file in sorted({*old, *new}):
        then, now = old.get((table, file)), new.get((table, file))
        if then != now:
            yield Change(INPUTS, f"{table}: {file}", then and then[:16], now and now[:16])


def _decided(before: Side, after: Side) -> Iterator[Change]:
    """Every decision recorded otherwise, by its name; one change in all where only the company's file differs."""
    named = list(_named(DECISIONS, _records(before), _records(after)))
    yield from named or [Change(DECISIONS, "decisions")]


def _records(side: Side) -> dict[str, str]:
    """What was last done with each decision: the option adopted and what it is, or that it was rejected or deferred."""
    rows = side.tables[RECORDS].to_pylist() if RECORDS in side.tables else []
    ordered = sorted(rows, key=lambda row: (row["cycle"], row["number"]))
    return {row["decision_id"]: " ".join(_done(row)) for row in ordered}


def _done(row: Mapping[str, Any]) -> Iterator[str]:
    yield str(row["action"])
    for name in ("option", "choice", "choice_subject"):
        if row[name]:
            yield str(row[name]).replace("_", " ")


def _named(cause: str, old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> Iterator[Change]:
    """What is otherwise among named things; one change in all where one side's are not known."""
    if old is None or new is None:
        yield Change(cause, "not known of " + " and ".join(_unknown(old, new)))
        return
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Change(cause, name, old.get(name), new.get(name))


def _unknown(old: Any, new: Any) -> Iterator[str]:
    yield from (side for side, found in (("the first", old), ("the second", new)) if found is None)


def _paths(settings: Any, path: str = "") -> dict[str, str] | None:
    """Settings by their place: ``supply.strategy``; lists count as one value."""
    if settings is None and not path:
        return None
    if not isinstance(settings, Mapping):
        return {path: str(settings)}
    parts = [_paths(value, f"{path}.{name}" if path else name) for name, value in settings.items()]
    return {place: value for part in parts for place, value in (part or {}).items()}
