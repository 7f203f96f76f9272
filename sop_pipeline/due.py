"""When a cycle is due: the day each month's run starts, by the company's own working days.

Only the arithmetic of days; who starts a run is up to the scheduler (``assets``).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Protocol

from sop_pipeline.cycle import Cycle
from sop_pipeline.working_days import WorkingDays


class StartSettings(Protocol):
    """On which working day runs start."""

    schedule_working_day: int

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the company's country."""


class Due(NamedTuple):
    """A cycle and the day its run starts."""

    cycle: Cycle
    start: date


def start_of(cycle: Cycle, company: StartSettings) -> date:
    """Return the day on which a cycle's run starts."""
    return company.working_days.nth(cycle.month, company.schedule_working_day)


def due_cycle(today: date, company: StartSettings) -> Due:
    """Return the newest cycle whose run should have started by ``today``, that day with it."""
    running = Cycle(today.replace(day=1))
    cycle = running if start_of(running, company) <= today else running.previous()
    return Due(cycle, start_of(cycle, company))
