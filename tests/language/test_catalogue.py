"""Sentences are templates of facts; what is missing falls away or is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline.language.catalogue import Catalogue, WordsMissing, read_catalogue

ENGLISH = Catalogue(
    "en",
    {
        "span": "{first} to {last}",
        "unit.hours": "hours",
        "limit": "Raise {item:name} by {room:quantity} {unit:words unit}, {months:months}"
        "[: {worth:money} at {share:share}]",
        "people": "{names:list} said “{reason}”",
        "months": "{n:count month}",
    },
    {"month": {"one": "month", "other": "months"}},
)
LIMIT = {
    "item": "tube_lines",
    "room": Decimal("222.4"),
    "unit": "hours",
    "months": [date(2027, 1, 1), date(2027, 8, 1)],
}


def test_facts_are_written_the_way_the_template_says():
    told = ENGLISH.say("limit", {**LIMIT, "worth": Decimal("67300"), "share": 0.125}, currency="EUR")
    assert told == "Raise tube lines by 222 hours, Jan 2027 to Aug 2027: €67.3k at 12.5%"


@pytest.mark.parametrize("facts", [{}, {"worth": None, "share": 0.1}, {"worth": 5.0, "share": float("nan")}])
def test_a_part_in_brackets_falls_away_with_any_of_its_facts(facts):
    assert ENGLISH.say("limit", {**LIMIT, **facts}) == "Raise tube lines by 222 hours, Jan 2027 to Aug 2027"


def test_what_people_wrote_is_never_read_as_a_template():
    assert (
        ENGLISH.say("people", {"names": ["Ann", "Bob"], "reason": "{names} [5%]"}) == "Ann and Bob said “{names} [5%]”"
    )


def test_nouns_follow_their_count():
    assert [ENGLISH.say("months", {"n": n}) for n in (1, 3, 1200)] == ["1 month", "3 months", "1,200 months"]


def test_a_missing_kind_or_fact_is_named():
    with pytest.raises(WordsMissing, match="en has no words for level"):
        ENGLISH.say("level", {})
    with pytest.raises(WordsMissing, match="limit: no room among"):
        ENGLISH.say("limit", {**LIMIT, "room": None})


def test_nobody_hires_half_a_person():
    """What is planned in fractions and read as one is work, not people."""
    told = [read_catalogue("en").counted(value, "hire") for value in (0, 0.7, 1, 1.3, 12.4)]
    assert told == ["0 hires", "0.7 FTE hired", "1 hire", "1.3 FTE hired", "12 hires"]
