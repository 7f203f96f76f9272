"""The words of the demand step's facts: findings in the history, changes to the forecast, the choice of approach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.conventions import plural_form
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.numbers import missing, percent

Row = Mapping[str, Any]
_NOTED = ("replaced", "overridden", "is_unit_left_out", "beyond")


def finding_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """What is said of a month of ``demand_history``; empty where nothing is."""
    said = [_remark("handed_to", row, catalogue)]
    if missing(row["inherited"]):
        said.append(_remark("counted_over", row, catalogue))
    if not missing(row["flag"]):
        inherited = 0 if missing(row["inherited"]) else row["inherited"]
        judged = row["quantity"] + inherited
        kind = f"finding.negative.{row['signal']}" if row["flag"] == "negative" else f"finding.{row['flag']}"
        said.append(catalogue.say(kind, {**row, "judged": judged, "excess": -judged}))
    said.append(_remark("inherited", row, catalogue))
    return "; ".join(words for words in said if words)


def _remark(name: str, row: Row, catalogue: Catalogue) -> str:
    return "" if missing(row[name]) else catalogue.say(f"remark.{name}", row)


def adjustment_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """Why a row of ``demand_adjustments`` changes demand: the portfolio's effect or people's own words, and notes."""
    said = [effect_words(row, catalogue=catalogue)]
    if not missing(row["effects"]) and row["effects"] > 1:
        said.append(catalogue.say("adjustment.further", {"further": row["effects"] - 1}))
    said += [catalogue.say(f"adjustment.{note}", row) for note in _NOTED if not missing(row[note]) and row[note]]
    return "; ".join(words for words in said if words)


def effect_words(row: Row, *, catalogue: Catalogue = ENGLISH) -> str:
    """The portfolio's largest effect, else what people wrote; empty where there is neither."""
    if not missing(row["effect"]):
        return catalogue.say(f"portfolio_effect.{row['effect']}", row)
    return "" if missing(row["reason"]) else str(row["reason"])


def approach_words(row: Row, approaches: Sequence[Row], lags: Sequence[int], *, catalogue: Catalogue = ENGLISH) -> str:
    """Why a row of ``forecast_approach`` is used or not; ``approaches`` are all its rows, ``lags`` the company's."""
    own, other = _told_apart(row["wmape"], row["against_wmape"], catalogue.language)
    facts = {**row, "own": own, "other": other, "lags": _lags(lags, catalogue)}
    if own is not None and other is not None:
        facts["points"] = abs(100 * (row["wmape"] - row["against_wmape"]))
    said = catalogue.say(f"approach.{row['basis']}", facts)
    benchmark = next((one for one in approaches if one["basis"] == "benchmark"), None)
    if not row["chosen"] or benchmark is None or not _is_beaten(row["wmape"], benchmark["wmape"]):
        return said
    own, other = _told_apart(row["wmape"], benchmark["wmape"], catalogue.language)
    return f"{said} {catalogue.say('approach.beaten', {'own': own, 'other': other})}"


def note_words(notes: Sequence[Row], *, catalogue: Catalogue = ENGLISH) -> list[str]:
    """What the engine did, from rows of ``forecast_notes``; the models it combined stand in one sentence."""
    members = [catalogue.say("forecast_note.member", row) for row in notes if row["note"] == "member"]
    told = [
        catalogue.say("forecast_note.members", {"members": ", ".join(members)})
        if row["note"] == "member"
        else _note(row, catalogue)
        for row in notes
    ]
    return list(dict.fromkeys(told))


def _note(row: Row, catalogue: Catalogue) -> str:
    named = 0 if missing(row["names"]) else len(str(row["names"]).split(", "))
    more = None if missing(row["items"]) or row["items"] <= named else row["items"] - named
    return catalogue.say(f"forecast_note.{row['note']}", {**row, "more": more})


def _is_beaten(own: Any, benchmark: Any) -> bool:
    """Whether the benchmark is better than what is used: a forecast that adds nothing must not pass for good."""
    return not missing(own) and not missing(benchmark) and round(benchmark, 4) < round(own, 4)


def _told_apart(one: Any, other: Any, language: str) -> tuple[str | None, str | None]:
    """Write two shares, equal ones alike, with as many places, two at most, as it takes to tell them apart."""
    if missing(one) or missing(other):
        return (None if missing(one) else percent(one, language=language)), None
    one, other = round(one, 4), round(other, 4)
    places = 1 if percent(one) != percent(other) else 2
    return percent(one, places, language=language), percent(other, places, language=language)


def _lags(lags: Sequence[int], catalogue: Catalogue) -> str:
    form = "one" if plural_form(len(lags), catalogue.language) == "one" else "other"
    return catalogue.say(f"lags.{form}", {"listed": ", ".join(map(str, sorted(lags)))})
