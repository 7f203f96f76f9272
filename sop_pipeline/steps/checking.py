"""Checks of what a step made: every table's suite in a process beside, the step's identities here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from sop_pipeline.company_rules import Rule
from sop_pipeline.errors import SopError
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Step
from sop_pipeline.validation import Finding, background
from sop_pipeline.validation.rules import rule_findings


class CheckFailed(SopError):
    """A blocking check failed, so nothing that rests on the table is planned."""


def prepare() -> None:
    """Have the suites' library load, in its own process, while a step works."""
    background.prepare()


class Checking:
    """The checks of one step's tables, under way from here on."""

    def __init__(self, step: Step, given: Given, made: Mapping[str, pa.Table]) -> None:
        self._step = step
        self.given = replace(given, tables={**{name: given.tables[name] for name in step.reads}, **made})
        """What checks and what is shown may read: what the step read and made."""
        self._suites = background.start(made, _references(self.given.tables))

    def findings(self) -> Iterator[Finding]:
        """Answer check by check: identities, the company's own rules, then the suites, which have had that time."""
        for check in self._step.checks:
            finding: Finding = check.part(self.given)
            yield replace(finding, table=check.table, check=check.name)
        yield from rule_findings(self._rules(), self.given.tables)
        yield from self._suites.findings()

    def _rules(self) -> list[Rule]:
        return [rule for rule in self.given.company.checks if rule.table in self._step.outputs]


def suite_findings(made: Mapping[str, pa.Table], known: Mapping[str, pa.Table]) -> Iterable[Finding]:
    """Check tables by their suites alone."""
    return background.start(made, _references(known)).findings()


def refuse_failed(findings: Iterable[Finding]) -> None:
    """Raise ``CheckFailed`` at the first finding that did not pass."""
    for finding in findings:
        if not finding.passed and finding.severity == "block":
            raise CheckFailed(
                found=finding.summary,
                needed=f"check {finding.check} to pass",
                where=f"table {finding.table}",
                mend="Mend the rows it names, or the settings they come from, and plan again.",
            )


def _references(known: Mapping[str, pa.Table]) -> dict[str, pa.ChunkedArray]:
    """Values that other columns may refer to, where the tables that hold them are at hand."""
    referred = (name.split(".") for name in ("products.product_id", "planning_products.product_id"))
    return {f"{table}.{column}": known[table].column(column) for table, column in referred if table in known}
