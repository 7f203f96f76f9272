"""What a check found: one form for suites, identities and the plan checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """The answer of one check on one table.

    ``summary`` is a sentence with its numbers; ``failures`` has a row per rule broken (rule, column, count);
    ``sample`` shows rows that break one.
    """

    check: str
    table: str
    passed: bool
    summary: str
    failures: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    sample: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def __str__(self) -> str:
        return f"{self.table}.{self.check}: {'passed' if self.passed else 'FAILED'}, {self.summary}"
