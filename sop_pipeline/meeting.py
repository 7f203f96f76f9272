"""When the executives meet, the day before which nothing of a cycle can be decided, and when they get to read."""

from __future__ import annotations

from datetime import date

from sop_pipeline.cycle import Cycle
from sop_pipeline.room_settings import MeetingSettings


def meeting_day(company: MeetingSettings, cycle: Cycle) -> date:
    """Return the ``packs.meeting_working_day``-th working day of the cycle month, its last one at most."""
    return company.working_days.nth(cycle.month, company.packs.meeting_working_day)


def preread_day(company: MeetingSettings, cycle: Cycle) -> date:
    """Return the working day on which drafts are sent: the one stated, else the one before the meeting."""
    stated = company.packs.preread_working_day
    return company.working_days.nth(cycle.month, stated or max(1, company.packs.meeting_working_day - 1))
