"""The words of the reconciliation step's facts: what moved a plan, how figures are measured, defaults in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop_pipeline.language.calendar import week_words
from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.demand import effect_words
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.numbers import missing

Row = Mapping[str, Any]


def change_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """The largest cause of a row of ``plan_changes``, with its number."""
    said = effect_words(row, catalogue=catalogue) or None
    return catalogue.say(f"plan_change.{row['cause']}", {**row, "said": said})


def cause_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """The largest cause of a row of ``plan_changes``, in two or three words."""
    return catalogue.say(f"cause.{row['cause']}", row)


def figure_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """How a row of ``key_figures`` is measured."""
    facts = {**row, "actual": _span(row, "actual"), "plan": _span(row, "plan")}
    known = row["months_known"]
    facts["short"] = None if missing(known) or known == 12 else known
    facts["end"] = row["actual_to"] if missing(row["plan_to"]) else row["plan_to"]
    return catalogue.say(f"key_figure.{row['basis']}", facts)


def _span(row: Row, basis: str) -> Any:
    first, last = row[f"{basis}_from"], row[f"{basis}_to"]
    return None if missing(first) else (first, last)


def default_words(row: Row, *, currency: str, catalogue: Catalogue = ENGLISH) -> tuple[str, str]:
    """What a default stands in for, and what was taken instead."""
    kind = f"default.{row['default_id']}"
    is_calendar = str(row["default_id"]).startswith("public_holidays")
    facts = {**row, "week": week_words(row["unit"], catalogue=catalogue)} if is_calendar else row
    given = catalogue.say(f"{kind}.missing", facts, currency=currency)
    return given, catalogue.say(f"{kind}.assumed", facts, currency=currency)


def scenario_unsolved_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """What a row of ``scenario_unsolved`` says."""
    facts = {**row, "strategy": row["strategy"] or None}
    return catalogue.say(f"scenario_unsolved.{row['reason']}", facts)
