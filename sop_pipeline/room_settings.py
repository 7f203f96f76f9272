"""What each room reads of a company's settings.

A function that takes one of these in place of ``Company`` can read nothing else of it (the type checker sees to that),
so that a change of other settings does not make its step run again (``steps.run``). ``Company`` satisfies them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, Self

from sop_pipeline.config import (
    Allotment,
    Finance,
    Forecasting,
    Freshness,
    Goal,
    MarketDimension,
    Packs,
    Periods,
    Review,
    Scenario,
    Source,
    Supply,
    Tolerances,
)
from sop_pipeline.connections.settings import Connection
from sop_pipeline.fiscal import FiscalYear
from sop_pipeline.working_days import WorkingDays


class IngestSettings(Protocol):
    """Files and connections, what is borne of bad and of missing rows, and the calendar to the end of the horizon."""

    connections: dict[str, Connection]
    sources: dict[str, list[Source]]
    inputs: str
    tolerances: Tolerances
    freshness: Freshness
    periods: Periods | None
    horizon_months: int

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the company's country."""


class PortfolioSettings(Protocol):
    """Where demand comes from, and how far ahead launches count."""

    forecast: Forecasting
    horizon_months: int


class ForecastChoice(Protocol):
    """Which approach forecasts where no table says so."""

    @property
    def forecasts_by(self) -> str:
        """The forecast approach in force."""


class PlanChoice(Protocol):
    """Which strategy the company works to where no table says so."""

    supply: Supply


class DemandSettings(ForecastChoice, Protocol):
    """How demand is forecast, and what its totals are called and counted in."""

    company: str
    currency: str
    forecast: Forecasting
    horizon_months: int
    make_to_order: list[str]


class ForecastSettings(DemandSettings, Protocol):
    """The same, and where the batches of a forecast run."""

    @property
    def cluster(self) -> str | None:
        """The address of the cluster that runs them; this machine without one."""


class MeetingSettings(Protocol):
    """When the executives meet."""

    packs: Packs

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the company's country."""


class ReviewSettings(Protocol):
    """Which reviews there are, and what they wait for."""

    reviews: list[Review]

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the company's country."""


class SupplySettings(ForecastChoice, PlanChoice, MeetingSettings, Protocol):
    """How supply is planned, and when what it needs can first be ordered."""

    company: str
    currency: str
    country: str | None
    horizon_months: int
    make_to_order: list[str]

    def working_to(self, strategy: str) -> Self:
        """The same with another strategy in use."""

    @property
    def plans_by(self) -> str:
        """The planning approach in force."""

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of the company's country."""


class Reporting(Protocol):
    """The currency that everything is told in."""

    currency: str


class Finances(Protocol):
    """How money moves."""

    finance: Finance


class ScenarioSettings(SupplySettings, Finances, Protocol):
    """Which scenarios are planned, and how their money moves."""

    scenarios: list[Scenario]


class GapSettings(ScenarioSettings, Protocol):
    """Which months a year has, of the gaps that levers close."""

    @property
    def fiscal_year(self) -> FiscalYear:
        """The company's fiscal year."""


class AllotmentSettings(Protocol):
    """How short supply is shared out, by dimension."""

    @property
    def allotment(self) -> Mapping[MarketDimension, Allotment]:
        """Rules by channel, region or customer."""


class GoalSettings(Protocol):
    """What every plan is measured against."""

    goals: list[Goal]
