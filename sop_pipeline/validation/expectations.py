"""Great Expectations suites made from the registry, run on pandas batches.

One suite a table: the columns and their order, values where they are required, bounds, allowed words, the key, and
references to other tables. The library takes seconds to import, so it is imported where it is used, or by ``load``.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.tables.schema import Column, Table
from sop_pipeline.validation.finding import Finding, as_text
from sop_pipeline.validation.profile import Profile

_SAMPLE = 5
_PROFILED = "counted on every row in SQL, judged as a profile of it"
_COLUMNS, _BROKEN = "columns", "rows_that_break_it"
_DETAILED = {"result_format": "COMPLETE", "partial_unexpected_count": _SAMPLE}


def load() -> None:
    """Import Great Expectations, so that the first table does not wait for it."""
    _context()


def suite(table: Table, references: Mapping[str, set[str]] | None = None) -> Any:
    """Return the Great Expectations suite of a registry table; ``references`` gives the values of `table.column`."""
    _context()
    import great_expectations as gx

    expect = gx.expectations
    rules: list[Any] = [expect.ExpectTableColumnsToMatchOrderedList(column_list=table.names)]
    for column in table.columns:
        rules.extend(_column_rules(expect, column, references or {}))
    if table.key:
        rules.append(_key_rule(expect, table))
    return gx.ExpectationSuite(name=table.name, expectations=rules)


def validate(name: str, data: pa.Table | Profile, references: Mapping[str, set[str]] | None = None) -> Finding:
    """Run the suite of table ``name`` on its rows and return what it found, with sample rows of what failed.

    Of a table's profile the suite says that no row breaks a rule; its finding says that it was one.
    """
    if isinstance(data, Profile):
        return _validate_profile(name, data)
    table = tables.get(name)
    frame = tables.frame(data)
    rules = suite(table, references)
    with _LOCK:
        result = _batch(frame).validate(rules, result_format="BOOLEAN_ONLY")
        if not result.success:  # what failed, and where, is worth a second, slower look
            result = _batch(frame).validate(rules, result_format=_DETAILED)
    broken = [item for item in result.results if not item.success]
    failures = [_failure(item) for item in broken]
    return Finding(
        check="schema",
        table=name,
        passed=not broken,
        summary=_summary(data.num_rows, len(result.results), failures),
        failures=failures,
        sample=_sample(frame, broken),
    )


def _validate_profile(name: str, counted: Profile) -> Finding:
    _context()
    import great_expectations as gx

    expect = gx.expectations
    rules = [
        expect.ExpectColumnValuesToBeInSet(column=_COLUMNS, value_set=[", ".join(tables.get(name).names)]),
        expect.ExpectColumnValuesToBeBetween(column=_BROKEN, min_value=0, max_value=0),
    ]
    found = ", ".join(counted.columns)
    counts = pd.Series({**counted.broken, _COLUMNS: 0}, dtype="int64")  # a row a rule, so that one expectation sees all
    suited = gx.ExpectationSuite(name=f"{name} profile", expectations=rules)
    with _LOCK:
        result = _batch(pd.DataFrame({_COLUMNS: found, _BROKEN: counts})).validate(suited, result_format="BOOLEAN_ONLY")
    if result.success:
        return kept_all(name, counted.rows, counted.rules)
    failures = [_rule_failure(rule, rows, "") for rule, rows in counted.broken.items() if rows]
    if any(item.expectation_config.kwargs["column"] == _COLUMNS for item in result.results if not item.success):
        failures.insert(0, _rule_failure(_COLUMNS, counted.rows, found))
    told = f"{_summary(counted.rows, counted.rules, failures)}; {_PROFILED}"
    return Finding(check="schema", table=name, passed=False, summary=told, failures=failures)


def _rule_failure(rule: str, rows: int, found: str) -> dict[str, Any]:
    return {"rule": rule, "column": _BROKEN, "rows": rows, "found": found, "error": ""}


def kept_all(name: str, rows: int, rules: int) -> Finding:
    """What is found of a table none of whose ``rows`` breaks one of its suite's ``rules``, counted in SQL."""
    return Finding(check="schema", table=name, passed=True, summary=f"{_summary(rows, rules, [])}; {_PROFILED}")


_LOCK = threading.Lock()


@functools.cache
def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}  # type: ignore[assignment]
    return context


@functools.cache
def _batch_definition() -> Any:
    """Return the one definition all tables pass through: registering an asset a table grows slower with each."""
    asset = _context().data_sources.add_pandas("tables").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


def _batch(frame: pd.DataFrame) -> Any:
    return _batch_definition().get_batch({"dataframe": frame})


def _column_rules(expect: Any, column: Column, references: Mapping[str, set[str]]) -> list[Any]:
    rules: list[Any] = []
    if column.required:
        rules.append(expect.ExpectColumnValuesToNotBeNull(column=column.name))
    if column.minimum is not None or column.maximum is not None:
        rules.append(
            expect.ExpectColumnValuesToBeBetween(column=column.name, min_value=column.minimum, max_value=column.maximum)
        )
    if column.one_of:
        rules.append(expect.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.one_of)))
    if column.references in references:
        known = sorted(references[column.references])
        rules.append(expect.ExpectColumnValuesToBeInSet(column=column.name, value_set=known))
    return rules


def _key_rule(expect: Any, table: Table) -> Any:
    if len(table.key) == 1:
        return expect.ExpectColumnValuesToBeUnique(column=table.key[0])
    return expect.ExpectCompoundColumnsToBeUnique(column_list=list(table.key), ignore_row_if="never")


def _failure(item: Any) -> dict[str, Any]:
    config, result = item.expectation_config, item.result or {}
    kwargs = config.kwargs
    return {
        "rule": config.type,
        "column": kwargs.get("column") or ", ".join(kwargs.get("column_list", [])),
        "rows": int(result.get("unexpected_count") or 0),
        "found": ", ".join(str(value) for value in result.get("partial_unexpected_list", [])[:_SAMPLE]),
        "error": str((item.exception_info or {}).get("exception_message") or ""),
    }


def _summary(rows: int, rules: int, failures: list[dict[str, Any]]) -> str:
    if not failures:
        return f"{rows} rows kept {rules} of {rules} rules"
    first = failures[0]
    return (
        f"{rows} rows kept {rules - len(failures)} of {rules} rules; {first['rule']} failed for "
        f"{first['column']} in {first['rows']} rows ({first['found'] or first['error'] or 'see failures'})"
    )


def _sample(batch: pd.DataFrame, broken: list[Any]) -> list[dict[str, Any]]:
    index: list[int] = []
    for item in broken:
        index.extend((item.result or {}).get("unexpected_index_list") or [])
    chosen = [position for position in dict.fromkeys(index) if isinstance(position, int)][:_SAMPLE]
    rows = batch.iloc[chosen].astype(object)
    return as_text(rows.mask(rows.isna(), "").to_dict("records"))
