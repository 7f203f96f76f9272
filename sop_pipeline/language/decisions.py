"""The words of a decision put up to the meeting, from its rows of ``decisions_wanted`` and ``decision_facts``.

Not here: which decisions there are, or how a page lays them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sop_pipeline.cycle import months_between
from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import listed
from sop_pipeline.language.numbers import missing

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Called:
    """What is decided about, a product, family or resource: its name as the company writes it, and its unit."""

    name: str
    unit: str = "units"


@dataclass(frozen=True)
class DecisionWords:
    """What is asked, the facts behind it, each option by its letter, why one is recommended, who carries it out."""

    question: str
    context: str
    options: Mapping[str, str]
    why: str
    owner: str


def decision_words(
    options: Sequence[Row],
    facts: Sequence[Row],
    *,
    descriptions: Mapping[str, str],
    currency: str,
    subject: Called | None = None,
    catalogue: Catalogue = ENGLISH,
) -> DecisionWords:
    """Tell one decision; ``descriptions`` are the opportunities' own words by their identifier.

    ``subject`` is what the company calls that which is decided about; None: its identifier, in units.
    """
    chosen = next((row for row in options if row["recommended"]), options[0])
    by_subject = _by_subject(facts)
    common = {**chosen, **by_subject.get(chosen["subject"], {}), **_months(chosen)}
    common |= _strategies(options, chosen, by_subject, currency, catalogue)
    common |= _chances(by_subject, descriptions, catalogue)
    common |= {"unit": "units"} if subject is None else {"subject": subject.name, "unit": subject.unit}

    def say(kind: str, more: Row) -> str:
        return catalogue.say(f"decision.{kind}", {**common, **more}, currency=currency)

    return DecisionWords(
        question=say(f"{chosen['kind']}.question", {}),
        context=say(f"{chosen['kind']}.context", {}),
        options={
            row["option"]: say(f"choice.{row['choice']}", {**row, **by_subject.get(row["choice_subject"], {})})
            for row in options
        },
        why="" if missing(chosen["reason"]) else say(f"reason.{chosen['reason']}", {}),
        owner=owner_words(chosen, catalogue=catalogue),
    )


def owner_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """Who answers for something: the person the company names, else the head of the department.

    Production has a head at every site; of the others one head answers for all.
    """
    if not missing(row.get("owner")):
        return str(row["owner"])
    site = row.get("site_id") if row["department"] == "production" else None
    return "" if missing(row["department"]) else catalogue.say("head", {**row, "site_id": site})


def _by_subject(facts: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """The facts of each subject by name; a month stands beside the fact that holds in it."""
    told: dict[str, dict[str, Any]] = {}
    for row in facts:
        told.setdefault(row["subject"], {})[row["fact"]] = row["amount"]
        told[row["subject"]][f"{row['fact']}_month"] = row["month"]
    return told


def _months(row: Row) -> dict[str, Any]:
    first, last = row["month_from"], row["month_to"]
    if missing(first):
        return {}
    months: tuple[date, date] = (first, last)
    return {"months": months, "length": months_between(first, last) + 1}


def _strategies(
    options: Sequence[Row], chosen: Row, by_subject: Mapping[str, Row], currency: str, catalogue: Catalogue
) -> dict[str, Any]:
    """What is told of the strategies in one breath: how steady each is, and what the recommended one leaves.

    One that leaves less than another is steadier, else it would not be put up: then its changes are told.
    """
    plans = [(row["choice_subject"], by_subject.get(row["choice_subject"], {})) for row in options]
    steadiness = [
        catalogue.say("decision.steadiness", {"subject": name, **facts})
        for name, facts in plans
        if not missing(facts.get("instability"))
    ]
    own = by_subject.get(chosen["subject"], {})
    leads = [
        (name, round(own["left"] - facts["left"]))
        for name, facts in plans
        if "left" in own and "left" in facts and name != chosen["subject"]
    ]
    lead = [
        catalogue.say(f"decision.lead_{_way(more)}", {"subject": name, "lead": abs(more)}, currency=currency)
        for name, more in leads
    ]
    steadiest = min((facts["instability"] for _, facts in plans if not missing(facts.get("instability"))), default=None)
    gives_way = any(more < 0 for _, more in leads) and own.get("instability") == steadiest
    return {
        "steadiness": ", ".join(steadiness) or None,
        "lead": listed(lead, language=catalogue.language) or None,
        "steadiest": steadiest if gives_way else None,
    }


def _way(more: int) -> str:
    return "more" if more > 0 else "less" if more < 0 else "same"


def _chances(by_subject: Mapping[str, Row], descriptions: Mapping[str, str], catalogue: Catalogue) -> dict[str, Any]:
    """What is told of the opportunities: the most valuable one, and the others in one list."""
    chances = [(name, facts) for name, facts in by_subject.items() if "probability" in facts]
    chances.sort(key=lambda chance: (-chance[1]["expected"], chance[0]))
    described = [
        catalogue.say("decision.chance", {**facts, "description": descriptions.get(name, name)})
        for name, facts in chances
    ]
    return {
        "chances": len(chances),
        "other_chances": len(chances) - 1,
        "first_chance": described[0] if described else None,
        "others_described": "; ".join(described[1:]),
    }


def taken_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """What was decided, from a row of ``decision_results``: in the company's words, else in those of its facts."""
    if not missing(row["question"]):
        return " ".join(str(part) for part in (row["question"], row["chosen"]) if not missing(part))
    facts = {**row, **_months(row)}
    about = catalogue.say(f"decided_about.{row['kind']}", facts)
    chosen = None if missing(row["choice"]) else catalogue.say(f"decided.{row['choice']}", facts)
    return catalogue.say(f"taken.{row['action']}", {"about": about, "chosen": chosen})
