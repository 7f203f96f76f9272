"""The words of a calendar: which days of the week are worked, and what holidays they are counted by."""

from __future__ import annotations

import itertools
from dataclasses import asdict

from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import listed
from sop_pipeline.working_days import Basis

WEEKDAYS, EVERY_DAY = "12345", 7


def basis_words(basis: Basis, *, catalogue: Catalogue = ENGLISH) -> str:
    """Say what working days rest on: ``weekdays less the public holidays of DE-BY, by holidays 0.109; ...``."""
    week = week_words(basis.week, catalogue=catalogue)
    if basis.place is None:
        return week
    kind = "every_state" if basis.is_every_state else "public_holidays"
    return catalogue.say(f"calendar.{kind}", {**asdict(basis), "week": week})


def week_words(week: str, *, catalogue: Catalogue = ENGLISH) -> str:
    """Say which days of the week are worked: ``weekdays``, ``Monday to Saturday``, ``every day``."""
    if week == WEEKDAYS:
        return catalogue.say("week.weekdays", {})
    if len(week) == EVERY_DAY:
        return catalogue.say("week.every_day", {})
    names = [catalogue.say(f"weekday.{number}", {}) for number in week]
    if len(week) > 2 and _is_a_run(week):
        return catalogue.say("span", {"first": names[0], "last": names[-1]})
    return listed(names, language=catalogue.language)


def _is_a_run(week: str) -> bool:
    return all((int(day) - int(before)) % 7 == 1 for before, day in itertools.pairwise(week))
