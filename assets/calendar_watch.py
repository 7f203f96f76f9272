"""Holds the running cycle against its calendar: a check ``on_time`` of every awaited input and of the cycle itself.

Dagster's own freshness looks at the last time any partition was made, so that a month filled in later makes all of it
fresh. Here the newest cycle that is due counts, and whether its input says something new. A sensor looks by itself, and
tells whom ``notices`` names of an input that has become late, once.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import dagster as dg

from assets.resources import CompanyResource
from sop_pipeline.agenda import MONTHLY, Input, Status, input_words, status, status_lines
from sop_pipeline.cycle import Cycle
from sop_pipeline.due import due_cycle
from sop_pipeline.errors import SopError
from sop_pipeline.notices import Notice, send
from sop_pipeline.notices.runbook import LATE, PAGE

CHECK = "on_time"
PUBLISHED = "published_cycle"
LOOKS_EVERY = 1800


def awaited(company: CompanyResource) -> list[str]:
    """Return the tables that the calendar waits for, as of when the definitions were built."""
    settings = company.at_load
    if settings is None:
        return []
    named = {table for review in settings.reviews for table in review.waits_for}
    return sorted(named | {table for table in MONTHLY if settings.sources.get(table)})


def on_time(company: CompanyResource) -> dg.AssetChecksDefinition:
    """Return the checks, to be run by hand; the sensor evaluates them by itself."""
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=company.asset_key(table),
            description="The newest cycle that is due is published."
            if table == PUBLISHED
            else "In by the day that sop.yaml has for it (reviews), with something new since the cycle before.",
        )
        for table in [*awaited(company), PUBLISHED]
    ]

    @dg.multi_asset_check(name="calendar", specs=specs, required_resource_keys={"company"}, can_subset=True)
    def calendar(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        wanted = {key.asset_key for key in context.selected_asset_check_keys}
        now = _status(company, _today(company))
        for found in (each for each in _evaluations(company, now) if each.asset_key in wanted):
            yield dg.AssetCheckResult(
                asset_key=found.asset_key,
                check_name=CHECK,
                passed=found.passed,
                severity=found.severity,
                description=found.description,
                metadata=found.metadata,
            )

    return calendar


def calendar_watch(company: CompanyResource, today: Callable[[], date] | None = None) -> dg.SensorDefinition:
    """Return the sensor that evaluates the checks when something has changed, and tells of what has become late."""
    clock = today or partial(_today, company)

    @dg.sensor(
        minimum_interval_seconds=LOOKS_EVERY,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks what is in and what is late; tells whom sop.yaml names (notices), once an input and cycle.",
    )
    def calendar_watch(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            now = _status(company, clock())
        except SopError as error:
            return dg.SensorResult(skip_reason=str(error), cursor=context.cursor)
        told = _told(context.cursor, now)
        new = [late for late in now.late if late.table not in told["late"]]
        faults = send(late_notice(company, now, new), company.settings) if new else []
        for each in faults:
            context.log.error(f"Not sent: {each}")
        cursor = {"cycle": now.cycle.name, "late": sorted(late.table for late in now.late), "looks": _words(now)}
        if told["looks"] == cursor["looks"]:
            return dg.SensorResult(skip_reason="Nothing has changed.", cursor=json.dumps(cursor))
        return dg.SensorResult(asset_events=list(_evaluations(company, now)), cursor=json.dumps(cursor))

    return calendar_watch


def late_notice(company: CompanyResource, now: Status, late: list[Input]) -> Notice:
    """Return what is told of inputs that have become late."""
    rows = [
        {"input": each.table, "due": str(each.due), "for": each.review, "asked": each.owner or "nobody is named"}
        for each in late
    ]
    return Notice(
        event="late",
        company=now.company,
        cycle=now.cycle.name,
        title=f"{', '.join(each.table for each in late)} late for cycle {now.cycle}",
        reason="\n".join(f"{each.table}: {input_words(each, now)}" for each in late),
        rows=rows,
        more=["\n".join(status_lines(now))],
        runbook=f"{PAGE}#{LATE}",
        link=company.settings.notices.web_ui or "",
    )


def _today(company: CompanyResource) -> date:
    return datetime.now(UTC).astimezone(company.operation.zone).date()


def _status(company: CompanyResource, today: date) -> Status:
    """Where the running month's cycle stands."""
    return status(company.company_folder, Cycle(today.replace(day=1)), today)


def _evaluations(company: CompanyResource, now: Status) -> Iterator[dg.AssetCheckEvaluation]:
    """An answer a check: those of inputs, and whether the newest cycle that is due is published."""
    known = set(awaited(company))
    for each in now.inputs:
        if each.table in known:
            yield _evaluation(company, each.table, not each.is_late(now.today), input_words(each, now), each.due)
    due = due_cycle(now.today, company.settings)
    newest = max(company.company_folder.pointers.cycles(), default=None)
    published = newest is not None and newest >= due.cycle
    words = f"{due.cycle} was due on {due.start}; the newest published cycle is {newest or 'none'}"
    yield _evaluation(company, PUBLISHED, published or now.today == due.start, words, due.start)


def _evaluation(company: CompanyResource, table: str, passed: bool, words: str, due: date) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=company.asset_key(table),
        check_name=CHECK,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=words,
        metadata={"due": dg.MetadataValue.text(str(due)), "late": dg.MetadataValue.int(int(not passed))},
    )


def _words(now: Status) -> list[str]:
    """What a change of is worth another evaluation."""
    return [str(now.is_late), *(f"{each.table} {input_words(each, now)}" for each in now.inputs)]


def _told(cursor: str | None, now: Status) -> dict[str, Any]:
    """What was known at the last look; of another cycle nothing was told yet."""
    last = json.loads(cursor) if cursor else {}
    same = last.get("cycle") == now.cycle.name
    return {"late": last.get("late", []) if same else [], "looks": last.get("looks") if same else None}
