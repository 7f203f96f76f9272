"""The month: every step in order, and what follows from their edges."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from sop_pipeline.pointers import Want
from sop_pipeline.steps import demand, gap_closing, ingest, portfolio, reconciliation, scenarios, supply
from sop_pipeline.steps.step import Step

STEPS: tuple[Step, ...] = (
    *ingest.STEPS,
    *portfolio.STEPS,
    *demand.STEPS,
    *supply.STEPS,
    *reconciliation.STEPS,
    *scenarios.STEPS,
    *gap_closing.STEPS,
)
"""Each reads only what the ones before it made."""

LINEAGE: dict[str, set[str]] = {table: set(step.reads) for step in STEPS for table in step.outputs}
"""Which tables each table is made from."""

EARLIER: tuple[Want, ...] = tuple(dict.fromkeys(want for step in STEPS for want in step.past))
"""What the month reads of earlier cycles."""

BLOCKING_CHECKS = sum(len(step.outputs) + len(step.checks) for step in STEPS)
"""Checks that stand between files and packs: the schema of every table, and the identities."""


_MAKERS: dict[str, Step] = {name: step for step in STEPS for name in (*step.outputs, step.name)}
"""The step behind every name: its own, and those of its tables."""


def is_known(name: str) -> bool:
    """Whether a step or a table has this name."""
    return name in _MAKERS


def near(name: str) -> str:
    """Return names of steps and tables like this one."""
    return ", ".join(difflib.get_close_matches(name, _MAKERS, n=3, cutoff=0.4)) or "none"


def needed_for(name: str) -> tuple[Step, ...]:
    """Return the step of this name, or that makes the table of this name, and every step it rests on, in order."""
    wanted = {_MAKERS[name].name}
    for step in reversed(STEPS):
        if step.name in wanted:
            wanted |= {_MAKERS[table].name for table in step.reads}
    return tuple(step for step in STEPS if step.name in wanted)


def touched_by(names: Collection[str]) -> tuple[Step, ...]:
    """Return the steps that a change of these tables may reach, in order; those that make them are not among them."""
    reached = set(names)
    found = []
    for step in STEPS:
        if not reached.isdisjoint(step.reads):
            reached.update(step.outputs)
            found.append(step)
    return tuple(found)
