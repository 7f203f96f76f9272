"""Plans a month, or the part of it that a change touches, in this process and without Dagster.

Scenarios, what-if, replay and tests call ``run``. Nothing is written unless the run is to be published. Not here: what
the steps are (``month``), or the scheduled run, which is Dagster's (``assets``).
"""

from __future__ import annotations

import uuid
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import read_snapshot
from sop_pipeline.lake import Lake
from sop_pipeline.steps import month
from sop_pipeline.steps.checking import Checking, refuse_failed, suite_findings
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Step

Change: TypeAlias = pa.Table | Callable[[pa.Table], pa.Table]
"""What takes a table's place, or what makes that of it."""


@dataclass(frozen=True)
class Planned:
    """A month as planned: its tables, the settings they were made with (None: not known), the steps that ran for it."""

    tables: Mapping[str, pa.Table]
    company: Company | None
    ran: tuple[str, ...] = ()

    def __getitem__(self, table: str) -> pa.Table:
        """Return a table by name."""
        return self.tables[table]


def published(lake: Lake, cycle: Cycle) -> Planned:
    """Return a published cycle, to start from."""
    settings = lake.settings(cycle)
    return Planned(lake.published(cycle), Company.model_validate(settings) if settings else None)


def run(
    lake: Lake,
    company: Company,
    cycle: Cycle,
    *,
    until: str | None = None,
    changes: Mapping[str, Change] | None = None,
    base: Planned | Mapping[str, pa.Table] | None = None,
    checks: bool = True,
    publish: bool = False,
) -> Planned:
    """Plan ``cycle`` and return its tables.

    ``lake`` has the cycle's source files, as last copied, and the earlier cycles. ``until`` names a step or a table:
    only what it rests on is planned. ``changes`` maps a table to what takes its place, or to a function of it; other
    settings are another ``company``. With a ``base`` (an earlier result, a published cycle, or tables made with the
    same settings) only those steps run whose tables it lacks or whose tables or settings have changed.

    A step's checks judge what the step made; of a table changed by hand the schema alone is checked. Raises BadInput
    for an unknown name, and ``CheckFailed`` at the first check that fails; nothing is published then.
    """
    changes = changes or {}
    _refuse_unknown([*changes, *([until] if until else [])])
    start = base if isinstance(base, Planned) else Planned(base or {}, company)
    at_hand: MutableMapping[str, pa.Table] = ChainMap({}, start.tables)  # type: ignore[arg-type]  # reads alone
    given = Given(at_hand, company, cycle, lake, lambda: read_snapshot(lake, cycle))
    touched = Touched(start, company)
    ran = []

    def keep(made: Mapping[str, pa.Table]) -> None:
        """Keep what is made, changed where it is to be, for the steps to come."""
        by_hand = {name: _changed(name, changes[name], table) for name, table in made.items() if name in changes}
        if checks and by_hand:
            refuse_failed(suite_findings(by_hand, at_hand))
        at_hand.update({**made, **by_hand})
        touched.by({**made, **by_hand})

    keep({name: at_hand[name] for name in changes if name in at_hand})
    for step in month.needed_for(until) if until else month.STEPS:
        if touched(step):
            made = step.make(given)
            if checks:
                refuse_failed(Checking(step, given, made).findings())
            keep(made)
            ran.append(step.name)
    planned = Planned(at_hand, company, tuple(ran))
    if publish:
        _publish(planned, lake, cycle)
    return planned


class Touched:
    """Which steps have to run: their tables are lacking, or what they read is no longer what it was."""

    def __init__(self, base: Planned, company: Company) -> None:
        self._base = base.tables
        self._changed: set[str] = set()
        before = base.company
        self._settings = {
            name for name in Company.model_fields if before is None or getattr(before, name) != getattr(company, name)
        }

    def __call__(self, step: Step) -> bool:
        """Whether the step has to run."""
        lacking = any(table not in self._base for table in step.outputs)
        return lacking or not self._changed.isdisjoint(step.reads) or not self._settings.isdisjoint(step.settings)

    def by(self, made: Mapping[str, pa.Table]) -> None:
        """Note what a step made anew: a table that came out as it was touches nothing."""
        self._changed |= {name for name in made if name not in self._base or not made[name].equals(self._base[name])}


def _changed(name: str, change: Change, table: pa.Table) -> pa.Table:
    return tables.conform(name, change if isinstance(change, pa.Table) else change(table))


def _refuse_unknown(names: list[str]) -> None:
    for name in names:
        if not month.is_known(name):
            raise BadInput(
                found=repr(name), needed="a table or a step", where="steps.run", mend=f"Near ones: {month.near(name)}."
            )


def _publish(planned: Planned, lake: Lake, cycle: Cycle) -> None:
    """Write every table under a name of its own and swap the cycle's pointer."""
    name = str(uuid.uuid4())
    if planned.company is not None:
        lake.note_settings(cycle, name, planned.company.model_dump(mode="json"))
    for table, data in planned.tables.items():
        lake.write(table, data, cycle, name)
    lake.publish(cycle, name, month.LINEAGE)
