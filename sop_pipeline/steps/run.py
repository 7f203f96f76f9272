"""Plans a month, or the part of it that a change touches, in this process and without Dagster.

Scenarios, what-if, replay and tests call ``run``. Nothing is written unless the run is to be published. Not here: what
the steps are (``month``), or the scheduled run, which is Dagster's (``assets``).
"""

from __future__ import annotations

import uuid
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import read_snapshot
from sop_pipeline.lake import Lake
from sop_pipeline.past import Earlier
from sop_pipeline.steps import month
from sop_pipeline.steps.checking import Checking, refuse_failed, suite_findings
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Step
from sop_pipeline.views import refresh_views
from sop_pipeline.writer import only_writer

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
    _refuse_unknown([*(changes or {}), *([until] if until else [])])
    start = base if isinstance(base, Planned) else Planned(base or {}, company)
    planning = _Planning(start, company, changes or {}, checks)
    with only_writer(lake.root, cycle) if publish else nullcontext():
        earlier = Earlier(lake, lake.manifest(cycle, month.EARLIER))
        given = Given(planning.tables, company, cycle, earlier, lambda: read_snapshot(lake, cycle))
        planned = Planned(planning.tables, company, tuple(_run(planning, given, until)))
        if publish:
            _publish(planned, given, lake)
    return planned


def _run(planning: _Planning, given: Given, until: str | None) -> Iterator[str]:
    """Run the steps that must run and name them."""
    for step in month.needed_for(until) if until else month.STEPS:
        if planning.must_run(step):
            made = step.make(given)
            if planning.checks:
                refuse_failed(Checking(step, given, made).findings())
            planning.keep(made)
            yield step.name


class _Planning:
    """The tables at hand while a month is planned, and what among them and the settings is no longer what it was."""

    def __init__(self, base: Planned, company: Company, changes: Mapping[str, Change], checks: bool) -> None:
        self.tables: MutableMapping[str, pa.Table] = ChainMap({}, base.tables)  # type: ignore[arg-type]  # reads alone
        self._base = base.tables
        self._changes = changes
        self.checks = checks
        self._settings = _changed_settings(base.company, company)
        self._changed: set[str] = set()
        self.keep({name: base.tables[name] for name in changes if name in base.tables})

    def must_run(self, step: Step) -> bool:
        """Whether a step's tables are lacking, or what it reads has changed."""
        lacking = any(table not in self._base for table in step.outputs)
        return lacking or not self._changed.isdisjoint(step.reads) or not self._settings.isdisjoint(step.settings)

    def keep(self, made: Mapping[str, pa.Table]) -> None:
        """Keep what was made, or what is to take its place; a table that came out as it was has not changed."""
        by_hand = {name: _changed(name, self._changes[name], made[name]) for name in made if name in self._changes}
        if self.checks and by_hand:
            refuse_failed(suite_findings(by_hand, self.tables))
        kept = {**made, **by_hand}
        self.tables.update(kept)
        self._changed |= {name for name in kept if name not in self._base or not kept[name].equals(self._base[name])}


def _changed_settings(before: Company | None, now: Company) -> set[str]:
    """The settings that differ; all of them where it is not known what they were."""
    names = {name for step in month.STEPS for name in step.settings}
    return {name for name in names if before is None or getattr(before, name) != getattr(now, name)}


def _changed(name: str, change: Change, table: pa.Table) -> pa.Table:
    return tables.conform(name, change if isinstance(change, pa.Table) else change(table))


def _refuse_unknown(names: list[str]) -> None:
    for name in names:
        if not month.is_known(name):
            raise BadInput(
                found=repr(name), needed="a table or a step", where="steps.run", mend=f"Near ones: {month.near(name)}."
            )


def _publish(planned: Planned, given: Given, lake: Lake) -> None:
    """Write every table under a name of its own and swap the cycle's pointer."""
    name, cycle = str(uuid.uuid4()), given.cycle
    if planned.company is not None:
        lake.note_settings(cycle, name, planned.company.model_dump(mode="json"))
    lake.note_earlier(cycle, name, month.EARLIER, given.earlier.manifest)
    for table, data in planned.tables.items():
        lake.write(table, data, cycle, name)
    lake.publish(cycle, name, month.LINEAGE)
    refresh_views(lake)
