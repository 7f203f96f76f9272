"""New input asks for a run: once a change of the company's files, and only when they have been quiet for a while.

Files are compared by size and time first, and by content before a run is asked for, so that a file that was only copied
over itself starts nothing. Not here: what is watched (``ingest.watch``).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

import dagster as dg

from assets.resources import CompanyResource
from assets.schedules import JOB
from sop_pipeline.errors import SopError
from sop_pipeline.ingest.watch import content, glance

LOOKS_EVERY = 120
"""Seconds between two looks; files that changed between two looks are still being written."""


@dataclass(frozen=True)
class Seen:
    """What the sensor knows: its last look, the look whose content it knows, that content, the changes since."""

    look: str = ""
    known: str = ""
    content: str = ""
    changes: int = 0

    @classmethod
    def of(cls, cursor: str | None) -> Seen:
        """Read a cursor; one of an earlier version counts as none."""
        try:
            return cls(**json.loads(cursor or "{}"))
        except (ValueError, TypeError):
            return cls()


def new_input(company: CompanyResource) -> dg.SensorDefinition:
    """Return the sensor that plans the newest cycle again when a file it was planned from has changed."""

    @dg.sensor(
        job_name=JOB,
        minimum_interval_seconds=LOOKS_EVERY,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Plans the newest cycle again when sop.yaml or a file of a source changes. Off by default.",
    )
    def new_input(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        seen = Seen.of(context.cursor)
        try:
            now, answer = _look(company, seen)
        except (SopError, OSError) as fault:  # a file that is being replaced, or sop.yaml while it is edited
            now, answer = replace(seen, look=""), dg.SkipReason(f"Not to be read now: {fault}")
        cursor = json.dumps(asdict(now))
        if isinstance(answer, dg.SkipReason):
            return dg.SensorResult(skip_reason=answer, cursor=cursor)
        return dg.SensorResult(run_requests=[answer], cursor=cursor)

    return new_input


def _look(company: CompanyResource, seen: Seen) -> tuple[Seen, dg.RunRequest | dg.SkipReason]:
    """Compare the files with what was seen; return what is known now, and what comes of it."""
    settings, folder = company.settings, company.company_folder.path
    look = glance(settings, folder)
    if not seen.known:
        first = Seen(look, look, content(settings, folder))
        return first, dg.SkipReason("The files are noted; changes from now on start a run.")
    if look == seen.known:
        return replace(seen, look=look), dg.SkipReason("No file has changed.")
    if look != seen.look:
        return replace(seen, look=look), dg.SkipReason("Files have changed; a run starts once they are left alone.")
    now = replace(seen, known=look, content=content(settings, folder))
    if now.content == seen.content:
        return now, dg.SkipReason("Files were written again and say what they said.")
    return replace(now, changes=seen.changes + 1), _request(company, replace(now, changes=seen.changes + 1))


def _request(company: CompanyResource, seen: Seen) -> dg.RunRequest | dg.SkipReason:
    """Ask for the newest cycle, unless it was released: what was approved is planned again by hand alone."""
    lake = company.lake
    cycles = lake.cycles()
    if not cycles:
        return dg.SkipReason("No cycle was planned yet; the schedule or sop run starts the first one.")
    newest = cycles[-1]
    if lake.releases.newest(newest):
        return dg.SkipReason(f"Cycle {newest} is released; to plan it again all the same: sop run --cycle {newest}.")
    run_key = f"{company.key}:{newest}:{seen.changes}:{seen.content[:16]}"
    return dg.RunRequest(run_key=run_key, partition_key=newest.name, tags=company.tags(newest.name))
