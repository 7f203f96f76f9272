"""The words of the supply step's facts: how a family is planned, the frontier's point, what was not kept or found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.numbers import missing

Row = Mapping[str, Any]


def planning_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """Why a family of ``planning_approach`` is planned as one or product by product."""
    misstated = row["drift"] == "above" and row["approach"] == "top_down"
    warning = catalogue.say("mix.misstated", row) if misstated else None
    facts = {**row, "finding": catalogue.say(f"mix.{row['drift']}", row), "warning": warning}
    return catalogue.say(f"planning_approach.{row['basis']}", facts)


def swing_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """What a row of ``plan_swings`` says."""
    return catalogue.say(f"plan_swing.{row['swing']}", row)


def frontier_words(row: Row, *, currency: str = "", catalogue: Catalogue = ENGLISH) -> str:
    """Why a point of ``plan_frontier`` is recommended; empty where it is not."""
    return "" if missing(row["reason"]) else catalogue.say(f"frontier.{row['reason']}", row, currency=currency)


def unsolved_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """What a row of ``unsolved`` leaves out."""
    return catalogue.say(f"unsolved.{row['part']}", row)


def frozen_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """Why a row of ``frozen_plan`` is not kept; empty where it is."""
    if missing(row["reason"]):
        return ""
    whose = ".other" if missing(row["limit"]) else ".own"
    kind = f"{row['reason']}{whose}" if row["reason"] == "subcontract_limit" else row["reason"]
    return catalogue.say(f"frozen.{kind}", row)
