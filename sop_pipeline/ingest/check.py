"""Validates a company folder without planning and without writing: settings, files, columns, rows, defaults.

Reads the files where they are, and the rows of queries, as the newest cycle they allow would. What is wrong is told all
at once; what is absent is told with what will stand in for it (METHODS 7).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import config, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import SopError
from sop_pipeline.ingest.freshness import DATED, data_freshness, newest_cycle, rows_ahead
from sop_pipeline.ingest.rows.all_tables import Reading, essential_rows, read_tables, refuse_missing_sources
from sop_pipeline.ingest.rows.references import NO_FAMILY
from sop_pipeline.ingest.rows.tolerance import beyond_tolerance
from sop_pipeline.ingest.shrinkage import LastSources, shrunk
from sop_pipeline.ingest.snapshots import live_files
from sop_pipeline.ingest.unknown_names import stopping_names, unknown_names
from sop_pipeline.lake import Lake
from sop_pipeline.language.calendar import basis_words
from sop_pipeline.language.freshness import stale_words
from sop_pipeline.past import Earlier, tables_of
from sop_pipeline.pointers import Want
from sop_pipeline.reading.cells.date_columns import STAND_FOR_PERIODS
from sop_pipeline.reading.readers.names import found_cell
from sop_pipeline.validation.rules import rule_findings

_EXAMPLES = 5
_IN_ITS_PLACE = {
    "sales": "demand is taken from production",
    "orders": "service is shown as fill rate, shipped over demanded",
    "production": "demand is taken from sales, capacity from the resources",
    "inventory": "opening stock is one month's cover",
    "resources": "one resource, 'capacity': the best month of the last three years' production, overtime 10%",
    "resource_months": "resources are the same every month",
    "product_features": "every unit takes one unit of its resource",
    "materials": "materials are not limited",
    "business_plan": "the gap pages compare with last cycle and last year",
    "demand_inputs": "the statistical forecast stands as it is",
    "new_products": "no launches",
    "launch_gates": "launches have no gates",
    "assumptions": "only the defaults used are listed",
    "risks_opportunities": "none listed",
    "levers": "nothing is sought that would close a gap",
    "decisions": "no earlier decisions to follow up",
    "exchange_rates": "every row is in the reporting currency",
    "price_list": "planned prices are what was realised of list prices over the last 12 months",
    "cost_changes": "pay and material costs stay as they are",
    "external_forecasts": "the statistical forecast is compared with no other",
    "demand_events": "promotions and price changes stay in history as they are, and none is planned ahead",
}
_WITHOUT = {
    "family": f"no family in products: every product is of one family, {NO_FAMILY!r}",
    "unit_price": "no unit_price in products: without a price_list no revenue is planned",
    "standard_cost": "no standard_cost in products: no margin and no value of stock is planned",
}


@dataclass(frozen=True)
class CheckReport:
    """What was found: ``problems`` stop a cycle; ``remarks`` do not. ``str()`` is the page a person reads."""

    company: str
    problems: tuple[str, ...]
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    newest_cycle: str | None

    @property
    def passed(self) -> bool:
        """Whether a cycle could be run."""
        return not self.problems

    def __str__(self) -> str:
        parts = [f"Company: {self.company}"]
        for title, lines in (("Files", self.files), ("Remarks", self.remarks), ("To mend", self.problems)):
            if lines:
                parts.append("\n".join([f"{title}:", *(f"  {line}" for line in lines)]))
        if self.passed:
            parts.append(f"Ready. The newest cycle these files allow is {self.newest_cycle}.")
        else:
            parts.append("Not ready: mend the lines above and check again.")
        return "\n\n".join(parts)


Rehearsal = Callable[[Mapping[str, pa.Table], Company, Cycle], list[str]]


def _nothing_else(_data: Mapping[str, pa.Table], _company: Company, _cycle: Cycle) -> list[str]:
    return []


def check_company(folder: Path, rehearse: Rehearsal = _nothing_else) -> CheckReport:
    """Read ``folder`` as a cycle would and report; raises nothing a user can mend, but says it.

    ``rehearse`` says of the tables read what else would stop the cycle, where all is well so far.
    """
    try:
        company = config.load(Path(folder))
    except SopError as error:
        return CheckReport(str(folder), (str(error),), (), (), None)
    try:
        refuse_missing_sources(company)
        with tempfile.TemporaryDirectory() as aside:
            reading = read_tables(live_files(company, Path(folder), Path(aside)), company, None)
    except SopError as error:
        return CheckReport(company.company, (str(error),), (), (), None)
    problems = [str(fault) for fault in reading.problems or essential_rows(reading)]
    problems.extend(
        f"{excess.sentence} Each is told above, with how to mend it."
        for excess in beyond_tolerance(reading.source_files, company)
    )
    newest = newest_cycle(reading.tables, company)
    blocked, warned = _own_rules(company, reading.tables)
    problems.extend([*blocked, *stopping_names(reading.tables, company)])
    try:
        problems.extend(str(fault) for fault in shrunk(reading.source_files, company, _last_sources(folder, newest)))
        problems.extend(rehearse(reading.tables, company, newest) if newest and not problems else ())
    except SopError as error:
        problems.append(str(error))
    return CheckReport(
        company.company,
        tuple(problems),
        tuple(_file_line(row) for row in reading.source_files.to_pylist()),
        (
            *reading.remarks,
            *_set_aside(reading),
            *warned,
            *unknown_names(reading.tables, company, newest),
            *_unused_periods(company, reading),
            *(rows_ahead(reading.tables, newest) if newest else ()),
            *(stale_lines(reading.tables, company, newest) if newest else ()),
            *_defaults(company, newest, reading.tables["products"]),
        ),
        newest.name if newest else None,
    )


def _last_sources(folder: Path, cycle: Cycle | None) -> LastSources | None:
    """The files of the cycle before, which a run of this one is held against; None without one."""
    if cycle is None or not (folder / "lake").is_dir():
        return None
    lake = Lake(folder / "lake")
    return Earlier(lake, lake.manifest(cycle, [Want(tables_of(LastSources), every=False)])).last(LastSources)


def _own_rules(company: Company, data: Mapping[str, pa.Table]) -> tuple[list[str], list[str]]:
    """What the company's own rules find in its inputs: lines that stop a cycle, and lines that only tell."""
    try:
        found = [
            each for each in rule_findings((r for r in company.checks if r.table in data), data) if not each.passed
        ]
    except SopError as error:
        return [str(error)], []
    lines = {
        severity: [f"{each.table}, check {each.check}: {each.summary}" for each in found if each.severity == severity]
        for severity in ("block", "warn")
    }
    return lines["block"], lines["warn"]


def _file_line(row: dict[str, object]) -> str:
    counts = [f"{row['rows_read']} rows"]
    for status in ("duplicate", "superseded", "total", "quarantined"):
        if row[f"rows_{status}"]:
            counts.append(f"{row[f'rows_{status}']} {status}")
    note = f" ({row['note']})" if row["note"] else ""
    return f"{row['table']}: {row['file']}: {', '.join(counts)}{note}"


def _set_aside(reading: Reading) -> list[str]:
    """One line a cause, with its first place: a wrong column, or row of a wide file, is one finding, not a thousand."""
    by_cause: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in reading.quarantine.to_pylist():
        by_cause.setdefault((row["table"], row["file"], row["reason"]), []).append(row)
    lines = []
    for (table, file, reason), rows in sorted(by_cause.items(), key=lambda item: (-len(item[1]), item[0])):
        columns = list(dict.fromkeys(row["column"] for row in rows if row["column"]))
        others = f" and {len(columns) - 1} more" if len(columns) > 1 else ""
        place = f"{table}: {file}, row {rows[0]['row']}" + (f", column {columns[0]}{others}" if columns else "")
        places = len({row["row"] for row in rows}) - 1
        more = f" (and {places} more row{'s' if places > 1 else ''})" if places else ""
        lines.append(f"{place}: found {found_cell(rows[0]['value'])}. {reason}{more}")
    hidden = len(lines) - 4 * _EXAMPLES
    return lines[: 4 * _EXAMPLES] + ([f"and {hidden} more reasons: mend these and check again"] if hidden > 0 else [])


def stale_lines(data: dict[str, pa.Table], company: Company, cycle: Cycle) -> list[str]:
    """Tables that end too early for the cycle, each with how much is missing."""
    known = {
        name: data[name].filter(pc.less(data[name].column(column), pa.scalar(cycle.cutoff)))
        for name, column in DATED.items()
    }
    return [f"{words}." for words in stale_words(data_freshness(known, company, cycle).to_pylist())]


def _unused_periods(company: Company, reading: Reading) -> list[str]:
    sources = [source for files in company.sources.values() for source in files]
    dated = any((source.dated_by or "").startswith("period") for source in sources)
    named = any(STAND_FOR_PERIODS in (row["note"] or "") for row in reading.source_files.to_pylist())
    if company.periods is None or dated or named:
        return []
    return [
        "sop.yaml, field periods: found a calendar of periods that no source is dated by; needed dated_by: period, "
        "period_start or period_end at a source. As it stands every file is read by the calendar's months."
    ]


def _filled(table: pa.Table, column: str) -> bool:
    return table.column(column).null_count < table.num_rows


def _defaults(company: Company, newest: Cycle | None, products: pa.Table) -> list[str]:
    lines = [
        f"no {spec.name}: {_IN_ITS_PLACE[spec.name]}"
        for spec in tables.INPUTS
        if spec.name in _IN_ITS_PLACE and not company.sources.get(spec.name)
    ]
    lines += [words for column, words in _WITHOUT.items() if products.num_rows and not _filled(products, column)]
    if newest and not company.sources.get("calendar"):
        lines.append(f"no calendar: {basis_words(company.working_days.basis(newest.month))}")
    return lines
