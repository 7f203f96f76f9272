"""The registry's rules as SQL: how each column is cast, and which rows break which rule.

Generated, so that a rule written once in the registry holds here, in the Great Expectations suites and in the reference
page alike. Names in the SQL are the registry's own; nothing from a file ever becomes SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sop_pipeline.reading.readers.raw import UNCALCULATED
from sop_pipeline.tables import Column, Kind, Table

_NUMBERS = (Kind.QUANTITY, Kind.MONEY, Kind.RATE, Kind.FIGURE, Kind.COUNT)
_LARGEST = {
    Kind.QUANTITY: "14 digits",
    Kind.MONEY: "16 digits",
    Kind.RATE: "12 digits",
    Kind.FIGURE: "18 digits",
    Kind.COUNT: "18 digits",
}
_EARLIEST = "1970-01-01"
_SPREADSHEET_ERROR = "#[A-ZÀ-Ü]+(/[0-9A-Z]+)?[!?]|#N/A|#NV|#N/D|#NA"

# The day a row is about: without recorded_on, it is the day the row became known.
ROW_DATE = {"sales": "date", "production": "date", "inventory": "date", "orders": "ordered_on", "decisions": "on"}


@dataclass(frozen=True)
class Rule:
    """A condition that makes a row unusable, the column at fault, and the sentence that says so.

    The condition is on ``text`` (the cell), ``is_number`` and ``as_<kind>`` (the cell in the column's type).
    """

    broken: str
    column: str
    reason: str


def is_number(column: Column) -> bool:
    """Whether cells of the column are read as numbers."""
    return column.kind in _NUMBERS


def sql_type(kind: Kind) -> str:
    """Return the DuckDB type of a kind."""
    if kind.is_decimal:
        return f"decimal(18, {kind.places})"
    return {Kind.TEXT: "varchar", Kind.COUNT: "bigint", Kind.FLAG: "boolean"}.get(kind, "date")


def rules_of(spec: Table, present: Iterable[str]) -> list[Rule]:
    """Return the rules of the columns present, in the order of the table's columns."""
    names = set(present)
    rules: list[Rule] = []
    for column in spec.columns:
        if column.name in names:
            rules.extend(_column_rules(column))
            if ROW_DATE.get(spec.name) == column.name:
                rules.append(
                    Rule(
                        f"as_{column.kind} <= date '{_EARLIEST}'",
                        column.name,
                        f"Needed a day after {_EARLIEST}; correct the year.",
                    )
                )
    return rules


def _column_rules(column: Column) -> list[Rule]:
    rules = _spreadsheet_rules(column)
    if column.required:
        rules.append(Rule("text is null", column.name, f"Blank; needed: {column.meaning}. Fill it in."))
    rules.extend(_kind_rules(column))
    if column.minimum is not None:
        rules.append(
            Rule(f"as_{column.kind} < {column.minimum}", column.name, f"Needed at least {_number(column.minimum)}.")
        )
    if column.maximum is not None:
        needed = f"Needed at most {_number(column.maximum)}"
        hint = "; write a share such as 0.95, or 95%." if column.unit == "share" else "."
        rules.append(Rule(f"as_{column.kind} > {column.maximum}", column.name, needed + hint))
    if column.one_of:
        listed = ", ".join(f"'{item}'" for item in column.one_of)
        rules.append(
            Rule(
                f"as_{column.kind} not in ({listed})",
                column.name,
                f"Needed one of: {', '.join(column.one_of)}. Use rename_values in sop.yaml for other words.",
            )
        )
    return rules


def _spreadsheet_rules(column: Column) -> list[Rule]:
    rules = [
        Rule(
            f"text = '{UNCALCULATED}'",
            column.name,
            "The formula was never calculated; open the workbook in Excel, save it, and run again.",
        ),
        Rule(
            f"regexp_full_match(text, '{_SPREADSHEET_ERROR}')",
            column.name,
            "An error of a spreadsheet, not a value; mend its formula, or clear the cell.",
        ),
    ]
    if column.kind is Kind.TEXT:
        rules.append(
            Rule(
                "regexp_full_match(text, '[0-9][.,][0-9]+[eE][+][0-9]+')",
                column.name,
                "A number that a spreadsheet has rounded: it keeps 15 digits. Format the column as text and enter it "
                "again, or export it without the spreadsheet.",
            )
        )
    return rules


def _kind_rules(column: Column) -> list[Rule]:
    unread = f"text is not null and as_{column.kind} is null"
    name = column.name
    if column.kind in (Kind.DATE, Kind.MONTH):
        what = "a month such as 2026-11" if column.kind is Kind.MONTH else "a day such as 2026-11-30"
        return [Rule(unread, name, f"Needed {what}; correct it, or set date_format in sop.yaml.")]
    if column.kind is Kind.FLAG:
        return [Rule(unread, name, "Needed yes or no (also true, false, 1, 0).")]
    if column.kind not in _NUMBERS:
        return []
    rules = [Rule("text is not null and not is_number", name, "Needed a number such as 1234.5.")]
    if column.unit not in ("share", "%"):
        rules.append(Rule("contains(text, '%')", name, "Needed a number, not a percentage."))
    size = f"of at most {_LARGEST[column.kind]} before the decimal mark"
    whole = "a whole number" if column.kind is Kind.COUNT else "a number"
    rules.append(Rule(unread, name, f"Needed {whole} {size}; correct it."))
    return rules


def _number(value: float) -> str:
    return f"{value:g}"
