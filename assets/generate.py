"""How a step becomes assets with checks: one way for all, so that every table is shown alike.

Description, kinds, column schema and row count come from the registry; edges, checks and what is shown from the step.
"""

import functools
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.columns import column_schema
from assets.described import code_references, code_version, due, owners, tags
from assets.limits import limited
from assets.resources import FRESH, CompanyResource, lake_run
from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import SopError
from sop_pipeline.ingest import Snapshot
from sop_pipeline.lake import AtHand, TablesAtHand
from sop_pipeline.made_once import keeping
from sop_pipeline.past import Earlier
from sop_pipeline.quality import note_files, note_findings, note_stop, source_findings
from sop_pipeline.shown import ShownTable
from sop_pipeline.steps.checking import Checking, prepare
from sop_pipeline.steps.figures import figures
from sop_pipeline.steps.identity import identity
from sop_pipeline.steps.kept import Kept, Made, has_kept
from sop_pipeline.steps.month import EARLIER
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Step
from sop_pipeline.steps.take_inputs import take_sources
from sop_pipeline.validation import Finding

Findings = tuple[Finding, ...]
_SEVERITY = {"block": dg.AssetCheckSeverity.ERROR, "warn": dg.AssetCheckSeverity.WARN}
ABOUT_SOURCES = {
    "columns": "Files have the columns, and columns the kinds of values, that they had in the cycle before.",
    "volume": "No table shrank since the cycle before, and the last month has about as many rows as usual.",
}
"""Checks of what comes from outside that only tell."""
SOLVER = "solver"
"""The pool of steps that have every core at work: of all runs on a machine one at a time."""


def assets_of(step: Step, company: CompanyResource) -> dg.AssetsDefinition:
    """Return the assets of one step of a company."""

    def compute(context: dg.AssetExecutionContext, **read: AtHand) -> Iterator[Any]:
        with limited(step.name, context.resources.company.settings.operation, context.retry_number):
            given, lake, run = _given(context, TablesAtHand(read)), context.resources.company.lake, lake_run(context)
            kept, known_as = Kept(lake, given.cycle, step.name), identity(step, given)
            before = None if FRESH in context.run.tags else kept.find(known_as)
            if before:
                yield from _taken_over(step, before, context)
            else:
                shown, findings = yield from _made(step, given, context)
                if all(finding.passed or finding.severity == "warn" for finding in findings):
                    entries = lake.run_entries(given.cycle, run)
                    kept.keep(known_as, Made(run, {table: entries[table] for table in step.outputs}, findings, shown))

    return dg.multi_asset(
        name=step.name,
        description=step.does,
        ins={table: dg.AssetIn(key=company.asset_key(table)) for table in step.reads},
        outs={table: _out(table, step, company) for table in step.outputs},
        partitions_def=company.cycles,
        check_specs=_check_specs(step, company),
        required_resource_keys={"company"},
        pool=SOLVER if "highs" in step.kinds else None,
    )(compute)


def _made(
    step: Step, given: Given, context: dg.AssetExecutionContext
) -> Generator[Any, None, tuple[dict[str, Any], Findings]]:
    """Make a step's tables and say what they are, then what the checks found; return what was shown and found."""
    lake, fresh = context.resources.company.lake, FRESH in context.run.tags
    if not has_kept(lake, given.cycle):
        prepare()
    with keeping(lake.root, fresh=fresh):
        with _stop_noted(step, context):
            made = step.make(given)
        checking = Checking(step, given, made)
    shown = {table: {**figures(table, made[table]), **step.show(table, checking.given)} for table in step.outputs}
    for table in step.outputs:
        yield dg.Output(made[table], output_name=table, metadata=_described(shown[table]))
    findings = tuple(checking.findings())
    yield from _found(step, findings, made, context)
    return shown, findings


def _taken_over(step: Step, before: Made, context: dg.AssetExecutionContext) -> Iterator[Any]:
    """What an earlier run made of the same: its files, and what was found and shown then."""
    for table in step.outputs:
        metadata = {**_described(before.shown[table]), "unchanged since run": before.run}
        yield dg.Output(before.entries[table], output_name=table, metadata=metadata)
    lake, cycle, run = context.resources.company.lake, Cycle.parse(context.partition_key), lake_run(context)
    made = TablesAtHand({table: lake.at_hand(table, cycle, run) for table in step.outputs})
    yield from _found(step, before.findings, made, context)


@contextmanager
def _stop_noted(step: Step, context: dg.AssetExecutionContext) -> Iterator[None]:
    """Have the page of the cycle's data say why its files could not be read."""
    try:
        yield
    except SopError as fault:
        if step.reads_sources:
            folder, cycle = context.resources.company.company_folder, Cycle.parse(context.partition_key)
            note_stop(folder, cycle, lake_run(context), str(fault))
        raise


def _found(
    step: Step, findings: Findings, made: Mapping[str, pa.Table], context: dg.AssetExecutionContext
) -> Iterator[Any]:
    """Note and hand over what the checks found, and what is told of files beside the cycle before."""
    company: CompanyResource = context.resources.company
    folder, cycle = company.company_folder, Cycle.parse(context.partition_key)
    told, volume = source_findings(folder, cycle, made) if step.reads_sources else ([], [])
    note_findings(folder, cycle, lake_run(context), [*told, *findings], volume)
    for finding in (*told, *findings):
        yield _result(company.asset_key(finding.table), finding)


def _given(context: dg.AssetExecutionContext, read: TablesAtHand) -> Given:
    company: CompanyResource = context.resources.company
    settings, cycle, lake = company.settings, Cycle.parse(context.partition_key), company.lake
    lake.note_settings(cycle, lake_run(context), settings.model_dump(mode="json"))

    earlier = Earlier(lake, lake.note_earlier(cycle, lake_run(context), EARLIER))

    @functools.cache
    def sources() -> Snapshot:
        lake.sweep()
        copied, taken = take_sources(company.company_folder, cycle)
        for note in taken.notes:
            context.log.warning(note)
        note_files(company.company_folder, settings, cycle, lake_run(context), copied)
        return copied

    return Given(read, settings, cycle, earlier, sources, read.hashes)


def _out(table: str, step: Step, company: CompanyResource) -> dg.AssetOut:
    spec = tables.get(table)
    return dg.AssetOut(
        key=company.asset_key(table),
        description=f"{spec.meaning[0].upper()}{spec.meaning[1:]}. Grain: {spec.grain}.",
        io_manager_key="lake",
        group_name=spec.step,
        kinds={*step.kinds, "parquet"},
        owners=owners(company, spec.step),
        tags=tags(company, table),
        code_version=code_version(step, table),
        metadata={
            "dagster/column_schema": column_schema(table),
            "dagster/code_references": code_references(step, table),
            **due(company, table),
            "grain": spec.grain,
            "key": ", ".join(spec.key),
        },
    )


def _check_specs(step: Step, company: CompanyResource) -> list[dg.AssetCheckSpec]:
    suite = "Great Expectations suite made from the table registry"
    named = [("schema", table, suite, True) for table in step.outputs]
    named += [(check.name, check.table, check.meaning, True) for check in step.checks]
    if step.reads_sources:
        named += [(name, "source_files", meaning, False) for name, meaning in ABOUT_SOURCES.items()]
    rules = company.at_load.checks if company.at_load else []
    own = [rule for rule in rules if rule.table in step.outputs]
    named += [(rule.label, rule.table, rule.meaning, rule.severity == "block") for rule in own]
    return [
        dg.AssetCheckSpec(
            name, asset=company.asset_key(table), blocking=blocks, description=meaning, partitions_def=company.cycles
        )
        for name, table, meaning, blocks in named
    ]


def _result(key: dg.AssetKey, finding: Finding) -> dg.AssetCheckResult:
    broken = finding.rows_broken
    metadata: dict[str, Any] = {"summary": finding.summary, "failed": int(not finding.passed), "rows_failed": broken}
    if finding.rows:
        metadata |= {"rows": finding.rows, "share_failed": broken / finding.rows}
    if finding.failures:
        metadata["failures"] = _records(finding.failures)
    if finding.sample:
        metadata["sample_rows"] = _records(finding.sample)
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=finding.check,
        passed=finding.passed,
        severity=_SEVERITY[finding.severity],
        description=finding.summary,
        metadata=metadata,
    )


def _records(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    headings = tuple(rows[0])
    return _table(ShownTable(headings, tuple(tuple(str(row.get(name, "")) for name in headings) for row in rows)))


def _described(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _metadata(value) for name, value in shown.items()}


def _metadata(value: str | ShownTable | float) -> dg.MetadataValue | float:
    if isinstance(value, ShownTable):
        return _table(value)
    return dg.MetadataValue.md(value) if isinstance(value, str) else value


def _table(shown: ShownTable) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        records=[dg.TableRecord(dict(zip(shown.headings, row, strict=True))) for row in shown.rows],
        schema=dg.TableSchema(columns=[dg.TableColumn(name, "string") for name in shown.headings]),
    )
