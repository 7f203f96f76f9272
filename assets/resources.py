"""What every asset is given: the company, and the IO manager that reads and writes its tables."""

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

import dagster as dg
import pyarrow as pa

from assets.columns import column_lineage
from assets.launcher import note_process, other_process
from assets.limits import tried_again
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, months_between
from sop_pipeline.errors import SopError
from sop_pipeline.lake import AtHand, Entry, Lake
from sop_pipeline.operating import Operation
from sop_pipeline.process import end_with
from sop_pipeline.writer import only_writer, under_another

FIRST_CYCLE = "2015-01"
MONTHS_AHEAD = 60
"""How far ahead of the running month a cycle may be planned on request; beyond it is a typo."""
PARTITION = "dagster/partition"
"""The tag in which a run has its cycle."""
COMPANY, CYCLE = "sop/company", "sop/cycle"
"""The tags in which a run has its company's key and its cycle."""
MAX_RUNTIME = "dagster/max_runtime"
"""The tag in which run monitoring finds how many seconds a run may take."""
SHOWN_ROWS = 8
"""Rows of a table that the web UI shows."""
FRESH = "sop/fresh"
"""The tag of a run that takes nothing over from earlier ones."""


class CompanyResource(dg.ConfigurableResource):
    """The company folder: configuration, lake, packs."""

    folder: str

    @property
    def company_folder(self) -> CompanyFolder:
        """The folder itself."""
        return CompanyFolder(Path(self.folder))

    @property
    def settings(self) -> Company:
        """The company's ``sop.yaml``, read each time, so that an edit counts in the next run."""
        return self.company_folder.settings

    @property
    def lake(self) -> Lake:
        """The company's tables."""
        return self.company_folder.lake

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Be the run's writer; a step with a process of its own works under the one that its run is."""
        run, instance = context.run, context.instance
        runs_it = other_process(instance, run) if run is not None and instance is not None else None
        if runs_it is not None:
            end_with(runs_it)
        with self.written_by(run, instance) if runs_it is None else self._lock(run, under_another):
            yield self

    @contextmanager
    def written_by(self, run: dg.DagsterRun | None, instance: dg.DagsterInstance | None) -> Iterator[None]:
        """Hold the cycle's lock as long as a run of it goes on; BadInput names who holds it already."""
        if run is not None and instance is not None:
            note_process(instance, run)
        with self._lock(run, only_writer):
            yield

    def _lock(
        self, run: dg.DagsterRun | None, lock: Callable[[Path, Cycle], AbstractContextManager[None]]
    ) -> AbstractContextManager[None]:
        partition = run.tags.get(PARTITION) if run is not None else None
        return lock(self.lake.root, Cycle.parse(partition)) if partition else nullcontext()

    @functools.cached_property
    def key(self) -> str:
        """What the company's assets and runs are told apart by, as of when the definitions were built."""
        return self.company_folder.key

    @functools.cached_property
    def cycles(self) -> dg.MonthlyPartitionsDefinition:
        """One partition a cycle, up to the running month, and on to a later one whose planning has begun."""
        ahead = max((months_between(this_cycle().month, each.month) for each in self._planned()), default=0)
        offset = 1 + max(0, ahead)  # a plain monthly partition would leave out the running month
        return dg.MonthlyPartitionsDefinition(start_date=self._first_cycle(), fmt="%Y-%m", end_offset=offset)

    def asset_key(self, name: str) -> dg.AssetKey:
        """The company's asset of a table: companies in one Dagster home are told apart by their keys."""
        return dg.AssetKey([self.key, name])

    def tags(self, cycle: str | None = None) -> dict[str, str]:
        """What a run of the company is tagged with: its company and cycle, and after how long it is ended."""
        longest = {MAX_RUNTIME: str(round(self.operation.run_hours * 3600))}
        return {COMPANY: self.key, **longest, **({CYCLE: cycle} if cycle else {})}

    @property
    def daily(self) -> dict[str, Any]:
        """What every schedule of the company states: it looks once a day at the company's hour, and is on."""
        starts = self.operation.starts
        return {
            "cron_schedule": f"{starts.minute} {starts.hour} * * *",
            "execution_timezone": self.operation.time_zone,
            "default_status": dg.DefaultScheduleStatus.RUNNING,
        }

    def day_of(self, context: dg.ScheduleEvaluationContext) -> date:
        """The day, where the company is, for which a schedule is asked."""
        return context.scheduled_execution_time.astimezone(self.operation.zone).date()

    @property
    def operation(self) -> Operation:
        """How the company's runs are operated, as of when the definitions were built."""
        return self.at_load.operation if self.at_load else Operation()

    @functools.cached_property
    def at_load(self) -> Company | None:
        """The settings as of when the definitions were built; None where they cannot be read, or are not there yet."""
        try:
            return self.settings
        except SopError:
            return None

    def _planned(self) -> list[Cycle]:
        """The cycles whose planning has begun."""
        return [Cycle.parse(path.stem) for path in (self.lake.root / "writers").glob("*.lock")]

    def _first_cycle(self) -> str:
        return (self.at_load.first_cycle if self.at_load else None) or FIRST_CYCLE


def this_cycle() -> Cycle:
    """Return the cycle of the running month."""
    return Cycle(datetime.now(UTC).date().replace(day=1))


def lake_run(context: Any) -> str:
    """Return the name under which a run's tables are kept: that of the first try, so that a retry goes on with it."""
    run = context.run if hasattr(context, "run") else context.step_context.dagster_run
    return run.root_run_id or run.run_id


class LakeIOManager(dg.ConfigurableIOManager):
    """Writes a step's tables into the run's part of the lake, and reads them from there or from the published cycle."""

    company: dg.ResourceDependency[CompanyResource]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table | Entry) -> None:
        """Write one table, or note the file that an earlier run wrote of it, and describe it to Dagster."""
        name, cycle, run = context.asset_key.path[-1], Cycle.parse(context.partition_key), lake_run(context)
        lake = self.company.lake
        with tried_again(context.step_context.previous_attempt_count, self._retries):
            entry = lake.take(obj, cycle, run) if isinstance(obj, Entry) else lake.write(name, obj, cycle, run)
            first = lake.head(entry, cycle, SHOWN_ROWS) if isinstance(obj, Entry) else obj.slice(0, SHOWN_ROWS)
        context.add_output_metadata(
            {
                **column_lineage(self.company.key, name),
                "dagster/row_count": entry.rows,
                "content_sha256": entry.content_sha256,
                "file": dg.MetadataValue.path(str(lake.root / entry.file)),
                "preview": dg.MetadataValue.md(preview(first)),
            }
        )

    def load_input(self, context: dg.InputContext) -> AtHand:
        """Find one table of the cycle, to be read where a step needs its rows."""
        name = context.asset_key.path[-1]
        with tried_again(context.step_context.previous_attempt_count, self._retries):
            return self.company.lake.at_hand(name, Cycle.parse(context.partition_key), lake_run(context))

    def _retries(self) -> int:
        return self.company.settings.operation.io_retries


def preview(data: pa.Table) -> str:
    """Return rows as a Markdown table."""
    if not data.num_rows:
        return "no rows"
    shown = [[_cell(value) for value in row.values()] for row in data.to_pylist()]
    lines = ["| " + " | ".join(data.column_names) + " |", "|" + " --- |" * data.num_columns]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in shown])


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
