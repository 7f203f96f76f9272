"""What a check found: one form for suites, identities and the plan checker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sop_pipeline.company_rules import Severity


@dataclass(frozen=True)
class Finding:
    """The answer of one check on one table.

    ``summary`` is a sentence with its numbers; ``failures`` has a row per rule broken (rule, column, count);
    ``sample`` shows rows that break one. ``rows`` and ``broken`` are how many there are and how many break it, where it
    counts them; what is of ``severity`` warn stops nothing.
    """

    check: str
    table: str
    passed: bool
    summary: str
    failures: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    sample: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    severity: Severity = "block"
    rows: int | None = None
    broken: int | None = None

    @property
    def rows_broken(self) -> int:
        """How many rows break a rule, as far as the check counts rows."""
        return sum(int(each.get("rows") or 0) for each in self.failures) if self.broken is None else self.broken

    def __str__(self) -> str:
        return f"{self.table}.{self.check}: {'passed' if self.passed else 'FAILED'}, {self.summary}"


def as_text(rows: Iterable[Mapping[Any, Any]]) -> list[dict[str, str]]:
    """Return sample rows as people read them: every value as text, and nothing where there is none."""
    return [{str(name): "" if value is None else str(value) for name, value in row.items()} for row in rows]
