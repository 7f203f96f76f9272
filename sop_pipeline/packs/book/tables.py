"""The tables of one cycle, opened once and asked by name, and the months they are about."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables as registry
from sop_pipeline.choice import ChosenPlan, chosen_approach, chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.language.dates import day, month_name
from sop_pipeline.language.names import plural
from sop_pipeline.packs.book.frames import Values, by_month, dated
from sop_pipeline.packs.looks import STANDARD, Looks

_YEAR = 12


@dataclass(frozen=True)
class YearOnYear:
    """Planned months and the same months a year before, as many, that a year is compared by."""

    ahead: list[date]
    before: list[date]
    is_whole: bool

    @property
    def words(self) -> str:
        """What is compared with: ``the last 12``, ``the same 10 months a year before``."""
        count = len(self.before)
        return f"the last {count}" if count == _YEAR else f"the same {plural(count, 'month')} a year before"


class CycleTables:
    """One cycle's tables by name; a table the cycle does not have has no rows."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        company: Company,
        cycle: Cycle,
        *,
        status: str = "draft",
        hashes: Mapping[str, str] | None = None,
        checks: tuple[int, int] | None = None,
        approval: str = "",
        looks: Looks = STANDARD,
    ) -> None:
        """Hold the tables; ``status`` of the cycle, content ``hashes`` by table, ``checks`` passed of how many.

        ``approval`` says of a release who released it, when and why; ``looks`` are those of its documents.
        """
        self.tables, self.company, self.cycle = dict(tables), company, cycle
        self.status, self.hashes, self.checks = status, dict(hashes or {}), checks
        self.approval, self.looks = approval, looks
        self._frames: dict[str, pd.DataFrame] = {}
        self._asked: set[str] = set()

    @contextmanager
    def asked(self) -> Iterator[set[str]]:
        """Collect the names of the tables asked for inside, without those behind what is worked out once."""
        self._work_out_once()
        outside, self._asked = self._asked, set()
        try:
            yield self._asked
        finally:
            self._asked = outside | self._asked

    def _work_out_once(self) -> None:
        """Whoever asks first would else be the only one known to need the tables behind a name or a unit."""
        for kind in type(self).__mro__:
            for name, what in vars(kind).items():
                if isinstance(what, functools.cached_property):
                    getattr(self, name)

    def table(self, name: str) -> pa.Table:
        """Return a table; no rows when the cycle has none; columns that an earlier version did not write are empty."""
        self._asked.add(name)
        stored = self.tables.get(name)
        if stored is None:
            return registry.empty(name)
        return stored if stored.column_names == registry.get(name).names else registry.aligned(name, stored)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a frame whose months and days are ``datetime.date``; callers must not change it."""
        self._asked.add(name)
        if name not in self._frames:
            self._frames[name] = dated(self.table(name))
        return self._frames[name]

    @functools.cached_property
    def chosen(self) -> ChosenPlan:
        """The strategy and scenario the operational plan uses."""
        return chosen_plan(self.table("plan_summary"), self.company)

    @functools.cached_property
    def approach(self) -> str:
        """The forecasting approach the plan uses."""
        return chosen_approach(self.table("forecast_approach"), self.company)

    def plan_of(self, name: str) -> pd.DataFrame:
        """Return the chosen strategy's rows of a supply table."""
        table = self.frame(name)
        return table[(table["strategy"] == self.chosen.strategy) & (table["scenario"] == self.chosen.scenario)]

    @functools.cached_property
    def horizon(self) -> list[date]:
        """Months planned, the cycle month first."""
        return self.cycle.horizon(self.company.horizon_months)

    @functools.cached_property
    def partial_months(self) -> list[date]:
        """Past months whose last days are forecast, because the data end before."""
        data = self.frame("actuals")
        return sorted(set(data[data["sales_estimated"].fillna(0) > 0]["month"]))

    @functools.cached_property
    def data_to(self) -> date:
        """The last day that demand is known to, the one before the cut-off unless the data end early.

        Data that end some days early are fresh, and yet what is missing of their month is forecast.
        """
        data, last = self.frame("data_freshness"), self.cycle.cutoff - timedelta(days=1)
        data = data[data["is_demand"].astype(bool)] if len(data) else data
        ended = data[(data["status"] != "fresh") | bool(self.partial_months)] if len(data) else data
        return min([last, *ended["covered_to"]])

    def came(self) -> str:
        """Up to when months are actual, and which are partly forecast."""
        if not self.partial_months:
            return f"actual to {month_name(self.cycle.last_actual_month)}"
        first, last = self.partial_months[0], self.partial_months[-1]
        span = month_name(first) if first == last else f"{month_name(first)} to {month_name(last)}"
        return f"actual to {day(self.data_to)}, the rest of {span} forecast"

    def past_demand(self, history: pd.DataFrame, months: Sequence[date]) -> tuple[Values, Values]:
        """Demand as recorded in whole months, and as recorded and forecast in partial ones, of rows of history."""
        partial = history["month"].isin(self.partial_months)
        return by_month(history[~partial], "quantity", months), by_month(history[partial], "cleansed", months)

    def past(self, months: int) -> list[date]:
        """The last months with complete history, oldest first."""
        return [add_months(self.cycle.month, -lag) for lag in range(months, 0, -1)]

    @functools.cached_property
    def year_on_year(self) -> YearOnYear:
        """The next months, twelve at most, of which the same month a year before has history, and those months."""
        data = self.frame("demand_history")
        whole = data[~(data["flag"].eq("partial_month") & data["coverage"].eq("data_begin"))]
        known, ahead = set(whole["month"]), self.horizon[:_YEAR]
        pairs = [(month, before) for month in ahead if (before := add_months(month, -_YEAR)) in known]
        return YearOnYear([month for month, _ in pairs], [before for _, before in pairs], len(pairs) == len(ahead))

    def ahead(self, months: Sequence[date], values: Values) -> Values:
        """The same values without those of months that have ended."""
        return [value if month >= self.cycle.month else None for month, value in zip(months, values, strict=True)]

    @property
    def fiscal_year(self) -> int:
        """The fiscal year of the cycle month, named by the year it ends in."""
        return self.company.fiscal_year.of(self.cycle.month)

    @property
    def year_months(self) -> list[date]:
        """The twelve months of the cycle's fiscal year."""
        return self.company.fiscal_year.months(self.fiscal_year)

    @functools.cached_property
    def has_last_cycle(self) -> bool:
        """Whether the cycle before left a plan."""
        return bool(len(self.frame("last_plan")))

    @functools.cached_property
    def last_cycle(self) -> Cycle:
        """The cycle this one is compared with: the last one published, months skipped or not; else the month before."""
        plan = self.frame("last_plan")
        return Cycle.parse(str(plan["cycle"].iloc[0])) if len(plan) else self.cycle.previous()

    @property
    def last_standing(self) -> str:
        """What the last cycle's plan is: a release by its name, or a draft; nothing in a first cycle."""
        plan = self.frame("last_plan")
        if not len(plan):
            return ""
        release = plan["release"].iloc[0]
        return f"{self.last_cycle}, {f'released {release}' if isinstance(release, str) else 'a draft, not released'}"

    @property
    def last_name(self) -> str:
        """What the last cycle is called in a sentence: its month."""
        return month_name(self.last_cycle.month)
