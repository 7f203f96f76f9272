"""Which days a company works: the week, less the public holidays of its country and state.

The one calendar behind the plan, the meeting and the schedule. Weekends that changed over the years, holidays and
worked Saturdays come from the package ``holidays``. Not here: days that the company's own ``calendar`` states
(``ingest.working_calendar``).
"""

from __future__ import annotations

import calendar
import difflib
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from sop_pipeline.errors import BadInput

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True)
class Basis:
    """What working days rest on: the days of the week, whose holidays, by which package, and how firm they are.

    ``is_every_state``: no state is named, so that beside national holidays those count that every state keeps.
    ``provisional_from``: the first month whose holidays another version of the package may still move.
    """

    week: str
    place: str | None = None
    is_every_state: bool = False
    source: str | None = None
    provisional_from: date | None = None


@dataclass(frozen=True)
class WorkingDays:
    """The days worked, and their number in the month.

    ``country`` and ``subdivision`` are codes of ISO 3166 (``of`` reads them from what a person writes); ``weekend`` are
    days of the week, Monday 0, and the country's own when None. Without a subdivision a holiday counts when it is a
    national one, or when every state keeps it.
    """

    country: str | None = None
    subdivision: str | None = None
    weekend: frozenset[int] | None = None

    @classmethod
    def of(
        cls, country: str | None, subdivision: str | None = None, weekend: Sequence[Weekday] | None = None
    ) -> WorkingDays:
        """Read ``de``, ``DE-BY`` or ``DE`` and ``by``; BadInput, with near codes, for a place that is not known."""
        days = None if weekend is None else frozenset(WEEKDAYS.index(name) for name in weekend)
        return cls(*_place(country, subdivision), days)

    def is_worked(self, day: date) -> bool:
        """Whether the company works on ``day``."""
        if self.country is None:
            return not self._is_weekend(day)
        national, states = _public_holidays(self.country, self.subdivision)
        holiday = day in national or (bool(states) and all(day in state for state in states))
        # worked Saturdays are known once the year's holidays have been asked for
        return day in national.weekend_workdays if self._is_weekend(day) else not holiday

    def of_month(self, month: date) -> list[date]:
        """Return the days worked in the month that ``month`` lies in."""
        return [day for day in _days(month) if self.is_worked(day)]

    def count(self, month: date) -> int:
        """Return how many days of a month are worked."""
        return len(self.of_month(month))

    def nth(self, month: date, number: int) -> date:
        """Return the ``number``-th working day of a month, counted from 1, and its last one at most."""
        days = self.of_month(month)
        return days[min(number, len(days)) - 1]

    def week(self, month: date) -> str:
        """Return the days of the week worked in a month by their ISO numbers, from the first after the weekend.

        ``12345`` is Monday to Friday, ``71234`` Sunday to Thursday.
        """
        weekend = {day.weekday() for day in _days(month)[:7] if self._is_weekend(day)}
        worked = [number for number in range(7) if number not in weekend]
        first = next((number for number in worked if (number - 1) % 7 in weekend), 0)
        return "".join(str(number + 1) for number in sorted(worked, key=lambda number: (number - first) % 7))

    @property
    def place(self) -> str:
        """The country, or country and subdivision: ``DE``, ``DE-BY``."""
        return "-".join(part for part in (self.country, self.subdivision) if part)

    def basis(self, month: date) -> Basis:
        """Return what the days of ``month`` and later ones rest on."""
        if self.country is None:
            return Basis(self.week(month))
        _, states = _public_holidays(self.country, self.subdivision)
        return Basis(self.week(month), self.place, bool(states), _source(), date(month.year + 1, 1, 1))

    def _is_weekend(self, day: date) -> bool:
        if self.weekend is None and self.country is not None:
            return bool(_public_holidays(self.country, self.subdivision)[0].is_weekend(day))
        return day.weekday() in (SATURDAY_AND_SUNDAY if self.weekend is None else self.weekend)


def _days(month: date) -> list[date]:
    length = calendar.monthrange(month.year, month.month)[1]
    return [month.replace(day=number) for number in range(1, length + 1)]


def _source() -> str:
    """The package that knows public holidays, with its version: each changes the calendars of some countries."""
    import holidays

    return f"holidays=={holidays.__version__}"


@functools.cache
def _public_holidays(country: str, subdivision: str | None) -> tuple[Any, tuple[Any, ...]]:
    """The holidays of a place, and of each of its states where none is named; the package adds years when asked."""
    import holidays

    place = holidays.country_holidays(country, subdiv=subdivision)
    states = () if subdivision else place.subdivisions
    return place, tuple(holidays.country_holidays(country, subdiv=state) for state in states)


def _place(country: str | None, subdivision: str | None) -> tuple[str | None, str | None]:
    if country is None:
        if subdivision is not None:
            raise BadInput(
                found=f"subdivision {subdivision!r} without a country",
                needed="the country it is part of",
                where="sop.yaml, subdivision",
                mend="Add country: DE for Germany, for example.",
            )
        return None, None
    first, _, second = country.partition("-")
    if second and subdivision is not None:
        raise BadInput(
            found=f"country {country!r} and subdivision {subdivision!r}",
            needed="the subdivision once",
            where="sop.yaml, country",
            mend=f"Write country: {first}, or leave subdivision out.",
        )
    code = _country(first)
    part = second or subdivision
    return code, _subdivision(code, part) if part else None


def _country(text: str) -> str:
    """The two-letter code of a country written with two or three letters, in any case."""
    from holidays.registry import COUNTRIES

    codes = {code: names[1] for names in COUNTRIES.values() for code in names[1:] if len(code) in (2, 3)}
    if text.upper() in codes:
        return codes[text.upper()]
    spelt = {name.replace("_", " "): names[1] for name, names in COUNTRIES.items()}
    near = _near(text, {**{code.casefold(): codes[code] for code in codes}, **spelt})
    called = {code: name.title() for name, code in spelt.items()}
    shown = ", ".join(f"{code} ({called[code]})" for code in near)
    raise BadInput(
        found=f"country {text!r}",
        needed="the two-letter ISO code of a country whose public holidays are known",
        where="sop.yaml, country",
        mend=f"Near ones: {shown}." if near else "Write DE for Germany, for example.",
    )


def _subdivision(country: str, text: str) -> str:
    """The code of a state or region written as its code or name, in any case."""
    place, states = _public_holidays(country, None)
    codes = {name.casefold(): code for name, code in place.subdivisions_aliases.items()}
    codes |= {code.casefold(): code for code in place.subdivisions}
    if text.casefold() in codes:
        return codes[text.casefold()]
    near = _near(text, codes)
    known = f"Near ones: {', '.join(near)}." if near else f"Known are: {', '.join(place.subdivisions)}."
    raise BadInput(
        found=f"subdivision {text!r}",
        needed=f"a state or region of {country} whose public holidays are known",
        where="sop.yaml, subdivision",
        mend=known if states else f"{country} has the same holidays everywhere: leave it out.",
    )


def _near(text: str, codes: dict[str, str]) -> list[str]:
    """Codes whose spelling, or whose name, comes near ``text``, the nearest first."""
    return list(
        dict.fromkeys(codes[name] for name in difflib.get_close_matches(text.casefold(), codes, n=3, cutoff=0.6))
    )
