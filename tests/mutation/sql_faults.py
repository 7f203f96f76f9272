"""Faults that people make in SQL, as replacements in a statement's text: what is done, where, and by what.

Here: patterns. Not here: which of them are planted (``mutants``), or whether anybody sees them (``judge``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SIBLINGS = (
    ("revenue", "margin"),
    ("revenue", "cogs"),
    ("gross_margin", "contribution"),
    ("output", "subcontract"),
    ("inventory", "backlog"),
    ("lost_sales", "backlog"),
    ("regular_hours", "overtime_hours"),
    ("regular_pay", "overtime"),
    ("hires", "layoffs"),
    ("hiring", "layoff"),
    ("receipts", "purchases_paid"),
    ("receivables", "payables"),
    ("demand", "sales"),
    ("quantity", "revenue"),
    ("standard_cost", "unit_price"),
    ("unit_price", "unit_material_cost"),
    ("p10", "p90"),
    ("month_from", "month_to"),
    ("opening_stock", "opening_backlog"),
)
"""Measures that stand beside each other and are taken for one another."""
OPERATORS = (
    ("greatest for least", r"\bleast\(", "greatest("),
    ("least for greatest", r"\bgreatest\(", "least("),
    ("max for min", r"\bmin\(", "max("),
    ("min for max", r"\bmax\(", "min("),
    ("minus for plus", r"(?<= )\+(?= )", "-"),
    ("plus for minus", r"(?<= )-(?= )", "+"),
    ("times for by", r"(?<= )/(?= )", "*"),
    ("by for times", r"(?<= )\*(?= )", "/"),
    ("up to for below", r"(?<= )<(?= )", "<="),
    ("below for up to", r"(?<= )<=(?= )", "<"),
    ("from for above", r"(?<= )>(?= )", ">="),
    ("above for from", r"(?<= )>=(?= )", ">"),
    ("a month off", r"interval 1 month", "interval 2 month"),
    ("a month short of a year", r"interval 12 month", "interval 11 month"),
    ("a month beyond a year", r"interval 1 year", "interval 13 month"),
    ("the row before last", r"\blag\(([\w.]+)\)", r"lag(\1, 2)"),
    ("rounded to tenths", r", 2\)(?=::decimal)", ", 1)"),
    ("blanks for nothing", r"coalesce\(([\w.]+), 0\)", r"\1"),
    ("a kind left out of a list", r"'\w+', (?='\w+')", ""),
    ("a join without one of its keys", r"\n *and [\w.]+\.(\w+) = [\w.]+\.\1(?=\n)", ""),
    ("base and denominator swapped", r"\b([a-z_]+(?:\.[a-z_]+)?) / ([a-z_]+(?:\.[a-z_]+)?)\b", r"\2 / \1"),
)
"""Name (the wrong for the right), what stands there, and what stands there by mistake."""
NAME = r"(?<![\w$'])(?:[a-z_]+\.)?\b{name}\b(?! as\b)(?![\w(])"


@dataclass(frozen=True)
class Fault:
    """A replacement in a text: the fault's name, the place, and what stands there by mistake."""

    name: str
    start: int
    end: int
    instead: str

    def planted(self, text: str) -> str:
        """The text with the fault in it."""
        return text[: self.start] + self.instead + text[self.end :]


def sql_faults(text: str) -> Iterator[Fault]:
    """Every fault that a statement can have; comments have none, nor do the names a column is given."""
    comments = [match.span() for match in re.finditer(r"--.*", text)]
    for fault in (*_operators(text), *_siblings(text)):
        if not any(start <= fault.start < end for start, end in comments):
            yield fault


def _operators(text: str) -> Iterator[Fault]:
    for name, pattern, instead in OPERATORS:
        for match in re.finditer(pattern, text):
            yield Fault(name, match.start(), match.end(), match.expand(instead))


def _siblings(text: str) -> Iterator[Fault]:
    for pair in SIBLINGS:
        for name, other in (pair, pair[::-1]):
            for match in re.finditer(NAME.format(name=name), text):
                if not text[: match.start()].endswith(" as ") and f"{other}" in text:
                    yield Fault(f"{other} for {name}", match.end() - len(name), match.end(), other)
