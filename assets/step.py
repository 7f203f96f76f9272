"""``@step``: how a function that returns tables becomes assets with checks.

One decorator for all rooms, so that every table is shown alike: description, kinds, column schema and row count from
the registry, its Great Expectations suite as a blocking check, and the identities the step names.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.resources import CYCLES, CompanyResource, column_schema
from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.validation import Finding, background

Tables = Mapping[str, pa.Table]
Identity = Callable[..., Finding]
"""A check whose parameters name the tables it compares; ``tables`` takes all there are, ``settings`` the company's."""
Shown = Callable[..., Mapping[str, Any]]
"""Metadata for the web UI, from the tables its parameters name; ``cycle`` and ``settings`` are the run's."""


def step(
    *outputs: str,
    kinds: Sequence[str] = ("duckdb",),
    identities: Mapping[tuple[str, str], Identity] | None = None,
    shown: Mapping[str, Shown] | None = None,
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Return a decorator for a function that makes the registry tables ``outputs``.

    The function's parameters name the tables it reads; it returns the one table, or a mapping of all. ``identities``
    maps (table, check name) to a check over tables read and made; a check that fails stops what lies downstream.
    ``shown`` maps a table to what the web UI shows beside its rows, made from tables read and made.
    """
    guards, views = dict(identities or {}), dict(shown or {})

    def decorate(function: Callable[..., Any]) -> dg.AssetsDefinition:
        @functools.wraps(function)
        def compute(*args: Any, **kwargs: Any) -> Iterator[Any]:
            given = inspect.signature(function).bind(*args, **kwargs).arguments
            result = function(*args, **kwargs)
            made: Tables = result if isinstance(result, Mapping) else {outputs[0]: result}
            read = {name: value for name, value in kwargs.items() if isinstance(value, pa.Table)}
            known = {**read, **made}
            pending = background.suites().start({table: made[table] for table in outputs}, _references(known))
            for table in outputs:
                more = _shown(views[table], known, given) if table in views else {}
                yield dg.Output(made[table], output_name=table, metadata=more)
            company = kwargs.get("company")
            settings = company.settings if isinstance(company, CompanyResource) else None
            yield from _identities(known, settings, guards)
            for finding in pending.findings():
                yield _result(finding.table, "schema", finding)

        return dg.multi_asset(
            name=function.__name__,
            outs={table: _out(table, kinds) for table in outputs},
            partitions_def=CYCLES,
            check_specs=_check_specs(outputs, guards),
        )(compute)

    return decorate


def _shown(view: Shown, known: Tables, given: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = inspect.signature(view).parameters
    offered = {**known, "cycle": Cycle.parse(given["context"].partition_key), "settings": given["company"].settings}
    return view(**{name: offered[name] for name in wanted})


def _out(table: str, kinds: Sequence[str]) -> dg.AssetOut:
    spec = tables.get(table)
    return dg.AssetOut(
        key=table,
        description=f"{spec.meaning[0].upper()}{spec.meaning[1:]}. Grain: {spec.grain}.",
        io_manager_key="lake",
        group_name=spec.step,
        kinds={*kinds, "parquet"},
        metadata={"dagster/column_schema": column_schema(table), "grain": spec.grain, "key": ", ".join(spec.key)},
    )


def _check_specs(outputs: Sequence[str], guards: Mapping[tuple[str, str], Identity]) -> list[dg.AssetCheckSpec]:
    schema = [
        dg.AssetCheckSpec(
            "schema", asset=table, blocking=True, description="Great Expectations suite made from the table registry"
        )
        for table in outputs
    ]
    own = [
        dg.AssetCheckSpec(check, asset=table, blocking=True, description=inspect.getdoc(identity))
        for (table, check), identity in guards.items()
    ]
    return [*schema, *own]


def _identities(
    known: Tables, settings: Company | None, guards: Mapping[tuple[str, str], Identity]
) -> Iterator[dg.AssetCheckResult]:
    offered = {**known, "tables": known, "settings": settings}
    for (table, check), identity in guards.items():
        wanted = inspect.signature(identity).parameters
        yield _result(table, check, identity(**{name: offered[name] for name in wanted}))


def _references(known: Tables) -> dict[str, set[str]]:
    """Values that other columns may refer to, where the tables that hold them are at hand."""
    if "products" not in known:
        return {}
    return {"products.product_id": set(known["products"].column("product_id").to_pylist())}


def _result(table: str, check: str, finding: Finding) -> dg.AssetCheckResult:
    metadata: dict[str, Any] = {"summary": finding.summary}
    if finding.failures:
        metadata["failures"] = _records(finding.failures)
    if finding.sample:
        metadata["sample_rows"] = _records(finding.sample)
    return dg.AssetCheckResult(
        asset_key=table,
        check_name=check,
        passed=finding.passed,
        severity=dg.AssetCheckSeverity.ERROR,
        description=finding.summary,
        metadata=metadata,
    )


def _records(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    names = list(rows[0])
    return dg.MetadataValue.table(
        records=[dg.TableRecord({name: str(row.get(name, "")) for name in names}) for row in rows],
        schema=dg.TableSchema(columns=[dg.TableColumn(name, "string") for name in names]),
    )
