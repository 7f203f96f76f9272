"""One company's month, planned again as far as a fault can reach, and who sees that it is wrong.

Called in a fork that has the faulty code (``forked``). The steps that run the fault are made again from the tables of
the month without it, then those that read a table which has changed. After each step come its checks, the rules of its
tables, and those identities of the audit whose tables are all made; the first that does not hold has caught the fault.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import SopError
from sop_pipeline.ingest import read_snapshot, snapshot
from sop_pipeline.past import Earlier
from sop_pipeline.steps import month
from sop_pipeline.steps.checking import _references
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Step
from sop_pipeline.validation.profile import profile
from tests.audit.identities import IDENTITIES, WITHIN
from tests.audit.published import Published
from tests.mutation.reach import Reached, watched

NEEDS_PACKS = "export files hold the tables to the last digit"
MADE = {table: place for place, step in enumerate(month.STEPS) for table in step.outputs}
"""Place in the month of the step that makes a table."""


def planned(folder: Path, cycles: Sequence[str]) -> dict[str, Reached]:
    """Plan months without a fault; of the last, what each step runs of the code.

    AssertionError where steps that are run again make other tables, or where a check does not hold.
    """
    company = CompanyFolder(folder)
    for cycle in cycles:
        snapshot(company.settings, folder, Cycle.parse(cycle), company.lake)
        steps.run(company.lake, company.settings, Cycle.parse(cycle), checks=False, publish=True)
    return _reached(_given(folder, cycles[-1]))


def audited(folder: Path, cycle: str) -> dict[str, frozenset[str]]:
    """The tables that each identity of the audit reads; AssertionError where one does not hold without a fault."""
    found = {}
    for name in IDENTITIES:
        if name != NEEDS_PACKS:
            published = _Noting(folder, cycle)
            assert not _is_broken(name, published), f"{folder.name}: without a fault this does not hold: {name}"
            found[name] = frozenset(published.read)
    return found


def _reached(given: Given) -> dict[str, Reached]:
    """What each step runs of the code, as it makes its tables again."""
    found = {}
    for step in month.STEPS:
        with watched() as reached:
            made = step.make(given)
        found[step.name] = reached
        moved = [name for name, table in made.items() if not table.equals(given.tables[name])]
        assert not moved, f"made again, other rows: {', '.join(moved)}"
        against = list(_checks(step, given, step.outputs))
        assert not against, f"without a fault these fail: {', '.join(against)}"
    return found


def judged(folder: Path, cycle: str, audited: Mapping[str, frozenset[str]], touched: frozenset[str]) -> tuple[str, str]:
    """``caught``, ``missed`` where a table has changed, or ``no_change``, and by what; ``touched`` steps are run."""
    changed: dict[str, None] = {}
    try:
        seen = next(_seen(Published(folder, cycle), audited, touched, changed), None)
    except SopError as refused:
        seen = f"{type(refused).__name__}: {refused.found}"
    if seen:
        return "caught", seen
    return ("missed" if changed else "no_change"), ", ".join(changed)


def _seen(
    of: Published, audited: Mapping[str, frozenset[str]], touched: frozenset[str], changed: dict[str, None]
) -> Iterator[str]:
    """What sees the fault, one after the other; ``changed`` gets the tables that come out otherwise."""
    given = _given(of.folder, of.cycle)
    waiting = dict(audited)
    for place, step in enumerate(month.STEPS):
        if step.name in touched or not changed.keys().isdisjoint(step.reads):
            made = step.make(given)
            now = [name for name, table in made.items() if not table.equals(given.tables[name])]
            changed |= dict.fromkeys(now)
            given = replace(given, tables=ChainMap(made, given.tables))  # type: ignore[arg-type]  # reads alone
            yield from _checks(step, given, now)
        ready = [name for name, reads in waiting.items() if all(MADE[table] <= place for table in reads)]
        for name in ready:
            if not waiting.pop(name).isdisjoint(changed) and _is_broken(name, _Made(of, given.tables)):
                yield f"audit: {name}"


def _given(folder: Path, cycle: str) -> Given:
    """All that steps may read: the month as published."""
    company, planned = CompanyFolder(folder), Cycle.parse(cycle)
    lake = company.lake
    earlier = Earlier(lake, lake.manifest(planned, month.EARLIER))
    return Given(lake.published(planned), company.settings, planned, earlier, lambda: read_snapshot(lake, planned))


def _checks(step: Step, given: Given, changed: Sequence[str]) -> Iterator[str]:
    """Tables whose rows break a rule of the registry, as the suites would say, and blocking checks that fail."""
    references = _references(given.tables)
    for name in changed:
        if not profile(name, given.tables[name], references).is_clean:
            yield f"rules of {name}"
    seen = replace(given, tables={name: given.tables[name] for name in (*step.reads, *step.outputs)})
    for check in step.checks if changed else ():
        finding = check.part(seen)
        if not finding.passed and finding.severity == "block":
            yield f"check {check.name} of {check.table}"


def _is_broken(name: str, published: Published) -> bool:
    try:
        return bool((IDENTITIES[name](published) > WITHIN[name]).any())
    except (KeyError, ValueError, TypeError, AssertionError, IndexError):  # no audit can be made of it, which fails
        return True


class _Noting(Published):
    """A published cycle that notes which of its tables are read."""

    @cached_property
    def read(self) -> set[str]:
        """Tables read so far."""
        return set()

    def has(self, name: str) -> bool:
        """Whether the cycle has rows in a table."""
        self.read.add(name)
        return super().has(name)

    def arrow(self, name: str) -> pa.Table:
        """A table as it is stored."""
        self.read.add(name)
        return super().arrow(name)


class _Made(Published):
    """A cycle whose tables are in memory."""

    def __init__(self, of: Published, made: Mapping[str, pa.Table]) -> None:
        super().__init__(of.folder, of.cycle)
        object.__setattr__(self, "_made", made)

    def arrow(self, name: str) -> pa.Table:
        """A table as it was made."""
        made: Mapping[str, pa.Table] = self.__dict__["_made"]
        return made[name]
