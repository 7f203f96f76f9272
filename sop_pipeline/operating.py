"""How the monthly run is operated: when it starts, how long it may take, how often it is tried, who hears of it.

None of this changes a number of the plan, so it is not kept with a cycle's settings: a release does not depend on whose
clock started it. Not here: what the settings do (``assets``).
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from sop_pipeline.mail import MailAddress
from sop_pipeline.part import Part


class Operation(Part):
    """How the monthly run is operated."""

    time_zone: Annotated[str, Field(description="time zone of start and dates, such as Europe/Berlin")] = "UTC"
    start_at: Annotated[
        str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="time of day the run starts, HH:MM in quotes")
    ] = "06:00"
    run_hours: Annotated[float, Field(gt=0, le=240, description="hours after which a run is ended")] = 12
    step_minutes: Annotated[float, Field(gt=0, le=14400, description="minutes after which a step is stopped")] = 240
    processes: Annotated[
        int, Field(ge=1, le=64, description="steps at once, each in a process of its own; 1 is all in the run's own")
    ] = 1
    cluster: Annotated[
        str | None,
        Field(
            pattern=r"^dask(\+tls)?://[^\s/:]+:\d+$",
            description="scheduler of the Dask cluster that batches of forecasts run on, such as "
            "dask://127.0.0.1:8786; this machine without one",
        ),
    ] = None
    io_retries: Annotated[
        int, Field(ge=0, le=10, description="times a step is tried again when a disk or network fails for a moment")
    ] = 3

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("a time zone of the IANA list, such as Europe/Berlin or UTC")
        return value

    @field_validator("start_at", mode="before")
    @classmethod
    def _minutes_since_midnight(cls, value: object) -> object:
        if isinstance(value, int):  # YAML reads 12:30 without quotes as a number of base 60
            raise ValueError('a time in quotes, such as "06:00"')
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def starts(self) -> time:
        """The time of day the run starts."""
        return time.fromisoformat(self.start_at)


NoticeEvent = Literal["failure", "success", "late"]


class Notices(Part):
    """Who hears of a run that failed or went well, and of input that is late. Without an address nothing is sent."""

    to: Annotated[list[MailAddress], Field(description="who gets them by e-mail, through the server under mail")] = (
        Field(default_factory=list)
    )
    webhook_env: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
            description="variable of the environment that has the address of a webhook, such as SOP_WEBHOOK",
        ),
    ] = None
    events: Annotated[list[NoticeEvent], Field(description="what is told")] = Field(
        default_factory=lambda: list(get_args(NoticeEvent))
    )
    web_ui: Annotated[
        str | None, Field(pattern=r"^https?://\S+$", description="where people reach the web UI, for links to runs")
    ] = None


class Review(Part):
    """A date of the cycle: a review, or the day input has to be in."""

    name: Annotated[str, Field(min_length=1, description="what it is called: Demand review")]
    working_day: Annotated[int, Field(ge=1, le=23, description="working day of the cycle month it is due on")]
    owner: Annotated[str, Field(min_length=1, description="who answers for it, and is asked for what is late")]
    waits_for: Annotated[list[str], Field(description="input tables that have to be in by then")] = Field(
        default_factory=list
    )
