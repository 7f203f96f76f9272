"""Holds a company's own rules against the rows of its tables, in a database that reaches no file and no network.

A condition is SQL that a person wrote into ``sop.yaml``: it is one expression over one table, and what cannot be
read is told in words. Not here: the form of a rule (``company_rules``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.company_rules import Rule
from sop_pipeline.errors import BadInput
from sop_pipeline.validation.finding import Finding, as_text

_ROWS, _TABLE, _KNOWN = "rows_broken", "checked", "known"


def rule_findings(rules: Iterable[Rule], tables: Mapping[str, pa.Table]) -> Iterator[Finding]:
    """Return one finding a rule; BadInput for a condition that is none, or a table that is not at hand."""
    for rule in rules:
        yield _finding(rule, tables)


def _finding(rule: Rule, tables: Mapping[str, pa.Table]) -> Finding:
    table = tables[rule.table]
    broken = _broken(rule, tables).to_pylist()
    count = broken[0][_ROWS] if broken else 0
    rows = table.num_rows
    share = f", {count / rows:.1%}" if count else ""
    return Finding(
        check=rule.label,
        table=rule.table,
        passed=not count,
        summary=f"{rule.meaning} {f'{count} of {rows} rows do not{share}' if count else f'All {rows} rows do.'}",
        failures=[{"rule": rule.meaning, "column": ", ".join(rule.columns), "rows": count}] if count else (),
        sample=as_text({name: value for name, value in row.items() if name != _ROWS} for row in broken),
        severity=rule.severity,
        rows=rows,
        broken=count,
    )


def _broken(rule: Rule, tables: Mapping[str, pa.Table]) -> pa.Table:
    known = rule.known_in.split(".") if rule.known_in else None
    given = {_TABLE: tables[rule.table], **({_KNOWN: _table(rule, tables, known[0])} if known else {})}
    structure = {"table": _TABLE, "columns": tables[rule.table].column_names, "alike": rule.unique}
    statement = sql.text("validation/company_rule", broken=_condition(rule), **structure)
    with _closed(given) as connection:
        try:
            if len(connection.extract_statements(statement)) != 1:
                raise _no_condition(rule, "more than one statement")
            return connection.execute(statement).to_arrow_table()
        except duckdb.Error as error:
            raise _no_condition(rule, str(error).splitlines()[0]) from error


def _condition(rule: Rule) -> str:
    """What a row that breaks the rule makes true."""
    if rule.holds:
        return f"not (\n{rule.holds}\n)"  # on lines of its own: a comment at its end ends there
    if rule.unique:
        return "true"
    if rule.known_in:
        column = rule.known_in.split(".")[1]
        values = f"select {column} from {_KNOWN} where {column} is not null"
        return f"{rule.column} is not null and {rule.column} not in ({values})"
    limits = [f"{rule.column} < {rule.at_least}"] if rule.at_least is not None else []
    limits += [f"{rule.column} > {rule.at_most}"] if rule.at_most is not None else []
    return " or ".join(limits)


def _closed(tables: Mapping[str, pa.Table]) -> Any:
    """A database of its own that sees the tables, reaches nothing else, and cannot be told otherwise."""
    connection = duckdb.connect(":memory:", config={"threads": 1, "autoinstall_known_extensions": False})
    for name, table in tables.items():
        connection.register(name, table)
    connection.execute("set enable_external_access = false; set lock_configuration = true")
    return connection


def _table(rule: Rule, tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    if name not in tables:
        raise BadInput(
            found=f"known_in: {rule.known_in}",
            needed=f"a table that is there when {rule.table} is made: {', '.join(sorted(tables))}",
            where=f"sop.yaml, checks, {rule.label}",
            mend="Name one of these, or state the rule for a table that is made of both.",
        )
    return tables[name]


def _no_condition(rule: Rule, found: str) -> BadInput:
    return BadInput(
        found=found,
        needed="a condition over the columns of one row, in SQL",
        where=f"sop.yaml, checks, {rule.label} of {rule.table}",
        mend="Write it as after WHERE: quantity >= 0 or customer_id is not null.",
    )
