"""The registry's rules as SQL: how each column is cast, and which rows break which rule.

Generated, so that a rule written once in the registry holds here, in the Great Expectations suites and in the reference
page alike. Names in the SQL are the registry's own; nothing from a file ever becomes SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sop_pipeline.ingest.grain import OWN_DATE
from sop_pipeline.tables import Column, Kind, Table

_NUMBERS = (Kind.QUANTITY, Kind.MONEY, Kind.RATE, Kind.COUNT)
_LARGEST = {Kind.QUANTITY: "14 digits", Kind.MONEY: "16 digits", Kind.RATE: "12 digits", Kind.COUNT: "18 digits"}
_EARLIEST = "1970-01-01"


@dataclass(frozen=True)
class CastColumn:
    """One column as ``sql/ingest/typed_rows.sql`` needs it."""

    name: str
    kind: str
    type: str
    is_number: bool
    is_share: bool
    one_of: bool


@dataclass(frozen=True)
class Rule:
    """A condition that makes a row unusable, the column at fault, and the sentence that says so."""

    broken: str
    column: str
    reason: str


def cast_column(column: Column) -> CastColumn:
    """Describe a column for the cast."""
    return CastColumn(
        column.name,
        str(column.kind),
        sql_type(column.kind),
        column.kind in _NUMBERS,
        column.unit == "share",
        bool(column.one_of),
    )


def sql_type(kind: Kind) -> str:
    """Return the DuckDB type of a kind."""
    if kind.is_decimal:
        return f"decimal(18, {kind.places})"
    return {Kind.TEXT: "varchar", Kind.COUNT: "bigint", Kind.FLAG: "boolean"}.get(kind, "date")


def rules_of(spec: Table, present: Iterable[str]) -> list[Rule]:
    """Return the rules of the columns present, in the order of the table's columns."""
    names = set(present)
    found: list[Rule] = []
    for column in spec.columns:
        if column.name in names:
            found.extend(_column_rules(column))
            if OWN_DATE.get(spec.name) == column.name:
                found.append(
                    Rule(
                        f"\"{column.name}\" < date '{_EARLIEST}'",
                        column.name,
                        f"Needed a day from {_EARLIEST} on; correct the year.",
                    )
                )
    return found


def _column_rules(column: Column) -> list[Rule]:
    rules = []
    if column.required:
        rules.append(Rule(f"text_{column.name} is null", column.name, f"Blank; needed: {column.meaning}. Fill it in."))
    rules.extend(_kind_rules(column))
    if column.minimum is not None:
        rules.append(
            Rule(f'"{column.name}" < {column.minimum}', column.name, f"Needed at least {_number(column.minimum)}.")
        )
    if column.maximum is not None:
        needed = f"Needed at most {_number(column.maximum)}"
        hint = "; write a share such as 0.95, or 95%." if column.unit == "share" else "."
        rules.append(Rule(f'"{column.name}" > {column.maximum}', column.name, needed + hint))
    if column.one_of:
        listed = ", ".join(f"'{item}'" for item in column.one_of)
        rules.append(
            Rule(
                f'"{column.name}" not in ({listed})',
                column.name,
                f"Needed one of: {', '.join(column.one_of)}. Use rename_values in sop.yaml for other words.",
            )
        )
    return rules


def _kind_rules(column: Column) -> list[Rule]:
    unread = f'text_{column.name} is not null and "{column.name}" is null'
    name = column.name
    if column.kind in (Kind.DATE, Kind.MONTH):
        what = "a month such as 2026-11" if column.kind is Kind.MONTH else "a day such as 2026-11-30"
        return [Rule(unread, name, f"Needed {what}; correct it, or set date_format in sop.yaml.")]
    if column.kind is Kind.FLAG:
        return [Rule(unread, name, "Needed yes or no (also true, false, 1, 0).")]
    if column.kind not in _NUMBERS:
        return []
    rules = [Rule(f"text_{name} is not null and not is_number_{name}", name, "Needed a number such as 1234.5.")]
    if column.unit not in ("share", "%"):
        rules.append(Rule(f"contains(text_{name}, '%')", name, "Needed a number, not a percentage."))
    size = f"of at most {_LARGEST[column.kind]} before the decimal mark"
    whole = "a whole number" if column.kind is Kind.COUNT else "a number"
    rules.append(Rule(unread, name, f"Needed {whole} {size}; correct it."))
    return rules


def _number(value: float) -> str:
    return f"{value:g}"
